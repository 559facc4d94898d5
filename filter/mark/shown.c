/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shown.h"
#include <math.h>

#define WHOLE_MAX_PT2 4e6 /* twice A2: larger is painted box by box */

static gboolean is_large(const miyin_shown *shown)
{
	return shown->sheet->width_pt * shown->sheet->height_pt >
		       WHOLE_MAX_PT2 ||
	       shown->dpi != MIYIN_SHOWN_DPI;
}

miyin_box miyin_shown_view(const miyin_shown *shown, miyin_box box)
{
	return is_large(shown) ? box
			       : (miyin_box){ 0, 0, shown->sheet->width_pt,
					      shown->sheet->height_pt };
}

gboolean miyin_shown_same(miyin_box a, miyin_box b)
{
	return a.x == b.x && a.y == b.y && a.w == b.w && a.h == b.h;
}

/* The page is interpreted once, but a picture of a very large sheet would not
 * fit into memory. One that cannot be painted has no pixel. */
void miyin_shown_box(miyin_shown *shown, miyin_box box)
{
	if (shown->surface && !is_large(shown))
		return;
	g_clear_pointer(&shown->surface, cairo_surface_destroy);
	shown->view = miyin_shown_view(shown, box);
	shown->surface = miyin_canvas_or_empty(
		miyin_view_paint(shown->page, shown->sheet, shown->view,
				 (const miyin_box *)shown->boxes->data,
				 shown->boxes->len, shown->dpi));
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
	int left = CLAMP((int)ceil(x) + inset_px, 0, width);
	int top = CLAMP((int)ceil(y) + inset_px, 0, height);

	return (miyin_pixels){
		left,
		top,
		CLAMP((int)floor(x + box.w * scale) - inset_px, left, width),
		CLAMP((int)floor(y + box.h * scale) - inset_px, top, height),
	};
}

gboolean miyin_shown_holds(const miyin_shown *shown, int left, int top,
			   int side_px)
{
	return left >= 0 && top >= 0 &&
	       left + side_px <=
		       cairo_image_surface_get_width(shown->surface) &&
	       top + side_px <= cairo_image_surface_get_height(shown->surface);
}
