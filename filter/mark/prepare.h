/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A user's PDF into a clean base: each page's content and printable
 * annotations as form XObjects, with their resources, and nothing else. qpdf
 * parses, repairs and decrypts. Of what goes on paper this is the only reader
 * of a user's PDF; before it miyinconvert counts the pages and has them laid
 * out, and what comes of that is a user's PDF still.
 */
#ifndef MIYIN_PREPARE_H
#define MIYIN_PREPARE_H

#include <glib.h>
#include <miyin/sheets.h>

/*
 * Make the base.
 *
 *   pdf        the document, kept alive by the caller until this returns
 *   base       the base file: classic cross-reference, no pages
 *   plain      the same pages as a document of its own: what looks at a
 *              document must look at this, which is what is printed, for two
 *              programs read one file of a user in two ways; may be NULL
 *   sheets     where the content of each page is in it
 *
 * Errors: the refusals password, damaged, no-pages, too-many-pages; too-large
 * for a sheet.
 */
gboolean miyin_prepare(GBytes *pdf, GBytes **base, GBytes **plain,
		       miyin_sheets **sheets, GError **error);

/* What the document paints, see identity.h, free with g_free; and its pages as
 * above, plain may be NULL. NULL and the errors of miyin_prepare. */
char *miyin_prepare_identity(GBytes *pdf, GBytes **plain, GError **error);

#endif
