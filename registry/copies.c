/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reading the copies: of one document, of one holder, or by what became of
 * them. As in report.c, a page at a time.
 */
#include "names.h"
#include <miyin/error.h>
#include <glib/gi18n.h>

#define PAGE_ROWS 1000

#define COPY_COLUMNS                                                           \
	"SELECT c.copy_id, c.serial, c.copy_no, j.n_copies, j.pages,"          \
	" c.pages_done, c.state, c.holder,"                                    \
	" coalesce(d.reference, d.identity) AS document, j.title, j.scheme,"   \
	" j.level, j.period, j.user, j.host, j.printer, j.uuid, j.job_id,"     \
	" c.issued_at, c.settled_at,"                                          \
	" CASE WHEN e.detail LIKE 'verified %' THEN"                           \
	" substr(e.detail, length('verified ') + 1) END AS verified,"          \
	" c.copy_code"                                                         \
	" FROM copies c JOIN jobs j ON j.id = c.job"                           \
	" JOIN documents d ON d.id = c.document"                               \
	" LEFT JOIN events e ON e.copy_code = c.copy_code AND"                 \
	" e.event = 'claim' "

static void read_copy(miyin_rows *row, miyin_copy_record *copy,
		      GStringChunk *text)
{
	copy->copy_id = (guint64)miyin_rows_number(row, "copy_id");
	copy->serial = (unsigned)miyin_rows_number(row, "serial");
	copy->copy_no = (unsigned)miyin_rows_number(row, "copy_no");
	copy->n_copies = (unsigned)miyin_rows_number(row, "n_copies");
	copy->pages = (unsigned)miyin_rows_number(row, "pages");
	copy->pages_done = (unsigned)miyin_rows_number(row, "pages_done");
	copy->state = miyin_rows_keep(row, "state", text);
	copy->holder = miyin_rows_keep(row, "holder", text);
	copy->document = miyin_rows_keep(row, "document", text);
	copy->title = miyin_rows_keep(row, "title", text);
	copy->scheme = miyin_rows_keep(row, "scheme", text);
	copy->level = miyin_rows_keep(row, "level", text);
	copy->period = miyin_rows_keep(row, "period", text);
	copy->user = miyin_rows_keep(row, "user", text);
	copy->host = miyin_rows_keep(row, "host", text);
	copy->printer = miyin_rows_keep(row, "printer", text);
	copy->job_uuid = miyin_rows_keep(row, "uuid", text);
	copy->job_id = (int)miyin_rows_number(row, "job_id");
	copy->issued_at = miyin_rows_keep(row, "issued_at", text);
	copy->settled_at = miyin_rows_keep(row, "settled_at", text);
	copy->verified = miyin_rows_keep(row, "verified", text);
	copy->copy_code = miyin_rows_keep(row, "copy_code", text);
}

static gboolean read_copies(miyin_rows *row, GArray *copies, GStringChunk *text,
			    GError **error)
{
	while (miyin_rows_next(row)) {
		miyin_copy_record copy;

		read_copy(row, &copy, text);
		g_array_append_val(copies, copy);
	}
	return miyin_rows_end(row, error);
}

/* What goes with the rows of one listing. */
typedef struct {
	const miyin_filter *wish;
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
	" AND (:user IS NULL OR j.user = :user) AND"                           \
	" (:printer IS NULL OR j.printer = :printer) AND"                      \
	" (:level IS NULL OR"                                                  \
	"  instr(',' || :level || ',', ',' || j.level || ',')) AND"            \
	" (:holder IS NULL OR c.holder = :holder)"

/* The serials of one document, or the rows of all when it is 0, above from; no
 * more than PAGE_ROWS are looked at. */
static gboolean list_page(miyin_register *reg, listing *list, gint64 document,
			  gint64 from, GError **error)
{
	static const char of_one[] = COPY_COLUMNS
		"WHERE c.serial > :from AND c.serial <= :to AND"
		" c.document = :document" ASKED_FOR " ORDER BY c.serial";
	static const char of_all[] =
		COPY_COLUMNS "WHERE c.id > :from AND c.id <= :to AND"
			     " :document = 0" ASKED_FOR " ORDER BY c.id";
	const miyin_filter *wish = list->wish;
	g_autoptr(GArray) copies =
		g_array_new(FALSE, FALSE, sizeof(miyin_copy_record));
	g_autoptr(GStringChunk) text = g_string_chunk_new(65536);
	g_autoptr(miyin_rows) row = miyin_store_select(
		reg, document ? of_one : of_all,
		VALUES(NUMBER("from", from), NUMBER("to", from + PAGE_ROWS),
		       NUMBER("document", document), TEXT("user", wish->user),
		       TEXT("printer", wish->printer),
		       TEXT("level", wish->level),
		       TEXT("holder", wish->holder)),
		error);

	if (!read_copies(row, copies, text, error))
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
		    "SELECT CASE :document WHEN 0 THEN (SELECT"
		    " coalesce(max(id), 0) FROM copies) ELSE (SELECT"
		    " last_serial FROM documents WHERE id = :document) END",
		    VALUES(NUMBER("document", document)), &last, error))
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
static GHashTable *find_codes(miyin_register *reg, const miyin_filter *wish,
			      GError **error)
{
	const miyin_filter filter = { .event = wish->event };
	g_autoptr(GHashTable) codes =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	if (!miyin_register_log(reg, &filter, keep_code, codes, error))
		return NULL;
	return g_steal_pointer(&codes);
}

gboolean miyin_register_find_copies(miyin_register *reg,
				    const miyin_filter *filter,
				    miyin_copy_func func, gpointer data,
				    GError **error)
{
	g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
	g_autoptr(GHashTable) codes = NULL;
	listing list = { filter, NULL, func, data, TRUE };
	const gint64 all = 0;

	if (!filter->document)
		g_array_append_val(ids, all);
	else if (!miyin_names_find(reg, filter->document, ids, error))
		return FALSE;
	if (filter->event) {
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

gboolean miyin_register_find_copy(miyin_register *reg, guint64 copy_id,
				  miyin_copy_record *copy, GStringChunk *text,
				  GError **error)
{
	g_autoptr(miyin_rows) row =
		miyin_store_select(reg, COPY_COLUMNS "WHERE c.copy_id = :id",
				   VALUES(NUMBER("id", copy_id)), error);

	if (!miyin_rows_next(row))
		return miyin_rows_end(row, error) &&
		       miyin_fail(error, MIYIN_ERROR_MISSING,
				  _("The register has no such copy."));
	read_copy(row, copy, text);
	return TRUE;
}
