/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Codes that a document brings along: it holds the picture of a marked copy,
 * and a scan of what is printed would lead to that one's holder.
 */
#ifndef MIYIN_CARRIED_H
#define MIYIN_CARRIED_H

#include <glib.h>
#include <poppler.h>

/*
 * Whether a page shows a code that says what ours say, true or forged.
 *
 * Errors: as miyin_canvas_close.
 */
gboolean miyin_carried_find(PopplerPage *page, gboolean *carried,
			    GError **error);

#endif
