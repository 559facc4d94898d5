/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which way up a page is read. pdftopdf turns pages to put them on the paper
 * (N-up, landscape) and does not tell how far; marks must stand upright with
 * the text, so the text is asked.
 */
#ifndef MIYIN_UPRIGHT_H
#define MIYIN_UPRIGHT_H

#include <glib.h>
#include <poppler.h>
#include <miyin/sheets.h>

/*
 * How far each page must be turned clockwise to have its text upright: 0, 90
 * or 180. A page without text follows the others of its size.
 *
 *   turns   one a page
 *
 * Text that runs downwards stays: that is how Chinese may be written.
 */
void miyin_upright_find(PopplerDocument *document, unsigned n_pages,
			int *turns);

/* The sheet as seen after the turn. */
void miyin_upright_turn(miyin_sheet *sheet, int turn);

/* Make a picture's context, in points from the upper left of the turned sheet,
 * that of Poppler's page. Poppler leaves /UserUnit to its caller; sheets are
 * in true points. */
void miyin_upright_transform(cairo_t *cr, PopplerPage *page,
			     const miyin_sheet *sheet, int turn);

#endif
