/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which way up a page is read: as layout left it (collect_bare.h), but for a
 * page that was drawn to be turned, whose letters say so.
 */
#ifndef MIYIN_ORIENTATION_H
#define MIYIN_ORIENTATION_H

#include <glib.h>
#include <poppler.h>
#include <miyin/sheets.h>

/*
 * Turn all sheets, which stood as the paper does.
 *
 *   laid_out   a digit a page, quarters clockwise; "" or of another document:
 *              none is turned by layout
 *
 * The letters of a page are believed when there are many, nearly all run one
 * way, and they are all over the page: a line at its edge says nothing. Chinese
 * may be written downwards.
 */
void miyin_orientation_turn(PopplerDocument *document, const char *laid_out,
			    miyin_sheets *sheets);

/* Make a picture's context, in points from the upper left of the page as read,
 * that of Poppler's page, which is the paper. Poppler leaves /UserUnit to its
 * caller; sheets are in true points. */
void miyin_orientation_transform(cairo_t *cr, PopplerPage *page,
				 const miyin_sheet *sheet);

#endif
