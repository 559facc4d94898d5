/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Looking at pages with a second engine (Poppler), as a reader of the paper
 * would: is there ink where marks will stand, and are the marks on the paper
 * those that were issued?
 */
#ifndef MIYIN_LOOK_H
#define MIYIN_LOOK_H

#include <glib.h>
#include <miyin/order.h>
#include <miyin/sheets.h>
#include <poppler.h>
#include "place.h"

typedef struct {
	gboolean moved;		/* some page had ink where marks will stand */
	double scale;		/* of all pages */
	int declared;		/* place in the order's levels of the one that
				   the first page bears, or -1 */
} miyin_inspection;

/*
 * Look at a document before its copies are issued, turn its sheets so that
 * their text is upright, and find the shift of each so that no ink of it is
 * lost to a mark: all pages become smaller by one factor, or none does.
 *
 *   order   for its layout, levels, turns and body; its codes are not needed
 *
 * Errors: the refusal page-too-small; damaged when Poppler cannot open the
 * document or sees other pages than sheets does.
 */
gboolean miyin_look_inspect(GBytes *pdf, miyin_sheets *sheets,
			    const miyin_order *order,
			    miyin_inspection *inspection, GError **error);

/*
 * Render every page and see that its marks are those of the order: each code
 * says what it must, stands within 1 mm of its place and has its quiet zone;
 * each line's box shows what the line draws there and nothing else; at some
 * tiles of the watermark its ink is there, which nothing of a body may cover.
 *
 * Errors: the refusal not-marked with the page and what was wrong.
 */
gboolean miyin_look_verify(GBytes *copy, const miyin_sheets *sheets,
			   const miyin_order *order, GError **error);

/*
 * The same of some pages, for a process that looks at user data: it draws the
 * lines before it enters its sandbox.
 *
 *   lines   of miyin_look_lines
 *   pages   of unsigned, 0 up; the first wrong one is named
 */
gboolean miyin_look_verify_pages(GBytes *copy, GBytes *lines,
				 const miyin_sheets *sheets,
				 const miyin_order *order, const GArray *pages,
				 GError **error);

/* The lines alone, to compare with: a PDF. Errors: as miyin_stamp. */
GBytes *miyin_look_lines(const miyin_sheets *sheets, const miyin_order *order,
			 GError **error);

/* Find the shift of each page of a document. Errors: page-too-small. */
gboolean miyin_look_make_room(PopplerDocument *document, miyin_sheets *sheets,
			      const miyin_order *order,
			      miyin_inspection *inspection, GError **error);

/* ---- for both: what they look at --------------------------------------- */

/* NULL when Poppler cannot open it or sees another number of pages. */
PopplerDocument *miyin_look_open(GBytes *pdf, unsigned n_pages);

/* Place the marks of a page, 0 up. */
gboolean miyin_look_place(const miyin_sheet *sheet, const miyin_order *order,
			  unsigned i, miyin_place *place);

/* Paint a view of a sheet, but only what is in the boxes. NULL when there is no
 * memory to paint all of it. */
cairo_surface_t *miyin_look_paint(PopplerPage *page, const miyin_sheet *sheet,
				  miyin_box view, const miyin_box *boxes,
				  unsigned n_boxes, double dpi);

#endif
