/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a reader has of a document, as two numbers: how its pages look, and what
 * is written on them; and whether they show another copy's codes. A document that a program saved anew ("print to PDF")
 * has other operators and paints the same; identity.h tells two such apart,
 * these do not.
 */
#ifndef MIYIN_APPEARANCE_H
#define MIYIN_APPEARANCE_H

#include <glib.h>

typedef struct {
	char *shown; /* of the pages' pictures, at 72 dpi and in colour; "" when
			nothing is on them */
	char *words; /* of their letters and digits in reading order, whatever
			their font, size, width and the pages they stand on; ""
			when they are too few to tell two documents apart */
	unsigned carried; /* the first page with a code of a marked copy, 1 up;
			     0: none */
} miyin_appearance;

/*
 * Look at a document.
 *
 *   pdf          the pages of miyin_prepare or miyin_prepare_identity
 *   appearance   SHA-256, 64 letters each; free with miyin_appearance_clear
 *
 * Errors: the refusal damaged; SYSTEM.
 */
gboolean miyin_appearance_read(GBytes *pdf, miyin_appearance *appearance,
			       GError **error);

void miyin_appearance_clear(miyin_appearance *appearance);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(miyin_appearance, miyin_appearance_clear)

#endif
