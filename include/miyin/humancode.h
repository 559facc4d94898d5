/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The code beside each QR code, for people to read out and type:
 * XXXX-XXXX-XXXX is 8 characters of copy id (40 bits), 2 of page (10 bits) and
 * 2 Reed-Solomon check characters over GF(32), generator (x-a)(x-a^2),
 * polynomial x^5+x^2+1. Any one or two wrong or swapped characters show.
 */
#ifndef MIYIN_HUMANCODE_H
#define MIYIN_HUMANCODE_H

#include <glib.h>

#define MIYIN_HUMANCODE_LENGTH 14 /* with its two hyphens */

/*
 * Write the code of a page.
 *
 *   copy_id   below 2^40
 *   page      1-1023
 *   text      MIYIN_HUMANCODE_LENGTH + 1 bytes
 */
void miyin_humancode_format(guint64 copy_id, unsigned page,
			    char text[MIYIN_HUMANCODE_LENGTH + 1]);

/*
 * Read a typed code; spaces, hyphens and lower case are forgiven.
 *
 * Errors: INPUT when it is not 12 characters of the alphabet or the check
 * characters do not hold; then *hint, when not NULL, gets the one code that
 * differs in a single character (free with g_free), or NULL.
 */
gboolean miyin_humancode_parse(const char *text, guint64 *copy_id,
			       unsigned *page, char **hint, GError **error);

#define MIYIN_COPYCODE_LENGTH 9 /* with its hyphen */

/* Write the copy's part of its human codes, XXXX-XXXX, which the register's
 * lists print; text has MIYIN_COPYCODE_LENGTH + 1 bytes. */
void miyin_copycode_format(guint64 copy_id,
			   char text[MIYIN_COPYCODE_LENGTH + 1]);

/* Read one that was typed, as above; FALSE when it is none. It has no check
 * characters: one that is mistyped is another copy's, or nobody's. */
gboolean miyin_copycode_parse(const char *text, guint64 *copy_id);

#endif
