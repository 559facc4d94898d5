/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Looking at pages with a second engine (Poppler), as a reader of the paper
 * would: is there ink where marks will stand, and can the codes be read back?
 */
#ifndef MIYIN_LOOK_H
#define MIYIN_LOOK_H

#include <glib.h>
#include <miyin/order.h>
#include <miyin/sheets.h>

typedef struct {
	gboolean touched;	/* some page has ink where marks will stand */
	double scale;		/* of the body if it is made to fit */
	int declared;		/* place in the order's levels of the one that
				   the first page bears, or -1 */
} miyin_inspection;

/*
 * Look at a document before its copies are issued, and turn its sheets so that
 * their text is upright.
 *
 *   order   for its layout and levels; its codes are not needed
 *
 * Errors: the refusal page-too-small; damaged when Poppler cannot open the
 * document or sees other pages than sheets does.
 */
gboolean miyin_look_inspect(GBytes *pdf, miyin_sheets *sheets,
			    const miyin_order *order,
			    miyin_inspection *inspection, GError **error);

/*
 * Render the codes of every page and read them back.
 *
 * Errors: the refusal not-marked with the page and what was wrong.
 */
gboolean miyin_look_verify(GBytes *copy, const miyin_sheets *sheets,
			   const miyin_order *order, GError **error);

#endif
