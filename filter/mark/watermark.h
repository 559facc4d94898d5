/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The watermark: the words of a copy, dotted along their outlines, in tiles that
 * rise to the right.
 *
 * Black dots, and half as many white ones between them for what is dark under
 * them. A grey line would be left to each printer's halftone, which loses it on
 * 1-bit ones of 300 dpi, and cut light lines into dark text.
 */
#ifndef MIYIN_WATERMARK_H
#define MIYIN_WATERMARK_H

#include <cairo.h>
#include <miyin/order.h>
#include "pdfwriter.h"
#include "place.h"

typedef struct {
	double x, y; /* where its text begins: the upper left of its line */
} miyin_tile;

/* The tiles of a sheet, of miyin_tile; rows from the top. Free with unref. */
GArray *miyin_watermark_tiles(double width_pt, double height_pt,
			      miyin_watermark kind);

/* Whether the fonts of this machine have its words. Errors: the refusal
 * bad-glyph. */
gboolean miyin_watermark_has_glyphs(const miyin_order *order, GError **error);

/* Write it as a font of two characters. Outlines and no text, for Ghostscript
 * dashes text at the type's scale; but each is a character of a font, which
 * renderers draw once and keep. Returns its object. */
unsigned miyin_watermark_write(miyin_pdfwriter *to, const miyin_order *order);

/* Show the tiles of a sheet in that font, which is /W there. */
void miyin_watermark_append(GString *to, const miyin_order *order,
			    double width_pt, double height_pt);

/*
 * Draw them onto a canvas that is the sheet, in points from its upper left.
 *
 *   view   of the sheet: tiles that do not reach it are left out
 */
void miyin_watermark_paint(cairo_t *cr, const miyin_order *order,
			   double width_pt, double height_pt, miyin_box view);

#endif
