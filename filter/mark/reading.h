/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the first pages of a document say of themselves, read twice: by their
 * text, and by their picture, as a reader of the paper would. The text of a
 * PDF need not be what it draws (/ActualText, a /ToUnicode that lies, letters
 * in white, fonts without names, outlines, scans); what is drawn has no
 * order of its own. A level counts that either of them shows.
 */
#ifndef MIYIN_READING_H
#define MIYIN_READING_H

#include "ocr.h"
#include <glib.h>
#include <miyin/order.h>

typedef struct {
	int level;	     /* place among the levels, or -1 */
	char *period;	     /* that stands behind it, as it stands, or NULL */
	unsigned unreadable; /* the first page whose text is not what it shows,
				1 up; 0: none */
} miyin_reading;

/* What is read, and for what. */
typedef struct {
	GBytes *pdf;	   /* as it was sent */
	GBytes *printed;   /* its pages as they are printed; NULL: the same */
	const char *words; /* of a plain text, U+2028 where a line ends */
	miyin_ocr *ocr;	   /* that is ready, borrowed; NULL: there is none */
	const miyin_order_level *levels;
	unsigned n_levels;
	unsigned first, last; /* pages to look at, 1 up; those without ink do
				 not count. With the first one, the first with
				 ink of those that are printed is looked at,
				 too, unless it shows what one of the
				 others does */
} miyin_reading_question;

/* Read a document. Errors: MISSING as miyin_ocr_new; the refusal damaged. */
gboolean miyin_reading_read(const miyin_reading_question *asked,
			    miyin_reading *reading, GError **error);

#endif
