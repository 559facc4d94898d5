/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <miyin/error.h>
#include <miyin/memfile.h>
#include <sys/stat.h>
#include <unistd.h>

/* A scan of 100 pages of A4 at 600 dpi has some 100 MB; /dev/zero has more. */
#define FILE_MAX (G_GUINT64_CONSTANT(1) << 30)

static void clear_source(gpointer data)
{
	miyin_source *from = data;

	if (from->fd >= 0)
		close(from->fd);
	g_clear_pointer(&from->traced, miyin_traced_free);
	g_clear_error(&from->error);
}

/* A name that is no file is a code. O_NONBLOCK: a pipe must not hold us. */
static void open_source(miyin_source *from)
{
	struct stat status;

	if (stat(from->name, &status) < 0)
		return;
	from->fd = open(from->name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (from->fd < 0)
		g_set_error(&from->error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM,
			    _("The file cannot be opened: %s"),
			    g_strerror(errno));
	else if (fstat(from->fd, &status) < 0 || !S_ISREG(status.st_mode))
		g_set_error(&from->error, MIYIN_ERROR, MIYIN_ERROR_INPUT,
			    _("This is not a file."));
}

GArray *miyin_sources_open(char *const *names)
{
	GArray *sources = g_array_new(FALSE, FALSE, sizeof(miyin_source));

	g_array_set_clear_func(sources, clear_source);
	for (; *names; names++) {
		miyin_source from = { .name = *names, .fd = -1 };

		open_source(&from);
		g_array_append_val(sources, from);
	}
	return sources;
}

void miyin_source_read(miyin_source *from)
{
	int fd;

	if (from->fd < 0 || from->error)
		return;
	fd = miyin_memfile_new("scan", &from->error);
	if (fd < 0)
		return;
	if (miyin_memfile_fill(fd, from->fd, FILE_MAX, NULL, &from->error)) {
		miyin_memfile_rewind(fd);
		from->traced = miyin_trace_apart(fd, from->name, &from->error);
	}
	close(fd);
}
