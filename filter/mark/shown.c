/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shown.h"
#include "canvas.h"
#include <math.h>

#define WHOLE_MAX_PT2 4e6 /* twice A2: larger is painted box by box */

cairo_surface_t *miyin_shown_paint(PopplerPage *page, const miyin_sheet *sheet,
				   miyin_box view, const miyin_box *boxes,
				   unsigned n_boxes, double dpi)
{
	cairo_surface_t *surface =
		miyin_view_paint(page, sheet, view, boxes, n_boxes, dpi);

	return surface ? surface
		       : miyin_canvas_close(miyin_canvas_open(1, 1), NULL);
}

/* The page is interpreted once, but a picture of a very large sheet would not
 * fit into memory. */
void miyin_shown_box(miyin_shown *shown, miyin_box box)
{
	const miyin_sheet *sheet = shown->sheet;
	gboolean large = sheet->width_pt * sheet->height_pt > WHOLE_MAX_PT2 ||
			 shown->dpi != MIYIN_SHOWN_DPI;

	if (shown->surface && !large)
		return;
	g_clear_pointer(&shown->surface, cairo_surface_destroy);
	shown->view =
		large ? box
		      : (miyin_box){ 0, 0, sheet->width_pt, sheet->height_pt };
	shown->surface =
		miyin_shown_paint(shown->page, sheet, shown->view,
				  (const miyin_box *)shown->boxes->data,
				  shown->boxes->len, shown->dpi);
}

const guint8 *miyin_shown_row(const miyin_shown *shown, int y)
{
	return cairo_image_surface_get_data(shown->surface) +
	       (gsize)y * cairo_image_surface_get_stride(shown->surface);
}

miyin_pixels miyin_shown_pixels(const miyin_shown *shown, miyin_box box,
				int inset_px)
{
	double scale = shown->dpi / 72;
	double x = (box.x - shown->view.x) * scale;
	double y = (shown->view.y + shown->view.h - box.y - box.h) * scale;
	int width = cairo_image_surface_get_width(shown->surface);
	int height = cairo_image_surface_get_height(shown->surface);

	return (miyin_pixels){
		MAX(0, (int)ceil(x) + inset_px),
		MAX(0, (int)ceil(y) + inset_px),
		MIN(width, (int)floor(x + box.w * scale) - inset_px),
		MIN(height, (int)floor(y + box.h * scale) - inset_px),
	};
}
