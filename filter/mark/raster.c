/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "raster.h"
#include "fault.h"
#include <miyin/pdfnumbers.h>
#include "pdfwriter.h"
#include "orientation.h"
#include "view.h"
#include <miyin/error.h>
#include <miyin/memfile.h>
#include <math.h>
#include <string.h>
#include <turbojpeg.h>
#include <zlib.h>

#define GREY_DPI 600.0
#define COLOUR_DPI 300.0
#define LEAST_DPI 18.0	 /* fewer, and it is no use to try again */
#define PIXELS_MAX 72e6	 /* A3 at 600 dpi; 4 bytes each */
#define SIDE_MAX 32000.0 /* cairo's pictures are not larger */
#define COLOUR_LEAST 8	 /* photos of grey things waver less */
#define DEFLATE_LEVEL 2	 /* 6: a fifth smaller in twice the time */
/* Text deflates to a twentieth or less; what does not get under a third is a
 * photo or a scan, which JPEG makes ten times smaller. */
#define NOISE_LEAST 3
#define JPEG_QUALITY 92
#define CHUNK 65536

/* What of a painted page is worth keeping. */
typedef struct {
	int left, top, right, bottom; /* of all ink; right <= left: none */
	gboolean colour;
	int step;   /* pixels a side that become one */
	double dpi; /* of the painted page */
} picture;

/* w by h of the page become one. */
static void mix_pixels(const guint8 *page, int stride, int w, int h,
		       unsigned rgb[3])
{
	rgb[0] = rgb[1] = rgb[2] = 0;
	for (int y = 0; y < h; y++)
		for (int x = 0; x < w; x++)
			for (int part = 0; part < 3; part++)
				rgb[part] += page[(gsize)y * stride + 4 * x +
						  2 - part];
	for (int part = 0; w * h > 1 && part < 3; part++)
		rgb[part] /= w * h;
}

/* What is inked, in grey or colour. */
static guint8 *cut_pixels(cairo_surface_t *surface, const picture *ink)
{
	const int width = cairo_image_surface_get_width(surface);
	const int height = cairo_image_surface_get_height(surface);
	const int stride = cairo_image_surface_get_stride(surface);
	const guint8 *page = cairo_image_surface_get_data(surface);
	const gsize n = (gsize)(ink->right - ink->left) / ink->step *
			((ink->bottom - ink->top) / ink->step);
	guint8 *pixels = g_malloc(ink->colour ? 3 * n : n), *to = pixels;
	unsigned rgb[3];

	for (int y = ink->top; y < ink->bottom; y += ink->step)
		for (int x = ink->left; x < ink->right; x += ink->step) {
			mix_pixels(page + (gsize)y * stride + 4 * x, stride,
				   MIN(ink->step, width - x),
				   MIN(ink->step, height - y), rgb);
			if (!ink->colour) {
				*to++ = (77 * rgb[0] + 150 * rgb[1] +
					 29 * rgb[2]) >>
					8;
				continue;
			}
			for (int part = 0; part < 3; part++)
				*to++ = rgb[part];
		}
	return pixels;
}

static int deflate_into(z_stream *z, GByteArray *to, int flush)
{
	guint8 chunk[CHUNK];
	int status = Z_OK;

	do {
		z->next_out = chunk;
		z->avail_out = CHUNK;
		status = deflate(z, flush);
		g_byte_array_append(to, chunk, CHUNK - z->avail_out);
	} while (z->avail_out == 0);
	return status;
}

/* Each row as its difference to the one above: that of white is nothing.
 * NULL: no memory. */
static GByteArray *deflate_rows(const guint8 *pixels, int n, int n_rows)
{
	g_autofree guint8 *line = g_malloc(n + 1);
	g_autoptr(GByteArray) to = g_byte_array_new();
	z_stream z = { 0 };
	int status;

	deflateInit(&z, DEFLATE_LEVEL);
	line[0] = 2; /* PNG's filter Up */
	for (int y = 0; y < n_rows; y++) {
		const guint8 *row = pixels + (gsize)y * n;

		for (int i = 0; i < n; i++)
			line[1 + i] = row[i] - (y > 0 ? row[i - n] : 0);
		z.next_in = line;
		z.avail_in = n + 1;
		deflate_into(&z, to, Z_NO_FLUSH);
	}
	status = deflate_into(&z, to, Z_FINISH);
	deflateEnd(&z);
	return status == Z_STREAM_END ? g_steal_pointer(&to) : NULL;
}

