/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The pages of a clean base file: sizes as seen and where their content
 * stands among its objects. miyinmark prepare writes it, miyinmark stamp
 * needs it, and the backend learns the number of pages from it.
 *
 *   miyin-sheets 4 PAGES OBJECTS XREF
 *   W H A B C D E F S X Y TURN CONTENT ANNOTATIONS GROUP   one line a page
 */
#ifndef MIYIN_SHEETS_H
#define MIYIN_SHEETS_H

#include <glib.h>

/* What becomes of a page as it was: made smaller, then moved, in 1/72 in. */
typedef struct {
	double scale, x, y;
} miyin_shift;

typedef struct {
	double width_pt, height_pt; /* as it is read: turned, in 1/72 in */
	double matrix[6];	    /* content space to the page as read */
	unsigned turn;		    /* quarters clockwise that its reader
					   turns the paper, which is printed
					   as it was laid out; 0 to 3 */
	miyin_shift shift;	    /* so that it keeps clear of the marks;
					   1 0 0 until that is known */
	unsigned content, annotations, group; /* object numbers, 0: none */
} miyin_sheet;

typedef struct {
	unsigned n_objects; /* of the base, object 0 included */
	guint64 xref;	    /* where its cross-reference table starts */
	GArray *pages;	    /* of miyin_sheet */
} miyin_sheets;

char *miyin_sheets_format(const miyin_sheets *sheets);

/* Errors: INPUT when malformed or a number is out of its range. */
miyin_sheets *miyin_sheets_parse(const char *text, gsize length,
				 GError **error);
void miyin_sheets_free(miyin_sheets *sheets);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(miyin_sheets, miyin_sheets_free)

#endif
