/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store.h"
#include <miyin/error.h>
#include <string.h>

#define HASH_PREFIX_MIN 8

static void read_event(sqlite3_stmt *row, miyin_event *event);
static void read_copy(sqlite3_stmt *row, miyin_copy_record *copy);
static gboolean find_document(miyin_register *reg, const char *name,
			      gint64 *document, GError **error);
static int select_ids(miyin_register *reg, const char *sql, const char *key,
		      gint64 *document, GError **error);
static gboolean each_copy(miyin_register *reg, sqlite3_stmt *statement,
			  miyin_copy_func func, gpointer data, int *n,
			  GError **error);

#define COPY_COLUMNS                                                           \
	"SELECT c.copy_id, c.serial, c.copy_no, j.n_copies, j.pages,"          \
	" c.pages_done, c.state, c.holder,"                                    \
	" coalesce(d.reference, d.identity), j.title, j.scheme, j.level,"      \
	" j.period, j.user, j.host, j.printer, j.uuid, j.job_id, c.issued_at," \
	" coalesce(c.settled_at, ''),"                                         \
	" coalesce(substr(e.detail, length('verified ') + 1), '')"             \
	" FROM copies c JOIN jobs j ON j.id = c.job"                           \
	" JOIN documents d ON d.id = c.document"                               \
	" LEFT JOIN events e ON e.copy_code = c.copy_code AND"                 \
	" e.event = 'claim' "

gboolean miyin_register_log(miyin_register *reg,
			    const miyin_event_filter *filter,
			    miyin_event_func func, gpointer data,
			    GError **error)
{
	sqlite3_stmt *statement = miyin_store_select(
		reg, error,
		"SELECT seq, at, event, result, reason, detail, user, host,"
		" printer, job_id, level, period, reference, title, serial,"
		" holder, pages, copy_code FROM events WHERE"
		" (?1 IS NULL OR ?1 = '' OR at >= ?1) AND"
		" (?2 IS NULL OR ?2 = '' OR at <= ?2) AND"
		" (?3 IS NULL OR ?3 = '' OR user = ?3) AND"
		" (?4 IS NULL OR ?4 = '' OR printer = ?4) AND"
		" (?5 IS NULL OR ?5 = '' OR level = ?5) AND"
		" (?6 IS NULL OR ?6 = '' OR result = ?6) ORDER BY seq",
		"ssssss", filter->since, filter->until, filter->user,
		filter->printer, filter->level, filter->result);
	int status;

	if (!statement)
		return FALSE;
	while ((status = sqlite3_step(statement)) == SQLITE_ROW) {
		miyin_event event;

		read_event(statement, &event);
		if (!func(&event, data)) {
			status = SQLITE_DONE;
			break;
		}
	}
	sqlite3_finalize(statement);
	return status == SQLITE_DONE || miyin_store_fail(reg, error);
}

gboolean miyin_register_copies(miyin_register *reg, const char *document,
			       miyin_copy_func func, gpointer data,
			       GError **error)
{
	sqlite3_stmt *statement;
	gint64 id = 0;
	int n;

	if (!find_document(reg, document, &id, error))
		return FALSE;
	statement = miyin_store_select(reg, error,
				       COPY_COLUMNS "WHERE c.document = ?"
						    " ORDER BY c.serial",
				       "l", id);
	return statement && each_copy(reg, statement, func, data, &n, error);
}

gboolean miyin_register_find_copy(miyin_register *reg, guint64 copy_id,
				  miyin_copy_func func, gpointer data,
				  GError **error)
{
	sqlite3_stmt *statement = miyin_store_select(
		reg, error, COPY_COLUMNS "WHERE c.copy_id = ?", "l",
		(gint64)copy_id);
	int n;

	if (!statement || !each_copy(reg, statement, func, data, &n, error))
		return FALSE;
	if (n == 0) {
		g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_MISSING,
			    "The register has no such copy.");
		return FALSE;
	}
	return TRUE;
}

gboolean miyin_register_note(miyin_register *reg, const char *event_name,
			     const char *user, const char *printer,
			     guint64 copy_id, const char *detail,
			     GError **error)
{
	const miyin_event event = {
		.event = event_name,
		.result = "ok",
		.user = user,
		.printer = printer,
		.detail = detail,
	};
	sqlite3_stmt *statement;
	gboolean known = FALSE;
	g_autofree char *code = NULL;
	miyin_event full = event;

	if (copy_id != 0) {
		statement = miyin_store_select(
			reg, error,
			"SELECT copy_code FROM copies WHERE copy_id = ?", "l",
			(gint64)copy_id);
		if (!statement)
			return FALSE;
		known = sqlite3_step(statement) == SQLITE_ROW;
		if (known)
			code = g_strdup(miyin_store_text(statement, 0));
		sqlite3_finalize(statement);
		full.copy_code = code;
	}
	return miyin_store_event(reg, &full, error);
}