/* NULL: no memory. */
static GByteArray *compress_photo(const guint8 *pixels, int w, int h,
				  gboolean colour)
{
	tjhandle jpeg = tjInitCompress();
	unsigned char *bytes = NULL;
	unsigned long length = 0;
	GByteArray *to = NULL;

	if (jpeg &&
	    tjCompress2(jpeg, pixels, w, 0, h, colour ? TJPF_RGB : TJPF_GRAY,
			&bytes, &length, colour ? TJSAMP_444 : TJSAMP_GRAY,
			JPEG_QUALITY, 0) == 0) {
		to = g_byte_array_new();
		g_byte_array_append(to, bytes, length);
	}
	tjFree(bytes);
	if (jpeg)
		tjDestroy(jpeg);
	return to;
}

static unsigned write_image(miyin_pdfwriter *tail, cairo_surface_t *surface,
			    const picture *ink)
{
	int w = (ink->right - ink->left) / ink->step;
	int h = (ink->bottom - ink->top) / ink->step;
	int parts = ink->colour ? 3 : 1;
	g_autofree guint8 *pixels = cut_pixels(surface, ink);
	g_autoptr(GByteArray) bytes = deflate_rows(pixels, w * parts, h);
	gboolean noisy =
		bytes && bytes->len > (gsize)w * parts * h / NOISE_LEAST;
	g_autofree char *filter =
		noisy ? g_strdup("/DCTDecode")
		      : g_strdup_printf("/FlateDecode/DecodeParms<<"
					"/Predictor 12/Colors %d/Columns %d>>",
					parts, w);
	g_autofree char *entries = g_strdup_printf(
		"/Type/XObject/Subtype/Image/Width %d/Height %d"
		"/BitsPerComponent 8/ColorSpace/%s/Filter%s",
		w, h, ink->colour ? "DeviceRGB" : "DeviceGray", filter);
	unsigned image;

	if (noisy) {
		g_byte_array_unref(bytes);
		bytes = compress_photo(pixels, w, h, ink->colour);
	}
	image = bytes ? miyin_pdfwriter_reserve(tail) : 0;
	if (bytes)
		miyin_pdfwriter_write_stream(tail, image, entries, bytes->data,
					     bytes->len);
	return image;
}

static gboolean write_form(miyin_pdfwriter *tail, cairo_surface_t *surface,
			   const picture *ink, miyin_sheet *sheet,
			   GError **error)
{
	static const double upright[6] = { 1, 0, 0, 1, 0, 0 };
	const double pt = 72 / ink->dpi;
	g_autoptr(GString) entries = g_string_new("/Type/XObject/Subtype/Form"
						  "/BBox[0 0 ");
	g_autoptr(GString) text = g_string_new(NULL);
	unsigned image = 0;

	miyin_pdfnumbers_append(
		entries, (double[]){ sheet->width_pt, sheet->height_pt }, 2);
	g_string_append(entries, "]/Resources<<");
	if (ink->right > ink->left) {
		image = write_image(tail, surface, ink);
		if (image == 0)
			return miyin_fail(
				error, MIYIN_ERROR_SYSTEM,
				"No memory for the picture of a page.");
		g_string_append_printf(entries, "/XObject<</I %u 0 R>>", image);
		miyin_pdfnumbers_append(
			text,
			(double[]){ (ink->right - ink->left) * pt, 0, 0,
				    (ink->bottom - ink->top) * pt,
				    ink->left * pt,
				    sheet->height_pt - ink->bottom * pt },
			6);
		g_string_append(text, "cm /I Do");
	}
	g_string_append(entries, ">>");
	sheet->content = miyin_pdfwriter_reserve(tail);
	sheet->annotations = sheet->group = 0;
	memcpy(sheet->matrix, upright, sizeof(upright));
	miyin_pdfwriter_write_stream(tail, sheet->content, entries->str,
				     text->str, text->len);
	return TRUE;
}

/* NULL also when Poppler ran out of memory in the middle: what it could not
 * paint would be missing on paper, and nobody would know. */
static cairo_surface_t *paint(PopplerPage *page, const miyin_sheet *sheet,
			      double dpi)
{
	const double scale = dpi / 72;
	cairo_t *cr = miyin_canvas_open((int)ceil(sheet->width_pt * scale),
					(int)ceil(sheet->height_pt * scale));
	cairo_surface_t *surface;
	gboolean whole;

	cairo_scale(cr, scale, scale);
	miyin_orientation_transform(cr, page, sheet);
	poppler_page_render_for_printing(page, cr);
	whole = cairo_status(cr) == CAIRO_STATUS_SUCCESS;
	surface = miyin_canvas_close(cr, NULL);
	if (surface && !whole)
		g_clear_pointer(&surface, cairo_surface_destroy);
	return surface;
}

