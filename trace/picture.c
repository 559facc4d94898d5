/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <poppler.h>

#include <miyin/error.h>
#include <glib/gi18n.h>
#include "picture.h"

#define PDF_DPI 300
/* A2 at 300 dpi. A larger sheet is drawn coarser: on A0 a module of our code
 * still gets 3.7 pixels. */
#define PDF_PIXELS_MAX 36000000.0
#define PDF_SIDE_MAX 30000.0 /* cairo's image surface ends at 32767 */

struct miyin_picture {
	char *name; /* for messages */
	FILE *file;
	int format;	      /* leptonica's IFF_…, IFF_LPDF for PDF */
	PopplerDocument *pdf; /* only when format is IFF_LPDF */
	unsigned n_pages;
};

/* poppler, too, accepts bytes before "%PDF-": mail and old scanners put some
 * there. 1024 is how far it looks. */
static gboolean is_pdf(FILE *file)
{
	char start[1024];

	rewind(file);
	return memmem(start, fread(start, 1, sizeof(start), file), "%PDF-",
		      5) != NULL;
}

static gboolean refuse(const miyin_picture *picture, GError **error)
{
	return miyin_fail(error, MIYIN_ERROR_INPUT,
			  _("%s is not a picture that can be read "
			    "(PNG, JPEG, TIFF, PNM, WebP or PDF)"),
			  picture->name);
}

static gboolean open_pdf(miyin_picture *picture, GError **error)
{
	g_autoptr(GError) reason = NULL;
	int n_pages;

	picture->format = IFF_LPDF;
	/* poppler takes the descriptor, also when it fails. */
	picture->pdf = poppler_document_new_from_fd(dup(fileno(picture->file)),
						    NULL, &reason);
	if (g_error_matches(reason, POPPLER_ERROR, POPPLER_ERROR_ENCRYPTED))
		return miyin_fail(error, MIYIN_ERROR_INPUT,
				  _("%s is locked with a password"),
				  picture->name);
	n_pages = picture->pdf ? poppler_document_get_n_pages(picture->pdf) : 0;
	if (n_pages < 1)
		return refuse(picture, error);
	picture->n_pages = n_pages;
	return TRUE;
}

/* The frame follows the colour profile, which rarely fills a megabyte. */
static gboolean read_webp_header(FILE *file, int *width_px, int *height_px)
{
	const size_t length_max = 1 << 20;
	g_autofree guint8 *start = g_malloc(length_max);
	size_t length = fread(start, 1, length_max, file);
	int n_channels;

	return readHeaderMemWebP(start, length, width_px, height_px,
				 &n_channels) == 0;
}

static gboolean read_header(miyin_picture *picture, unsigned page,
			    int *width_px, int *height_px)
{
	FILE *file = picture->file;
	gboolean bad;

	*width_px = *height_px = 0;
	rewind(file);
	if (picture->format == IFF_PNG)
		bad = freadHeaderPng(file, width_px, height_px, NULL, NULL,
				     NULL);
	else if (picture->format == IFF_JFIF_JPEG)
		bad = freadHeaderJpeg(file, width_px, height_px, NULL, NULL,
				      NULL);
	else if (picture->format == IFF_PNM)
		bad = freadHeaderPnm(file, width_px, height_px, NULL, NULL,
				     NULL, NULL);
	else if (picture->format == IFF_WEBP)
		bad = !read_webp_header(file, width_px, height_px);
	else if (L_FORMAT_IS_TIFF(picture->format))
		bad = freadHeaderTiff(file, page - 1, width_px, height_px, NULL,
				      NULL, NULL, NULL, NULL);
	else
		bad = TRUE; /* leptonica knows more formats; we promise
			     * these and test these */
	return !bad && *width_px > 0 && *height_px > 0;
}

static gboolean open_pages(miyin_picture *picture, GError **error)
{
	int n_pages = 1, width_px, height_px;

	if (is_pdf(picture->file))
		return open_pdf(picture, error);
	rewind(picture->file);
	if (findFileFormatStream(picture->file, &picture->format))
		return refuse(picture, error);
	if (L_FORMAT_IS_TIFF(picture->format)) {
		rewind(picture->file);
		if (tiffGetCount(picture->file, &n_pages) || n_pages < 1)
			return refuse(picture, error);
	}
	picture->n_pages = n_pages;
	if (!read_header(picture, 1, &width_px, &height_px))
		return refuse(picture, error);
	return TRUE;
}

miyin_picture *miyin_picture_open(FILE *take_file, const char *name,
				  GError **error)
{
	g_autoptr(miyin_picture) picture = g_new0(miyin_picture, 1);

	picture->name = g_filename_display_name(name);
	picture->file = take_file;
	if (!open_pages(picture, error))
		return NULL;
	if (picture->n_pages > MIYIN_PICTURE_PAGES_MAX) {
		miyin_fail(error, MIYIN_ERROR_INPUT,
			   _("%s has %u pages; no more than %d are read"),
			   picture->name, picture->n_pages,
			   MIYIN_PICTURE_PAGES_MAX);
		return NULL;
	}
	return g_steal_pointer(&picture);
}

unsigned miyin_picture_pages(const miyin_picture *picture)
{
	return picture->n_pages;
}

