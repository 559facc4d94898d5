/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "place.h"
#include <math.h>
#include <string.h>

/* Schemes give their places for sheets as wide as A4. On narrower ones the
 * distances from the sides and the widths shrink in proportion; of what stands
 * in the middle less, for others go into the next row. */
#define WIDE_PT (210 * MIYIN_PT_PER_MM)
#define GAP_PT (1 * MIYIN_PT_PER_MM)
#define LEAST_LINE_PT (14 * MIYIN_PT_PER_MM)
#define LEAST_SHEET_PT (74 * MIYIN_PT_PER_MM) /* narrower, words are cut */
#define ENOUGH 0.8 /* of its width, for a line to stay in its row */
#define LEAST_STEP 1.04
#define LEAST_STEPS 120
#define FRAME_LEAST 0.35 /* of the sheet's height, left for the body */

typedef struct {
	double w, h;   /* of the sheet */
	double narrow; /* 1, or less on sheets narrower than A4 */
	double edge;   /* what the printer does not reach */
	double inside; /* so much more than most printers */
	gboolean swap;
	miyin_place *place;
} placing;

void miyin_place_clear(miyin_place *place)
{
	g_clear_pointer(&place->lines, g_free);
	place->n_lines = 0;
}

/* Box i, the codes before the lines. */
static const miyin_box *nth_box(const miyin_place *place, unsigned i)
{
	return i < place->n_codes ? &place->quiet[i]
				  : &place->lines[i - place->n_codes];
}

GArray *miyin_place_list(const miyin_place *place)
{
	GArray *boxes = g_array_new(FALSE, FALSE, sizeof(miyin_box));

	for (unsigned i = 0; i < place->n_lines; i++)
		if (place->lines[i].w > 0)
			g_array_append_val(boxes, place->lines[i]);
	g_array_append_vals(boxes, place->quiet, place->n_codes);
	return boxes;
}

/* The scheme's places are those for most printers. */
static double from_edge(const placing *p, double mm)
{
	return fmax(mm, MIYIN_PRINTABLE_MM) * MIYIN_PT_PER_MM + p->inside;
}

/* Four modules, as ISO/IEC 18004 asks, but not beyond the sheet. */
static miyin_box with_quiet_zone(const placing *p, const miyin_box *code)
{
	const double quiet = 4 * code->w / MIYIN_QR_MODULES;
	const double x = fmax(0, code->x - quiet), y = fmax(0, code->y - quiet);

	return (miyin_box){ x, y, fmin(p->w, code->x + code->w + quiet) - x,
			    fmin(p->h, code->y + code->h + quiet) - y };
}

/* The corner without a finder is the lower right one. It is turned to the
 * corner of the sheet, which is the first that is torn off: a code without a
 * finder is hard to find, one without some of its data reads on. */
static unsigned turn_to_corner(miyin_anchor at)
{
	switch (at) {
	case MIYIN_AT_TOP_RIGHT:
		return 1;
	case MIYIN_AT_TOP_LEFT:
		return 2;
	case MIYIN_AT_BOTTOM_LEFT:
		return 3;
	default:
		return 0;
	}
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
		double room = p->w - 2 * p->edge;

		box.w = MIN(w, room);
		box.x = (p->w - box.w) / 2;
	} else if (at % 3 == 2) {
		box.x = p->w - x - w;
	}
	return box;
}

static miyin_anchor swapped(miyin_anchor at)
{
	static const miyin_anchor other[MIYIN_N_ANCHORS] = {
		MIYIN_AT_TOP_RIGHT,	MIYIN_AT_TOP_CENTRE,
		MIYIN_AT_TOP_LEFT,	MIYIN_AT_BOTTOM_RIGHT,
		MIYIN_AT_BOTTOM_CENTRE, MIYIN_AT_BOTTOM_LEFT,
		MIYIN_AT_RIGHT_OF_1,	MIYIN_AT_LEFT_OF_1,
		MIYIN_AT_RIGHT_OF_2,	MIYIN_AT_LEFT_OF_2,
	};

	return other[at];
}

static gboolean overlap(const miyin_box *a, const miyin_box *b)
{
	const double touch = 0.01;

	return a->x < b->x + b->w - touch && b->x < a->x + a->w - touch &&
	       a->y < b->y + b->h - touch && b->y < a->y + a->h - touch;
}