static double choose_dpi(const miyin_sheet *sheet)
{
	double w_in = sheet->width_pt / 72, h_in = sheet->height_pt / 72;

	return fmin(fmin(GREY_DPI, sqrt(PIXELS_MAX / (w_in * h_in))),
		    SIDE_MAX / fmax(w_in, h_in));
}

static void add_pixel(picture *ink, const guint8 *pixel, int x, int y)
{
	ink->left = MIN(ink->left, x);
	ink->right = MAX(ink->right, x + 1);
	ink->top = MIN(ink->top, y);
	ink->bottom = y + 1;
	if (ABS(pixel[0] - pixel[1]) >= COLOUR_LEAST ||
	    ABS(pixel[1] - pixel[2]) >= COLOUR_LEAST)
		ink->colour = TRUE;
}

static picture find_ink(cairo_surface_t *surface, double dpi)
{
	const int width = cairo_image_surface_get_width(surface);
	const int height = cairo_image_surface_get_height(surface);
	const guint32 white = 0xffffff;
	picture ink = { width, height, 0, 0, FALSE, 1, dpi };

	for (int y = 0; y < height; y++) {
		const guint8 *row =
			cairo_image_surface_get_data(surface) +
			(gsize)y * cairo_image_surface_get_stride(surface);

		for (int x = 0; x < width; x++)
			if ((((const guint32 *)row)[x] & white) != white)
				add_pixel(&ink, row + 4 * x, x, y);
	}
	/* All ink has been painted at 600: four of its pixels make a better
	 * one than Poppler would at 300. */
	if (ink.colour && dpi >= 2 * COLOUR_DPI) {
		ink.step = 2;
		ink.left -= ink.left % 2;
		ink.top -= ink.top % 2;
		ink.right += ink.right % 2;
		ink.bottom += ink.bottom % 2;
	}
	return ink;
}

/* The sheet becomes that of the picture. */
static gboolean write_page(miyin_pdfwriter *tail, PopplerDocument *document,
			   unsigned i, miyin_sheet *sheet, double *dpi,
			   GError **error)
{
	g_autoptr(PopplerPage) page =
		poppler_document_get_page(document, (int)i);
	g_autoptr(cairo_surface_t) surface = NULL;
	double tried = choose_dpi(sheet);
	picture ink;

	while (page && !(surface = paint(page, sheet, tried)) &&
	       tried >= LEAST_DPI)
		tried /= 2;
	if (!surface)
		return miyin_fault_set(error, MIYIN_REFUSAL_DAMAGED, NULL);
	ink = find_ink(surface, tried);
	if (ink.right > ink.left)
		*dpi = MIN(*dpi, ink.dpi / ink.step);
	return write_form(tail, surface, &ink, sheet, error);
}

static gboolean write_base(int fd, PopplerDocument *document,
			   miyin_sheets *sheets, double *dpi, GError **error)
{
	static const char catalog[] = "<</Type/Catalog>>";
	const unsigned n = sheets->pages->len;
	miyin_pdfwriter *tail = miyin_pdfwriter_open_empty(fd);
	unsigned root = miyin_pdfwriter_reserve(tail);
	gboolean ok = TRUE;

	miyin_pdfwriter_write(tail, root, catalog, strlen(catalog));
	for (unsigned i = 0; ok && i < n; i++)
		ok = write_page(tail, document, i,
				&g_array_index(sheets->pages, miyin_sheet, i),
				dpi, error);
	return miyin_pdfwriter_close(tail, root, ok ? error : NULL) && ok;
}

gboolean miyin_raster(int fd, GBytes *pdf, miyin_sheets *sheets, double *dpi,
		      GError **error)
{
	g_autoptr(PopplerDocument) document =
		miyin_view_open(pdf, sheets->pages->len);
	g_autoptr(GBytes) base = NULL;
	double least = GREY_DPI;

	if (!document)
		return miyin_fault_set(error, MIYIN_REFUSAL_DAMAGED, NULL);
	if (write_base(fd, document, sheets, &least, error))
		base = miyin_memfile_map(fd, error);
	if (!base)
		return FALSE;
	if (!miyin_pdfwriter_find(base, sheets))
		return miyin_fault_set(error, MIYIN_REFUSAL_DAMAGED, NULL);
	*dpi = least;
	return TRUE;
}
