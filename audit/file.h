/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A register's file, read by itself: SQLite's rows and nothing of the store. */
#ifndef MIYIN_FILE_H
#define MIYIN_FILE_H

#include <glib.h>
#include <sqlite3.h>

typedef sqlite3 file_database;
typedef sqlite3_stmt file_rows;

file_database *file_open(const char *path, GError **error);
void file_close(file_database *db);

/* While it lasts nobody writes. */
gboolean file_hold(file_database *db, GError **error);

/* Rows, for file_next. Values are numbers, by their place from 1. */
file_rows *file_select(file_database *db, const char *sql, gint64 first,
		       gint64 second, GError **error);
/* TRUE: there is a row. FALSE and no error: there are no more. */
gboolean file_next(file_rows *rows, GError **error);

/* The whole text or bytes of a column, with a zero byte behind. */
const char *file_text(file_rows *rows, int column, gsize *length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(file_database, file_close)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(file_rows, sqlite3_finalize)

#endif
