/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inspect.h"
#include "declared.h"
#include "fault.h"
#include "marks.h"
#include "orientation.h"
#include "room.h"
#include "view.h"

/* Whether the marks have room on every page, the cover too. */
static gboolean check_room(const miyin_sheets *sheets, const miyin_order *order,
			   GError **error)
{
	unsigned n = sheets->pages->len + (order->cover ? 1 : 0);

	for (unsigned i = 0; i < n; i++) {
		const miyin_sheet *sheet = miyin_marks_sheet(order, sheets, i);
		miyin_place place;

		if (!miyin_view_place(sheet, order, i, &place))
			return miyin_marks_too_small(order, sheet, i, error);
		miyin_place_clear(&place);
	}
	return TRUE;
}

/* A scan has no text, and says nothing here. */
static int find_declared(PopplerDocument *document, const miyin_order *order)
{
	g_autoptr(PopplerPage) page = NULL;
	g_autofree char *text = NULL;

	if (order->n_levels == 0)
		return -1;
	page = poppler_document_get_page(document, 0);
	text = page ? poppler_page_get_text(page) : NULL;
	return text ? miyin_declared_read(text, order->levels, order->n_levels,
					  NULL)
		    : -1;
}

gboolean miyin_inspect(GBytes *pdf, miyin_sheets *sheets,
		       const miyin_order *order, miyin_inspection *inspection,
		       GError **error)
{
	g_autoptr(PopplerDocument) document = NULL;
	miyin_inspection result = { .scale = 1, .declared = -1 };

	document = miyin_view_open(pdf, sheets->pages->len);
	if (!document)
		return miyin_fault_set(error, MIYIN_REFUSAL_DAMAGED, NULL);
	miyin_orientation_turn(document, order->turns, sheets);
	if (!check_room(sheets, order, error) ||
	    (order->body != MIYIN_BODY_KEEP &&
	     !miyin_room_make(document, sheets, order, &result, error)))
		return FALSE;
	result.declared = find_declared(document, order);
	*inspection = result;
	return TRUE;
}
