/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reading the events. Who reads holds up who writes, and a list may wait in a
 * pager: rows are read a page at a time, by key, and handed on when the
 * statement is over and its lock is gone.
 */
#include "entries.h"
#include "names.h"
#include <miyin/text.h>
#include <miyin/error.h>

#define PAGE_ROWS 1000

/* ---- events ----------------------------------------------------------- */

/* A filter and the documents that its name stands for: ",3,7,". */
typedef struct {
	const miyin_filter *wish;
	char *documents; /* "": of any */
} search;

/* The rows after seq, of the next PAGE_ROWS numbers: one statement looks at no
 * more, however few of them the filter lets through. */
static gboolean read_events(miyin_register *reg, const search *of, gint64 seq,
			    GArray *events, GStringChunk *text, GError **error)
{
	const miyin_filter *wish = of->wish;
	g_autoptr(miyin_rows) row = miyin_store_select(
		reg,
		"SELECT e.*, coalesce(j.scheme, '') AS scheme,"
		" coalesce(nullif(e.reference, ''), d.reference, d.identity,"
		" '') AS document FROM events e"
		" LEFT JOIN copies c ON c.copy_code = e.copy_code"
		" LEFT JOIN jobs j ON j.id = c.job"
		" LEFT JOIN documents d ON d.id = c.document WHERE"
		" (:since IS NULL OR e.at >= :since) AND"
		" (:until IS NULL OR e.at <= :until) AND"
		" (:user IS NULL OR e.user = :user) AND"
		" (:printer IS NULL OR e.printer = :printer)"
		" AND (:level IS NULL OR instr(',' || :level ||"
		"  ',', ',' || e.level || ',')) AND"
		" (:result IS NULL OR e.result = :result) AND"
		" (:event IS NULL OR e.event = :event) AND"
		" (:holder IS NULL OR e.holder = :holder) AND"
		" (:ids = '' OR instr(:ids, ',' || c.document || ',') OR"
		"  (e.reference <> '' AND (e.reference = :name OR e.reference"
		"   IN (SELECT reference FROM documents WHERE"
		"    instr(:ids, ',' || id || ','))))) AND"
		" e.seq > :from AND e.seq <= :to ORDER BY e.seq",
		VALUES(TEXT("since", wish->since), TEXT("until", wish->until),
		       TEXT("user", wish->user), TEXT("printer", wish->printer),
		       TEXT("level", wish->level), TEXT("result", wish->result),
		       TEXT("event", wish->event), TEXT("holder", wish->holder),
		       TEXT("ids", of->documents), TEXT("name", wish->document),
		       NUMBER("from", seq), NUMBER("to", seq + PAGE_ROWS)),
		error);

	while (miyin_rows_next(row)) {
		miyin_event event;

		miyin_entries_read(row, &event, text);
		event.scheme = miyin_rows_keep(row, "scheme", text);
		event.document = miyin_rows_keep(row, "document", text);
		g_array_append_val(events, event);
	}
	return miyin_rows_end(row, error);
}

/* A reference that was only ever refused names no document, but is known. */
static gboolean is_reference(miyin_register *reg, const char *name, gint64 *is,
			     GError **error)
{
	gint64 last;

	*is = 0;
	if (!miyin_entries_find_last(reg, &last, error))
		return FALSE;
	for (gint64 seq = 0; *is == 0 && seq < last; seq += PAGE_ROWS)
		if (!miyin_store_number(
			    reg,
			    "SELECT EXISTS(SELECT 1 FROM events WHERE reference"
			    " = :name AND seq > :from AND seq <= :to)",
			    VALUES(TEXT("name", name), NUMBER("from", seq),
				   NUMBER("to", seq + PAGE_ROWS)),
			    is, error))
			return FALSE;
	return TRUE;
}

/* ",3,7," of what is called so, "" when nothing is asked for; or NULL. */
static char *find_documents(miyin_register *reg, const char *name,
			    GError **error)
{
	g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
	g_autoptr(GString) list = g_string_new(",");
	g_autoptr(GError) reason = NULL;
	gint64 refused = 0;

	if (!name)
		return g_strdup("");
	if (!miyin_names_find(reg, name, ids, &reason)) {
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

/* To the last event of now: one that is entered meanwhile may follow or not,
 * and a busy register must not make a list without an end. */
gboolean miyin_register_log(miyin_register *reg, const miyin_filter *filter,
			    miyin_event_func func, gpointer data,
			    GError **error)
{
	g_autofree char *documents =
		find_documents(reg, filter->document, error);
	const search of = { filter, documents };
	gint64 last;

	if (!documents || !miyin_entries_find_last(reg, &last, error))
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
		"SELECT DISTINCT %s AS value FROM events WHERE seq > :from AND"
		" seq <= :to AND %s <> ''",
		column, column);
	g_autoptr(miyin_rows) row = miyin_store_select(
		reg, sql,
		VALUES(NUMBER("from", seq), NUMBER("to", seq + PAGE_ROWS)),
		error);

	while (miyin_rows_next(row))
		g_hash_table_add(values,
				 g_strdup(miyin_rows_text(row, "value")));
	return miyin_rows_end(row, error);
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

	if (!miyin_entries_find_last(reg, &last, error))
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
