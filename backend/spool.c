/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "spool.h"
#include <miyin/error.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static void close_file(gpointer fd)
{
	close(*(int *)fd);
}

static gboolean fail(GError **error, const char *path, const char *what)
{
	return miyin_fail(error, MIYIN_ERROR_SYSTEM, "%s: %s", path, what);
}

/* Who could write it could change a document that somebody else sent. */
static gboolean check_file(int fd, const char *path, guint64 *left,
			   gboolean *too_large, GError **error)
{
	struct stat status;

	if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode))
		return fail(error, path, "is no file");
	if (status.st_uid != geteuid() ||
	    (status.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		return fail(error, path, "is somebody else's to write");
	*too_large = (guint64)status.st_size > *left;
	if (*too_large)
		return fail(error, path, "is too large");
	*left -= status.st_size;
	return TRUE;
}

GArray *miyin_spool_open(const char *folder, int job_id, guint64 max_bytes,
			 gboolean *too_large, GError **error)
{
	g_autoptr(GArray) files = g_array_new(FALSE, FALSE, sizeof(int));

	g_array_set_clear_func(files, close_file);
	*too_large = FALSE;
	for (unsigned i = 1;; i++) {
		g_autofree char *path =
			g_strdup_printf("%s/d%05d-%03u", folder, job_id, i);
		int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

		if (fd < 0 && errno == ENOENT && i > 1)
			return g_steal_pointer(&files);
		if (fd < 0) {
			fail(error, path, g_strerror(errno));
			return NULL;
		}
		g_array_append_val(files, fd);
		if (files->len > MIYIN_SPOOL_FILES_MAX) {
			fail(error, path, "is one too many");
			return NULL;
		}
		if (!check_file(fd, path, &max_bytes, too_large, error))
			return NULL;
	}
}
