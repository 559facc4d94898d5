/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "place.h"
#include <math.h>
#include <string.h>

/* Schemes give their places for sheets as wide as A4. On narrower ones the
 * distances from the sides and the widths shrink in proportion. */
#define WIDE_PT (210 * MIYIN_PT_PER_MM)
#define GAP_PT (1 * MIYIN_PT_PER_MM)
#define LEAST_LINE_PT (14 * MIYIN_PT_PER_MM)
#define LEAST_STEP 1.04
#define LEAST_STEPS 120
#define FRAME_LEAST 0.35	/* of the sheet's height, left for the body */

typedef struct {
	double w, h;		/* of the sheet */
	double narrow;		/* 1, or less on sheets narrower than A4 */
	gboolean swap;
	miyin_place *place;
} placing;

static gboolean all_fit(double width_pt, double height_pt,
			const miyin_layout *layout);
static gboolean place_codes(placing *p, const miyin_layout *layout);
static gboolean place_line(placing *p, const miyin_line *line, unsigned i);
static miyin_box box_at(const placing *p, miyin_anchor at, double x, double y,
			double w, double h);
static miyin_box box_beside(const placing *p, const miyin_line *line, double w,
			    double h);
static miyin_anchor swapped(miyin_anchor at);
static gboolean make_room(const placing *p, miyin_anchor at, miyin_box *box,
			  unsigned n_before);
static void clip_to_sheet(const placing *p, miyin_box *box);
static const miyin_box *find_obstacle(const miyin_place *place,
				      const miyin_box *box, unsigned n_before);
static void give_way(miyin_anchor at, miyin_box *box, const miyin_box *other);
static gboolean overlap(const miyin_box *a, const miyin_box *b);
static gboolean is_printable(const placing *p, const miyin_box *box);
static gboolean place_frame(placing *p);

gboolean miyin_place_page(double width_pt, double height_pt,
			  const miyin_layout *layout, miyin_page_class class,
			  gboolean even, miyin_place *place)
{
	placing p = { width_pt, height_pt, MIN(1, width_pt / WIDE_PT),
		      layout->swap_even && even, place };
	gboolean ok;

	memset(place, 0, sizeof(*place));
	place->n_lines = layout->lines->len;
	place->lines = g_new0(miyin_box, place->n_lines + 1);
	ok = place_codes(&p, layout);
	for (unsigned i = 0; ok && i < place->n_lines; i++) {
		const miyin_line *line = layout->lines->pdata[i];

		if (line->classes & class)
			ok = place_line(&p, line, i);
	}
	ok = ok && place_frame(&p);
	if (!ok)
		miyin_place_clear(place);
	return ok;
}

void miyin_place_clear(miyin_place *place)
{
	g_clear_pointer(&place->lines, g_free);
	place->n_lines = 0;
}

miyin_anchor miyin_place_anchor(const miyin_layout *layout,
				const miyin_line *line, gboolean even)
{
	return layout->swap_even && even ? swapped(line->at) : line->at;
}

void miyin_place_fit(const miyin_place *place, double width_pt,
		     double height_pt, double *scale, double *x, double *y)
{
	const miyin_box *frame = &place->frame;

	*scale = MIN(frame->w / width_pt, frame->h / height_pt);
	*x = frame->x + (frame->w - width_pt * *scale) / 2;
	*y = frame->y + (frame->h - height_pt * *scale) / 2;
}

void miyin_place_least(double width_pt, double height_pt,
		       const miyin_layout *layout, double *least_w,
		       double *least_h)
{
	for (int i = 0; i < LEAST_STEPS; i++) {
		width_pt *= LEAST_STEP;
		height_pt *= LEAST_STEP;
		if (all_fit(width_pt, height_pt, layout))
			break;
	}
	*least_w = width_pt;
	*least_h = height_pt;
}

/* Whether pages of each class and side have room. */
static gboolean all_fit(double width_pt, double height_pt,
			const miyin_layout *layout)
{
	static const miyin_page_class classes[] = {
		MIYIN_FIRST_PAGE, MIYIN_OTHER_PAGE, MIYIN_COVER_PAGE
	};
	gboolean ok = TRUE;

	for (unsigned c = 0; ok && c < 2 * G_N_ELEMENTS(classes); c++) {
		miyin_place place;

		ok = miyin_place_page(width_pt, height_pt, layout,
				      classes[c / 2], c % 2, &place);
		miyin_place_clear(&place);
	}
	return ok;
}

