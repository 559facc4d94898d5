/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "running.h"

#define LONG 20	   /* heights of a line; a mark with its serial is shorter */
#define COVERED 60 /* percent of its length: there are gaps between words */
#define KEPT 2	   /* long lines that are read all the same */
#define END 5	   /* heights: the end of a line whose sentence goes on */

typedef struct {
	PopplerRectangle *letters; /* points */
	gboolean *blank;	   /* letters of no ink */
	guint n;
	double scale;
} layer;

static gboolean open_layer(layer *l, PopplerPage *page)
{
	g_autofree char *text = poppler_page_get_text(page);
	const char *at = text ? text : "";

	if (!poppler_page_get_text_layout(page, &l->letters, &l->n))
		return FALSE;
	l->blank = g_new0(gboolean, l->n);
	for (guint i = 0; i < l->n && *at; i++, at = g_utf8_next_char(at))
		l->blank[i] = g_unichar_isspace(g_utf8_get_char(at));
	return TRUE;
}

static void close_layer(layer *l)
{
	g_free(l->letters);
	g_free(l->blank);
}

/* Letter by letter from the left: so the line lies upright, too. */
static gboolean is_running(const layer *l, const cairo_rectangle_int_t *line)
{
	double covered = 0, before = 0;
	int forward = 0;

	if (line->width < LONG * line->height)
		return FALSE;
	for (guint i = 0; i < l->n; i++) {
		const PopplerRectangle *r = &l->letters[i];
		const double x = (r->x1 + r->x2) / 2 * l->scale - line->x,
			     y = (r->y1 + r->y2) / 2 * l->scale - line->y;

		if (l->blank[i] || x < 0 || x >= line->width || y < 0 ||
		    y >= line->height)
			continue;
		covered += (r->x2 - r->x1) * l->scale;
		forward += x > before ? 1 : -1;
		before = x;
	}
	return forward > 0 && covered * 100 >= (double)line->width * COVERED;
}

static void blank(cairo_surface_t *surface, const cairo_rectangle_int_t *line,
		  int width)
{
	cairo_t *cr = cairo_create(surface);

	cairo_set_source_rgb(cr, 1, 1, 1);
	cairo_rectangle(cr, line->x, line->y, width, line->height);
	cairo_fill(cr);
	cairo_destroy(cr);
	cairo_surface_flush(surface);
}

static int compare_tops(gconstpointer a, gconstpointer b)
{
	return ((const cairo_rectangle_int_t *)a)->y -
	       ((const cairo_rectangle_int_t *)b)->y;
}

unsigned miyin_running_blank(GArray *lines, cairo_surface_t *surface,
			     PopplerPage *page, double scale)
{
	layer l = { .scale = scale };
	unsigned kept = 0, blanked = 0;

	if (!open_layer(&l, page))
		return 0;
	g_array_sort(lines, compare_tops);
	for (guint i = 0; i < lines->len; i++) {
		const cairo_rectangle_int_t *line =
			&g_array_index(lines, cairo_rectangle_int_t, i);

		const gboolean last =
			i + 1 < lines->len && !is_running(&l, line + 1);

		if (!is_running(&l, line) || kept++ < KEPT)
			continue;
		blank(surface, line,
		      line->width - (last ? END * line->height : 0));
		blanked++;
	}
	close_layer(&l);
	return blanked;
}
