/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include <miyin/error.h>
#include <miyin/memfile.h>
#include <miyin/refusal.h>

#include <glib/gstdio.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
	void *start;
	size_t length;
} guarded;

static char *folder, *file;

static void free_guarded(gpointer data);
static void remove_folder(void);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	setlocale(LC_ALL, "C.UTF-8");
	g_log_set_always_fatal(G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING);
	return 0;
}

char *fuzz_text(const uint8_t *data, size_t length)
{
	char *text = g_malloc(length + 1);

	memcpy(text, data, length);
	text[length] = '\0';
	return text;
}

GBytes *fuzz_guarded(const uint8_t *data, size_t length)
{
	size_t page = sysconf(_SC_PAGESIZE);
	guarded *g = g_new(guarded, 1);
	char *at;

	g->length = (length + page - 1) / page * page + page;
	g->start = mmap(NULL, g->length, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	g_assert(g->start != MAP_FAILED);
	at = (char *)g->start + g->length - page;
	g_assert(mprotect(at, page, PROT_NONE) == 0);
	memcpy(at - length, data, length);
	return g_bytes_new_with_free_func(at - length, length, free_guarded, g);
}

int fuzz_file(const void *bytes, size_t length)
{
	int fd = miyin_memfile_new("fuzz", NULL);

	g_assert(fd >= 0 && fchmod(fd, 0400) == 0);
	g_assert(miyin_memfile_write(fd, bytes, length, NULL));
	miyin_memfile_rewind(fd);
	return fd;
}

char *fuzz_path(int fd)
{
	return g_strdup_printf("/proc/self/fd/%d", fd);
}

const char *fuzz_folder(const char *name, int fd)
{
	g_autofree char *path = fuzz_path(fd);

	if (!folder) {
		folder = g_dir_make_tmp("miyin-fuzz-XXXXXX", NULL);
		g_assert_nonnull(folder);
		file = g_build_filename(folder, name, NULL);
		atexit(remove_folder);
	}
	g_unlink(file);
	g_assert(symlink(path, file) == 0);
	return folder;
}

void fuzz_assert_error(const GError *error)
{
	g_assert_nonnull(error);
	g_assert(error->domain == MIYIN_ERROR ||
		 error->domain == MIYIN_REFUSAL);
	g_assert(*error->message && !strchr(error->message, '\n'));
}

static void free_guarded(gpointer data)
{
	guarded *g = data;

	munmap(g->start, g->length);
	g_free(g);
}

static void remove_folder(void)
{
	g_unlink(file);
	g_rmdir(folder);
	g_free(file);
	g_free(folder);
}
