/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "usage.h"
#include "keeper.h"
#include <miyin/memfile.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void add_open(int process, GHashTable *seen, miyin_usage *usage)
{
	int fd = openat(process, "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	g_autoptr(DIR) names = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *name;
	struct stat status;

	while (names && (name = readdir(names)))
		if (fstatat(fd, name->d_name, &status, 0) == 0 &&
		    S_ISREG(status.st_mode) && status.st_nlink == 0)
			usage->file_bytes += miyin_keeper_add(seen, &status);
	if (!names && fd >= 0)
		close(fd);
}

/* "Uid:\t1 ..." and "RssAnon:\t   1 kB" of its status. */
static guint64 read_number(const char *status, const char *name)
{
	const char *at = strstr(status, name);

	return at ? strtoull(at + strlen(name), NULL, 10) : 0;
}

static void add_process(int proc, const char *number, uid_t account,
			GHashTable *seen, miyin_usage *usage)
{
	char text[4096];
	g_auto(miyin_fd) process =
		openat(proc, number, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	g_auto(miyin_fd) fd =
		process < 0 ? -1
			    : openat(process, "status", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

	text[MAX(n, 0)] = '\0';
	if (n <= 0 || read_number(text, "\nUid:\t") != account)
		return;
	usage->memory_bytes += read_number(text, "\nRssAnon:\t") << 10;
	add_open(process, seen, usage);
}

void miyin_usage_read(uid_t account, const char *folder, miyin_usage *usage)
{
	g_autoptr(GHashTable) seen = miyin_keeper_seen_new();
	g_autoptr(DIR) numbers = opendir("/proc");
	struct dirent *number;

	*usage = (miyin_usage){ 0, 0 };
	while (numbers && (number = readdir(numbers)))
		if (g_ascii_isdigit(number->d_name[0]))
			add_process(dirfd(numbers), number->d_name, account,
				    seen, usage);
	usage->file_bytes += miyin_keeper_space(folder, seen);
}
