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

/* Letters as they are: made to fit the pixels they would be compared with others
 * that were made to fit in another place. */
static void set_options(cairo_t *cr)
{
	cairo_font_options_t *options = cairo_font_options_create();

	cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
	cairo_set_font_options(cr, options);
	cairo_font_options_destroy(options);
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
	set_options(cr);
	miyin_orientation_transform(cr, page, sheet);
	poppler_page_render_for_printing(page, cr);
	return miyin_canvas_close(cr, NULL);
}
