/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/memfile.h>
#include <miyin/error.h>
#include <glib/gi18n.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define CHUNK 65536

void miyin_fd_clear(miyin_fd *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

int miyin_memfile_new(const char *name, GError **error)
{
	int fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fd < 0)
		miyin_fail(error, MIYIN_ERROR_SYSTEM, _("No memory file: %s"),
			   g_strerror(errno));
	return fd;
}

int miyin_memfile_new_text(const char *name, const char *text, GError **error)
{
	g_auto(miyin_fd) fd = miyin_memfile_new(name, error);

	return fd >= 0 && miyin_memfile_write(fd, text, strlen(text), error)
		       ? g_steal_fd(&fd)
		       : -1;
}

int miyin_memfile_again(int fd, GError **error)
{
	int again = fcntl(fd, F_DUPFD_CLOEXEC, 0);

	if (again < 0)
		miyin_fail(error, MIYIN_ERROR_SYSTEM,
			   _("No file is left to open."));
	return again;
}

gboolean miyin_memfile_write(int fd, const void *bytes, gsize length,
			     GError **error)
{
	const char *at = bytes;

	while (length > 0) {
		ssize_t n = write(fd, at, length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return miyin_fail(error, MIYIN_ERROR_SYSTEM,
					  _("Writing failed: %s"),
					  g_strerror(errno));
		at += n;
		length -= n;
	}
	return TRUE;
}

gboolean miyin_memfile_seal(int fd, GError **error)
{
	const int seals =
		F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;

	miyin_memfile_rewind(fd);
	if (fcntl(fd, F_ADD_SEALS, seals) == 0)
		return TRUE;
	return miyin_fail(error, MIYIN_ERROR_SYSTEM,
			  _("A memory file cannot be sealed: %s"),
			  g_strerror(errno));
}

GBytes *miyin_memfile_map(int fd, GError **error)
{
	g_autoptr(GError) reason = NULL;
	GMappedFile *map = g_mapped_file_new_from_fd(fd, FALSE, &reason);
	GBytes *bytes;

	if (!map) {
		miyin_fail(error, MIYIN_ERROR_SYSTEM,
			   _("A memory file cannot be mapped: %s"),
			   reason->message);
		return NULL;
	}
	/* An empty file is mapped nowhere, and NULL is not text of length 0. */
	if (g_mapped_file_get_length(map) == 0) {
		g_mapped_file_unref(map);
		return g_bytes_new_static("", 0);
	}
	bytes = g_mapped_file_get_bytes(map);
	g_mapped_file_unref(map);
	return bytes;
}

char *miyin_memfile_text(int fd, gsize max, GError **error)
{
	g_autoptr(GBytes) bytes = miyin_memfile_map(fd, error);
	gsize length;
	const char *text;

	if (!bytes)
		return NULL;
	text = g_bytes_get_data(bytes, &length);
	if (length <= max)
		return g_strndup(text, length);
	miyin_fail(error, MIYIN_ERROR_SYSTEM,
		   _("A memory file holds too much."));
	return NULL;
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
		if (n < 0)
			return miyin_fail(error, MIYIN_ERROR_SYSTEM,
					  _("Reading failed: %s"),
					  g_strerror(errno));
		total += n;
		if (total > max)
			return miyin_fail(
				error, MIYIN_ERROR_INPUT,
				"more than %" G_GUINT64_FORMAT " bytes", max);
		if (!miyin_memfile_write(to, chunk, n, error))
			return FALSE;
	}
	if (length)
		*length = total;
	return TRUE;
}
