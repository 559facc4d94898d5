/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reading the copies: of one document, of one holder, or by what became of
 * them. As in report.c, a page at a time.
 */
#include "store.h"
#include <miyin/error.h>
#include <miyin/naming.h>
#include <glib/gi18n.h>
#include <string.h>

#define PAGE_ROWS 1000
#define HASH_PREFIX_MIN 8

#define COPY_COLUMNS                                                           \
	"SELECT c.copy_id, c.serial, c.copy_no, j.n_copies, j.pages,"          \
	" c.pages_done, c.state, c.holder,"                                    \
	" coalesce(d.reference, d.identity), j.title, j.scheme, j.level,"      \
	" j.period, j.user, j.host, j.printer, j.uuid, j.job_id, c.issued_at," \
	" coalesce(c.settled_at, ''),"                                         \
	" coalesce(substr(e.detail, length('verified ') + 1), ''),"            \
	" c.copy_code, c.id"                                                   \
	" FROM copies c JOIN jobs j ON j.id = c.job"                           \
	" JOIN documents d ON d.id = c.document"                               \
	" LEFT JOIN events e ON e.copy_code = c.copy_code AND"                 \
	" e.event = 'claim' "

static void read_copy(sqlite3_stmt *row, miyin_copy_record *copy,
		      GStringChunk *text)
{
	copy->copy_id = sqlite3_column_int64(row, 0);
	copy->serial = sqlite3_column_int(row, 1);
	copy->copy_no = sqlite3_column_int(row, 2);
	copy->n_copies = sqlite3_column_int(row, 3);
	copy->pages = sqlite3_column_int(row, 4);
	copy->pages_done = sqlite3_column_int(row, 5);
	copy->state = miyin_store_keep(text, row, 6);
	copy->holder = miyin_store_keep(text, row, 7);
	copy->document = miyin_store_keep(text, row, 8);
	copy->title = miyin_store_keep(text, row, 9);
	copy->scheme = miyin_store_keep(text, row, 10);
	copy->level = miyin_store_keep(text, row, 11);
	copy->period = miyin_store_keep(text, row, 12);
	copy->user = miyin_store_keep(text, row, 13);
	copy->host = miyin_store_keep(text, row, 14);
	copy->printer = miyin_store_keep(text, row, 15);
	copy->job_uuid = miyin_store_keep(text, row, 16);
	copy->job_id = sqlite3_column_int(row, 17);
	copy->issued_at = miyin_store_keep(text, row, 18);
	copy->settled_at = miyin_store_keep(text, row, 19);
	copy->verified = miyin_store_keep(text, row, 20);
	copy->copy_code = miyin_store_keep(text, row, 21);
}

static gboolean read_copies(miyin_register *reg, sqlite3_stmt *take_statement,
			    GArray *copies, GStringChunk *text, GError **error)
{
	g_autoptr(sqlite3_stmt) statement = take_statement;
	gboolean row;

	while (statement && miyin_store_step(reg, statement, &row, error)) {
		miyin_copy_record copy;

		if (!row)
			return TRUE;
		read_copy(statement, &copy, text);
		g_array_append_val(copies, copy);
	}
	return FALSE;
}

/* What goes with the rows of one listing. */
typedef struct {
	const miyin_copy_filter *wish;
	GHashTable *codes; /* of those that had the event; NULL: any */
	miyin_copy_func func;
	gpointer data;
	gboolean more; /* func has not enough yet */
} listing;

static void hand_on(listing *list, const GArray *copies)
{
	for (unsigned i = 0; list->more && i < copies->len; i++) {
		const miyin_copy_record *copy =
			&g_array_index(copies, miyin_copy_record, i);

		if (!list->codes ||
		    g_hash_table_contains(list->codes, copy->copy_code))
			list->more = list->func(copy, list->data);
	}
}

