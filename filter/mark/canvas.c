/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas.h"
#include <miyin/error.h>
#include <math.h>

#define COLOUR 0xffffffu /* a pixel's fourth byte is anything */

cairo_t *miyin_canvas_open(int width_px, int height_px)
{
	cairo_surface_t *surface = cairo_image_surface_create(
		CAIRO_FORMAT_RGB24, MAX(1, width_px), MAX(1, height_px));
	cairo_t *cr = cairo_create(surface);

	cairo_surface_destroy(surface);
	cairo_set_source_rgb(cr, 1, 1, 1);
	cairo_paint(cr);
	return cr;
}

/* Of a page's own faults Poppler tells nobody; no memory stays an error of the
 * context or the surface. */
cairo_surface_t *miyin_canvas_close(cairo_t *cr, GError **error)
{
	cairo_surface_t *surface =
		cairo_surface_reference(cairo_get_target(cr));
	gboolean failed = cairo_status(cr) == CAIRO_STATUS_NO_MEMORY ||
			  cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS;

	cairo_destroy(cr);
	cairo_surface_flush(surface);
	if (!failed)
		return surface;
	cairo_surface_destroy(surface);
	g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM,
		    "Out of memory while a page was painted.");
	return NULL;
}

cairo_surface_t *miyin_canvas_or_empty(cairo_surface_t *surface)
{
	return surface ? surface
		       : cairo_image_surface_create(CAIRO_FORMAT_RGB24, 0, 0);
}

static const guint32 *row_of(cairo_surface_t *surface, int y)
{
	const guchar *data = cairo_image_surface_get_data(surface);
	const gsize stride = (gsize)cairo_image_surface_get_stride(surface);

	return (const guint32 *)(const void *)(data + (gsize)y * stride);
}

cairo_surface_t *miyin_canvas_page(PopplerPage *page, double scale,
				   GError **error)
{
	double w, h;
	cairo_t *cr;

	poppler_page_get_size(page, &w, &h);
	cr = miyin_canvas_open((int)lround(w * scale), (int)lround(h * scale));
	cairo_scale(cr, scale, scale);
	poppler_page_render_for_printing(page, cr);
	return miyin_canvas_close(cr, error);
}

guint8 *miyin_canvas_grey(cairo_surface_t *surface, int left, int top,
			  int width_px, int height_px)
{
	guint8 *grey = g_malloc((gsize)width_px * height_px), *to = grey;

	for (int y = top; y < top + height_px; y++) {
		const guint32 *row = row_of(surface, y) + left;

		for (int x = 0; x < width_px; x++)
			*to++ = (guint8)(((row[x] & 0xff) +
					  2 * (row[x] >> 8 & 0xff) +
					  (row[x] >> 16 & 0xff)) /
					 4);
	}
	return grey;
}

gboolean miyin_canvas_has_ink(cairo_surface_t *surface, guint8 white)
{
	const int width = cairo_image_surface_get_width(surface);
	const int height = cairo_image_surface_get_height(surface);

	for (int y = 0; y < height; y++) {
		const guint32 *row = row_of(surface, y);

		for (int x = 0; x < width; x++)
			if ((row[x] & 0xff) < white ||
			    (row[x] >> 8 & 0xff) < white ||
			    (row[x] >> 16 & 0xff) < white)
				return TRUE;
	}
	return FALSE;
}

void miyin_canvas_hash(cairo_surface_t *surface, GChecksum *sum)
{
	const int width = cairo_image_surface_get_width(surface);
	const int height = cairo_image_surface_get_height(surface);
	g_autofree char *size = g_strdup_printf("%d %d\n", width, height);
	g_autofree guint32 *clean = g_new(guint32, width);

	g_checksum_update(sum, (const guchar *)size, -1);
	for (int y = 0; y < height; y++) {
		const guint32 *row = row_of(surface, y);

		for (int x = 0; x < width; x++)
			clean[x] = row[x] & COLOUR;
		g_checksum_update(sum, (const guchar *)clean,
				  (gssize)width * (gssize)sizeof(*clean));
	}
}
