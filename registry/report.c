/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reading the events. Who reads holds up who writes, and a list may wait in a
 * pager: rows are read a page at a time, by key, and handed on when the
 * statement is over and its lock is gone.
 */
#include "store.h"
#include <miyin/text.h>
#include <miyin/error.h>
#include <string.h>

#define PAGE_ROWS 1000

/* ---- events ----------------------------------------------------------- */

static void read_event(sqlite3_stmt *row, miyin_event *event,
		       GStringChunk *text)
{
	event->seq = sqlite3_column_int64(row, 0);
	event->at = miyin_store_keep(text, row, 1);
	event->event = miyin_store_keep(text, row, 2);
	event->result = miyin_store_keep(text, row, 3);
	event->reason = miyin_store_keep(text, row, 4);
	event->detail = miyin_store_keep(text, row, 5);
	event->user = miyin_store_keep(text, row, 6);
	event->host = miyin_store_keep(text, row, 7);
	event->printer = miyin_store_keep(text, row, 8);
	event->job_id = sqlite3_column_int(row, 9);
	event->level = miyin_store_keep(text, row, 10);
	event->period = miyin_store_keep(text, row, 11);
	event->reference = miyin_store_keep(text, row, 12);
	event->title = miyin_store_keep(text, row, 13);
	event->serial = sqlite3_column_int(row, 14);
	event->holder = miyin_store_keep(text, row, 15);
	event->pages = sqlite3_column_int(row, 16);
	event->copy_code = miyin_store_keep(text, row, 17);
	event->scheme = miyin_store_keep(text, row, 18);
	event->document = miyin_store_keep(text, row, 19);
}

/* A filter and the documents that its name stands for: ",3,7,". */
typedef struct {
	const miyin_event_filter *wish;
	char *documents; /* "": of any */
} search;

/* The rows after seq, of the next PAGE_ROWS numbers: one statement looks at no
 * more, however few of them the filter lets through. */
static gboolean read_events(miyin_register *reg, const search *of, gint64 seq,
			    GArray *events, GStringChunk *text, GError **error)
{
	const miyin_event_filter *wish = of->wish;
	g_autoptr(sqlite3_stmt) statement = miyin_store_select(
		reg, error,
		"SELECT e.seq, e.at, e.event, e.result, e.reason, e.detail,"
		" e.user, e.host, e.printer, e.job_id, e.level, e.period,"
		" e.reference, e.title, e.serial, e.holder, e.pages,"
		" e.copy_code, coalesce(j.scheme, ''),"
		" coalesce(nullif(e.reference, ''), d.reference, d.identity,"
		" '') FROM events e"
		" LEFT JOIN copies c ON c.copy_code = e.copy_code"
		" LEFT JOIN jobs j ON j.id = c.job"
		" LEFT JOIN documents d ON d.id = c.document WHERE"
		" (?1 IS NULL OR ?1 = '' OR e.at >= ?1) AND"
		" (?2 IS NULL OR ?2 = '' OR e.at <= ?2) AND"
		" (?3 IS NULL OR ?3 = '' OR e.user = ?3) AND"
		" (?4 IS NULL OR ?4 = '' OR e.printer = ?4) AND"
		" (?5 IS NULL OR ?5 = '' OR instr(',' || ?5 || ',',"
		"  ',' || e.level || ',')) AND"
		" (?6 IS NULL OR ?6 = '' OR e.result = ?6) AND"
		" (?7 IS NULL OR ?7 = '' OR e.event = ?7) AND"
		" (?8 IS NULL OR ?8 = '' OR e.holder = ?8) AND"
		" (?9 = '' OR instr(?9, ',' || c.document || ',') OR"
		"  (e.reference <> '' AND (e.reference = ?10 OR e.reference IN"
		"   (SELECT reference FROM documents WHERE"
		"    instr(?9, ',' || id || ','))))) AND"
		" e.seq > ?11 AND e.seq <= ?12 ORDER BY e.seq",
		"ssssssssssll", wish->since, wish->until, wish->user,
		wish->printer, wish->level, wish->result, wish->event,
		wish->holder, of->documents, wish->document, seq,
		seq + PAGE_ROWS);
	gboolean row;

	while (statement && miyin_store_step(reg, statement, &row, error)) {
		miyin_event event;

		if (!row)
			return TRUE;
		read_event(statement, &event, text);
		g_array_append_val(events, event);
	}
	return FALSE;
}

/* A reference that was only ever refused names no document, but is known. */
static gboolean is_reference(miyin_register *reg, const char *name,
			     gboolean *is, GError **error)
{
	gint64 known;

	if (!miyin_store_number(
		    reg,
		    miyin_store_select(reg, error,
				       "SELECT EXISTS(SELECT 1 FROM events"
				       " WHERE reference = ?)",
				       "s", name),
		    &known, error))
		return FALSE;
	*is = known > 0;
	return TRUE;
}

/* ",3,7," of what is called so, "" when nothing is asked for; or NULL. */
static char *find_documents(miyin_register *reg, const char *name,
			    GError **error)
{
	g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
	g_autoptr(GString) list = g_string_new(",");
	g_autoptr(GError) reason = NULL;
	gboolean refused = FALSE;

	if (!name || !*name)
		return g_strdup("");
	if (!miyin_store_find(reg, name, ids, &reason)) {
		if (g_error_matches(reason, MIYIN_ERROR, MIYIN_ERROR_MISSING) &&
		    !is_reference(reg, name, &refused, error))
			return NULL;
		if (!refused) {
			g_propagate_error(error, g_steal_pointer(&reason));
			return NULL;
		}
	}
	for (unsigned i = 0; i < ids->len; i++)
		g_string_append_printf(list, "%" G_GINT64_FORMAT ",",
				       g_array_index(ids, gint64, i));
	return g_string_free(g_steal_pointer(&list), FALSE);
}

