/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an officer says of a document: whose it is, and whether its content is
 * everybody's. */
#include "entries.h"
#include "ledger.h"
#include "names.h"
#include "work.h"
#include <miyin/error.h>
#include <glib/gi18n.h>

void miyin_document_record_clear(miyin_document_record *record)
{
	g_clear_pointer(&record->name, g_free);
	g_clear_pointer(&record->title, g_free);
	g_clear_pointer(&record->owner, g_free);
	g_clear_pointer(&record->level, g_free);
	g_clear_pointer(&record->created_at, g_free);
}

static gboolean find_one(miyin_register *reg, const char *name, gint64 *id,
			 GError **error)
{
	g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));

	if (!miyin_names_find(reg, name, ids, error))
		return FALSE;
	if (ids->len > 1)
		return miyin_fail(
			error, MIYIN_ERROR_INPUT,
			_("%u documents have the content \"%s\"; name one as "
			  "miyin copies shows it."),
			ids->len, name);
	*id = g_array_index(ids, gint64, 0);
	return TRUE;
}

static gboolean read_one(miyin_register *reg, gint64 id,
			 miyin_document_record *record, GError **error)
{
	g_autoptr(miyin_rows) row = miyin_store_select(
		reg,
		"SELECT coalesce(reference, identity) AS name, title, owner,"
		" level_text, created_at, used, common FROM documents WHERE"
		" id = :id",
		VALUES(NUMBER("id", id)), error);

	if (!miyin_rows_next(row))
		return miyin_rows_end(row, error);
	record->name = g_strdup(miyin_rows_text(row, "name"));
	record->title = g_strdup(miyin_rows_text(row, "title"));
	record->owner = g_strdup(miyin_rows_text(row, "owner"));
	record->level = g_strdup(miyin_rows_text(row, "level_text"));
	record->created_at = g_strdup(miyin_rows_text(row, "created_at"));
	record->used = (unsigned)miyin_rows_number(row, "used");
	record->common = miyin_rows_number(row, "common") != 0;
	return TRUE;
}

static gboolean change(miyin_register *reg, gint64 id,
		       const miyin_document_change *wish,
		       const miyin_document_record *before, GError **error)
{
	g_autofree char *detail = g_strdup_printf(
		"owner %s, was %s; %s",
		wish->owner ? wish->owner : before->owner, before->owner,
		(wish->common < 0 ? before->common : wish->common)
			? "content is everybody's"
			: "content is its own");
	const miyin_event event = {
		.event = "document",
		.result = "ok",
		.detail = detail,
		.user = wish->actor,
		.reference = before->name,
		.title = before->title,
	};

	miyin_ledger_touch(reg, "documents", id);
	return miyin_store_run(
		       reg,
		       "UPDATE documents SET owner = coalesce(:owner, owner),"
		       " common = CASE WHEN :common < 0 THEN common ELSE"
		       " :common END WHERE id = :id",
		       VALUES(TEXT("owner", wish->owner),
			      NUMBER("common", wish->common), NUMBER("id", id)),
		       NULL, error) &&
	       miyin_entries_add(reg, &event, error);
}

typedef struct {
	const miyin_document_change *wish;
	miyin_document_record before, after;
} changing;

static gboolean change_one(miyin_register *reg, gpointer data, GError **error)
{
	changing *c = data;
	const gboolean looks = !c->wish->owner && c->wish->common < 0;
	gint64 id = 0;

	miyin_document_record_clear(&c->before);
	miyin_document_record_clear(&c->after);
	return find_one(reg, c->wish->document, &id, error) &&
	       read_one(reg, id, &c->before, error) &&
	       (looks || change(reg, id, c->wish, &c->before, error)) &&
	       read_one(reg, id, &c->after, error);
}

gboolean miyin_register_document(miyin_register *reg,
				 const miyin_document_change *wish,
				 miyin_document_record *record, GError **error)
{
	changing c = { wish, { 0 }, { 0 } };
	const gboolean ok = miyin_work_do(reg, change_one, &c, error);

	miyin_document_record_clear(&c.before);
	if (ok)
		*record = c.after;
	else
		miyin_document_record_clear(&c.after);
	return ok;
}
