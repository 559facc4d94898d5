/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pages of a scan as 8-bit grey pictures, one at a time.
 *
 *   open -> pages -> read (page 1, 2, …) -> close
 *
 * Reads PNG, JPEG, TIFF (all pages), PNM and WebP with leptonica, PDF with
 * poppler at 300 dpi. The file is hostile: its size is checked in the header
 * before anything is decoded, and never read through leptonica's own path
 * handling, which looks for other files of the same name.
 */
#ifndef MIYIN_TRACE_PICTURE_H
#define MIYIN_TRACE_PICTURE_H

#include <glib.h>
#include <stdio.h>
#include <leptonica/allheaders.h>

#define MIYIN_PICTURE_PIXELS_MAX 200000000 /* of a page */
#define MIYIN_PICTURE_PAGES_MAX 2000

typedef struct miyin_picture miyin_picture;

/*
 * Open a scan.
 *
 *   name   for messages
 *
 * Errors: INPUT when it is no picture or has too many pages.
 */
miyin_picture *miyin_picture_open(FILE *take_file, const char *name,
				  GError **error);

unsigned miyin_picture_pages(const miyin_picture *picture);

/*
 * Decode a page, 1 up: 8 bits a pixel, 0 black, no colour map.
 *
 * Errors: INPUT when it is too large or damaged beyond reading. A JPEG cut
 * short is read as far as it goes: the first corner may hold a code.
 */
PIX *miyin_picture_read(miyin_picture *picture, unsigned page, GError **error);

void miyin_picture_close(miyin_picture *picture);

/* leptonica frees by address; g_autoptr(PIX) wants the pointer. */
static inline void miyin_picture_free_pix(PIX *pix)
{
	pixDestroy(&pix);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(miyin_picture, miyin_picture_close)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PIX, miyin_picture_free_pix)

#endif
