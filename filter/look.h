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

/*
 * Whether any page has ink where its marks will stand.
 *
 * Errors: the refusal damaged when Poppler cannot open the document or sees
 * other pages than sheets does.
 */
gboolean miyin_look_touched(GBytes *pdf, const miyin_sheets *sheets,
			    gboolean *touched, GError **error);

/*
 * Render the codes of every page and read them back.
 *
 * Errors: the refusal not-marked with the page and what was wrong.
 */
gboolean miyin_look_verify(GBytes *copy, const miyin_sheets *sheets,
			   const miyin_order *order, GError **error);

#endif
