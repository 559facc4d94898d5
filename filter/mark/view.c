/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view.h"
#include "orientation.h"
#include <math.h>

PopplerDocument *miyin_view_open(GBytes *pdf, unsigned n_pages)
{
	PopplerDocument *document =
		poppler_document_new_from_bytes(pdf, NULL, NULL);

	if (document && poppler_document_get_n_pages(document) != (int)n_pages)
		g_clear_object(&document);
	return document;
}

gboolean miyin_view_place(const miyin_sheet *sheet, const miyin_order *order,
			  unsigned i, miyin_place *place)
{
	return miyin_place_page(sheet->width_pt, sheet->height_pt,
				order->layout, miyin_order_class(order, i),
				i % 2, place);
}

cairo_surface_t *miyin_view_paint(PopplerPage *page, const miyin_sheet *sheet,
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
	miyin_orientation_transform(cr, page, sheet);
	poppler_page_render_for_printing(page, cr);
	return miyin_canvas_close(cr, NULL);
}