static void read_event(sqlite3_stmt *row, miyin_event *event)
{
	event->seq = sqlite3_column_int64(row, 0);
	event->at = miyin_store_text(row, 1);
	event->event = miyin_store_text(row, 2);
	event->result = miyin_store_text(row, 3);
	event->reason = miyin_store_text(row, 4);
	event->detail = miyin_store_text(row, 5);
	event->user = miyin_store_text(row, 6);
	event->host = miyin_store_text(row, 7);
	event->printer = miyin_store_text(row, 8);
	event->job_id = sqlite3_column_int(row, 9);
	event->level = miyin_store_text(row, 10);
	event->period = miyin_store_text(row, 11);
	event->reference = miyin_store_text(row, 12);
	event->title = miyin_store_text(row, 13);
	event->serial = sqlite3_column_int(row, 14);
	event->holder = miyin_store_text(row, 15);
	event->pages = sqlite3_column_int(row, 16);
	event->copy_code = miyin_store_text(row, 17);
}

static void read_copy(sqlite3_stmt *row, miyin_copy_record *copy)
{
	copy->copy_id = sqlite3_column_int64(row, 0);
	copy->serial = sqlite3_column_int(row, 1);
	copy->copy_no = sqlite3_column_int(row, 2);
	copy->n_copies = sqlite3_column_int(row, 3);
	copy->pages = sqlite3_column_int(row, 4);
	copy->pages_done = sqlite3_column_int(row, 5);
	copy->state = miyin_store_text(row, 6);
	copy->holder = miyin_store_text(row, 7);
	copy->document = miyin_store_text(row, 8);
	copy->title = miyin_store_text(row, 9);
	copy->scheme = miyin_store_text(row, 10);
	copy->level = miyin_store_text(row, 11);
	copy->period = miyin_store_text(row, 12);
	copy->user = miyin_store_text(row, 13);
	copy->host = miyin_store_text(row, 14);
	copy->printer = miyin_store_text(row, 15);
	copy->job_uuid = miyin_store_text(row, 16);
	copy->job_id = sqlite3_column_int(row, 17);
	copy->issued_at = miyin_store_text(row, 18);
	copy->settled_at = miyin_store_text(row, 19);
	copy->verified = miyin_store_text(row, 20);
}

static gboolean find_document(miyin_register *reg, const char *name,
			      gint64 *document, GError **error)
{
	g_autofree char *key = g_strconcat("ref:", name, NULL);
	const char *digits = name;
	int n = select_ids(reg, "SELECT id FROM documents WHERE identity = ?",
			   key, document, error);

	if (n != 0)
		return n == 1;
	if (g_str_has_prefix(digits, "sha256:"))
		digits += strlen("sha256:");
	if (strlen(digits) >= HASH_PREFIX_MIN &&
	    strspn(digits, "0123456789abcdef") == strlen(digits)) {
		g_autofree char *prefix = g_strconcat(digits, "%", NULL);

		n = select_ids(reg,
			       "SELECT DISTINCT document FROM jobs"
			       " WHERE content_hash LIKE ?",
			       prefix, document, error);
	}
	if (n == 1)
		return TRUE;
	if (n == 0)
		g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_MISSING,
			    "The register has no document \"%s\".", name);
	else if (n > 1)
		g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_INPUT,
			    "Several documents begin with \"%s\"; give more "
			    "of the hash.", name);
	return FALSE;
}

/* How many there are, or -1. */
static int select_ids(miyin_register *reg, const char *sql, const char *key,
		      gint64 *document, GError **error)
{
	sqlite3_stmt *statement =
		miyin_store_select(reg, error, sql, "s", key);
	int n = 0;

	if (!statement)
		return -1;
	while (sqlite3_step(statement) == SQLITE_ROW) {
		*document = sqlite3_column_int64(statement, 0);
		n++;
	}
	sqlite3_finalize(statement);
	return n;
}

static gboolean each_copy(miyin_register *reg, sqlite3_stmt *statement,
			  miyin_copy_func func, gpointer data, int *n,
			  GError **error)
{
	int status;

	*n = 0;
	while ((status = sqlite3_step(statement)) == SQLITE_ROW) {
		miyin_copy_record copy;

		read_copy(statement, &copy);
		++*n;
		if (!func(&copy, data)) {
			status = SQLITE_DONE;
			break;
		}
	}
	sqlite3_finalize(statement);
	return status == SQLITE_DONE || miyin_store_fail(reg, error);
}