static gboolean find_last(miyin_register *reg, gint64 *last, GError **error)
{
	return miyin_store_number(
		reg,
		miyin_store_select(reg, error,
				   "SELECT coalesce(max(seq), 0) FROM events",
				   ""),
		last, error);
}

/* To the last event of now: one that is entered meanwhile may follow or not,
 * and a busy register must not make a list without an end. */
gboolean miyin_register_log(miyin_register *reg,
			    const miyin_event_filter *filter,
			    miyin_event_func func, gpointer data,
			    GError **error)
{
	g_autofree char *documents =
		find_documents(reg, filter->document, error);
	const search of = { filter, documents };
	gint64 last;

	if (!documents || !find_last(reg, &last, error))
		return FALSE;
	for (gint64 seq = 0; seq < last; seq += PAGE_ROWS) {
		g_autoptr(GArray) events =
			g_array_new(FALSE, FALSE, sizeof(miyin_event));
		g_autoptr(GStringChunk) text = g_string_chunk_new(65536);

		if (!read_events(reg, &of, seq, events, text, error))
			return FALSE;
		for (unsigned i = 0; i < events->len; i++)
			if (!func(&g_array_index(events, miyin_event, i), data))
				return TRUE;
	}
	return TRUE;
}

/* ---- what there is ----------------------------------------------------- */

/* Add what stands in a column of the next PAGE_ROWS events. */
static gboolean add_values(miyin_register *reg, const char *column, gint64 seq,
			   GHashTable *values, GError **error)
{
	g_autofree char *sql = g_strdup_printf(
		"SELECT DISTINCT %s FROM events WHERE seq > ? AND seq <= ? AND"
		" %s <> ''",
		column, column);
	g_autoptr(sqlite3_stmt) statement =
		miyin_store_select(reg, error, sql, "ll", seq, seq + PAGE_ROWS);
	gboolean row;

	while (statement && miyin_store_step(reg, statement, &row, error)) {
		if (!row)
			return TRUE;
		g_hash_table_add(values,
				 g_strdup(miyin_store_text(statement, 0)));
	}
	return FALSE;
}

char **miyin_register_values(miyin_register *reg, miyin_event_column column,
			     GError **error)
{
	static const char *const columns[] = {
		[MIYIN_EVENT_USER] = "user",
		[MIYIN_EVENT_PRINTER] = "printer",
		[MIYIN_EVENT_LEVEL] = "level",
		[MIYIN_EVENT_HOLDER] = "holder",
	};
	g_autoptr(GHashTable) values =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	GPtrArray *list;
	GHashTableIter iter;
	gpointer value;
	gint64 last;

	if (!find_last(reg, &last, error))
		return NULL;
	for (gint64 seq = 0; seq < last; seq += PAGE_ROWS)
		if (!add_values(reg, columns[column], seq, values, error))
			return NULL;
	list = g_ptr_array_new();
	g_hash_table_iter_init(&iter, values);
	while (g_hash_table_iter_next(&iter, &value, NULL))
		g_ptr_array_add(list, g_strdup(value));
	return miyin_text_sort(list);
}

/* ---- writing of what was read ----------------------------------------- */

/* What the log says of a copy, beside who did what with it. */
static gboolean describe_copy(miyin_register *reg, guint64 copy_id,
			      miyin_event *event, GStringChunk *text,
			      GError **error)
{
	g_autoptr(sqlite3_stmt) row = miyin_store_select(
		reg, error,
		"SELECT c.copy_code, c.serial, c.holder, j.level, j.period,"
		" coalesce(d.reference, ''), j.title FROM copies c"
		" JOIN jobs j ON j.id = c.job"
		" JOIN documents d ON d.id = c.document WHERE c.copy_id = ?",
		"l", (gint64)copy_id);
	gboolean found;

	if (!row || !miyin_store_step(reg, row, &found, error))
		return FALSE;
	if (!found)
		return TRUE;
	event->copy_code = miyin_store_keep(text, row, 0);
	event->serial = (unsigned)sqlite3_column_int(row, 1);
	event->holder = miyin_store_keep(text, row, 2);
	event->level = miyin_store_keep(text, row, 3);
	event->period = miyin_store_keep(text, row, 4);
	event->reference = miyin_store_keep(text, row, 5);
	event->title = miyin_store_keep(text, row, 6);
	return TRUE;
}

gboolean miyin_register_note(miyin_register *reg, const char *event_name,
			     const char *user, const char *printer,
			     guint64 copy_id, const char *detail,
			     GError **error)
{
	miyin_event event = {
		.event = event_name,
		.result = "ok",
		.user = user,
		.printer = printer,
		.detail = detail,
	};
	g_autoptr(GStringChunk) text = g_string_chunk_new(256);

	if (copy_id != 0 && !describe_copy(reg, copy_id, &event, text, error))
		return FALSE;
	return miyin_store_enter(reg, &event, error);
}