static gboolean place_codes(placing *p, const miyin_layout *layout)
{
	miyin_place *place = p->place;

	place->n_codes = layout->codes->len;
	for (unsigned i = 0; i < place->n_codes; i++) {
		const miyin_spot *spot =
			&g_array_index(layout->codes, miyin_spot, i);
		double side = spot->size_mm * MIYIN_PT_PER_MM;
		double quiet = 4 * side / MIYIN_QR_MODULES;
		double least = MIYIN_PRINTABLE_MM * MIYIN_PT_PER_MM + quiet;
		double x = fmax(spot->x_mm * MIYIN_PT_PER_MM * p->narrow,
				least);
		double y = fmax(spot->y_mm * MIYIN_PT_PER_MM, least);
		miyin_box code = box_at(p, p->swap ? swapped(spot->at)
						   : spot->at,
					x, y, side, side);

		place->codes[i] = code;
		place->quiet[i] = (miyin_box){ code.x - quiet, code.y - quiet,
					       code.w + 2 * quiet,
					       code.h + 2 * quiet };
		if (!is_printable(p, &place->quiet[i]) ||
		    (i > 0 && overlap(&place->quiet[0], &place->quiet[i])))
			return FALSE;
	}
	return TRUE;
}

static gboolean place_line(placing *p, const miyin_line *line, unsigned i)
{
	miyin_anchor at = p->swap ? swapped(line->at) : line->at;
	double w = line->width_mm * MIYIN_PT_PER_MM * p->narrow;
	double h = miyin_line_height_pt(line);
	double x = fmax(line->x_mm * p->narrow, MIYIN_PRINTABLE_MM) *
		   MIYIN_PT_PER_MM;
	double y = fmax(line->y_mm, MIYIN_PRINTABLE_MM) * MIYIN_PT_PER_MM;
	miyin_box box = line->at > MIYIN_AT_BOTTOM_RIGHT
				? box_beside(p, line, w, h)
				: box_at(p, at, x, y, w, h);

	if (!make_room(p, at, &box, i) || !is_printable(p, &box))
		return FALSE;
	p->place->lines[i] = box;
	return TRUE;
}

/* x and y are the distances from the anchor's edges; a centred box has x from
 * the middle. */
static miyin_box box_at(const placing *p, miyin_anchor at, double x, double y,
			double w, double h)
{
	miyin_box box = { x, y, w, h };

	if (at <= MIYIN_AT_TOP_RIGHT)
		box.y = p->h - y - h;
	if (at % 3 == 1) {
		double room = p->w - 2 * MIYIN_PRINTABLE_MM * MIYIN_PT_PER_MM;

		box.w = MIN(w, room);
		box.x = (p->w - box.w) / 2;
	} else if (at % 3 == 2) {
		box.x = p->w - x - w;
	}
	return box;
}

/* Beside a code the widths are not narrowed: they hold the human code. */
static miyin_box box_beside(const placing *p, const miyin_line *line, double w,
			    double h)
{
	unsigned code = line->at >= MIYIN_AT_LEFT_OF_2;
	gboolean left = line->at == MIYIN_AT_LEFT_OF_1 ||
			line->at == MIYIN_AT_LEFT_OF_2;
	const miyin_box *quiet = &p->place->quiet[code];
	const miyin_box *modules = &p->place->codes[code];
	double gap = line->x_mm * MIYIN_PT_PER_MM;
	miyin_box box = { 0, 0, w / p->narrow, h };

	if (code >= p->place->n_codes)
		return (miyin_box){ GAP_PT * 5, p->h / 2, w, h };
	left ^= p->swap;
	box.x = left ? quiet->x - gap - box.w : quiet->x + quiet->w + gap;
	box.y = modules->y + modules->h - line->y_mm * MIYIN_PT_PER_MM - h;
	return box;
}

static miyin_anchor swapped(miyin_anchor at)
{
	static const miyin_anchor other[MIYIN_N_ANCHORS] = {
		MIYIN_AT_TOP_RIGHT,    MIYIN_AT_TOP_CENTRE,
		MIYIN_AT_TOP_LEFT,     MIYIN_AT_BOTTOM_RIGHT,
		MIYIN_AT_BOTTOM_CENTRE, MIYIN_AT_BOTTOM_LEFT,
		MIYIN_AT_RIGHT_OF_1,   MIYIN_AT_LEFT_OF_1,
		MIYIN_AT_RIGHT_OF_2,   MIYIN_AT_LEFT_OF_2,
	};

	return other[at];
}

