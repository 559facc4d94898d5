/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a document paints, as one number: the operators of its pages in their
 * normal form (normal.h) and all that they paint with, fonts and pictures
 * decoded. Dates, ids, metadata, structure, object numbers, compression,
 * names of resources and ToUnicode do not count.
 */
#ifndef MIYIN_IDENTITY_H
#define MIYIN_IDENTITY_H

#include <glib.h>
#include <miyin/sheets.h>
#include <qpdf/qpdf-c.h>

/*
 * Hash the pages.
 *
 *   index    an array of what the pages paint, three items a page
 *   sheets   their sizes
 *
 * Returns the SHA-256, 64 letters; NULL when it is deeper than any reader
 * goes. Free with g_free.
 */
char *miyin_identity_hash(qpdf_data q, qpdf_oh index,
			  const miyin_sheets *sheets);

#endif
