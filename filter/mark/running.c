/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "running.h"
#include <math.h>

#define LONG 20	   /* heights of a line; a mark with its serial is shorter */
#define COVERED 60 /* percent of its length: there are gaps between words */
#define KEPT 2	   /* long lines that are read all the same */
#define END 5	   /* heights: the end of a line whose sentence goes on */

/* A letter with ink: its middle and how far it reaches, to both sides and up
 * and down. */
typedef struct {
	double x, y, w, h;
} letter;

static letter middle_of(const PopplerRectangle *r)
{
	return (letter){ (r->x1 + r->x2) / 2, (r->y1 + r->y2) / 2,
			 r->x2 - r->x1, r->y2 - r->y1 };
}

/* In points, in the order of the text. Free with g_array_unref. */
static GArray *list_letters(PopplerPage *page)
{
	GArray *letters = g_array_new(FALSE, FALSE, sizeof(letter));
	g_autofree char *text = poppler_page_get_text(page);
	g_autofree PopplerRectangle *boxes = NULL;
	const char *at = text ? text : "";
	guint n = 0;

	if (!poppler_page_get_text_layout(page, &boxes, &n))
		return letters;
	for (guint i = 0; i < n && *at; i++, at = g_utf8_next_char(at)) {
		const letter l = middle_of(&boxes[i]);

		if (!g_unichar_isspace(g_utf8_get_char(at)))
			g_array_append_val(letters, l);
	}
	return letters;
}

int miyin_running_quarters(PopplerPage *page)
{
	g_autoptr(GArray) letters = list_letters(page);
	unsigned n[4] = { 0 }; /* steps to the right, up, to the left, down */
	int most = 0;

	for (guint i = 1; i < letters->len; i++) {
		const letter *from = &g_array_index(letters, letter, i - 1),
			     *to = from + 1;
		const double x = to->x - from->x, y = to->y - from->y;

		if (fabs(x) + fabs(y) > 2 * fmax(to->w, to->h))
			continue;
		n[fabs(x) >= fabs(y) ? (x >= 0 ? 0 : 2) : (y < 0 ? 1 : 3)]++;
	}
	for (int i = 1; i < 4; i++)
		if (n[i] > n[most])
			most = i;
	return most;
}

static void turn(GArray *letters, const cairo_matrix_t *pixels)
{
	for (guint i = 0; i < letters->len; i++) {
		letter *l = &g_array_index(letters, letter, i);
		const double w = l->w, h = l->h;

		cairo_matrix_transform_point(pixels, &l->x, &l->y);
		l->w = fabs(pixels->xx) * w + fabs(pixels->xy) * h;
		l->h = fabs(pixels->yx) * w + fabs(pixels->yy) * h;
	}
}

/* Letter by letter from the left: so the line lies upright, too. */
static gboolean is_running(const GArray *letters,
			   const cairo_rectangle_int_t *line)
{
	double covered = 0, before = 0;
	int forward = 0;

	if (line->width < LONG * line->height)
		return FALSE;
	for (guint i = 0; i < letters->len; i++) {
		const letter *l = &g_array_index(letters, letter, i);
		const double x = l->x - line->x, y = l->y - line->y;

		if (x < 0 || x >= line->width || y < 0 || y >= line->height)
			continue;
		covered += l->w;
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
			     PopplerPage *page, const cairo_matrix_t *pixels)
{
	g_autoptr(GArray) letters = list_letters(page);
	unsigned kept = 0, blanked = 0;

	turn(letters, pixels);
	g_array_sort(lines, compare_tops);
	for (guint i = 0; i < lines->len; i++) {
		const cairo_rectangle_int_t *line =
			&g_array_index(lines, cairo_rectangle_int_t, i);
		const gboolean last =
			i + 1 < lines->len && !is_running(letters, line + 1);

		if (!is_running(letters, line) || kept++ < KEPT)
			continue;
		blank(surface, line,
		      line->width - (last ? END * line->height : 0));
		blanked++;
	}
	return blanked;
}