/* Make a box give way to the sheet's edges, the codes and the lines before.
 * A step aside may lead into the next one, so look again until it is free. */
static gboolean make_room(const placing *p, miyin_anchor at, miyin_box *box,
			  unsigned n_before)
{
	const miyin_box *other;
	unsigned n_tries = 2 * (p->place->n_codes + n_before) + 1;

	clip_to_sheet(p, box);
	while (box->w >= LEAST_LINE_PT &&
	       (other = find_obstacle(p->place, box, n_before))) {
		if (n_tries-- == 0)
			return FALSE;
		give_way(at, box, other);
		clip_to_sheet(p, box);
	}
	return box->w >= LEAST_LINE_PT;
}

static void clip_to_sheet(const placing *p, miyin_box *box)
{
	const double edge = MIYIN_PRINTABLE_MM * MIYIN_PT_PER_MM;
	double right = MIN(box->x + box->w, p->w - edge);

	box->x = MAX(box->x, edge);
	box->w = right - box->x;
}

static const miyin_box *find_obstacle(const miyin_place *place,
				      const miyin_box *box, unsigned n_before)
{
	for (unsigned i = 0; i < place->n_codes; i++)
		if (overlap(box, &place->quiet[i]))
			return &place->quiet[i];
	for (unsigned i = 0; i < n_before; i++)
		if (place->lines[i].w > 0 && overlap(box, &place->lines[i]))
			return &place->lines[i];
	return NULL;
}

/* A box loses the end that is not its anchor's. What stands at its anchor
 * pushes it aside: on a narrow sheet the codes keep their size while the
 * distances shrink. One in the middle loses both ends, to stay there. */
static void give_way(miyin_anchor at, miyin_box *box, const miyin_box *other)
{
	gboolean from_right = at == MIYIN_AT_TOP_RIGHT ||
			      at == MIYIN_AT_BOTTOM_RIGHT ||
			      at == MIYIN_AT_LEFT_OF_1 ||
			      at == MIYIN_AT_LEFT_OF_2;
	double end = box->x + box->w, other_end = other->x + other->w;

	if (at == MIYIN_AT_TOP_CENTRE || at == MIYIN_AT_BOTTOM_CENTRE) {
		double middle = box->x + box->w / 2;
		double half = other->x > middle
				      ? other->x - GAP_PT - middle
				      : middle - other_end - GAP_PT;

		box->x = middle - half;
		box->w = 2 * half;
	} else if (from_right && other_end >= end) {
		box->x = other->x - GAP_PT - box->w;
	} else if (from_right) {
		box->x = other_end + GAP_PT;
		box->w = end - box->x;
	} else if (other->x <= box->x) {
		box->x = other_end + GAP_PT;
	} else {
		box->w = other->x - GAP_PT - box->x;
	}
}

static gboolean overlap(const miyin_box *a, const miyin_box *b)
{
	const double touch = 0.01;

	return a->x < b->x + b->w - touch && b->x < a->x + a->w - touch &&
	       a->y < b->y + b->h - touch && b->y < a->y + a->h - touch;
}

static gboolean is_printable(const placing *p, const miyin_box *box)
{
	const double edge = MIYIN_PRINTABLE_MM * MIYIN_PT_PER_MM - 0.01;

	return box->x >= edge && box->y >= edge &&
	       box->x + box->w <= p->w - edge &&
	       box->y + box->h <= p->h - edge;
}

/* What the marks of the upper and of the lower half leave between them. */
static gboolean place_frame(placing *p)
{
	miyin_place *place = p->place;
	double top = p->h, bottom = 0;

	for (unsigned i = 0; i < place->n_lines + place->n_codes; i++) {
		const miyin_box *box =
			i < place->n_lines
				? &place->lines[i]
				: &place->quiet[i - place->n_lines];

		if (box->w <= 0)
			continue;
		if (box->y + box->h / 2 > p->h / 2)
			top = MIN(top, box->y - GAP_PT);
		else
			bottom = MAX(bottom, box->y + box->h + GAP_PT);
	}
	place->frame = (miyin_box){ 0, bottom, p->w, top - bottom };
	return place->frame.h >= FRAME_LEAST * p->h;
}
