/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Room for the marks: the shift of each page of a document, so that no ink of
 * it stands where a mark will. Most documents leave their margins free, so the
 * margins alone are painted first, and a page as a whole only if it has ink
 * there or if another one makes all of them smaller.
 */
#include "room.h"
#include "marks.h"
#include "shift.h"

typedef struct {
	PopplerDocument *document;
	const miyin_sheets *sheets;
	const miyin_order *order;
} looking;

/* Painted where the boxes are; all is ink if there is no page, or no memory. */
static miyin_ink *read_ink(const looking *l, unsigned body,
			   const miyin_box *boxes, unsigned n_boxes)
{
	const miyin_sheet *sheet =
		&g_array_index(l->sheets->pages, miyin_sheet, body);
	const double w = sheet->width_pt, h = sheet->height_pt;
	g_autoptr(PopplerPage) page =
		poppler_document_get_page(l->document, (int)body);
	const miyin_box whole = { 0, 0, w, h };
	g_autoptr(cairo_surface_t) surface = NULL;

	if (page && l->order->body != MIYIN_BODY_FIT)
		surface = miyin_view_paint(page, sheet, whole, boxes, n_boxes,
					   miyin_ink_dpi(w, h));
	return miyin_ink_new(w, h, surface);
}

static gboolean is_free(const looking *l, unsigned body,
			const miyin_place *place)
{
	const double around = 2; /* as far as a search for ink looks */
	g_autoptr(GArray) boxes = miyin_place_list(place);
	g_autoptr(GArray) wide = g_array_new(FALSE, FALSE, sizeof(miyin_box));
	g_autoptr(miyin_ink) ink = NULL;

	for (unsigned i = 0; i < boxes->len; i++) {
		const miyin_box b = g_array_index(boxes, miyin_box, i);
		const miyin_box more = { b.x - around, b.y - around,
					 b.w + 2 * around, b.h + 2 * around };

		g_array_append_val(wide, more);
	}
	ink = read_ink(l, body, (const miyin_box *)wide->data, wide->len);
	for (unsigned i = 0; i < boxes->len; i++)
		if (miyin_ink_is_in(ink, g_array_index(boxes, miyin_box, i)))
			return FALSE;
	return TRUE;
}

/* scale: of all pages so far; becomes less if this one needs it. */
static miyin_shift find_shift(const looking *l, unsigned body,
			      const miyin_place *place, double *scale)
{
	const miyin_sheet *sheet =
		&g_array_index(l->sheets->pages, miyin_sheet, body);
	const miyin_box whole = { 0, 0, sheet->width_pt, sheet->height_pt };
	g_autoptr(miyin_ink) ink = NULL;

	if (*scale == 1 && is_free(l, body, place))
		return (miyin_shift){ 1, 0, 0 };
	ink = read_ink(l, body, &whole, 1);
	return miyin_shift_find(sheet, place, ink, scale);
}

/* One round over all pages; those that have the common scale are done. */
static gboolean shift_pages(const looking *l, double *scale, GError **error)
{
	const unsigned first = l->order->cover ? 1 : 0;

	for (unsigned i = 0; i < l->sheets->pages->len; i++) {
		miyin_sheet *sheet =
			&g_array_index(l->sheets->pages, miyin_sheet, i);
		miyin_place place;

		if (sheet->shift.scale == *scale)
			continue;
		if (!miyin_view_place(sheet, l->order, first + i, &place))
			return miyin_marks_too_small(l->order, sheet, first + i,
						     error);
		sheet->shift = find_shift(l, i, &place, scale);
		miyin_place_clear(&place);
	}
	return TRUE;
}

gboolean miyin_room_make(PopplerDocument *document, miyin_sheets *sheets,
			 const miyin_order *order, miyin_inspection *inspection,
			 GError **error)
{
	const looking l = { document, sheets, order };
	double scale = 1, before;

	for (unsigned i = 0; i < sheets->pages->len; i++)
		g_array_index(sheets->pages, miyin_sheet, i).shift =
			(miyin_shift){ 0, 0, 0 };
	do {
		before = scale;
		if (!shift_pages(&l, &scale, error))
			return FALSE;
	} while (scale < before);
	inspection->scale = scale;
	inspection->moved = FALSE;
	for (unsigned i = 0; i < sheets->pages->len; i++) {
		const miyin_shift *shift =
			&g_array_index(sheets->pages, miyin_sheet, i).shift;

		if (shift->x != 0 || shift->y != 0)
			inspection->moved = TRUE;
	}
	return TRUE;
}
