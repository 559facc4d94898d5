/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pages of a trusted PDF (our marks) as form XObjects of a tail, with all
 * that they use, each object once.
 */
#ifndef MIYIN_EMBED_H
#define MIYIN_EMBED_H

#include <glib.h>
#include "pdfwriter.h"

/*
 * Embed all pages.
 *
 *   forms   GArray of unsigned: the object number of each page's form
 *
 * Errors: INPUT when qpdf cannot read the PDF.
 */
gboolean miyin_embed_pages(miyin_pdfwriter *tail, const GByteArray *pdf,
			   GArray **forms, GError **error);

#endif
