/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shift.h"
#include <math.h>

#define SCALE_STEP 0.0025
#define MOVE_MAX_PT (10 * MIYIN_PT_PER_MM) /* of a page as large as it was */
#define MOVE_STEP_PT 1

typedef struct {
	const miyin_sheet *sheet;
	const GArray *boxes; /* of the marks */
	const miyin_ink *ink;
	miyin_box within; /* no ink may leave it */
} searching;

/* A mark's place on the sheet, on the page as it was. */
static miyin_box back_on_page(const miyin_shift *shift, const miyin_box *box)
{
	return (miyin_box){ (box->x - shift->x) / shift->scale,
			    (box->y - shift->y) / shift->scale,
			    box->w / shift->scale, box->h / shift->scale };
}

static gboolean stays_within(const searching *s, const miyin_shift *shift)
{
	const miyin_box ink = miyin_ink_bounds(s->ink);
	const double touch = 0.01;

	return ink.x * shift->scale + shift->x >= s->within.x - touch &&
	       ink.y * shift->scale + shift->y >= s->within.y - touch &&
	       (ink.x + ink.w) * shift->scale + shift->x <=
		       s->within.x + s->within.w + touch &&
	       (ink.y + ink.h) * shift->scale + shift->y <=
		       s->within.y + s->within.h + touch;
}

static gboolean is_clear(const searching *s, const miyin_shift *shift)
{
	if (!stays_within(s, shift))
		return FALSE;
	for (unsigned i = 0; i < s->boxes->len; i++) {
		const miyin_box *box = &g_array_index(s->boxes, miyin_box, i);

		if (miyin_ink_is_in(s->ink, back_on_page(shift, box)))
			return FALSE;
	}
	return TRUE;
}

/* Of the places so many steps aside, along the four sides of a square, the one
 * nearest to where it was. */
static gboolean try_ring(const searching *s, int ring, miyin_shift *shift)
{
	const double x = shift->x, y = shift->y;

	for (int along = 0; along <= ring; along++) {
		for (int side = 0; side < 8; side++) {
			const double a =
				(side & 1 ? -along : along) * MOVE_STEP_PT;
			const double b =
				(side & 2 ? -ring : ring) * MOVE_STEP_PT;

			shift->x = x + (side & 4 ? a : b);
			shift->y = y + (side & 4 ? b : a);
			if (is_clear(s, shift))
				return TRUE;
		}
	}
	shift->x = x;
	shift->y = y;
	return FALSE;
}

/* Whether the ink of a page of this scale has a place at all. */
static gboolean has_place(const searching *s, double scale)
{
	const miyin_box ink = miyin_ink_bounds(s->ink);

	return ink.w * scale <= s->within.w + 0.01 &&
	       ink.h * scale <= s->within.h + 0.01;
}

/* From the sheet's middle outwards. */
static gboolean find_move(const searching *s, double scale, miyin_shift *shift)
{
	const double spare_x = (1 - scale) * s->sheet->width_pt / 2;
	const double spare_y = (1 - scale) * s->sheet->height_pt / 2;
	const int n_rings =
		(int)((MOVE_MAX_PT + fmax(spare_x, spare_y)) / MOVE_STEP_PT);

	*shift = (miyin_shift){ scale, spare_x, spare_y };
	if (!has_place(s, scale))
		return FALSE;
	for (int ring = 0; ring <= n_rings; ring++)
		if (try_ring(s, ring, shift))
			return TRUE;
	return FALSE;
}

/* Where there was ink there may be some again, and where a printer can put it.
 */
static miyin_box reachable(const miyin_sheet *sheet, const miyin_ink *ink,
			   double edge)
{
	const miyin_box is = miyin_ink_bounds(ink);
	const double x = fmin(edge, is.x), y = fmin(edge, is.y);

	return (miyin_box){ x, y, fmax(sheet->width_pt - edge, is.x + is.w) - x,
			    fmax(sheet->height_pt - edge, is.y + is.h) - y };
}

miyin_shift miyin_shift_find(const miyin_sheet *sheet, const miyin_place *place,
			     const miyin_ink *ink, double *scale)
{
	const double w = sheet->width_pt, h = sheet->height_pt;
	const miyin_box *frame = &place->frame;
	const double least = fmin(*scale, fmin(frame->w / w, frame->h / h));
	g_autoptr(GArray) boxes = miyin_place_list(place);
	const searching s = { sheet, boxes, ink,
			      reachable(sheet, ink, place->edge_pt) };
	miyin_shift shift;

	while (*scale > least) {
		if (find_move(&s, *scale, &shift))
			return shift;
		*scale -= SCALE_STEP;
	}
	*scale = least;
	return (miyin_shift){ least, frame->x + (frame->w - w * least) / 2,
			      frame->y + (frame->h - h * least) / 2 };
}
