/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What filters and backends say on standard error, line by line: cupsd's
 * control channel, so not everything may go there.
 */
#ifndef MIYIN_LINES_H
#define MIYIN_LINES_H

#include <glib.h>

typedef struct {
	GString *part; /* of a line that has no end yet */
} miyin_lines;

/* line has no end of line. */
typedef void (*miyin_lines_func)(const char *line, gpointer data);

/*
 * Read what there is, once, and call func for each whole line. FALSE at the
 * end, when the rest has been given to func too. A line of more than 8 KiB is
 * cut in pieces.
 */
gboolean miyin_lines_read(miyin_lines *lines, int fd, miyin_lines_func func,
			  gpointer data);
void miyin_lines_clear(miyin_lines *lines);

/*
 * Tell cupsd what a filter may tell: its state, its pages, its supplies. The
 * rest, in which words of a document may be, goes to the log, cleaned.
 */
void miyin_lines_tell_filter(const char *line);

/* The same of what is in a file from its start; the first lines of it. */
void miyin_lines_tell_file(int fd);

/* Whether a line "PAGE: ..." counts pages; total: it says how many in all. */
gboolean miyin_lines_pages(const char *line, unsigned *pages, gboolean *total);

#endif
