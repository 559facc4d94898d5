/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "names.h"
#include <miyin/error.h>
#include <miyin/naming.h>
#include <glib/gi18n.h>
#include <string.h>

#define HASH_PREFIX_MIN 8

static gboolean select_ids(miyin_register *reg, const char *sql,
			   const miyin_value *values, GArray *ids,
			   GError **error)
{
	g_autoptr(miyin_rows) row = miyin_store_select(reg, sql, values, error);

	while (miyin_rows_next(row)) {
		const gint64 id = miyin_rows_number(row, "id");

		g_array_append_val(ids, id);
	}
	return miyin_rows_end(row, error);
}

static gboolean find_by_name(miyin_register *reg, const char *name, GArray *ids,
			     GError **error)
{
	g_autofree char *key = g_strconcat("ref:", name, NULL);
	g_autofree char *skeleton = miyin_reference_skeleton(name);

	return select_ids(
		reg,
		"SELECT id FROM documents WHERE identity IN (:key, :name) OR"
		" (skeleton = :skeleton AND :skeleton <> '')"
		" ORDER BY identity = :key DESC, id LIMIT 1",
		VALUES(TEXT("key", key), TEXT("name", name),
		       TEXT("skeleton", skeleton)),
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
		    "SELECT count(DISTINCT content) FROM contents WHERE"
		    " content >= :from AND content < :to",
		    VALUES(TEXT("from", from), TEXT("to", to)), &n, error))
		return FALSE;
	if (n > 1)
		return miyin_fail(error, MIYIN_ERROR_INPUT,
				  _("Several contents begin with \"%s\"; give "
				    "more of the hash."),
				  name);
	return select_ids(
		reg,
		"SELECT document AS id FROM contents WHERE content >= :from"
		" AND content < :to ORDER BY job",
		VALUES(TEXT("from", from), TEXT("to", to)), ids, error);
}

gboolean miyin_names_find(miyin_register *reg, const char *name, GArray *ids,
			  GError **error)
{
	if (!find_by_name(reg, name, ids, error) ||
	    (ids->len == 0 && !find_by_hash(reg, name, ids, error)))
		return FALSE;
	if (ids->len > 0)
		return TRUE;
	return miyin_fail(error, MIYIN_ERROR_MISSING,
			  _("The register has no document \"%s\"."), name);
}
