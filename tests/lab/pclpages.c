/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * pclpages FILE PREFIX: the pages of a PCL 5 raster file as PREFIX-001.pgm,
 * PREFIX-002.pgm ... so that a test can read codes from the very bytes that
 * went to a PCL printer.
 *
 * Understood is what a monochrome driver (CUPS' rastertohp and the like)
 * sends: one plane, compression 0 to 3, blank rows by ESC*b#Y. Where a raster
 * stands on the sheet is not kept, only its dots; text and fonts are skipped.
 *
 * Source: HP PCL 5 Technical Reference Manual, chapters 2 (syntax), 15
 * (raster graphics), from memory; checked against CUPS' output only.
 */
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	ESC = 0x1b,
	FF = 0x0c,
	DPI_DEFAULT = 75,      /* PCL's own when none is set */
	WIDTH_DEFAULT_IN = 12, /* wider than A3 is not tested */
	MAX_SIDE_PX = 40000
};

typedef struct {
	const guint8 *at, *end;
} source;

typedef struct {
	const char *prefix;
	unsigned dpi, width_px, mode, n_pages;
	gboolean is_open; /* something was put on this page */
	GByteArray *seed; /* last row, for mode 3 */
	GPtrArray *rows;  /* GBytes of the page, 1 bit a dot */
} press;

static gboolean write_page(press *p)
{
	g_autofree char *path =
		g_strdup_printf("%s-%03u.pgm", p->prefix, ++p->n_pages);
	unsigned width = p->width_px ? p->width_px : p->dpi * WIDTH_DEFAULT_IN;
	g_autofree guint8 *line = g_malloc(width);
	FILE *file = fopen(path, "wb");

	if (!file)
		return FALSE;
	/* A picture needs a row even when the page is blank. */
	fprintf(file, "P5\n%u %u\n255\n", width, MAX(p->rows->len, 1u));
	for (guint y = 0; y < MAX(p->rows->len, 1u); y++) {
		gsize n = 0;
		const guint8 *bits =
			y < p->rows->len
				? g_bytes_get_data(p->rows->pdata[y], &n)
				: NULL;

		for (unsigned x = 0; x < width; x++)
			line[x] = bits && x / 8 < n &&
						  bits[x / 8] >> (7 - x % 8) & 1
					  ? 0
					  : 255;
		fwrite(line, 1, width, file);
	}
	g_ptr_array_set_size(p->rows, 0);
	g_byte_array_set_size(p->seed, 0);
	p->is_open = FALSE;
	return fclose(file) == 0;
}

/* Mode 1: pairs of repeat count and byte. */
static void unpack_runs(const guint8 *data, gsize n, GByteArray *row)
{
	for (gsize i = 0; i + 1 < n; i += 2)
		for (int k = 0; k <= data[i]; k++)
			g_byte_array_append(row, &data[i + 1], 1);
}

/* Mode 2: TIFF PackBits. */
static void unpack_bits(const guint8 *data, gsize n, GByteArray *row)
{
	gsize i = 0;

	while (i < n) {
		unsigned control = data[i++];

		if (control < 128) {
			gsize take = MIN(control + 1, n - i);

			g_byte_array_append(row, data + i, (guint)take);
			i += take;
		} else if (control != 128 && i < n) {
			for (unsigned k = 0; k <= 256 - control; k++)
				g_byte_array_append(row, data + i, 1);
			i++;
		}
	}
}

/* Mode 3: changes against the row above, which is in row already. */
static void unpack_delta(const guint8 *data, gsize n, GByteArray *row)
{
	gsize i = 0, x = 0;

	while (i < n) {
		guint take = (data[i] >> 5) + 1u;
		guint offset = data[i] & 31;

		i++;
		x += offset;
		while (offset == 31 || offset == 255) {
			if (i >= n)
				return;
			offset = data[i++];
			x += offset;
			if (offset != 255)
				break;
		}
		take = (guint)MIN((gsize)take, n - i);
		if (x + take > MAX_SIDE_PX / 8)
			return;
		if (x + take > row->len) {
			guint old = row->len;

			g_byte_array_set_size(row, (guint)(x + take));
			memset(row->data + old, 0, row->len - old);
		}
		memcpy(row->data + x, data + i, take);
		i += take;
		x += take;
	}
}

