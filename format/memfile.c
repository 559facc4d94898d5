/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/memfile.h>
#include <miyin/error.h>
#include <errno.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHUNK 65536

int miyin_memfile_new(const char *name, GError **error)
{
	int fd = memfd_create(name, MFD_CLOEXEC);

	if (fd < 0)
		g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM,
			    "No memory file: %s", g_strerror(errno));
	return fd;
}

gboolean miyin_memfile_write(int fd, const void *bytes, gsize length,
			     GError **error)
{
	const char *at = bytes;

	while (length > 0) {
		ssize_t n = write(fd, at, length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM,
				    "Writing failed: %s", g_strerror(errno));
			return FALSE;
		}
		at += n;
		length -= n;
	}
	return TRUE;
}

GBytes *miyin_memfile_map(int fd, GError **error)
{
	GMappedFile *map = g_mapped_file_new_from_fd(fd, FALSE, error);
	GBytes *bytes;

	if (!map)
		return NULL;
	/* An empty file is mapped nowhere, and NULL is not text of length 0. */
	if (g_mapped_file_get_length(map) == 0) {
		g_mapped_file_unref(map);
		return g_bytes_new_static("", 0);
	}
	bytes = g_mapped_file_get_bytes(map);
	g_mapped_file_unref(map);
	return bytes;
}

void miyin_memfile_rewind(int fd)
{
	(void)lseek(fd, 0, SEEK_SET);
}

gboolean miyin_memfile_fill(int to, int from, guint64 max, guint64 *length,
			    GError **error)
{
	char chunk[CHUNK];
	guint64 total = 0;
	ssize_t n;

	while ((n = read(from, chunk, sizeof(chunk))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM,
				    "Reading failed: %s", g_strerror(errno));
			return FALSE;
		}
		total += n;
		if (total > max) {
			g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_INPUT,
				    "more than %" G_GUINT64_FORMAT " bytes",
				    max);
			return FALSE;
		}
		if (!miyin_memfile_write(to, chunk, n, error))
			return FALSE;
	}
	if (length)
		*length = total;
	return TRUE;
}
