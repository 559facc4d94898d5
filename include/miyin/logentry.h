/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An entry of the log: its number, the hash of all before it, and the rows that
 * were written together, as bytes (doc/format-log.md).
 */
#ifndef MIYIN_LOGENTRY_H
#define MIYIN_LOGENTRY_H

#include <miyin/tree.h>

#define MIYIN_LOGENTRY_LENGTH_MAX (4 * 1024 * 1024)

typedef struct {
	guint64 number; /* from 1 */
	guint64 key;	/* which one it is sealed with */
	miyin_hash before;
	char at[26]; /* 2026-11-21T20:27:15+00:00 */
} miyin_logentry;

/* A row as it is then. Borrowed; table and key end with a zero byte when they
 * are given, and not when they are read. */
typedef struct {
	const char *table, *key;
	const guint8 *image;
	gsize n_table, n_key, n_image;
} miyin_logentry_row;

/* Begin one, and add rows to it. */
GByteArray *miyin_logentry_begin(const miyin_logentry *entry);
void miyin_logentry_add(GByteArray *bytes, const char *table, const char *key,
			const void *image, gsize length);

/* The image of a row, column by column. text may be NULL. */
void miyin_logentry_add_number(GByteArray *image, const char *column,
			       gint64 number);
void miyin_logentry_add_text(GByteArray *image, const char *column,
			     const char *text);

/*
 * Read one.
 *
 *   entry   filled only on success
 *   rows    GArray of miyin_logentry_row, in bytes; unref it
 *
 * Errors: INPUT when they are not what the functions above make.
 */
gboolean miyin_logentry_parse(const guint8 *bytes, gsize length,
			      miyin_logentry *entry, GArray **rows,
			      GError **error);

/* after = H(before || bytes): what the next entry has as before. */
void miyin_logentry_chain(miyin_suite *suite, const miyin_hash *before,
			  const void *bytes, gsize length, miyin_hash *after);

#endif
