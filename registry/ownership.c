/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an officer says of a document: whose it is, and whether its content is
 * everybody's. */
#include "store.h"
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

	if (!miyin_store_find(reg, name, ids, error))
		return FALSE;
	if (ids->len > 1) {
		g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_INPUT,
			    _("%u documents have the content \"%s\"; name one as "
			    "miyin copies shows it."),
			    ids->len, name);
		return FALSE;
	}
	*id = g_array_index(ids, gint64, 0);
	return TRUE;
}

static gboolean read_one(miyin_register *reg, gint64 id,
			 miyin_document_record *record, GError **error)
{
	g_autoptr(sqlite3_stmt) row = miyin_store_select(
		reg, error,
		"SELECT coalesce(reference, identity), title, owner,"
		" level_text, created_at, used, common FROM documents WHERE"
		" id = ?",
		"l", id);
	gboolean there;

	if (!row || !miyin_store_step(reg, row, &there, error))
		return FALSE;
	record->name = g_strdup(miyin_store_text(row, 0));
	record->title = g_strdup(miyin_store_text(row, 1));
	record->owner = g_strdup(miyin_store_text(row, 2));
	record->level = g_strdup(miyin_store_text(row, 3));
	record->created_at = g_strdup(miyin_store_text(row, 4));
	record->used = (unsigned)sqlite3_column_int(row, 5);
	record->common = sqlite3_column_int(row, 6) != 0;
	return TRUE;
}

static gboolean change(miyin_register *reg, gint64 id,
		       const miyin_document_record *before, const char *owner,
		       int common, const char *actor, GError **error)
{
	g_autofree char *detail =
		g_strdup_printf("owner %s, was %s; %s",
				owner ? owner : before->owner, before->owner,
				(common < 0 ? before->common : common)
					? "content is everybody's"
					: "content is its own");
	const miyin_event event = {
		.event = "document",
		.result = "ok",
		.detail = detail,
		.user = actor,
		.reference = before->name,
		.title = before->title,
	};

	return miyin_store_run(reg, NULL, error,
			       "UPDATE documents SET owner = coalesce(?1,"
			       " owner), common = CASE WHEN ?2 < 0 THEN common"
			       " ELSE ?2 END WHERE id = ?3",
			       "sil", owner, common, id) &&
	       miyin_store_event(reg, &event, error);
}

gboolean miyin_register_document(miyin_register *reg, const char *document,
				 const char *owner, int common,
				 const char *actor,
				 miyin_document_record *record, GError **error)
{
	miyin_document_record before = { 0 }, after = { 0 };
	gboolean ok;
	gint64 id;

	if (!miyin_store_begin(reg, error))
		return FALSE;
	ok = find_one(reg, document, &id, error) &&
	     read_one(reg, id, &before, error) &&
	     ((!owner && common < 0) ||
	      change(reg, id, &before, owner, common, actor, error)) &&
	     read_one(reg, id, &after, error);
	if (ok)
		ok = miyin_store_commit(reg, error);
	else
		miyin_store_rollback(reg);
	miyin_document_record_clear(&before);
	if (ok)
		*record = after;
	else
		miyin_document_record_clear(&after);
	return ok;
}
