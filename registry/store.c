/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store.h"
#include <miyin/error.h>
#include <stdarg.h>

static gboolean bind(sqlite3_stmt *statement, const char *types,
		     va_list values);
static sqlite3_stmt *prepare(miyin_register *reg, GError **error,
			     const char *sql, const char *types,
			     va_list values);

gboolean miyin_store_begin(miyin_register *reg, GError **error)
{
	return miyin_store_run(reg, NULL, error, "BEGIN IMMEDIATE", "");
}

gboolean miyin_store_commit(miyin_register *reg, GError **error)
{
	if (miyin_store_run(reg, NULL, error, "COMMIT", ""))
		return TRUE;
	miyin_store_rollback(reg);
	return FALSE;
}

void miyin_store_rollback(miyin_register *reg)
{
	if (!sqlite3_get_autocommit(reg->db))
		sqlite3_exec(reg->db, "ROLLBACK", NULL, NULL, NULL);
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

gboolean miyin_store_fail(miyin_register *reg, GError **error)
{
	int code = sqlite3_errcode(reg->db);

	g_set_error(error, MIYIN_ERROR,
		    code == SQLITE_BUSY ? MIYIN_ERROR_BUSY
					: MIYIN_ERROR_SYSTEM,
		    "The register does not answer: %s.",
		    sqlite3_errmsg(reg->db));
	return FALSE;
}

char *miyin_store_now(void)
{
	g_autoptr(GDateTime) now = g_date_time_new_now_utc();

	return g_date_time_format(now, "%Y-%m-%dT%H:%M:%S+00:00");
}

gboolean miyin_store_event(miyin_register *reg, const miyin_event *event,
			   GError **error)
{
	g_autofree char *now = miyin_store_now();

	return miyin_store_run(
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
}

gboolean miyin_store_copy_event(miyin_register *reg, gint64 copy,
				const char *event, const char *result,
				unsigned pages, const char *detail,
				GError **error)
{
	g_autofree char *now = miyin_store_now();

	return miyin_store_run(
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
