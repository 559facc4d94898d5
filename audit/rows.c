/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rows.h"

#include <string.h>

static const struct {
	const char *name, *key;
} tables[] = {
	{ "documents", "id" }, { "jobs", "id" },
	{ "copies", "id" },    { "devices", "copy" },
	{ "keys", "id" },      { "contents", "document || ' ' || content" },
	{ "events", "seq" },
};

/* The bytes of an event: its fields in this order. */
static const char *const event_fields[] = {
	"at",	 "event",   "result", "reason", "detail",    "user",
	"host",	 "printer", "job_id", "level",	"period",    "reference",
	"title", "serial",  "holder", "pages",	"copy_code", "server",
};

GHashTable *rows_new(void)
{
	return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
}

gboolean rows_enter(GHashTable *rows, miyin_suite *suite, const char *table,
		    const char *key, const guint8 *image, gsize length,
		    guint64 number)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(tables); i++) {
		rows_row *row;

		if (!g_str_equal(tables[i].name, table))
			continue;
		row = g_new(rows_row, 1);
		row->number = number;
		miyin_suite_digest(suite, image, length, row->image);
		g_hash_table_replace(rows, g_strconcat(table, " ", key, NULL),
				     row);
		return TRUE;
	}
	return FALSE;
}

/* ---- what the tables have ------------------------------------------------ */

static int find_column(file_rows *row, const char *name)
{
	const int n = sqlite3_column_count(row);

	for (int i = 1; i < n; i++)
		if (g_str_equal(sqlite3_column_name(row, i), name))
			return i;
	return -1;
}

/* Where its fields are is the same in all rows. */
typedef struct {
	int at[G_N_ELEMENTS(event_fields)];
} places;

static places find_places(file_rows *row)
{
	places found;

	for (unsigned i = 0; i < G_N_ELEMENTS(event_fields); i++)
		found.at[i] = find_column(row, event_fields[i]);
	return found;
}

static void put_event(file_rows *row, const places *where, GByteArray *image)
{
	static const char head[] = "miyin-event 1\n";

	g_byte_array_append(image, (const guint8 *)head, sizeof(head) - 1);
	for (unsigned i = 0; i < G_N_ELEMENTS(event_fields); i++) {
		const int at = where->at[i];
		gsize length = 0;
		const char *text = at < 0 ? "" : file_text(row, at, &length);

		pieces_put(image, text, length);
	}
}

/* A value that is neither number, text nor nothing is none of ours. */
static void put_value(file_rows *row, int at, GByteArray *image)
{
	g_autoptr(GByteArray) value = g_byte_array_new();
	/* Before its text, which makes one of a number. */
	const int type = sqlite3_column_type(row, at);
	const char *kind = type == SQLITE_NULL	    ? "n"
			   : type == SQLITE_INTEGER ? "i"
			   : type == SQLITE_TEXT    ? "t"
						    : "?";
	gsize length;
	const char *text = file_text(row, at, &length);

	g_byte_array_append(value, (const guint8 *)kind, 1);
	g_byte_array_append(value, (const guint8 *)text, (guint)length);
	pieces_put_text(image, sqlite3_column_name(row, at));
	pieces_put(image, value->data, value->len);
}

static void hash_row(file_rows *row, const char *table, const places *where,
		     miyin_suite *suite, guint8 hash[HASH])
{
	g_autoptr(GByteArray) image = g_byte_array_new();
	const int n = sqlite3_column_count(row);

	if (g_str_equal(table, "events"))
		put_event(row, where, image);
	else
		for (int i = 1; i < n; i++)
			put_value(row, i, image);
	miyin_suite_digest(suite, image->data, image->len, hash);
}

static gboolean compare_table(GHashTable *rows, miyin_suite *suite,
			      file_database *db, unsigned t, rows_told tell,
			      gpointer data, GError **error)
{
	const char *table = tables[t].name;
	g_autofree char *sql = g_strdup_printf(
		"SELECT CAST(%s AS TEXT) AS miyin_key, t.* FROM %s t",
		tables[t].key, table);
	g_autoptr(file_rows) row = file_select(db, sql, 0, 0, error);
	GError *reason = NULL;
	places where;

	if (!row)
		return FALSE;
	where = find_places(row);
	while (file_next(row, &reason)) {
		g_autofree char *name =
			g_strconcat(table, " ", file_text(row, 0, NULL), NULL);
		const rows_row *known = g_hash_table_lookup(rows, name);
		guint8 hash[HASH];

		hash_row(row, table, &where, suite, hash);
		if (!known || memcmp(known->image, hash, HASH) != 0)
			tell(table, name, known ? known->number : 0, data);
		g_hash_table_remove(rows, name);
	}
	if (reason)
		g_propagate_error(error, reason);
	return reason == NULL;
}

/* What is left of the log's has no row; that of the lowest number is told
 * first. */
static void tell_missing(GHashTable *rows, rows_told tell, gpointer data)
{
	for (unsigned t = 0; t < G_N_ELEMENTS(tables); t++) {
		const char *first = NULL;
		guint64 number = 0;
		GHashTableIter iter;
		gpointer name, row;

		for (int pass = 0; pass < 2; pass++) {
			g_hash_table_iter_init(&iter, rows);
			while (g_hash_table_iter_next(&iter, &name, &row)) {
				const gsize n = strlen(tables[t].name);
				const guint64 at = ((rows_row *)row)->number;

				if (strncmp(name, tables[t].name, n) != 0 ||
				    ((char *)name)[n] != ' ')
					continue;
				if (pass == 1 && name != first)
					tell(tables[t].name, name, at, data);
				if (pass == 0 && (!first || at < number)) {
					first = name;
					number = at;
				}
			}
			if (pass == 0 && first)
				tell(tables[t].name, first, number, data);
		}
	}
}

gboolean rows_compare(GHashTable *rows, miyin_suite *suite, file_database *db,
		      rows_told tell, gpointer data, GError **error)
{
	for (unsigned t = 0; t < G_N_ELEMENTS(tables); t++)
		if (!compare_table(rows, suite, db, t, tell, data, error))
			return FALSE;
	tell_missing(rows, tell, data);
	return TRUE;
}
