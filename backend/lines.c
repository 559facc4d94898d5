/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lines.h"
#include <miyin/memfile.h>
#include <miyin/text.h>
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#define LINE_MAX_BYTES 8192
#define FILE_LINES 40

static const char *const told[] = { "STATE:", "PAGE:", "ATTR: marker-",
				    "ATTR: printer-alert" };

static void give(miyin_lines *lines, miyin_lines_func func, gpointer data)
{
	func(lines->part->str, data);
	g_string_truncate(lines->part, 0);
}

gboolean miyin_lines_read(miyin_lines *lines, int fd, miyin_lines_func func,
			  gpointer data)
{
	char chunk[4096];
	ssize_t n = read(fd, chunk, sizeof(chunk));

	if (!lines->part)
		lines->part = g_string_new(NULL);
	for (ssize_t i = 0; i < n; i++) {
		if (chunk[i] != '\n')
			g_string_append_c(lines->part, chunk[i]);
		if (chunk[i] == '\n' || lines->part->len >= LINE_MAX_BYTES)
			give(lines, func, data);
	}
	if (n > 0 || (n < 0 && (errno == EINTR || errno == EAGAIN)))
		return TRUE;
	if (lines->part->len > 0)
		give(lines, func, data);
	return FALSE;
}

void miyin_lines_clear(miyin_lines *lines)
{
	if (lines->part)
		g_string_free(lines->part, TRUE);
	lines->part = NULL;
}

void miyin_lines_tell_filter(const char *line)
{
	g_autofree char *clean = miyin_text_clean(line, 400);

	for (unsigned i = 0; i < G_N_ELEMENTS(told); i++)
		if (g_str_has_prefix(clean, told[i])) {
			fprintf(stderr, "%s\n", clean);
			return;
		}
	if (*clean)
		fprintf(stderr, "DEBUG: driver: %s\n", clean);
}

void miyin_lines_tell_file(int fd)
{
	g_autofree char *text = miyin_memfile_text(fd, G_MAXSIZE, NULL);
	g_auto(GStrv) lines =
		g_strsplit(text ? text : "", "\n", FILE_LINES + 1);

	for (int i = 0; i < FILE_LINES && lines[i]; i++) {
		g_autofree char *clean = miyin_text_clean(lines[i], 200);

		if (*clean)
			fprintf(stderr, "DEBUG: %s\n", clean);
	}
}

gboolean miyin_lines_pages(const char *line, unsigned *pages, gboolean *total)
{
	unsigned page;

	*total = sscanf(line, "PAGE: total %9u", pages) == 1;
	return *total || sscanf(line, "PAGE: %9u %9u", &page, pages) == 2;
}
