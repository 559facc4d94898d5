/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What stands on the pages of a copy, measured: each face (a sheet size, class
 * and side) has lines that are the same on all its pages, and lines that differ
 * from page to page, which are set from characters. Trusted text only: no byte
 * of the user's document comes here.
 */
#ifndef MIYIN_MARKS_H
#define MIYIN_MARKS_H

#include <glib.h>
#include <miyin/order.h>
#include <miyin/sheets.h>
#include "place.h"

/* A character of a line that differs from page to page. */
typedef struct {
	gunichar c;
	unsigned no; /* among all of the copy, 0 up */
	double advance_pt;
	gboolean tall; /* its ink may reach beyond the line */
} miyin_markglyph;

typedef struct {
	double width_pt, height_pt;
	miyin_page_class class;
	gboolean even; /* only where the layout swaps sides */
	miyin_place place;
	unsigned no; /* 0 up */
} miyin_face;

typedef struct {
	GPtrArray *faces;  /* of miyin_face */
	GPtrArray *glyphs; /* a GArray of miyin_markglyph for each line */
	unsigned n_glyphs; /* of all lines */
} miyin_marks;

/* Where a line begins: its first character's origin, and what becomes of their
 * sizes. Points, from the sheet's lower left. */
typedef struct {
	double x, y, scale;
} miyin_markpen;

/*
 * The marks of one copy.
 *
 * Errors: SYSTEM; the refusals page-too-small, bad-glyph and mark-too-long.
 */
miyin_marks *miyin_marks_new(const miyin_order *order,
			     const miyin_sheets *sheets, GError **error);
void miyin_marks_free(miyin_marks *marks);

/* The sheet of a page, 0 up: a cover is as large as the page after it. */
const miyin_sheet *miyin_marks_sheet(const miyin_order *order,
				     const miyin_sheets *sheets, unsigned page);

/* The face of a page, 0 up. NULL when there is none such. */
const miyin_face *miyin_marks_face(const miyin_marks *marks,
				   const miyin_order *order,
				   const miyin_sheet *sheet, unsigned page);

/* A character that is one of this line. */
const miyin_markglyph *miyin_marks_glyph(const miyin_marks *marks,
					 unsigned line, gunichar c);

/* Whether a line of the layout differs on the pages of a face and stands there. */
gboolean miyin_marks_is_set(const miyin_order *order, const miyin_face *face,
			    unsigned line);

/* The text of a line on a page, 0 up. */
void miyin_marks_line_text(const miyin_order *order, const miyin_line *line,
			   unsigned page, GString *text);

/* Where such a line is set from its characters. */
miyin_markpen miyin_marks_pen(const miyin_marks *marks,
			      const miyin_order *order, const miyin_face *face,
			      unsigned line, const char *text);

/* Set *error to the refusal page-too-small. Always FALSE. */
gboolean miyin_marks_too_small(const miyin_order *order,
			       const miyin_sheet *sheet, unsigned page,
			       GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(miyin_marks, miyin_marks_free)

#endif
