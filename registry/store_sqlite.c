/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store.h"
#include <miyin/error.h>
#include <glib/gi18n.h>
#include <errno.h>
#include <sqlite3.h>
#include <sys/stat.h>

#define WAIT_MS_MAX 50 /* between two tries of a busy file */

struct miyin_database {
	sqlite3 *file;
};

struct miyin_rows {
	miyin_register *reg;
	sqlite3_stmt *statement;
	int status;   /* of the last step */
	int expected; /* column of the next question, most likely */
};

/* With synchronous FULL instead of EXTRA a power cut just after a commit can
 * bring back the journal, and with it forget a page that is on paper
 * (sqlite.org/pragma.html). */
static const char settings[] = "PRAGMA journal_mode=DELETE;"
			       "PRAGMA synchronous=EXTRA;"
			       "PRAGMA foreign_keys=ON;"
			       "PRAGMA recursive_triggers=ON;"
			       "PRAGMA trusted_schema=OFF;"
			       "PRAGMA cell_size_check=ON;"
			       "PRAGMA mmap_size=0;"
			       "PRAGMA temp_store=MEMORY;"
			       "PRAGMA secure_delete=ON;";

/* ---- errors ------------------------------------------------------------ */

/* What SQLite said, in the reader's language where it is usual. */
static const char *words_for(const char *said)
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

static gboolean fail(miyin_register *reg, GError **error)
{
	int code = sqlite3_errcode(reg->database->file);

	return miyin_fail(error,
			  code == SQLITE_BUSY || code == SQLITE_LOCKED
				  ? MIYIN_ERROR_BUSY
				  : MIYIN_ERROR_SYSTEM,
			  _("The register does not answer: %s."),
			  words_for(sqlite3_errmsg(reg->database->file)));
}

/* ---- statements -------------------------------------------------------- */

static int bind_value(sqlite3_stmt *statement, const miyin_value *value)
{
	g_autofree char *name = g_strconcat(":", value->name, NULL);
	int at = sqlite3_bind_parameter_index(statement, name);

	if (at == 0)
		g_error("%s is not in: %s", name, sqlite3_sql(statement));
	switch (value->kind) {
	case MIYIN_VALUE_NUMBER:
		return sqlite3_bind_int64(statement, at, value->number);
	case MIYIN_VALUE_TEXT:
		return sqlite3_bind_text(statement, at, value->bytes, -1,
					 SQLITE_TRANSIENT);
	case MIYIN_VALUE_BYTES:
		return sqlite3_bind_blob64(statement, at, value->bytes,
					   (sqlite3_uint64)value->number,
					   SQLITE_TRANSIENT);
	}
	return SQLITE_MISUSE;
}

static gboolean bind(sqlite3_stmt *statement, const miyin_value *values)
{
	int n = 0;

	for (; values && values[n].name; n++)
		if (bind_value(statement, &values[n]) != SQLITE_OK)
			return FALSE;
	if (n != sqlite3_bind_parameter_count(statement))
		g_error("%d values for: %s", n, sqlite3_sql(statement));
	return TRUE;
}

miyin_rows *miyin_store_select(miyin_register *reg, const char *sql,
			       const miyin_value *values, GError **error)
{
	g_autoptr(miyin_rows) rows = g_new0(miyin_rows, 1);

	rows->reg = reg;
	rows->status = SQLITE_ROW;
	if (sqlite3_prepare_v2(reg->database->file, sql, -1, &rows->statement,
			       NULL) == SQLITE_OK &&
	    bind(rows->statement, values))
		return g_steal_pointer(&rows);
	fail(reg, error);
	return NULL;
}

gboolean miyin_rows_next(miyin_rows *rows)
{
	if (!rows || rows->status != SQLITE_ROW)
		return FALSE;
	rows->status = sqlite3_step(rows->statement);
	rows->expected = 0;
	return rows->status == SQLITE_ROW;
}

gboolean miyin_rows_end(miyin_rows *rows, GError **error)
{
	if (!rows)
		return FALSE;
	return rows->status == SQLITE_DONE || fail(rows->reg, error);
}

void miyin_rows_free(miyin_rows *rows)
{
	if (!rows)
		return;
	sqlite3_finalize(rows->statement);
	g_free(rows);
}

/* Most ask for the columns in their order. */
static int find_column(miyin_rows *rows, const char *name)
{
	int n = sqlite3_column_count(rows->statement);

	for (int i = 0; i < n; i++) {
		int at = (rows->expected + i) % n;

		if (g_str_equal(sqlite3_column_name(rows->statement, at),
				name)) {
			rows->expected = at + 1;
			return at;
		}
	}
	g_error("no %s in: %s", name, sqlite3_sql(rows->statement));
}

