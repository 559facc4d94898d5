/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bytes of a log, read again from doc/format-log.md alone. */
#ifndef MIYIN_PIECES_H
#define MIYIN_PIECES_H

#include <miyin/suite.h>

#define HASH MIYIN_HASH_LENGTH

typedef struct {
	const guint8 *at;
	gsize left;
} pieces;

/* The next field; FALSE: there is none. */
gboolean pieces_take(pieces *p, const guint8 **bytes, gsize *length);
/* The same as text; free with g_free. NULL: it is none. */
char *pieces_take_text(pieces *p);

void pieces_put(GByteArray *to, const void *bytes, gsize length);
void pieces_put_text(GByteArray *to, const char *text);

typedef struct {
	guint64 number, key;
	guint8 before[HASH];
	char *at;
} pieces_head;

/* What stands before the rows of an entry, which p has then. FALSE: it is no
 * entry. */
gboolean pieces_take_head(pieces *p, pieces_head *head);

/* A signed head, or NUMBER:ROOT, of which the first digits do. */
typedef struct {
	guint64 size;
	char *root;  /* hexadecimal */
	char *text;  /* with its signatures; NULL: it has none */
	char *words; /* what it is called */
} pieces_anchor;

gboolean pieces_read_anchor(const char *text, pieces_anchor *anchor);
void pieces_anchor_clear(pieces_anchor *anchor);
/* Whether a signature of it is that of a key. */
gboolean pieces_is_signed(const pieces_anchor *anchor, miyin_suite *suite,
			  EVP_PKEY *public);

char *pieces_hex(const guint8 *bytes, gsize length);
/* FALSE: they are not so many bytes. */
gboolean pieces_unhex(const char *hex, guint8 *bytes, gsize length);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(pieces_anchor, pieces_anchor_clear)

#endif
