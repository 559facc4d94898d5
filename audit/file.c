/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "file.h"

#include <glib/gi18n.h>

#include <miyin/error.h>

#define WAIT_MS 60000

static gboolean fail(file_database *db, GError **error)
{
	return miyin_fail(error, MIYIN_ERROR_SYSTEM,
			  _("The register cannot be read: %s."),
			  sqlite3_errmsg(db));
}

file_database *file_open(const char *path, GError **error)
{
	/* After a crash SQLite has to take back what was half written; nothing
	 * else is. */
	const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_PRIVATECACHE;
	file_database *db = NULL;

	if (sqlite3_open_v2(path, &db, flags, NULL) == SQLITE_OK) {
		sqlite3_busy_timeout(db, WAIT_MS);
		sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
		sqlite3_exec(db,
			     "PRAGMA query_only=ON;"
			     "PRAGMA trusted_schema=OFF;"
			     "PRAGMA cell_size_check=ON",
			     NULL, NULL, NULL);
		return db;
	}
	miyin_fail(error, MIYIN_ERROR_SYSTEM, "%s: %s", path,
		   sqlite3_errmsg(db));
	sqlite3_close(db);
	return NULL;
}

void file_close(file_database *db)
{
	sqlite3_close(db);
}

gboolean file_hold(file_database *db, GError **error)
{
	return sqlite3_exec(db, "BEGIN", NULL, NULL, NULL) == SQLITE_OK ||
	       fail(db, error);
}

file_rows *file_select(file_database *db, const char *sql, gint64 first,
		       gint64 second, GError **error)
{
	file_rows *rows = NULL;

	if (sqlite3_prepare_v2(db, sql, -1, &rows, NULL) != SQLITE_OK) {
		fail(db, error);
		return NULL;
	}
	if (sqlite3_bind_parameter_count(rows) > 0)
		sqlite3_bind_int64(rows, 1, first);
	if (sqlite3_bind_parameter_count(rows) > 1)
		sqlite3_bind_int64(rows, 2, second);
	return rows;
}

gboolean file_next(file_rows *rows, GError **error)
{
	int status = rows ? sqlite3_step(rows) : SQLITE_DONE;

	if (status != SQLITE_ROW && status != SQLITE_DONE)
		fail(sqlite3_db_handle(rows), error);
	return status == SQLITE_ROW;
}

const char *file_text(file_rows *rows, int column, gsize *length)
{
	const char *text = (const char *)sqlite3_column_text(rows, column);

	if (length)
		*length = (gsize)sqlite3_column_bytes(rows, column);
	return text ? text : "";
}
