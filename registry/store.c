/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store.h"
#include <miyin/error.h>
#include <glib/gi18n.h>
#include <stdarg.h>

#define WAIT_MS_MAX 50 /* between two tries of a busy register */

const char *miyin_store_words(const char *said)
{
	static const char *const usual[] = {
		N_("database is locked"),
		N_("database table is locked"),
		N_("database disk image is malformed"),
		N_("file is not a database"),
		N_("database or disk is full"),
		N_("attempt to write a readonly database"),
		N_("unable to open database file"),
		N_("disk I/O error"),
		N_("locking protocol"),
		N_("access permission denied"),
		N_("out of memory"),
	};

	for (unsigned i = 0; i < G_N_ELEMENTS(usual); i++)
		if (g_str_equal(said, usual[i]))
			return _(usual[i]);
	return said;
}

gboolean miyin_store_fail(miyin_register *reg, GError **error)
{
	int code = sqlite3_errcode(reg->db);

	g_set_error(error, MIYIN_ERROR,
		    code == SQLITE_BUSY || code == SQLITE_LOCKED
			    ? MIYIN_ERROR_BUSY
			    : MIYIN_ERROR_SYSTEM,
		    _("The register does not answer: %s."),
		    miyin_store_words(sqlite3_errmsg(reg->db)));
	return FALSE;
}

static gboolean bind(sqlite3_stmt *statement, const char *types, va_list values)
{
	int status = SQLITE_OK;

	for (int i = 1; *types && status == SQLITE_OK; types++, i++)
		switch (*types) {
		case 'i':
			status = sqlite3_bind_int(statement, i,
						  va_arg(values, int));
			break;
		case 'l':
			status = sqlite3_bind_int64(statement, i,
						    va_arg(values, gint64));
			break;
		default:
			status = sqlite3_bind_text(statement, i,
						   va_arg(values, const char *),
						   -1, SQLITE_TRANSIENT);
		}
	return status == SQLITE_OK;
}

static sqlite3_stmt *prepare(miyin_register *reg, GError **error,
			     const char *sql, const char *types, va_list values)
{
	sqlite3_stmt *statement = NULL;

	if (sqlite3_prepare_v2(reg->db, sql, -1, &statement, NULL) !=
		    SQLITE_OK ||
	    !bind(statement, types, values)) {
		miyin_store_fail(reg, error);
		sqlite3_finalize(statement);
		return NULL;
	}
	return statement;
}

gboolean miyin_store_run(miyin_register *reg, int *changes, GError **error,
			 const char *sql, const char *types, ...)
{
	sqlite3_stmt *statement;
	va_list values;
	int status;

	va_start(values, types);
	statement = prepare(reg, error, sql, types, values);
	va_end(values);
	if (!statement)
		return FALSE;
	do
		status = sqlite3_step(statement);
	while (status == SQLITE_ROW);
	sqlite3_finalize(statement);
	if (status != SQLITE_DONE)
		return miyin_store_fail(reg, error);
	if (changes)
		*changes = sqlite3_changes(reg->db);
	return TRUE;
}

gboolean miyin_store_begin(miyin_register *reg, GError **error)
{
	return miyin_store_run(reg, NULL, error, "BEGIN IMMEDIATE", "");
}

gboolean miyin_store_begin_must(miyin_register *reg, GError **error)
{
	reg->must = TRUE;
	if (miyin_store_begin(reg, error))
		return TRUE;
	reg->must = FALSE;
	return FALSE;
}

void miyin_store_rollback(miyin_register *reg)
{
	reg->must = FALSE;
	reg->first_new = 0;
	if (!sqlite3_get_autocommit(reg->db))
		sqlite3_exec(reg->db, "ROLLBACK", NULL, NULL, NULL);
}

gboolean miyin_store_commit(miyin_register *reg, GError **error)
{
	miyin_head head = { 0 };
	/* What is on paper already is settled all the same. */
	gboolean must = reg->must;
	GError **reason = must ? NULL : error;

	if ((reg->first_new != 0 &&
	     !miyin_store_read_head(reg, &head, reason) && !must) ||
	    !miyin_store_run(reg, NULL, error, "COMMIT", "")) {
		miyin_store_rollback(reg);
		return FALSE;
	}
	reg->must = FALSE;
	reg->first_new = 0;
	return head.seq == 0 || miyin_store_write_head(reg, &head, reason) ||
	       must;
}