static gboolean put_row(press *p, const guint8 *data, gsize n)
{
	if (p->rows->len >= MAX_SIDE_PX)
		return FALSE;
	if (p->mode != 3)
		g_byte_array_set_size(p->seed, 0);
	switch (p->mode) {
	case 0:
		g_byte_array_append(p->seed, data, (guint)n);
		break;
	case 1:
		unpack_runs(data, n, p->seed);
		break;
	case 2:
		unpack_bits(data, n, p->seed);
		break;
	case 3:
		unpack_delta(data, n, p->seed);
		break;
	default:
		fprintf(stderr, "pclpages: compression %u is not known\n",
			p->mode);
		return FALSE;
	}
	g_ptr_array_add(p->rows, g_bytes_new(p->seed->data, p->seed->len));
	p->is_open = TRUE;
	return TRUE;
}

static gboolean skip_rows(press *p, int n)
{
	if (n < 0 || (guint)n > MAX_SIDE_PX - p->rows->len)
		return FALSE;
	g_byte_array_set_size(p->seed, 0);
	while (n-- > 0)
		g_ptr_array_add(p->rows, g_bytes_new(NULL, 0));
	return TRUE;
}

/* Data follows a W of any group, V of *b and X of &p. */
static gboolean has_data(char kind, char group, char end)
{
	return end == 'W' || (kind == '*' && group == 'b' && end == 'V') ||
	       (kind == '&' && group == 'p' && end == 'X');
}

static gboolean obey(press *p, source *s, char kind, char group, int value,
		     char end)
{
	const guint8 *data = s->at;
	char name[] = { kind, group, end, '\0' };

	if (has_data(kind, group, end)) {
		if (value < 0 || value > s->end - s->at)
			return FALSE;
		s->at += value;
	}
	if (g_str_equal(name, "*bW"))
		return put_row(p, data, (gsize)value);
	if (g_str_equal(name, "*bV")) {
		fputs("pclpages: more than one plane\n", stderr);
		return FALSE;
	}
	if (g_str_equal(name, "*bY"))
		return skip_rows(p, value);
	if (g_str_equal(name, "*bM"))
		p->mode = (unsigned)value;
	else if (g_str_equal(name, "*tR") && value > 0 && value <= 1200)
		p->dpi = (unsigned)value;
	else if (g_str_equal(name, "*rS") && value > 0 && value <= MAX_SIDE_PX)
		p->width_px = (unsigned)value;
	else if (g_str_equal(name, "*rA")) {
		g_byte_array_set_size(p->seed, 0);
		p->is_open = TRUE;
	}
	return TRUE;
}

/* ESC kind group value end: a small letter as end says that another value
 * and end follow for the same kind and group. */
static gboolean read_parameters(press *p, source *s, char kind)
{
	char group = 0;

	if (s->at < s->end && *s->at >= '`' && *s->at <= '~')
		group = (char)*s->at++;
	while (s->at < s->end) {
		char number[16];
		gsize n = 0;
		char end;

		while (s->at < s->end && n + 1 < sizeof(number) &&
		       strchr("+-.0123456789", *s->at) && *s->at)
			number[n++] = (char)*s->at++;
		number[n] = '\0';
		if (s->at == s->end)
			break;
		end = (char)*s->at++;
		if (!obey(p, s, kind, group, atoi(number),
			  g_ascii_toupper(end)))
			return FALSE;
		if (!g_ascii_islower(end))
			return TRUE;
	}
	return FALSE;
}

static gboolean read_escape(press *p, source *s)
{
	char kind;

	if (s->at == s->end)
		return FALSE;
	kind = (char)*s->at++;
	if (kind >= '!' && kind <= '/')
		return read_parameters(p, s, kind);
	/* Reset ends the page that is open. */
	return kind != 'E' || !p->is_open || write_page(p);
}

static gboolean read_pages(press *p, source *s)
{
	while (s->at < s->end) {
		guint8 byte = *s->at++;

		if (byte == ESC && !read_escape(p, s))
			return FALSE;
		if (byte == FF && !write_page(p))
			return FALSE;
	}
	return !p->is_open || write_page(p);
}

int main(int argc, char **argv)
{
	g_autofree char *data = NULL;
	gsize n_bytes;
	press p = { .dpi = DPI_DEFAULT };
	source s;
	gboolean done;

	if (argc != 3) {
		fputs("usage: pclpages FILE PREFIX\n", stderr);
		return 2;
	}
	if (!g_file_get_contents(argv[1], &data, &n_bytes, NULL)) {
		fprintf(stderr, "pclpages: cannot read %s\n", argv[1]);
		return 1;
	}
	p.prefix = argv[2];
	p.seed = g_byte_array_new();
	p.rows = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
	s.at = (const guint8 *)data;
	s.end = s.at + n_bytes;
	done = read_pages(&p, &s);
	if (!done)
		fprintf(stderr, "pclpages: %s: not understood at byte %td\n",
			argv[1], s.at - (const guint8 *)data);
	g_byte_array_unref(p.seed);
	g_ptr_array_unref(p.rows);
	return done ? 0 : 1;
}