#define ASKED_FOR                                                              \
	" AND (?4 IS NULL OR ?4 = '' OR j.user = ?4) AND"                      \
	" (?5 IS NULL OR ?5 = '' OR j.printer = ?5) AND"                       \
	" (?6 IS NULL OR ?6 = '' OR"                                           \
	"  instr(',' || ?6 || ',', ',' || j.level || ',')) AND"                \
	" (?7 IS NULL OR ?7 = '' OR c.holder = ?7)"

/* The serials of one document, or the rows of all when it is 0, above from; no
 * more than PAGE_ROWS are looked at. */
static gboolean list_page(miyin_register *reg, listing *list, gint64 document,
			  gint64 from, GError **error)
{
	static const char of_one[] =
		COPY_COLUMNS "WHERE c.serial > ?1 AND c.serial <= ?2 AND"
			     " c.document = ?3" ASKED_FOR " ORDER BY c.serial";
	static const char of_all[] =
		COPY_COLUMNS "WHERE c.id > ?1 AND c.id <= ?2 AND"
			     " ?3 = 0" ASKED_FOR " ORDER BY c.id";
	const miyin_copy_filter *wish = list->wish;
	g_autoptr(GArray) copies =
		g_array_new(FALSE, FALSE, sizeof(miyin_copy_record));
	g_autoptr(GStringChunk) text = g_string_chunk_new(65536);

	if (!read_copies(reg,
			 miyin_store_select(reg, error,
					    document ? of_one : of_all,
					    "lllssss", from, from + PAGE_ROWS,
					    document, wish->user, wish->printer,
					    wish->level, wish->holder),
			 copies, text, error))
		return FALSE;
	hand_on(list, copies);
	return TRUE;
}

static gboolean list_copies(miyin_register *reg, listing *list, gint64 document,
			    GError **error)
{
	gint64 last;

	if (!miyin_store_number(
		    reg,
		    miyin_store_select(reg, error,
				       "SELECT CASE ?1 WHEN 0 THEN"
				       " (SELECT coalesce(max(id), 0) FROM"
				       " copies) ELSE (SELECT last_serial FROM"
				       " documents WHERE id = ?1) END",
				       "l", document),
		    &last, error))
		return FALSE;
	for (gint64 from = 0; list->more && from < last; from += PAGE_ROWS)
		if (!list_page(reg, list, document, from, error))
			return FALSE;
	return TRUE;
}

static gboolean keep_code(const miyin_event *event, gpointer data)
{
	if (*event->copy_code)
		g_hash_table_add(data, g_strdup(event->copy_code));
	return TRUE;
}

/* By reading the events once: they have no index for it, and one that is slow
 * holds up nobody. */
static GHashTable *find_codes(miyin_register *reg,
			      const miyin_copy_filter *wish, GError **error)
{
	const miyin_event_filter filter = { .event = wish->event };
	g_autoptr(GHashTable) codes =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	if (!miyin_register_log(reg, &filter, keep_code, codes, error))
		return NULL;
	return g_steal_pointer(&codes);
}

static gboolean select_ids(miyin_register *reg, sqlite3_stmt *take_statement,
			   GArray *ids, GError **error)
{
	g_autoptr(sqlite3_stmt) statement = take_statement;
	gboolean row;

	while (statement && miyin_store_step(reg, statement, &row, error)) {
		gint64 id;

		if (!row)
			return TRUE;
		id = sqlite3_column_int64(statement, 0);
		g_array_append_val(ids, id);
	}
	return FALSE;
}

static gboolean find_by_name(miyin_register *reg, const char *name, GArray *ids,
			     GError **error)
{
	g_autofree char *key = g_strconcat("ref:", name, NULL);
	g_autofree char *skeleton = miyin_reference_skeleton(name);

	return select_ids(
		reg,
		miyin_store_select(reg, error,
				   "SELECT id FROM documents WHERE identity IN"
				   " (?1, ?2) OR (skeleton = ?3 AND ?3 <> '')"
				   " ORDER BY identity = ?1 DESC, id LIMIT 1",
				   "sss", key, name, skeleton),
		ids, error);
}

