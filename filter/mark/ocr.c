/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ocr.h"
#include <miyin/error.h>
#include <tesseract/capi.h>

#define PATIENCE_MS 20000

miyin_ocr *miyin_ocr_new(GError **error)
{
	miyin_ocr *ocr = TessBaseAPICreate();

	if (TessBaseAPIInit3(ocr, NULL, "chi_sim") != 0) {
		miyin_fail(error, MIYIN_ERROR_MISSING,
			   "Tesseract's chi_sim is missing.");
		miyin_ocr_free(ocr);
		return NULL;
	}
	/* A level stands alone: text is found wherever it is. */
	TessBaseAPISetPageSegMode(ocr, PSM_SPARSE_TEXT);
	return ocr;
}

void miyin_ocr_free(miyin_ocr *ocr)
{
	TessBaseAPIEnd(ocr);
	TessBaseAPIDelete(ocr);
}

static guint8 *make_grey(cairo_surface_t *surface, int width, int height)
{
	guint8 *grey = g_malloc((gsize)width * (gsize)height);
	const guint8 *data = cairo_image_surface_get_data(surface);
	int stride = cairo_image_surface_get_stride(surface);

	for (int y = 0; y < height; y++)
		for (int x = 0; x < width; x++) {
			const guint8 *pixel = data + y * stride + 4 * x;

			grey[(gsize)y * (gsize)width + (gsize)x] =
				(guint8)((pixel[0] + pixel[1] + pixel[2]) / 3);
		}
	return grey;
}

/* Tesseract keeps a copy. */
static void set_picture(miyin_ocr *ocr, cairo_surface_t *surface, double dpi)
{
	int width = cairo_image_surface_get_width(surface);
	int height = cairo_image_surface_get_height(surface);
	g_autofree guint8 *grey = make_grey(surface, width, height);

	TessBaseAPISetImage(ocr, grey, width, height, 1, width);
	TessBaseAPISetSourceResolution(ocr, (int)dpi);
}

char *miyin_ocr_read(miyin_ocr *ocr, cairo_surface_t *surface, double dpi,
		     int *confidence)
{
	ETEXT_DESC *monitor = TessMonitorCreate();
	char *found, *text;

	set_picture(ocr, surface, dpi);
	TessMonitorSetDeadlineMSecs(monitor, PATIENCE_MS);
	TessBaseAPIRecognize(ocr, monitor);
	found = TessBaseAPIGetUTF8Text(ocr);
	*confidence = TessBaseAPIMeanTextConf(ocr);
	text = g_utf8_make_valid(found ? found : "", -1);
	TessDeleteText(found);
	TessMonitorDelete(monitor);
	TessBaseAPIClear(ocr);
	return text;
}

GArray *miyin_ocr_lines(miyin_ocr *ocr, cairo_surface_t *surface, double dpi)
{
	GArray *lines =
		g_array_new(FALSE, FALSE, sizeof(cairo_rectangle_int_t));
	TessPageIterator *at;
	int left, top, right, bottom;

	set_picture(ocr, surface, dpi);
	at = TessBaseAPIAnalyseLayout(ocr);
	if (at) {
		do {
			if (TessPageIteratorBoundingBox(at, RIL_TEXTLINE, &left,
							&top, &right, &bottom))
				g_array_append_val(
					lines, ((cairo_rectangle_int_t){
						       left, top, right - left,
						       bottom - top }));
		} while (TessPageIteratorNext(at, RIL_TEXTLINE));
		TessPageIteratorDelete(at);
	}
	TessBaseAPIClear(ocr);
	return lines;
}