static gboolean is_printable(const placing *p, const miyin_box *box)
{
	const double edge = p->edge - 0.01;

	return box->x >= edge && box->y >= edge &&
	       box->x + box->w <= p->w - edge && box->y + box->h <= p->h - edge;
}

/* What no printer reaches is a quiet zone that costs nothing: the modules may
 * begin where ink can. */
static gboolean place_codes(placing *p, const miyin_layout *layout)
{
	miyin_place *place = p->place;

	place->n_codes = layout->codes->len;
	for (unsigned i = 0; i < place->n_codes; i++) {
		const miyin_codeplace *spot =
			&g_array_index(layout->codes, miyin_codeplace, i);
		miyin_anchor at = p->swap ? swapped(spot->at) : spot->at;
		double side = spot->size_mm * MIYIN_PT_PER_MM;
		double x = from_edge(p, spot->x_mm * p->narrow);
		double y = from_edge(p, spot->y_mm);

		place->codes[i] = box_at(p, at, x, y, side, side);
		place->quiet[i] = with_quiet_zone(p, &place->codes[i]);
		place->turns[i] = turn_to_corner(at);
		if (!is_printable(p, &place->codes[i]) ||
		    (i > 0 && overlap(&place->quiet[0], &place->quiet[i])))
			return FALSE;
	}
	return TRUE;
}

double miyin_place_align(miyin_anchor at)
{
	switch (at) {
	case MIYIN_AT_TOP_CENTRE:
	case MIYIN_AT_BOTTOM_CENTRE:
		return 0.5;
	case MIYIN_AT_TOP_RIGHT:
	case MIYIN_AT_BOTTOM_RIGHT:
	case MIYIN_AT_LEFT_OF_1:
	case MIYIN_AT_LEFT_OF_2:
		return 1;
	default:
		return 0;
	}
}

