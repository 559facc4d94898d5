/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a reader sees on a picture, by Tesseract: Chinese and Latin letters. */
#ifndef MIYIN_OCR_H
#define MIYIN_OCR_H

#include <cairo.h>
#include <glib.h>

typedef struct TessBaseAPI miyin_ocr;

/* Errors: MISSING when there is no chi_sim here (tesseract-ocr-chi-sim). */
miyin_ocr *miyin_ocr_new(GError **error);
void miyin_ocr_free(miyin_ocr *ocr);

/*
 * Read a picture; after 20 s it stops with what it has.
 *
 *   surface      RGB24, flushed
 *   confidence   0 to 100, of all that was read
 *
 * Returns lines of text, "" when there are none. Free with g_free.
 */
char *miyin_ocr_read(miyin_ocr *ocr, cairo_surface_t *surface, double dpi,
		     int *confidence);

/* The boxes of its lines of text, cairo_rectangle_int_t in pixels, in no order;
 * takes a tenth of the time. Free with g_array_unref. */
GArray *miyin_ocr_lines(miyin_ocr *ocr, cairo_surface_t *surface, double dpi);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(miyin_ocr, miyin_ocr_free)

#endif
