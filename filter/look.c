/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "look.h"
#include "fault.h"
#include "place.h"
#include <math.h>
#include <poppler.h>
#include <string.h>
#include <zbar.h>

#define INK_DPI 36.0
#define INK_GREY 245		/* darker is ink */
#define CODE_DPI 150.0
#define CODE_DPI_AGAIN 300.0	/* before a page is called unreadable */
#define SIZE_TOLERANCE_PT 1.0

/* Poppler 22.12 has none of its own. */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PopplerDocument, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PopplerPage, g_object_unref)

static PopplerDocument *open_pdf(GBytes *pdf, const miyin_sheets *sheets);
static gboolean has_ink(PopplerPage *page, const miyin_sheet *sheet);
static cairo_surface_t *render(PopplerPage *page, const miyin_sheet *sheet,
			       miyin_box box, double dpi);
static gboolean box_has_ink(cairo_surface_t *surface, miyin_box box,
			    double height_pt);
static gboolean same_size(PopplerPage *page, const miyin_sheet *sheet);
static const char *check_page(PopplerPage *page, const miyin_sheet *sheet,
			      const miyin_order_page *codes,
			      zbar_image_scanner_t *scanner);
static gboolean reads(PopplerPage *page, const miyin_sheet *sheet,
		      miyin_box box, const char *payload, double dpi,
		      zbar_image_scanner_t *scanner);
static guint8 *to_grey(cairo_surface_t *surface);

gboolean miyin_look_touched(GBytes *pdf, const miyin_sheets *sheets,
			    gboolean *touched, GError **error)
{
	g_autoptr(PopplerDocument) document = open_pdf(pdf, sheets);

	if (!document)
		return miyin_fault_set(error, MIYIN_REFUSAL_DAMAGED, NULL);
	*touched = FALSE;
	for (unsigned i = 0; i < sheets->pages->len && !*touched; i++) {
		g_autoptr(PopplerPage) page =
			poppler_document_get_page(document, i);

		if (!page)
			return miyin_fault_set(error, MIYIN_REFUSAL_DAMAGED,
					       NULL);
		*touched = has_ink(page, &g_array_index(sheets->pages,
							miyin_sheet, i));
	}
	return TRUE;
}

gboolean miyin_look_verify(GBytes *copy, const miyin_sheets *sheets,
			   const miyin_order *order, GError **error)
{
	g_autoptr(PopplerDocument) document = open_pdf(copy, sheets);
	zbar_image_scanner_t *scanner;
	const char *wrong = NULL;
	unsigned i;

	if (!document)
		return miyin_fault_set(error, MIYIN_REFUSAL_NOT_MARKED, "1",
				       "the copy cannot be opened", NULL);
	scanner = zbar_image_scanner_create();
	zbar_image_scanner_set_config(scanner, ZBAR_NONE, ZBAR_CFG_ENABLE, 0);
	zbar_image_scanner_set_config(scanner, ZBAR_QRCODE, ZBAR_CFG_ENABLE, 1);
	for (i = 0; i < sheets->pages->len && !wrong; i++) {
		g_autoptr(PopplerPage) page =
			poppler_document_get_page(document, i);

		wrong = check_page(page,
				   &g_array_index(sheets->pages, miyin_sheet,
						  i),
				   &order->pages[i], scanner);
	}
	zbar_image_scanner_destroy(scanner);
	if (wrong) {
		g_autofree char *number = g_strdup_printf("%u", i);

		return miyin_fault_set(error, MIYIN_REFUSAL_NOT_MARKED, number,
				       wrong, NULL);
	}
	return TRUE;
}

static PopplerDocument *open_pdf(GBytes *pdf, const miyin_sheets *sheets)
{
	PopplerDocument *document =
		poppler_document_new_from_bytes(pdf, NULL, NULL);

	if (document && poppler_document_get_n_pages(document) !=
				(int)sheets->pages->len)
		g_clear_object(&document);
	return document;
}

static gboolean has_ink(PopplerPage *page, const miyin_sheet *sheet)
{
	const miyin_box whole = { 0, 0, sheet->width_pt, sheet->height_pt };
	cairo_surface_t *surface = render(page, sheet, whole, INK_DPI);
	double least_w, least_h;
	miyin_place place;
	gboolean ink = FALSE;

	miyin_place_page(sheet->width_pt, sheet->height_pt, &place, &least_w,
			 &least_h);
	for (int i = 0; i < MIYIN_N_CUT && !ink; i++)
		ink = box_has_ink(surface, place.cut[i], sheet->height_pt);
	cairo_surface_destroy(surface);
	return ink;
}

