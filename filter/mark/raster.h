/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A document as pictures: each page as Poppler paints it, upright, in a base
 * that holds nothing else. Whatever two readers of PDF may see differently in
 * the user's file is gone then.
 *
 * Memory: one page's pixels, and one page's picture compressed.
 */
#ifndef MIYIN_RASTER_H
#define MIYIN_RASTER_H

#include <glib.h>
#include <miyin/sheets.h>

/*
 * Write the base of pictures: 600 dpi grey for a page without colour, 300 dpi
 * for one with. A page larger than A3, or one that needs too much memory, gets
 * as many as the memory allows.
 *
 *   fd       gets the base, from its present place
 *   sheets   of the document, turned; afterwards of the base on fd
 *   dpi      the least of all pages
 *
 * Errors: damaged when Poppler cannot open or paint the document or sees other
 * pages than sheets does; SYSTEM.
 */
gboolean miyin_raster(int fd, GBytes *pdf, miyin_sheets *sheets, double *dpi,
		      GError **error);

#endif
