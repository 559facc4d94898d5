/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The codes of one page. Readers and preparations are tried cheapest first,
 * until one gives a payload of our form; a page without any pays for all. Where
 * that is not two codes of one copy in the page's outer parts, as on a sheet as
 * it was printed, the other quick ones are tried, too: what was read may be a
 * picture in the document, and the sheet's own be harder to read.
 */
#ifndef MIYIN_TRACE_DECODE_H
#define MIYIN_TRACE_DECODE_H

#include <glib.h>
#include <leptonica/allheaders.h>
#include <miyin/code.h>

typedef struct {
	miyin_code_kind kind;
	char *text;	    /* UTF-8, as the reader gave it */
	gboolean ours;	    /* has the form of its kind */
	GArray *places;	    /* of miyin_corners, from the pass that saw most */
	const char *reader; /* the pass that saw it first; static */
} miyin_decoded;

/*
 * Read a page.
 *
 *   grey   8 bits a pixel, borrowed
 *
 * Returns an array of miyin_decoded that owns them, empty when there are none.
 */
GPtrArray *miyin_decode_page(PIX *grey);

#endif
