/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A user's PDF into a clean base: each page's content and printable
 * annotations as form XObjects, with their resources, and nothing else. qpdf
 * parses, repairs and decrypts; this is the only place that reads user PDF.
 */
#ifndef MIYIN_PREPARE_H
#define MIYIN_PREPARE_H

#include <glib.h>
#include <miyin/sheets.h>

/*
 * Make the base.
 *
 *   pdf        the document, kept alive by the caller until this returns
 *   password   NULL or "": the empty one
 *   base       the base file: classic cross-reference, no pages
 *   sheets     where the content of each page is in it
 *
 * Errors: the refusals password, damaged, no-pages, too-many-pages.
 */
gboolean miyin_prepare(GBytes *pdf, const char *password, GBytes **base,
		       miyin_sheets **sheets, GError **error);

#endif
