/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A document's pages with nothing on them but stripes that tell which way is
 * down: laid out as the document itself is, they show how far each page was
 * turned, whatever stands on it.
 */
#ifndef MIYIN_COLLECT_BARE_H
#define MIYIN_COLLECT_BARE_H

#include <glib.h>
#include <qpdf/qpdf-c.h>

/*
 * Write pages of the same boxes, unless layout leaves all of them as they are:
 * pages that are no wider than high, on such paper. For a process that may read
 * hostile files.
 *
 *   turns   layout is asked to turn pages, or may be
 *
 * FALSE when it cannot be done.
 */
gboolean miyin_bare_write(qpdf_data document, gboolean turns, int fd);

/* 0 to 255 of a row of pixels, of so many, from the top. */
unsigned miyin_bare_grey(int row, int n_rows);

/*
 * The turn of each page, from their pictures.
 *
 *   pictures   of the pages laid out, grey: PGM files, one after another
 *
 * Returns a digit a picture: quarters clockwise that its reader turns it. Free
 * with g_free.
 */
char *miyin_bare_read(GBytes *pictures);

#endif
