/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inspect.h"
#include "canvas.h"
#include "declared.h"
#include "fault.h"
#include "marks.h"
#include "place.h"
#include "stamp.h"
#include "orientation.h"
#include <miyin/memfile.h>
#include <math.h>
#include <unistd.h>

/* Poppler 22.12 has none of its own. */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PopplerDocument, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PopplerPage, g_object_unref)

PopplerDocument *miyin_look_open(GBytes *pdf, unsigned n_pages)
{
	PopplerDocument *document =
		poppler_document_new_from_bytes(pdf, NULL, NULL);

	if (document &&
	    poppler_document_get_n_pages(document) != (int)n_pages)
		g_clear_object(&document);
	return document;
}

gboolean miyin_look_place(const miyin_sheet *sheet, const miyin_order *order,
			  unsigned i, miyin_place *place)
{
	return miyin_place_page(sheet->width_pt, sheet->height_pt,
				order->layout, miyin_order_class(order, i),
				i % 2, place);
}

/* Whether the marks have room on every page, the cover too. */
static gboolean check_room(const miyin_sheets *sheets, const miyin_order *order,
			   GError **error)
{
	unsigned n = sheets->pages->len + (order->cover ? 1 : 0);

	for (unsigned i = 0; i < n; i++) {
		const miyin_sheet *sheet = miyin_marks_sheet(order, sheets, i);
		miyin_place place;

		if (!miyin_look_place(sheet, order, i, &place))
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
	return text ? miyin_declared_find(text, order->levels, order->n_levels)
		    : -1;
}

gboolean miyin_look_inspect(GBytes *pdf, miyin_sheets *sheets,
			    const miyin_order *order,
			    miyin_inspection *inspection, GError **error)
{
	g_autoptr(PopplerDocument) document = NULL;
	miyin_inspection result = { .scale = 1, .declared = -1 };

	document = miyin_look_open(pdf, sheets->pages->len);
	if (!document)
		return miyin_fault_set(error, MIYIN_REFUSAL_DAMAGED, NULL);
	miyin_upright_turn(document, order->turns, sheets);
	if (!check_room(sheets, order, error) ||
	    (order->body != MIYIN_BODY_KEEP &&
	     !miyin_look_make_room(document, sheets, order, &result, error)))
		return FALSE;
	result.declared = find_declared(document, order);
	*inspection = result;
	return TRUE;
}

/* A view of the sheet, but only what is in the boxes. Poppler leaves /UserUnit
 * to its caller; sheets are in true points. */
cairo_surface_t *miyin_look_paint(PopplerPage *page, const miyin_sheet *sheet,
				  miyin_box view, const miyin_box *boxes,
				  unsigned n_boxes, double dpi)
{
	double scale = dpi / 72;
	cairo_t *cr = miyin_canvas_open((int)ceil(view.w * scale),
					(int)ceil(view.h * scale));

	cairo_scale(cr, scale, scale);
	cairo_translate(cr, -view.x, -(sheet->height_pt - view.y - view.h));
	for (unsigned i = 0; i < n_boxes; i++)
		cairo_rectangle(cr, boxes[i].x,
				sheet->height_pt - boxes[i].y - boxes[i].h,
				boxes[i].w, boxes[i].h);
	/* A soft edge would keep some of the ink that white covers later. */
	cairo_set_antialias(cr, CAIRO_ANTIALIAS_NONE);
	cairo_clip(cr);
	cairo_set_antialias(cr, CAIRO_ANTIALIAS_DEFAULT);
	miyin_upright_transform(cr, page, sheet);
	poppler_page_render_for_printing(page, cr);
	return miyin_canvas_close(cr, NULL);
}

GBytes *miyin_look_lines(const miyin_sheets *sheets, const miyin_order *order,
			 GError **error)
{
	GBytes *lines = NULL;
	int fd;

	if (order->n_pages != sheets->pages->len + (order->cover ? 1 : 0)) {
		miyin_fault_set(error, MIYIN_REFUSAL_NOT_MARKED, "1",
				"the order is for another document", NULL);
		return NULL;
	}
	fd = miyin_memfile_new("lines", error);
	if (fd < 0)
		return NULL;
	if (miyin_stamp_lines(fd, sheets, order, error))
		lines = miyin_memfile_map(fd, error);
	close(fd);
	return lines;
}