sqlite3_stmt *miyin_store_select(miyin_register *reg, GError **error,
				 const char *sql, const char *types, ...)
{
	sqlite3_stmt *statement;
	va_list values;

	va_start(values, types);
	statement = prepare(reg, error, sql, types, values);
	va_end(values);
	return statement;
}

gboolean miyin_store_step(miyin_register *reg, sqlite3_stmt *statement,
			  gboolean *row, GError **error)
{
	int status = sqlite3_step(statement);

	if (status != SQLITE_ROW && status != SQLITE_DONE)
		return miyin_store_fail(reg, error);
	*row = status == SQLITE_ROW;
	return TRUE;
}

gboolean miyin_store_number(miyin_register *reg, sqlite3_stmt *take_statement,
			    gint64 *number, GError **error)
{
	gboolean ok;

	if (!take_statement)
		return FALSE;
	ok = sqlite3_step(take_statement) == SQLITE_ROW;
	if (ok)
		*number = sqlite3_column_int64(take_statement, 0);
	else
		miyin_store_fail(reg, error);
	sqlite3_finalize(take_statement);
	return ok;
}

const char *miyin_store_text(sqlite3_stmt *statement, int column)
{
	const char *text = (const char *)sqlite3_column_text(statement, column);

	return text ? text : "";
}

const char *miyin_store_keep(GStringChunk *text, sqlite3_stmt *row, int column)
{
	return g_string_chunk_insert_const(text, miyin_store_text(row, column));
}

/* By the clock: how long one try takes depends on the disk. */
int miyin_store_wait(void *data, int n_times)
{
	miyin_register *reg = data;
	gint64 now = g_get_monotonic_time();

	if (n_times == 0)
		reg->busy_since = now;
	if ((reg->stop && *reg->stop && !reg->must) ||
	    now - reg->busy_since >= (gint64)reg->wait_s * G_USEC_PER_SEC)
		return 0;
	g_usleep(MIN(n_times + 1, WAIT_MS_MAX) * 1000);
	return 1;
}

char *miyin_store_now(void)
{
	g_autoptr(GDateTime) now = g_date_time_new_now_utc();

	return g_date_time_format(now, "%Y-%m-%dT%H:%M:%S+00:00");
}

static gboolean entered(miyin_register *reg, gboolean ok)
{
	if (ok && reg->first_new == 0)
		reg->first_new = sqlite3_last_insert_rowid(reg->db);
	return ok;
}

gboolean miyin_store_event(miyin_register *reg, const miyin_event *event,
			   GError **error)
{
	g_autofree char *now = miyin_store_now();
	gboolean ok = miyin_store_run(
		reg, NULL, error,
		"INSERT INTO events(at, event, result, reason, detail, user,"
		" host, printer, job_id, level, period, reference, title,"
		" serial, holder, pages, copy_code)"
		" VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
		"ssssssssissssisis", now, event->event, event->result,
		event->reason ? event->reason : "",
		event->detail ? event->detail : "",
		event->user ? event->user : "", event->host ? event->host : "",
		event->printer ? event->printer : "", event->job_id,
		event->level ? event->level : "",
		event->period ? event->period : "",
		event->reference ? event->reference : "",
		event->title ? event->title : "", (int)event->serial,
		event->holder ? event->holder : "", (int)event->pages,
		event->copy_code ? event->copy_code : "");

	return entered(reg, ok);
}

gboolean miyin_store_enter(miyin_register *reg, const miyin_event *event,
			   GError **error)
{
	if (!miyin_store_begin(reg, error))
		return FALSE;
	if (miyin_store_event(reg, event, error))
		return miyin_store_commit(reg, error);
	miyin_store_rollback(reg);
	return FALSE;
}

gboolean miyin_store_copy_event(miyin_register *reg, gint64 copy,
				const char *event, const char *result,
				unsigned pages, const char *detail,
				GError **error)
{
	g_autofree char *now = miyin_store_now();
	gboolean ok = miyin_store_run(
		reg, NULL, error,
		"INSERT INTO events(at, event, result, reason, detail, user,"
		" host, printer, job_id, level, period, reference, title,"
		" serial, holder, pages, copy_code)"
		" SELECT ?, ?, ?, '', ?, j.user, j.host, j.printer, j.job_id,"
		" j.level, j.period, coalesce(d.reference, ''), j.title,"
		" c.serial, c.holder, ?, c.copy_code"
		" FROM copies c JOIN jobs j ON j.id = c.job"
		" JOIN documents d ON d.id = c.document WHERE c.id = ?",
		"ssssil", now, event, result, detail ? detail : "", (int)pages,
		copy);

	return entered(reg, ok);
}