/* Several documents may have one content; several contents are a question. */
static gboolean find_by_hash(miyin_register *reg, const char *name, GArray *ids,
			     GError **error)
{
	const char *digits = name;
	g_autofree char *from = NULL, *to = NULL;
	gint64 n;

	if (g_str_has_prefix(digits, "sha256:"))
		digits += strlen("sha256:");
	if (strlen(digits) < HASH_PREFIX_MIN ||
	    strspn(digits, "0123456789abcdef") != strlen(digits))
		return TRUE;
	from = g_strconcat("sha256:", digits, NULL);
	to = g_strconcat(from, "g", NULL);
	if (!miyin_store_number(
		    reg,
		    miyin_store_select(reg, error,
				       "SELECT count(DISTINCT content) FROM"
				       " contents WHERE content >= ? AND"
				       " content < ?",
				       "ss", from, to),
		    &n, error))
		return FALSE;
	if (n > 1) {
		g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_INPUT,
			    _("Several documents begin with \"%s\"; give "
			      "more of the hash."),
			    name);
		return FALSE;
	}
	return select_ids(
		reg,
		miyin_store_select(reg, error,
				   "SELECT document FROM contents WHERE content"
				   " >= ? AND content < ? ORDER BY job",
				   "ss", from, to),
		ids, error);
}

gboolean miyin_store_find(miyin_register *reg, const char *name, GArray *ids,
			  GError **error)
{
	if (!find_by_name(reg, name, ids, error) ||
	    (ids->len == 0 && !find_by_hash(reg, name, ids, error)))
		return FALSE;
	if (ids->len > 0)
		return TRUE;
	g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_MISSING,
		    _("The register has no document \"%s\"."), name);
	return FALSE;
}

gboolean miyin_register_find_copies(miyin_register *reg,
				    const miyin_copy_filter *filter,
				    miyin_copy_func func, gpointer data,
				    GError **error)
{
	const gboolean of_one = filter->document && *filter->document;
	g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
	g_autoptr(GHashTable) codes = NULL;
	listing list = { filter, NULL, func, data, TRUE };
	const gint64 all = 0;

	if (!of_one)
		g_array_append_val(ids, all);
	else if (!miyin_store_find(reg, filter->document, ids, error))
		return FALSE;
	if (filter->event && *filter->event) {
		codes = find_codes(reg, filter, error);
		if (!codes)
			return FALSE;
		list.codes = codes;
	}
	for (unsigned i = 0; i < ids->len; i++)
		if (!list_copies(reg, &list, g_array_index(ids, gint64, i),
				 error))
			return FALSE;
	return TRUE;
}

gboolean miyin_register_copies(miyin_register *reg, const char *document,
			       miyin_copy_func func, gpointer data,
			       GError **error)
{
	const miyin_copy_filter filter = { .document = document };
	g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));

	/* "" is the name of none here, and there of all. */
	return (*document || miyin_store_find(reg, document, ids, error)) &&
	       miyin_register_find_copies(reg, &filter, func, data, error);
}

gboolean miyin_register_find_copy(miyin_register *reg, guint64 copy_id,
				  miyin_copy_func func, gpointer data,
				  GError **error)
{
	g_autoptr(GArray) copies =
		g_array_new(FALSE, FALSE, sizeof(miyin_copy_record));
	g_autoptr(GStringChunk) text = g_string_chunk_new(1024);

	if (!read_copies(reg,
			 miyin_store_select(reg, error,
					    COPY_COLUMNS "WHERE c.copy_id = ?",
					    "l", (gint64)copy_id),
			 copies, text, error))
		return FALSE;
	if (copies->len == 0) {
		g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_MISSING,
			    _("The register has no such copy."));
		return FALSE;
	}
	func(&g_array_index(copies, miyin_copy_record, 0), data);
	return TRUE;
}