static gboolean is_centred(miyin_anchor at)
{
	return miyin_place_align(at) == 0.5;
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

/* Past the nearest end of what is in the way; not into the other half. */
static gboolean next_row(const placing *p, miyin_box *box, unsigned n_before)
{
	const gboolean down = box->y + box->h / 2 > p->h / 2;
	const miyin_place *place = p->place;
	double y = down ? -1 : p->h;

	for (unsigned i = 0; i < place->n_codes + n_before; i++) {
		const miyin_box *other = nth_box(place, i);

		if (other->w <= 0 || !overlap(box, other))
			continue;
		y = down ? fmax(y, other->y - box->h)
			 : fmin(y, other->y + other->h);
	}
	box->y = y;
	return down ? y + box->h / 2 > p->h / 2 : y + box->h / 2 < p->h / 2;
}

static void clip_to_sheet(const placing *p, miyin_box *box)
{
	double right = MIN(box->x + box->w, p->w - p->edge);

	box->x = MAX(box->x, p->edge);
	box->w = right - box->x;
}

static const miyin_box *find_obstacle(const miyin_place *place,
				      const miyin_box *box, unsigned n_before)
{
	for (unsigned i = 0; i < place->n_codes + n_before; i++) {
		const miyin_box *other = nth_box(place, i);

		if (other->w > 0 && overlap(box, other))
			return other;
	}
	return NULL;
}

/* A box loses the end that is not its anchor's. What stands at its anchor
 * pushes it aside: on a narrow sheet the codes keep their size while the
 * distances shrink. One in the middle loses both ends, to stay there. */
static void give_way(miyin_anchor at, miyin_box *box, const miyin_box *other)
{
	gboolean from_right = miyin_place_align(at) == 1;
	double end = box->x + box->w, other_end = other->x + other->w;

	if (is_centred(at)) {
		double middle = box->x + box->w / 2;
		double half = other->x > middle ? other->x - GAP_PT - middle
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

/* Make a box give way to the sheet's edges, the codes and the lines before.
 * A step aside may lead into the next one, so look again until it is free.
 * Without room its width is 0. */
static void make_room(const placing *p, miyin_anchor at, miyin_box *box,
		      unsigned n_before)
{
	const miyin_box *other;
	unsigned n_tries = 2 * (p->place->n_codes + n_before) + 1;

	clip_to_sheet(p, box);
	while (box->w >= LEAST_LINE_PT &&
	       (other = find_obstacle(p->place, box, n_before))) {
		if (n_tries-- == 0)
			break;
		give_way(at, box, other);
		clip_to_sheet(p, box);
	}
	if (box->w < LEAST_LINE_PT || find_obstacle(p->place, box, n_before))
		box->w = 0;
}

/* A line that finds too little room beside the codes and the lines before it
 * goes into the next row towards the body; where none has more, it stays. */
static gboolean find_row(const placing *p, miyin_anchor at, miyin_box *box,
			 unsigned n_before)
{
	miyin_box wanted = *box, best = { 0 };

	clip_to_sheet(p, &wanted);
	do {
		miyin_box here = wanted;

		make_room(p, at, &here, n_before);
		if (here.w > best.w + GAP_PT)
			best = here;
	} while (best.w < ENOUGH * wanted.w && next_row(p, &wanted, n_before));
	*box = best;
	return best.w >= LEAST_LINE_PT;
}

static gboolean place_line(placing *p, const miyin_line *line, unsigned i)
{
	miyin_anchor at = p->swap ? swapped(line->at) : line->at;
	double w = line->width_mm * MIYIN_PT_PER_MM *
		   (is_centred(at) ? sqrt(p->narrow) : p->narrow);
	double h = miyin_line_height_pt(line);
	double x = from_edge(p, line->x_mm * p->narrow);
	double y = from_edge(p, line->y_mm);
	miyin_box box = line->at > MIYIN_AT_BOTTOM_RIGHT
				? box_beside(p, line, w, h)
				: box_at(p, at, x, y, w, h);

	if (!find_row(p, at, &box, i) || !is_printable(p, &box))
		return FALSE;
	p->place->lines[i] = box;
	return TRUE;
}

/* What the marks of the upper and of the lower half leave between them. */
static gboolean place_frame(placing *p)
{
	miyin_place *place = p->place;
	g_autoptr(GArray) boxes = miyin_place_list(place);
	double top = p->h, bottom = 0;

	for (unsigned i = 0; i < boxes->len; i++) {
		const miyin_box *box = &g_array_index(boxes, miyin_box, i);

		if (box->y + box->h / 2 > p->h / 2)
			top = MIN(top, box->y - GAP_PT);
		else
			bottom = MAX(bottom, box->y + box->h + GAP_PT);
	}
	place->frame = (miyin_box){ 0, bottom, p->w, top - bottom };
	return place->frame.h >= FRAME_LEAST * p->h;
}

gboolean miyin_place_page(double width_pt, double height_pt,
			  const miyin_layout *layout, miyin_page_class class,
			  gboolean even, miyin_place *place)
{
	placing p = { width_pt,
		      height_pt,
		      MIN(1, width_pt / WIDE_PT),
		      layout->edge_mm * MIYIN_PT_PER_MM,
		      (layout->edge_mm - MIYIN_PRINTABLE_MM) * MIYIN_PT_PER_MM,
		      layout->swap_even && even,
		      place };
	gboolean ok;

	memset(place, 0, sizeof(*place));
	place->n_lines = layout->lines->len;
	place->lines = g_new0(miyin_box, place->n_lines + 1);
	place->edge_pt = p.edge;
	ok = width_pt >= LEAST_SHEET_PT && place_codes(&p, layout);
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

miyin_anchor miyin_place_anchor(const miyin_layout *layout,
				const miyin_line *line, gboolean even)
{
	return layout->swap_even && even ? swapped(line->at) : line->at;
}

/* Whether pages of each class and side have room. */
static gboolean all_fit(double width_pt, double height_pt,
			const miyin_layout *layout)
{
	static const miyin_page_class classes[] = { MIYIN_FIRST_PAGE,
						    MIYIN_OTHER_PAGE,
						    MIYIN_COVER_PAGE };
	gboolean ok = TRUE;

	for (unsigned c = 0; ok && c < 2 * G_N_ELEMENTS(classes); c++) {
		miyin_place place;

		ok = miyin_place_page(width_pt, height_pt, layout,
				      classes[c / 2], c % 2, &place);
		miyin_place_clear(&place);
	}
	return ok;
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
