/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A plain text as it was sent: which encoding it is in, and the same as
 * UTF-8. */
#ifndef MIYIN_COLLECT_TEXT_H
#define MIYIN_COLLECT_TEXT_H

#include <glib.h>

/* Is a text of another width than bytes marked as one: UTF-16, UTF-32? */
gboolean miyin_text_is_wide(const guint8 *bytes, gsize length);

/*
 * A text that is not UTF-8 as UTF-8, without a byte order mark: from UTF-16 and
 * UTF-32 that begin with theirs, else from GB18030. Length n, and a zero.
 *
 * NULL: it is none of these. A text in Latin-1 or Big5 often is GB18030 by its
 * bytes too, and would come out as other characters; that is looked for.
 */
char *miyin_text_read(const guint8 *bytes, gsize length, gsize *n);

#endif
