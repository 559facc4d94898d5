/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Marks as Cairo and Pango draw them: into a small PDF whose pages become parts
 * of the copy, or onto a canvas, to compare with. Trusted text only.
 */
#ifndef MIYIN_DRAW_H
#define MIYIN_DRAW_H

#include <cairo.h>
#include <miyin/lettering.h>
#include "marks.h"

typedef struct {
	cairo_t *cr;
	miyin_lettering *lettering; /* NULL: letters by Pango, on a canvas */
	const miyin_order *order;
} miyin_drawing;

/* A character's page of the PDF and its origin there, in type sizes. */
#define MIYIN_GLYPH_SIDE_EM 5.0
#define MIYIN_GLYPH_X_EM 1.0
#define MIYIN_GLYPH_Y_EM 2.0

/* Draw what is the same on all pages of a face: white under the codes, and the
 * lines; the canvas is the sheet, in points from its upper left. */
void miyin_draw_face(const miyin_drawing *d, const miyin_face *face);

/* Draw a line that differs from page to page, as it is on one. Onto a canvas. */
void miyin_draw_set_line(const miyin_drawing *d, const miyin_marks *marks,
			 const miyin_face *face, unsigned line,
			 const char *text);

/* A PDF: a page for each face, then one for each character. Errors: SYSTEM. */
GByteArray *miyin_draw_pdf(const miyin_marks *marks, const miyin_order *order,
			   GError **error);

#endif
