/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "running.h"
#include "canvas.h"
#include <math.h>

#define LONG 20	   /* heights of a line; a mark with its serial is shorter */
#define LETTER 2.0 /* heights: the widest */
#define GAP 1.5	   /* heights, between words; a mark is wider */
#define EVERY 8	   /* of one in so many long lines so many letters are read */
#define LETTERS 30 /* all the same, */
#define PARTS 4	   /* and no less of it than one such part */
#define INK 128	   /* darker is ink */
#define OTHER 96   /* of 255: another pixel */
#define OTHERS_SHARE 4 /* one such for so many with ink is rounding */
#define END 5	       /* heights: the end of a line whose sentence goes on */

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

static int compare_lefts(gconstpointer a, gconstpointer b)
{
	const double l = ((const letter *)a)->x, r = ((const letter *)b)->x;

	return (l > r) - (l < r);
}

/* Letters of no more than a letter's width, and no gap in which a mark has room,
 * from one end of the line to the other. */
static gboolean is_covered(GArray *on_line, const cairo_rectangle_int_t *line)
{
	double end = 0;

	g_array_sort(on_line, compare_lefts);
	for (guint i = 0; i < on_line->len; i++) {
		const letter *l = &g_array_index(on_line, letter, i);
		const double reach = fmin(l->w, LETTER * line->height) / 2;

		if (l->x - reach - end > GAP * line->height)
			return FALSE;
		end = fmax(end, l->x + reach);
	}
	return line->width - end <= GAP * line->height;
}

/* Letter by letter from the left: so the line lies upright, too. How many there
 * are, 0 of one that does not run. */
static guint count_running(const GArray *letters,
			   const cairo_rectangle_int_t *line)
{
	g_autoptr(GArray) on_line = g_array_new(FALSE, FALSE, sizeof(letter));
	double before = 0;
	int forward = 0;

	if (line->width < LONG * line->height)
		return 0;
	for (guint i = 0; i < letters->len; i++) {
		letter l = g_array_index(letters, letter, i);

		l.x -= line->x;
		l.y -= line->y;
		if (l.x < 0 || l.x >= line->width || l.y < 0 ||
		    l.y >= line->height)
			continue;
		g_array_append_val(on_line, l);
		forward += l.x > before ? 1 : -1;
		before = l.x;
	}
	return forward > 0 && is_covered(on_line, line) ? on_line->len : 0;
}

/* ---- what is drawn as text ------------------------------------------------- */

/* All letters of the page's text in black, as their fonts have them, whatever
 * colour they have and whatever lies over them. */
static cairo_surface_t *paint_letters(cairo_surface_t *like, PopplerPage *page,
				      const cairo_matrix_t *pixels)
{
	PopplerColor black = { 0, 0, 0 }, white = { 65535, 65535, 65535 };
	PopplerRectangle all = { 0, 0, 0, 0 };
	cairo_t *cr = miyin_canvas_open(cairo_image_surface_get_width(like),
					cairo_image_surface_get_height(like));

	poppler_page_get_size(page, &all.x2, &all.y2);
	cairo_transform(cr, pixels);
	poppler_page_render_selection(page, cr, &all, NULL,
				      POPPLER_SELECTION_GLYPH, &black, &white);
	return miyin_canvas_close(cr, NULL);
}

static guint8 *cut(cairo_surface_t *surface, const cairo_rectangle_int_t *line)
{
	return miyin_canvas_grey(surface, line->x, line->y, line->width,
				 line->height);
}

/* Whether what is seen of a line is its letters. */
static gboolean is_drawn_as_text(cairo_surface_t *seen,
				 cairo_surface_t *letters,
				 const cairo_rectangle_int_t *line)
{
	g_autofree guint8 *is = cut(seen, line), *text = cut(letters, line);
	const int n = line->width * line->height;
	int n_ink = 0, n_others = 0;

	for (int i = 0; i < n; i++) {
		n_ink += is[i] < INK ? 1 : 0;
		n_others += ABS(is[i] - text[i]) > OTHER ? 1 : 0;
	}
	return n_others * OTHERS_SHARE <= n_ink;
}

/* From and to so far from the beginning of a line. */
static void blank(cairo_surface_t *surface, const cairo_rectangle_int_t *line,
		  int from, int to)
{
	cairo_t *cr = cairo_create(surface);

	cairo_set_source_rgb(cr, 1, 1, 1);
	cairo_rectangle(cr, line->x + from, line->y, MAX(0, to - from),
			line->height);
	cairo_fill(cr);
	cairo_destroy(cr);
	cairo_surface_flush(surface);
}

/* Of the long line so many after the first one; up to its end, which is read
 * where a short line follows. What is read of one in eight stands at its left,
 * in its middle or at its right. */
static void blank_running(cairo_surface_t *surface,
			  const cairo_rectangle_int_t *line, unsigned n,
			  guint n_letters, int end)
{
	const int read =
		MAX(line->width / PARTS,
		    line->width * LETTERS / (int)MAX(LETTERS, n_letters));
	const int from = (line->width - read) * (int)(n / EVERY % 3) / 2;

	if (n % EVERY != 0) {
		blank(surface, line, 0, end);
		return;
	}
	blank(surface, line, 0, from);
	blank(surface, line, from + read, end);
}

static int compare_tops(gconstpointer a, gconstpointer b)
{
	return ((const cairo_rectangle_int_t *)a)->y -
	       ((const cairo_rectangle_int_t *)b)->y;
}

static const cairo_rectangle_int_t *line_of(const GArray *lines, guint i)
{
	return &g_array_index(lines, cairo_rectangle_int_t, i);
}

/* The next one in its column. */
static guint find_below(const GArray *lines, guint i)
{
	const cairo_rectangle_int_t *line = line_of(lines, i);
	guint next = i + 1;

	while (next < lines->len &&
	       (line_of(lines, next)->x >= line->x + line->width ||
		line->x >=
			line_of(lines, next)->x + line_of(lines, next)->width))
		next++;
	return next;
}

unsigned miyin_running_blank(GArray *lines, cairo_surface_t *surface,
			     PopplerPage *page, const cairo_matrix_t *pixels)
{
	g_autoptr(GArray) letters = list_letters(page);
	g_autoptr(cairo_surface_t) text = NULL; /* where a line is long */
	g_autoptr(GArray) running = g_array_new(FALSE, TRUE, sizeof(guint));
	unsigned n = 0;

	g_array_set_size(running, lines->len);
	turn(letters, pixels);
	g_array_sort(lines, compare_tops);
	for (guint i = 0; i < lines->len; i++) {
		const guint n_letters =
			count_running(letters, line_of(lines, i));

		if (n_letters == 0)
			continue;
		if (!text)
			text = paint_letters(surface, page, pixels);
		if (text && is_drawn_as_text(surface, text, line_of(lines, i)))
			g_array_index(running, guint, i) = n_letters;
	}
	for (guint i = 0; i < lines->len; i++) {
		const cairo_rectangle_int_t *line = line_of(lines, i);
		const guint next = find_below(lines, i);
		const guint n_letters = g_array_index(running, guint, i);
		const gboolean last = next < lines->len &&
				      g_array_index(running, guint, next) == 0;

		if (n_letters > 0)
			blank_running(surface, line, n++, n_letters,
				      line->width -
					      (last ? END * line->height : 0));
	}
	return n;
}
