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
#define WHOLE_MAX_PT2 4e6	/* twice A2: larger is read box by box */

/* Poppler 22.12 has none of its own. */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PopplerDocument, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PopplerPage, g_object_unref)

static PopplerDocument *open_pdf(GBytes *pdf, const miyin_sheets *sheets);
static gboolean has_ink(PopplerPage *page, const miyin_sheet *sheet);
static cairo_surface_t *render(PopplerPage *page, const miyin_sheet *sheet,
			       miyin_box view, const miyin_box *boxes,
			       unsigned n_boxes, double dpi);
static gboolean box_has_ink(cairo_surface_t *surface, miyin_box box,
			    double height_pt);
static gboolean same_size(PopplerPage *page, const miyin_sheet *sheet);
static const char *check_page(PopplerPage *page, const miyin_sheet *sheet,
			      const miyin_order_page *codes,
			      zbar_image_scanner_t *scanner);
static const char *read_codes(PopplerPage *page, const miyin_sheet *sheet,
			      const miyin_place *place, const char *payload,
			      double dpi, zbar_image_scanner_t *scanner);
static gboolean reads(cairo_surface_t *surface, miyin_box view,
		      miyin_box box, double dpi, const char *payload,
		      zbar_image_scanner_t *scanner);
static guint8 *cut_grey(cairo_surface_t *surface, int left, int top, int w,
			int h);

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

	if (!document || order->n_pages != sheets->pages->len)
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
	cairo_surface_t *surface;
	double least_w, least_h;
	miyin_place place;
	gboolean ink = FALSE;

	miyin_place_page(sheet->width_pt, sheet->height_pt, &place, &least_w,
			 &least_h);
	surface = render(page, sheet, whole, place.cut, MIYIN_N_CUT, INK_DPI);
	for (int i = 0; i < MIYIN_N_CUT && !ink; i++)
		ink = box_has_ink(surface, place.cut[i], sheet->height_pt);
	cairo_surface_destroy(surface);
	return ink;
}

/* A view of the sheet, but only what is in the boxes. Poppler leaves /UserUnit
 * to its caller; sheets are in true points. */
static cairo_surface_t *render(PopplerPage *page, const miyin_sheet *sheet,
			       miyin_box view, const miyin_box *boxes,
			       unsigned n_boxes, double dpi)
{
	double scale = dpi / 72, is_w, is_h;
	cairo_surface_t *surface = cairo_image_surface_create(
		CAIRO_FORMAT_RGB24, (int)ceil(view.w * scale),
		(int)ceil(view.h * scale));
	cairo_t *cr = cairo_create(surface);

	poppler_page_get_size(page, &is_w, &is_h);
	cairo_set_source_rgb(cr, 1, 1, 1);
	cairo_paint(cr);
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
	double least_w, least_h;
	miyin_place place;
	const char *wrong;

	if (!page || !same_size(page, sheet))
		return "page size";
	miyin_place_page(sheet->width_pt, sheet->height_pt, &place, &least_w,
			 &least_h);
	wrong = read_codes(page, sheet, &place, codes->payload, CODE_DPI,
			   scanner);
	if (wrong)
		wrong = read_codes(page, sheet, &place, codes->payload,
				   CODE_DPI_AGAIN, scanner);
	return wrong;
}

/* The page is interpreted once, and only the codes' boxes are painted; a
 * picture of a very large sheet would not fit into memory. */
static const char *read_codes(PopplerPage *page, const miyin_sheet *sheet,
			      const miyin_place *place, const char *payload,
			      double dpi, zbar_image_scanner_t *scanner)
{
	static const char *const names[MIYIN_N_QR] = { "upper code",
						       "lower code" };
	gboolean large = sheet->width_pt * sheet->height_pt > WHOLE_MAX_PT2;
	miyin_box view = { 0, 0, sheet->width_pt, sheet->height_pt };
	cairo_surface_t *surface = NULL;
	const char *wrong = NULL;

	for (int i = 0; i < MIYIN_N_QR && !wrong; i++) {
		if (large) {
			view = place->cut[i];
			g_clear_pointer(&surface, cairo_surface_destroy);
		}
		if (!surface)
			surface = render(page, sheet, view, place->cut,
					 MIYIN_N_QR, dpi);
		if (!reads(surface, view, place->cut[i], dpi, payload,
			   scanner))
			wrong = names[i];
	}
	cairo_surface_destroy(surface);
	return wrong;
}

static gboolean reads(cairo_surface_t *surface, miyin_box view,
		      miyin_box box, double dpi, const char *payload,
		      zbar_image_scanner_t *scanner)
{
	double scale = dpi / 72;
	int w = (int)(box.w * scale), h = (int)(box.h * scale);
	g_autofree guint8 *grey = cut_grey(
		surface, (int)((box.x - view.x) * scale),
		(int)((view.y + view.h - box.y - box.h) * scale), w, h);
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
	return same;
}

static guint8 *cut_grey(cairo_surface_t *surface, int left, int top, int w,
			int h)
{
	guint8 *grey = g_malloc((gsize)w * h);
	int stride = cairo_image_surface_get_stride(surface);

	for (int y = 0; y < h; y++) {
		const guint8 *row = cairo_image_surface_get_data(surface) +
				    (gsize)(top + y) * stride + 4 * left;

		for (int x = 0; x < w; x++)
			grey[y * w + x] = (row[4 * x] + 2 * row[4 * x + 1] +
					   row[4 * x + 2]) / 4;
	}
	return grey;
}