/* Poppler leaves /UserUnit to its caller; sheets are in true points. */
static cairo_surface_t *render(PopplerPage *page, const miyin_sheet *sheet,
			       miyin_box box, double dpi)
{
	double scale = dpi / 72, is_w, is_h;
	cairo_surface_t *surface = cairo_image_surface_create(
		CAIRO_FORMAT_RGB24, (int)ceil(box.w * scale),
		(int)ceil(box.h * scale));
	cairo_t *cr = cairo_create(surface);

	poppler_page_get_size(page, &is_w, &is_h);
	cairo_set_source_rgb(cr, 1, 1, 1);
	cairo_paint(cr);
	cairo_scale(cr, scale, scale);
	cairo_translate(cr, -box.x, -(sheet->height_pt - box.y - box.h));
	cairo_scale(cr, sheet->width_pt / is_w, sheet->height_pt / is_h);
	poppler_page_render_for_printing(page, cr);
	cairo_destroy(cr);
	cairo_surface_flush(surface);
	return surface;
}

static gboolean box_has_ink(cairo_surface_t *surface, miyin_box box,
			    double height_pt)
{
	const double scale = INK_DPI / 72;
	int width = cairo_image_surface_get_width(surface);
	int height = cairo_image_surface_get_height(surface);
	int left = MAX(0, (int)floor(box.x * scale));
	int right = MIN(width, (int)ceil((box.x + box.w) * scale));
	int top = MAX(0, (int)floor((height_pt - box.y - box.h) * scale));
	int bottom = MIN(height, (int)ceil((height_pt - box.y) * scale));

	for (int y = top; y < bottom; y++) {
		const guint8 *row = cairo_image_surface_get_data(surface) +
				    y * cairo_image_surface_get_stride(surface);

		for (int x = left; x < right; x++)
			for (int part = 0; part < 3; part++)
				if (row[4 * x + part] < INK_GREY)
					return TRUE;
	}
	return FALSE;
}

static gboolean same_size(PopplerPage *page, const miyin_sheet *sheet)
{
	double w, h;

	poppler_page_get_size(page, &w, &h);
	return fabs(w - sheet->width_pt) < SIZE_TOLERANCE_PT &&
	       fabs(h - sheet->height_pt) < SIZE_TOLERANCE_PT;
}

/* NULL, or what is wrong. */
static const char *check_page(PopplerPage *page, const miyin_sheet *sheet,
			      const miyin_order_page *codes,
			      zbar_image_scanner_t *scanner)
{
	static const char *const names[MIYIN_N_QR] = { "upper code",
						       "lower code" };
	double least_w, least_h;
	miyin_place place;

	if (!page || !same_size(page, sheet))
		return "page size";
	miyin_place_page(sheet->width_pt, sheet->height_pt, &place, &least_w,
			 &least_h);
	for (int i = 0; i < MIYIN_N_QR; i++)
		if (!reads(page, sheet, place.cut[i], codes->payload, CODE_DPI,
			   scanner) &&
		    !reads(page, sheet, place.cut[i], codes->payload,
			   CODE_DPI_AGAIN, scanner))
			return names[i];
	return NULL;
}

static gboolean reads(PopplerPage *page, const miyin_sheet *sheet,
		      miyin_box box, const char *payload, double dpi,
		      zbar_image_scanner_t *scanner)
{
	cairo_surface_t *surface = render(page, sheet, box, dpi);
	unsigned w = cairo_image_surface_get_width(surface);
	unsigned h = cairo_image_surface_get_height(surface);
	g_autofree guint8 *grey = to_grey(surface);
	zbar_image_t *image = zbar_image_create();
	const zbar_symbol_t *symbol;
	gboolean same = FALSE;

	zbar_image_set_format(image, zbar_fourcc('Y', '8', '0', '0'));
	zbar_image_set_size(image, w, h);
	zbar_image_set_data(image, grey, (unsigned long)w * h, NULL);
	zbar_scan_image(scanner, image);
	for (symbol = zbar_image_first_symbol(image); symbol && !same;
	     symbol = zbar_symbol_next(symbol))
		same = g_strcmp0(zbar_symbol_get_data(symbol), payload) == 0;
	zbar_image_destroy(image);
	cairo_surface_destroy(surface);
	return same;
}

static guint8 *to_grey(cairo_surface_t *surface)
{
	int w = cairo_image_surface_get_width(surface);
	int h = cairo_image_surface_get_height(surface);
	guint8 *grey = g_malloc((gsize)w * h);

	for (int y = 0; y < h; y++) {
		const guint8 *row = cairo_image_surface_get_data(surface) +
				    y * cairo_image_surface_get_stride(surface);

		for (int x = 0; x < w; x++)
			grey[y * w + x] = (row[4 * x] + 2 * row[4 * x + 1] +
					   row[4 * x + 2]) / 4;
	}
	return grey;
}