gint64 miyin_rows_number(miyin_rows *rows, const char *column)
{
	return sqlite3_column_int64(rows->statement, find_column(rows, column));
}

const char *miyin_rows_text(miyin_rows *rows, const char *column)
{
	const unsigned char *text =
		sqlite3_column_text(rows->statement, find_column(rows, column));

	return text ? (const char *)text : "";
}

const void *miyin_rows_bytes(miyin_rows *rows, const char *column,
			     gsize *length)
{
	const int at = find_column(rows, column);
	const void *bytes = sqlite3_column_blob(rows->statement, at);

	*length = (gsize)sqlite3_column_bytes(rows->statement, at);
	return bytes ? bytes : "";
}

gboolean miyin_rows_value(miyin_rows *rows, int at, miyin_value *value)
{
	sqlite3_stmt *row = rows->statement;

	if (at >= sqlite3_column_count(row))
		return FALSE;
	value->name = sqlite3_column_name(row, at);
	value->kind = sqlite3_column_type(row, at) == SQLITE_INTEGER
			      ? MIYIN_VALUE_NUMBER
			      : MIYIN_VALUE_TEXT;
	value->number = sqlite3_column_int64(row, at);
	value->bytes = value->kind == MIYIN_VALUE_TEXT
			       ? (const char *)sqlite3_column_text(row, at)
			       : NULL;
	return TRUE;
}

const char *miyin_rows_keep(miyin_rows *rows, const char *column,
			    GStringChunk *text)
{
	return g_string_chunk_insert_const(text, miyin_rows_text(rows, column));
}

gboolean miyin_store_run(miyin_register *reg, const char *sql,
			 const miyin_value *values, int *changes,
			 GError **error)
{
	g_autoptr(miyin_rows) rows =
		miyin_store_select(reg, sql, values, error);

	while (miyin_rows_next(rows))
		;
	if (!miyin_rows_end(rows, error))
		return FALSE;
	if (changes)
		*changes = sqlite3_changes(reg->database->file);
	return TRUE;
}

gboolean miyin_store_insert(miyin_register *reg, const char *table,
			    const miyin_value *values, gint64 *id,
			    GError **error)
{
	g_autoptr(GString) sql = g_string_new("INSERT INTO ");
	g_autoptr(GString) parameters = g_string_new(NULL);

	g_string_append(sql, table);
	for (int i = 0; values[i].name; i++) {
		g_string_append_printf(sql, "%s%s", i == 0 ? "(" : ", ",
				       values[i].name);
		g_string_append_printf(parameters, "%s:%s", i == 0 ? "" : ", ",
				       values[i].name);
	}
	g_string_append_printf(sql, ") VALUES(%s)", parameters->str);
	if (!miyin_store_run(reg, sql->str, values, NULL, error))
		return FALSE;
	if (id)
		*id = sqlite3_last_insert_rowid(reg->database->file);
	return TRUE;
}

gboolean miyin_store_number(miyin_register *reg, const char *sql,
			    const miyin_value *values, gint64 *number,
			    GError **error)
{
	g_autoptr(miyin_rows) rows =
		miyin_store_select(reg, sql, values, error);

	if (miyin_rows_next(rows)) {
		*number = sqlite3_column_int64(rows->statement, 0);
		return TRUE;
	}
	return rows && fail(reg, error);
}

gboolean miyin_store_text(miyin_register *reg, const char *sql,
			  const miyin_value *values, char **text,
			  GError **error)
{
	g_autoptr(miyin_rows) rows =
		miyin_store_select(reg, sql, values, error);

	*text = NULL;
	if (!miyin_rows_next(rows))
		return miyin_rows_end(rows, error);
	*text = g_strdup((const char *)sqlite3_column_text(rows->statement, 0));
	return TRUE;
}

gboolean miyin_store_execute(miyin_register *reg, const char *sql,
			     GError **error)
{
	return sqlite3_exec(reg->database->file, sql, NULL, NULL, NULL) ==
		       SQLITE_OK ||
	       fail(reg, error);
}

/* ---- transactions ------------------------------------------------------ */

gboolean miyin_store_begin(miyin_register *reg, GError **error)
{
	return miyin_store_execute(reg, "BEGIN IMMEDIATE", error);
}

void miyin_store_rollback(miyin_register *reg)
{
	if (!sqlite3_get_autocommit(reg->database->file))
		sqlite3_exec(reg->database->file, "ROLLBACK", NULL, NULL, NULL);
}

gboolean miyin_store_commit(miyin_register *reg, GError **error)
{
	if (miyin_store_execute(reg, "COMMIT", error))
		return TRUE;
	miyin_store_rollback(reg);
	return FALSE;
}

