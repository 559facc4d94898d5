/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The marks as Cairo and Pango draw them: a small PDF whose pages become
 * parts of the copy. Each face (a sheet size, class and side) has one with what
 * is the same on all pages with that face; each character of the lines that differ from page to page has one,
 * and those lines are set from them. Trusted text only: no byte of the user's
 * document comes here.
 */
#ifndef MIYIN_MARKS_H
#define MIYIN_MARKS_H

#include <glib.h>
#include <miyin/order.h>
#include <miyin/sheets.h>
#include "place.h"

typedef struct {
	gunichar c;
	double advance_pt;
	unsigned page; /* of the marks PDF, 0 up; those of the faces come
			  first */
} miyin_markglyph;

typedef struct {
	double width_pt, height_pt;
	miyin_page_class class;
	gboolean even; /* only where the layout swaps sides */
	miyin_place place;
	unsigned page; /* of the marks PDF */
} miyin_face;

/* The words of the watermark, from their lower left corner, points. */
typedef struct {
	char *outlines; /* path operators; "" without a watermark */
	double high_pt;
	double box[4]; /* around the ink */
} miyin_watermark_text;

typedef struct {
	GByteArray *pdf;
	GPtrArray *faces;  /* of miyin_face */
	GPtrArray *glyphs; /* a GArray of miyin_markglyph for each line */
	miyin_watermark_text watermark;
} miyin_marks;

/* A glyph's page of the marks PDF and its origin there, in type sizes. */
#define MIYIN_GLYPH_SIDE_EM 5.0
#define MIYIN_GLYPH_X_EM 1.0
#define MIYIN_GLYPH_Y_EM 2.0

/*
 * Draw the marks of one copy.
 *
 * Errors: SYSTEM; the refusals page-too-small, bad-glyph and mark-too-long.
 */
miyin_marks *miyin_marks_draw(const miyin_order *order,
			      const miyin_sheets *sheets, GError **error);
void miyin_marks_free(miyin_marks *marks);

/* The sheet of a page, 0 up: a cover is as large as the page after it. */
const miyin_sheet *miyin_marks_sheet(const miyin_order *order,
				     const miyin_sheets *sheets, unsigned page);

/* The face of a page, 0 up. NULL when it was not drawn. */
const miyin_face *miyin_marks_face(const miyin_marks *marks,
				   const miyin_order *order,
				   const miyin_sheet *sheet, unsigned page);

/* NULL when the character was not drawn for this line. */
const miyin_markglyph *miyin_marks_find_glyph(const miyin_marks *marks,
					      unsigned line, gunichar c);

/* The text of a line on a page, 0 up. Free with g_free. */
char *miyin_marks_line_text(const miyin_order *order, const miyin_line *line,
			    unsigned page);

/* Set *error to the refusal page-too-small. Always FALSE. */
gboolean miyin_marks_too_small(const miyin_order *order,
			       const miyin_sheet *sheet, unsigned page,
			       GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(miyin_marks, miyin_marks_free)

#endif
