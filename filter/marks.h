/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The marks as Cairo and Pango draw them: a small PDF whose pages become
 * forms of the copy. Two pages a sheet size hold what is the same on all
 * pages of the copy (level, serial, holder; the watermark's text); one page a
 * character holds what the page numbers and human codes are set from. Trusted
 * text only: no byte of the user's document comes here.
 */
#ifndef MIYIN_MARKS_H
#define MIYIN_MARKS_H

#include <glib.h>
#include <miyin/order.h>
#include <miyin/sheets.h>
#include "place.h"

typedef enum {
	MIYIN_FONT_CODE,	/* monospaced */
	MIYIN_FONT_PAGE,
	MIYIN_N_FONTS,
} miyin_font;

typedef struct {
	gunichar c;
	double advance_pt;
	unsigned page;		/* of the marks PDF, 0 up */
} miyin_glyph;

typedef struct {
	double width_pt, height_pt;
} miyin_size;

typedef struct {
	GByteArray *pdf;
	GArray *sizes;		/* of miyin_size */
	GArray *glyphs[MIYIN_N_FONTS];	/* of miyin_glyph */
} miyin_marks;

/* Where a glyph's origin stands on its page of the marks PDF. */
#define MIYIN_GLYPH_SIDE_PT 40.0
#define MIYIN_GLYPH_X_PT 10.0
#define MIYIN_GLYPH_Y_PT 15.0

/*
 * Draw the marks of one copy. Errors: SYSTEM; the refusal page-too-small.
 */
miyin_marks *miyin_marks_draw(const miyin_order *order,
			      const miyin_sheets *sheets, GError **error);
void miyin_marks_free(miyin_marks *marks);

/* The page (of the marks PDF) for a sheet; the next one is its watermark. */
unsigned miyin_marks_find_size(const miyin_marks *marks,
			       const miyin_sheet *sheet);

/* NULL when the character was not drawn. */
const miyin_glyph *miyin_marks_find_glyph(const miyin_marks *marks,
					  miyin_font font, gunichar c);

/* "第3页 共9页" */
char *miyin_marks_page_text(unsigned page, unsigned n_pages);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(miyin_marks, miyin_marks_free)

#endif
