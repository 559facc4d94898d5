/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "carried.h"
#include "canvas.h"
#include <miyin/code.h>
#include <zbar.h>

/* Pixels of a page's longer side, whatever its size: who prints it may make it
 * larger. The first is some 110 dpi of A4, where a code of 11 mm has two pixels
 * a module; scans are looked at closer, for their own pixels and ours may not go
 * together. */
static const double sides_px[] = { 1290, 1755, 2340 };

static gboolean is_ours(const zbar_symbol_t *symbol)
{
	const char *text = zbar_symbol_get_data(symbol);

	return text && miyin_code_is_ours(MIYIN_CODE_QR, text);
}

static gboolean read_codes(const guint8 *grey, int w, int h)
{
	zbar_image_scanner_t *scanner = zbar_image_scanner_create();
	zbar_image_t *image = zbar_image_create();
	const zbar_symbol_t *symbol;
	gboolean found = FALSE;

	zbar_image_scanner_set_config(scanner, ZBAR_NONE, ZBAR_CFG_ENABLE, 0);
	zbar_image_scanner_set_config(scanner, ZBAR_QRCODE, ZBAR_CFG_ENABLE, 1);
	zbar_image_set_format(image, zbar_fourcc('Y', '8', '0', '0'));
	zbar_image_set_size(image, (unsigned)w, (unsigned)h);
	zbar_image_set_data(image, grey, (unsigned long)w * h, NULL);
	zbar_scan_image(scanner, image);
	for (symbol = zbar_image_first_symbol(image); symbol && !found;
	     symbol = zbar_symbol_next(symbol))
		found = is_ours(symbol);
	zbar_image_destroy(image);
	zbar_image_scanner_destroy(scanner);
	return found;
}

static gboolean has_pictures(PopplerPage *page)
{
	GList *pictures = poppler_page_get_image_mapping(page);
	gboolean any = pictures != NULL;

	poppler_page_free_image_mapping(pictures);
	return any;
}

static gboolean look_at(PopplerPage *page, double side_px, gboolean *carried,
			GError **error)
{
	double w, h;
	g_autoptr(cairo_surface_t) surface = NULL;
	g_autofree guint8 *grey = NULL;
	int w_px, h_px;

	poppler_page_get_size(page, &w, &h);
	surface = miyin_canvas_page(page, side_px / MAX(w, h), error);
	if (!surface)
		return FALSE;
	w_px = cairo_image_surface_get_width(surface);
	h_px = cairo_image_surface_get_height(surface);
	grey = miyin_canvas_grey(surface, 0, 0, w_px, h_px);
	*carried = read_codes(grey, w_px, h_px);
	return TRUE;
}

gboolean miyin_carried_find(PopplerPage *page, gboolean *carried,
			    GError **error)
{
	const unsigned n = has_pictures(page) ? G_N_ELEMENTS(sides_px) : 1;

	*carried = FALSE;
	for (unsigned i = 0; i < n && !*carried; i++)
		if (!look_at(page, sides_px[i], carried, error))
			return FALSE;
	return TRUE;
}