static gboolean check_size(miyin_picture *picture, unsigned page,
			   GError **error)
{
	int width_px, height_px;

	if (!read_header(picture, page, &width_px, &height_px))
		return refuse(picture, error);
	if ((gint64)width_px * height_px <= MIYIN_PICTURE_PIXELS_MAX)
		return TRUE;
	return miyin_fail(
		error, MIYIN_ERROR_INPUT,
		_("page %u of %u of %s has %d x %d pixels; no more than "
		  "%d million are read"),
		page, picture->n_pages, picture->name, width_px, height_px,
		MIYIN_PICTURE_PIXELS_MAX / 1000000);
}

/* Luminance alone costs a third of the memory; CMYK has none to give. */
static PIX *decode_jpeg(FILE *file)
{
	int n_warnings;
	PIX *page;

	page = pixReadStreamJpeg(file, 0, 1, &n_warnings,
				 L_JPEG_READ_LUMINANCE |
					 L_JPEG_CONTINUE_WITH_BAD_DATA);
	if (page)
		return page;
	rewind(file);
	return pixReadStreamJpeg(file, 0, 1, &n_warnings,
				 L_JPEG_CONTINUE_WITH_BAD_DATA);
}

static PIX *decode_page(miyin_picture *picture, unsigned page)
{
	FILE *file = picture->file;

	rewind(file);
	switch (picture->format) {
	case IFF_PNG:
		return pixReadStreamPng(file);
	case IFF_JFIF_JPEG:
		return decode_jpeg(file);
	case IFF_PNM:
		return pixReadStreamPnm(file);
	case IFF_WEBP:
		return pixReadStreamWebP(file);
	default:
		return pixReadStreamTiff(file, page - 1);
	}
}

/* Takes page, NULL included. What is transparent shows white paper. */
static PIX *convert_grey(PIX *page)
{
	g_autoptr(PIX) any = page;
	g_autoptr(PIX) opaque = NULL;

	if (any && pixGetSpp(any) == 4 && pixGetDepth(any) == 32)
		opaque = pixRemoveAlpha(any);
	else
		opaque = g_steal_pointer(&any);
	return opaque ? pixConvertTo8(opaque, 0) : NULL;
}

static cairo_surface_t *draw_sheet(PopplerPage *page, double *dpi)
{
	cairo_surface_t *surface;
	cairo_t *cairo;
	double width_pt, height_pt, scale;

	poppler_page_get_size(page, &width_pt, &height_pt);
	if (!(width_pt > 0 && height_pt > 0))
		return NULL;
	scale = fmin(PDF_DPI / 72.0,
		     fmin(sqrt(PDF_PIXELS_MAX / width_pt / height_pt),
			  PDF_SIDE_MAX / fmax(width_pt, height_pt)));
	*dpi = 72 * scale;
	surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24,
					     (int)ceil(width_pt * scale),
					     (int)ceil(height_pt * scale));
	cairo = cairo_create(surface);
	cairo_set_source_rgb(cairo, 1, 1, 1);
	cairo_paint(cairo);
	cairo_scale(cairo, scale, scale);
	poppler_page_render(page, cairo);
	cairo_destroy(cairo);
	cairo_surface_flush(surface);
	return surface;
}

/* Weights 77, 150 and 29 of 256 are the luma of ITU-R BT.601. */
static void copy_row(const guint32 *from, l_uint32 *to, int width_px)
{
	for (int x = 0; x < width_px; x++) {
		unsigned red = from[x] >> 16 & 255;
		unsigned green = from[x] >> 8 & 255;
		unsigned blue = from[x] & 255;

		SET_DATA_BYTE(to, x, (77 * red + 150 * green + 29 * blue) >> 8);
	}
}

static PIX *copy_grey(cairo_surface_t *surface)
{
	int width_px = cairo_image_surface_get_width(surface);
	int height_px = cairo_image_surface_get_height(surface);
	size_t stride = cairo_image_surface_get_stride(surface);
	const guint8 *bytes = cairo_image_surface_get_data(surface);
	PIX *grey = bytes ? pixCreate(width_px, height_px, 8) : NULL;

	for (int y = 0; grey && y < height_px; y++)
		copy_row((const void *)(bytes + y * stride),
			 pixGetData(grey) + (size_t)y * pixGetWpl(grey),
			 width_px);
	return grey;
}

static PIX *draw_pdf_page(miyin_picture *picture, unsigned page)
{
	g_autoptr(GObject) sheet = NULL;
	cairo_surface_t *surface;
	double dpi;
	PIX *grey;

	sheet = (GObject *)poppler_document_get_page(picture->pdf, page - 1);
	surface = sheet ? draw_sheet(POPPLER_PAGE(sheet), &dpi) : NULL;
	if (!surface)
		return NULL;
	grey = copy_grey(surface);
	if (grey)
		pixSetResolution(grey, (int)lround(dpi), (int)lround(dpi));
	cairo_surface_destroy(surface);
	return grey;
}

PIX *miyin_picture_read(miyin_picture *picture, unsigned page, GError **error)
{
	g_autoptr(PIX) grey = NULL;

	if (picture->pdf) {
		grey = draw_pdf_page(picture, page);
	} else {
		if (!check_size(picture, page, error))
			return NULL;
		grey = convert_grey(decode_page(picture, page));
	}
	if (!grey)
		miyin_fail(
			error, MIYIN_ERROR_INPUT,
			_("page %u of %u of %s is damaged and cannot be read"),
			page, picture->n_pages, picture->name);
	return g_steal_pointer(&grey);
}

void miyin_picture_close(miyin_picture *picture)
{
	g_clear_object(&picture->pdf);
	g_clear_pointer(&picture->file, fclose);
	g_free(picture->name);
	g_free(picture);
}