/* ---- the file ---------------------------------------------------------- */

/* Wait for a file that is busy (sqlite3_busy_handler). By the clock: how long
 * one try takes depends on the disk. */
static int wait_for(void *data, int n_times)
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

static gboolean configure(miyin_register *reg, GError **error)
{
	sqlite3 *file = reg->database->file;

	sqlite3_busy_handler(file, wait_for, reg);
	sqlite3_db_config(file, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(file, SQLITE_DBCONFIG_ENABLE_TRIGGER, 1, NULL);
	sqlite3_db_config(file, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
	sqlite3_db_config(file, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_db_config(file, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	return miyin_store_execute(reg, settings, error);
}

gboolean miyin_store_open(miyin_register *reg, const char *path,
			  gboolean create, GError **error)
{
	const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_PRIVATECACHE |
			  (create ? SQLITE_OPEN_CREATE : 0);
	const mode_t mask = umask(077);
	sqlite3 *file;
	int status;

	reg->database = g_new0(miyin_database, 1);
	status = sqlite3_open_v2(path, &reg->database->file, flags, NULL);
	umask(mask);
	if (status == SQLITE_OK)
		return configure(reg, error);
	file = reg->database->file;
	if (!create && sqlite3_system_errno(file) == ENOENT)
		return miyin_fail(
			error, MIYIN_ERROR_SYSTEM,
			_("The register %s does not exist: no queue was "
			  "protected yet, or it is lost; then restore the "
			  "backup."),
			path);
	return miyin_fail(error, MIYIN_ERROR_SYSTEM,
			  _("The register %s cannot be opened: %s."), path,
			  words_for(sqlite3_errmsg(file)));
}

void miyin_store_close(miyin_register *reg)
{
	if (!reg->database)
		return;
	sqlite3_close(reg->database->file);
	g_clear_pointer(&reg->database, g_free);
}

gboolean miyin_store_read_version(miyin_register *reg, gint64 *version,
				  gint64 *id, gint64 *n_tables, GError **error)
{
	return miyin_store_number(reg, "PRAGMA user_version", NULL, version,
				  error) &&
	       miyin_store_number(reg, "PRAGMA application_id", NULL, id,
				  error) &&
	       miyin_store_number(reg, "SELECT count(*) FROM sqlite_schema",
				  NULL, n_tables, error);
}

gboolean miyin_store_write_version(miyin_register *reg, int version, int id,
				   GError **error)
{
	g_autofree char *sql = g_strdup_printf("PRAGMA user_version=%d;"
					       "PRAGMA application_id=%d",
					       version, id);

	return miyin_store_execute(reg, sql, error);
}

static void call_function(sqlite3_context *context, int n,
			  sqlite3_value **values)
{
	char *(*function)(const char *) = sqlite3_user_data(context);

	(void)n;
	sqlite3_result_text(
		context, function((const char *)sqlite3_value_text(values[0])),
		-1, g_free);
}

void miyin_store_define(miyin_register *reg, const char *name,
			char *(*function)(const char *text))
{
	sqlite3_create_function(reg->database->file, name, 1, SQLITE_UTF8,
				function, function ? call_function : NULL, NULL,
				NULL);
}

static gboolean fail_copy(const char *said, GError **error)
{
	return miyin_fail(error, MIYIN_ERROR_SYSTEM,
			  _("The register cannot be copied: %s."),
			  words_for(said));
}

static gboolean copy_to(miyin_register *reg, sqlite3 *to, GError **error)
{
	sqlite3_backup *backup =
		sqlite3_backup_init(to, "main", reg->database->file, "main");
	int status;

	if (!backup)
		return fail_copy(sqlite3_errmsg(to), error);
	for (int n = 0;; n++) {
		status = sqlite3_backup_step(backup, -1);
		if ((status != SQLITE_BUSY && status != SQLITE_LOCKED) ||
		    !wait_for(reg, n))
			break;
	}
	sqlite3_backup_finish(backup);
	return status == SQLITE_DONE ||
	       fail_copy(sqlite3_errstr(status), error);
}

gboolean miyin_store_copy(miyin_register *reg, const char *path, GError **error)
{
	const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW;
	sqlite3 *to = NULL;
	const gboolean ok =
		sqlite3_open_v2(path, &to, flags, NULL) == SQLITE_OK
			? copy_to(reg, to, error)
			: miyin_fail(error, MIYIN_ERROR_SYSTEM, "%s: %s", path,
				     words_for(sqlite3_errmsg(to)));

	sqlite3_close(to);
	return ok;
}
