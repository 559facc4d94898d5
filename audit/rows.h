/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows of the tables as the entries of the log have them. */
#ifndef MIYIN_ROWS_H
#define MIYIN_ROWS_H

#include "file.h"
#include "pieces.h"

typedef struct {
	guint64 number; /* of the entry that has it last */
	guint8 image[HASH];
} rows_row;

/* A table of "TABLE KEY" and rows_row. */
GHashTable *rows_new(void);

/* A row as an entry has it; FALSE: there is no such table. */
gboolean rows_enter(GHashTable *rows, miyin_suite *suite, const char *table,
		    const char *key, const guint8 *image, gsize length,
		    guint64 number);

/* A row that is not what the log says; number 0: the log has none of it. */
typedef void (*rows_told)(const char *table, const char *name, guint64 number,
			  gpointer data);

/* Compare with the tables, and take out of rows what is there. */
gboolean rows_compare(GHashTable *rows, miyin_suite *suite, file_database *db,
		      rows_told tell, gpointer data, GError **error);

#endif
