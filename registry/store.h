/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the register's own files share: one SQLite connection, statements
 * with bound values, and transactions that are durable when they return.
 */
#ifndef MIYIN_STORE_H
#define MIYIN_STORE_H

#include <glib.h>
#include <sqlite3.h>
#include <miyin/register.h>

struct miyin_register {
	sqlite3 *db;
	char *dir;		/* of the file; the job locks are in it */
	int lock_fd;		/* -1: no job is held */
	char *lock_path;
};

/* BEGIN IMMEDIATE: writers queue up instead of failing in the middle. */
gboolean miyin_store_begin(miyin_register *reg, GError **error);
gboolean miyin_store_commit(miyin_register *reg, GError **error);
void miyin_store_rollback(miyin_register *reg);

/*
 * Run one statement. Types, one letter a value: i int, l gint64, s text (NULL
 * is NULL).
 *
 *   changes   how many rows it changed; may be NULL
 */
gboolean miyin_store_run(miyin_register *reg, int *changes, GError **error,
			 const char *sql, const char *types, ...);

/* A statement with its values bound, for stepping; NULL on failure. */
sqlite3_stmt *miyin_store_select(miyin_register *reg, GError **error,
				 const char *sql, const char *types, ...);

/* The number in the only row of a statement, which it finalizes. NULL, as from
 * a miyin_store_select that failed, is FALSE with the error that it set. */
gboolean miyin_store_number(miyin_register *reg, sqlite3_stmt *take_statement,
			    gint64 *number, GError **error);

/* A column as text, "" for NULL. Lives until the next step. */
const char *miyin_store_text(sqlite3_stmt *statement, int column);

/* Set *error to what SQLite says. Always FALSE. */
gboolean miyin_store_fail(miyin_register *reg, GError **error);

/* Now, as the register writes it. Free with g_free. */
char *miyin_store_now(void);

/* Enter an event. Part of the caller's transaction. */
gboolean miyin_store_event(miyin_register *reg, const miyin_event *event,
			   GError **error);

/* Enter an event about a copy; who, what and where come from its job. */
gboolean miyin_store_copy_event(miyin_register *reg, gint64 copy,
				const char *event, const char *result,
				unsigned pages, const char *detail,
				GError **error);

#endif
