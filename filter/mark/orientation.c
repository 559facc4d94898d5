/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orientation.h"
#include "turn.h"
#include <math.h>
#include <string.h>

#define VOTES_MIN 20
#define VOTES_SHARE 0.8
#define SPREAD 0.3   /* of the page's sides, at least */
#define NEAR 3.0     /* neighbours are within so many sizes */
#define STRAIGHT 2.0 /* and go so much more one way than across */

typedef enum { RIGHT, DOWN, LEFT, UP, N_WAYS } way;

typedef struct {
	unsigned n[N_WAYS];
	PopplerRectangle spread; /* of the letters that vote */
} votes;

static gboolean may_run_down(gunichar c)
{
	switch (g_unichar_get_script(c)) {
	case G_UNICODE_SCRIPT_LATIN:
	case G_UNICODE_SCRIPT_GREEK:
	case G_UNICODE_SCRIPT_CYRILLIC:
		return FALSE;
	default:
		return TRUE;
	}
}

/* Poppler's rectangles have y downwards from the top. */
static gboolean find_way(const PopplerRectangle *a, const PopplerRectangle *b,
			 way *found)
{
	double dx = (b->x1 + b->x2 - a->x1 - a->x2) / 2;
	double dy = (b->y1 + b->y2 - a->y1 - a->y2) / 2;
	double size = fmax(fmax(fabs(a->x2 - a->x1), fabs(a->y2 - a->y1)),
			   fmax(fabs(b->x2 - b->x1), fabs(b->y2 - b->y1)));
	double far = fmax(fabs(dx), fabs(dy));

	if (far > NEAR * size || far < size / 50)
		return FALSE;
	if (fabs(dx) > STRAIGHT * fabs(dy))
		*found = dx > 0 ? RIGHT : LEFT;
	else if (fabs(dy) > STRAIGHT * fabs(dx))
		*found = dy > 0 ? DOWN : UP;
	else
		return FALSE;
	return TRUE;
}

/* Scripts from right to left are not upside down. */
static gboolean counts(gunichar c)
{
	switch (g_unichar_get_script(c)) {
	case G_UNICODE_SCRIPT_ARABIC:
	case G_UNICODE_SCRIPT_HEBREW:
	case G_UNICODE_SCRIPT_SYRIAC:
	case G_UNICODE_SCRIPT_THAANA:
	case G_UNICODE_SCRIPT_NKO:
		return FALSE;
	default:
		return g_unichar_isgraph(c);
	}
}

static void add_spread(PopplerRectangle *to, const PopplerRectangle *box)
{
	to->x1 = fmin(to->x1, fmin(box->x1, box->x2));
	to->y1 = fmin(to->y1, fmin(box->y1, box->y2));
	to->x2 = fmax(to->x2, fmax(box->x1, box->x2));
	to->y2 = fmax(to->y2, fmax(box->y1, box->y2));
}

static votes count_votes(const char *text, const PopplerRectangle *boxes,
			 unsigned n)
{
	votes v = { .spread = { G_MAXDOUBLE, G_MAXDOUBLE, -G_MAXDOUBLE,
				-G_MAXDOUBLE } };
	gunichar last = 0;

	for (unsigned i = 0; i < n && *text;
	     i++, text = g_utf8_next_char(text)) {
		gunichar c = g_utf8_get_char(text);
		way found;

		if (last && counts(last) && counts(c) &&
		    find_way(&boxes[i - 1], &boxes[i], &found) &&
		    (found != DOWN || !may_run_down(c))) {
			v.n[found]++;
			add_spread(&v.spread, &boxes[i]);
		}
		last = c;
	}
	return v;
}

/* Quarters, or -1 when the letters do not tell. */
static int find_turn_of_text(PopplerPage *page)
{
	static const int turns[N_WAYS] = { 0, 3, 2, 1 };
	g_autofree char *text = poppler_page_get_text(page);
	PopplerRectangle *boxes = NULL;
	unsigned n = 0, all = 0;
	double width, height;
	votes v = { 0 };

	if (text && poppler_page_get_text_layout(page, &boxes, &n))
		v = count_votes(text, boxes, n);
	g_free(boxes);
	poppler_page_get_size(page, &width, &height);
	for (int i = 0; i < N_WAYS; i++)
		all += v.n[i];
	if (all < VOTES_MIN || v.spread.x2 - v.spread.x1 < SPREAD * width ||
	    v.spread.y2 - v.spread.y1 < SPREAD * height)
		return -1;
	for (int i = 0; i < N_WAYS; i++)
		if (v.n[i] >= VOTES_SHARE * all)
			return turns[i];
	return -1;
}

void miyin_orientation_turn(PopplerDocument *document, const char *laid_out,
			    miyin_sheets *sheets)
{
	gboolean known = strlen(laid_out) == sheets->pages->len;

	for (unsigned i = 0; i < sheets->pages->len; i++) {
		PopplerPage *page = poppler_document_get_page(document, (int)i);
		int turn = page ? find_turn_of_text(page) : -1;

		g_clear_object(&page);
		if (turn < 0)
			turn = known ? laid_out[i] - '0' : 0;
		miyin_turn_sheet(&g_array_index(sheets->pages, miyin_sheet, i),
				 (unsigned)turn);
	}
}

void miyin_orientation_transform(cairo_t *cr, PopplerPage *page,
				 const miyin_sheet *sheet)
{
	double is_w, is_h;

	poppler_page_get_size(page, &is_w, &is_h);
	if (sheet->turn == 1)
		cairo_translate(cr, sheet->width_pt, 0);
	else if (sheet->turn == 2)
		cairo_translate(cr, sheet->width_pt, sheet->height_pt);
	else if (sheet->turn == 3)
		cairo_translate(cr, 0, sheet->height_pt);
	cairo_rotate(cr, sheet->turn * G_PI / 2);
	cairo_scale(cr, miyin_turn_paper_width(sheet) / is_w,
		    miyin_turn_paper_height(sheet) / is_h);
}
