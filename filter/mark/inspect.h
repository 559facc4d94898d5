/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looking at a document before its copies are issued: is there ink where marks
 * will stand? */
#ifndef MIYIN_INSPECT_H
#define MIYIN_INSPECT_H

#include <glib.h>
#include <miyin/order.h>
#include <miyin/sheets.h>

typedef struct {
	gboolean moved; /* some page had ink where marks will stand */
	double scale;	/* of all pages */
	int declared;	/* place in the order's levels of the one that
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
gboolean miyin_inspect(GBytes *pdf, miyin_sheets *sheets,
		       const miyin_order *order, miyin_inspection *inspection,
		       GError **error);

#endif
