/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "upright.h"
#include <math.h>
#include <string.h>

#define VOTES_MIN 3
#define VOTES_SHARE 0.8
#define NEAR 3.0		/* neighbours are within so many sizes */
#define STRAIGHT 2.0		/* and go so much more one way than across */
#define UNKNOWN (-1)

typedef enum { RIGHT, DOWN, LEFT, UP, N_WAYS } way;

static int find_turn(PopplerPage *page);
static int find_picture_turn(PopplerPage *page);
static void count_votes(const char *text, const PopplerRectangle *boxes,
			unsigned n, unsigned votes[N_WAYS]);
static gboolean find_way(const PopplerRectangle *a, const PopplerRectangle *b,
			 way *found);
static gboolean counts(gunichar c);
static void follow_others(PopplerDocument *document, unsigned n_pages,
			  int *turns);
static gboolean same_shape(PopplerDocument *document, int a, int b);

void miyin_upright_find(PopplerDocument *document, unsigned n_pages,
			int *turns)
{
	for (unsigned i = 0; i < n_pages; i++) {
		PopplerPage *page = poppler_document_get_page(document, i);

		turns[i] = page ? find_turn(page) : UNKNOWN;
		if (page)
			g_object_unref(page);
	}
	follow_others(document, n_pages, turns);
}

/* The new corner is the old upper left for 90, the lower right for 180. */
void miyin_upright_turn(miyin_sheet *sheet, int turn)
{
	const double w = sheet->width_pt, h = sheet->height_pt;
	double *m = sheet->matrix, old[6];

	memcpy(old, m, sizeof(old));
	if (turn == 90) {
		for (int i = 0; i < 6; i += 2) {
			m[i] = old[i + 1];
			m[i + 1] = -old[i];
		}
		m[5] += w;
		sheet->width_pt = h;
		sheet->height_pt = w;
	} else if (turn == 180) {
		for (int i = 0; i < 6; i++)
			m[i] = -old[i];
		m[4] += w;
		m[5] += h;
	}
}

void miyin_upright_transform(cairo_t *cr, PopplerPage *page,
			     const miyin_sheet *sheet, int turn)
{
	double is_w, is_h;

	poppler_page_get_size(page, &is_w, &is_h);
	if (turn == 90) {
		cairo_translate(cr, sheet->width_pt, 0);
		cairo_rotate(cr, G_PI / 2);
		cairo_scale(cr, sheet->height_pt / is_w,
			    sheet->width_pt / is_h);
	} else {
		if (turn == 180) {
			cairo_translate(cr, sheet->width_pt, sheet->height_pt);
			cairo_rotate(cr, G_PI);
		}
		cairo_scale(cr, sheet->width_pt / is_w,
			    sheet->height_pt / is_h);
	}
}

static int find_turn(PopplerPage *page)
{
	g_autofree char *text = poppler_page_get_text(page);
	PopplerRectangle *boxes = NULL;
	unsigned votes[N_WAYS] = { 0 }, all = 0, n = 0;

	if (text && poppler_page_get_text_layout(page, &boxes, &n))
		count_votes(text, boxes, n, votes);
	g_free(boxes);
	for (int i = 0; i < N_WAYS; i++)
		all += votes[i];
	if (all < VOTES_MIN)
		return find_picture_turn(page);
	if (votes[UP] >= VOTES_SHARE * all)
		return 90;
	return votes[LEFT] >= VOTES_SHARE * all ? 180 : 0;
}

/* imagetopdf turns a wide picture to put it on upright paper. Poppler tells
 * where it would be without the turn: beyond the paper's edge. */
static int find_picture_turn(PopplerPage *page)
{
	GList *pictures = poppler_page_get_image_mapping(page);
	int turn = UNKNOWN;

	if (pictures && !pictures->next) {
		const PopplerImageMapping *picture = pictures->data;
		cairo_surface_t *pixels =
			poppler_page_get_image(page, picture->image_id);
		gboolean is_wide =
			pixels && cairo_image_surface_get_width(pixels) >
					  cairo_image_surface_get_height(pixels);
		double w = fabs(picture->area.x2 - picture->area.x1);
		double page_w, page_h;

		poppler_page_get_size(page, &page_w, &page_h);
		if (is_wide && page_h > page_w && w > page_w + 1)
			turn = 90;
		if (pixels)
			cairo_surface_destroy(pixels);
	}
	poppler_page_free_image_mapping(pictures);
	return turn;
}

static void count_votes(const char *text, const PopplerRectangle *boxes,
			unsigned n, unsigned votes[N_WAYS])
{
	gboolean last_counts = FALSE;

	for (unsigned i = 0; i < n && *text;
	     i++, text = g_utf8_next_char(text)) {
		gboolean this_counts = counts(g_utf8_get_char(text));
		way found;

		if (i > 0 && last_counts && this_counts &&
		    find_way(&boxes[i - 1], &boxes[i], &found))
			votes[found]++;
		last_counts = this_counts;
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

static void follow_others(PopplerDocument *document, unsigned n_pages,
			  int *turns)
{
	for (unsigned i = 0; i < n_pages; i++) {
		int turn = 0;

		if (turns[i] != UNKNOWN)
			continue;
		for (unsigned k = 0; k < n_pages; k++)
			if (turns[k] > 0 && same_shape(document, i, k)) {
				turn = turns[k];
				break;
			}
		turns[i] = turn;
	}
}

static gboolean same_shape(PopplerDocument *document, int a, int b)
{
	PopplerPage *one = poppler_document_get_page(document, a);
	PopplerPage *other = poppler_document_get_page(document, b);
	double w1 = 0, h1 = 0, w2 = 1, h2 = 1;

	if (one && other) {
		poppler_page_get_size(one, &w1, &h1);
		poppler_page_get_size(other, &w2, &h2);
	}
	if (one)
		g_object_unref(one);
	if (other)
		g_object_unref(other);
	return fabs(w1 - w2) < 1 && fabs(h1 - h2) < 1;
}
