/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables of a new register, and what an older one still needs. */
#include "store.h"
#include "schema.h"
#include <miyin/error.h>
#include <glib/gi18n.h>
#include <miyin/naming.h>

static gboolean get_number(miyin_register *reg, const char *sql, int *number,
			   GError **error)
{
	gint64 value;

	if (!miyin_store_number(reg, miyin_store_select(reg, error, sql, ""),
				&value, error))
		return FALSE;
	*number = (int)value;
	return TRUE;
}

static gboolean refuse(GError **error, const char *reason)
{
	g_set_error_literal(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM, reason);
	return FALSE;
}

/* Whether it is a register, or nothing yet; and of which version. */
static gboolean check_file(miyin_register *reg, gboolean create, int *version,
			   GError **error)
{
	int id, n_tables;

	if (!get_number(reg, "PRAGMA user_version", version, error) ||
	    !get_number(reg, "PRAGMA application_id", &id, error) ||
	    !get_number(reg, "SELECT count(*) FROM sqlite_schema", &n_tables,
			error))
		return FALSE;
	if (*version < 0 || *version > MIYIN_SCHEMA_VERSION ||
	    (*version == 0 && n_tables == 0 && !create))
		return refuse(error, _("The register is not of this version of "
				       "miyin."));
	if (*version == 0 ? n_tables > 0 : id != MIYIN_APPLICATION_ID)
		return refuse(error, _("The file is no register of miyin but "
				       "another database."));
	return TRUE;
}

static void skeleton(sqlite3_context *context, int n, sqlite3_value **values)
{
	(void)n;
	sqlite3_result_text(context,
			    miyin_reference_skeleton((
				    const char *)sqlite3_value_text(values[0])),
			    -1, g_free);
}

static gboolean upgrade_from(miyin_register *reg, int version, GError **error)
{
	for (; version < MIYIN_SCHEMA_VERSION; version++)
		if (sqlite3_exec(reg->db, miyin_schema[version], NULL, NULL,
				 NULL) != SQLITE_OK)
			return miyin_store_fail(reg, error);
	if (sqlite3_exec(
		    reg->db,
		    "PRAGMA user_version=" G_STRINGIFY(
			    MIYIN_SCHEMA_VERSION) ";"
						  "PRAGMA "
						  "application_id=" G_STRINGIFY(
							  MIYIN_APPLICATION_ID),
		    NULL, NULL, NULL) != SQLITE_OK)
		return miyin_store_fail(reg, error);
	return TRUE;
}

gboolean miyin_store_upgrade(miyin_register *reg, gboolean create,
			     GError **error)
{
	int version;
	gboolean ok;

	if (!check_file(reg, create, &version, error))
		return FALSE;
	if (version == MIYIN_SCHEMA_VERSION)
		return TRUE;
	if (!miyin_store_begin(reg, error))
		return FALSE;
	sqlite3_create_function(reg->db, "miyin_skeleton", 1, SQLITE_UTF8, NULL,
				skeleton, NULL, NULL);
	/* Again, for another process may have been first. */
	ok = check_file(reg, create, &version, error) &&
	     upgrade_from(reg, version, error);
	sqlite3_create_function(reg->db, "miyin_skeleton", 1, SQLITE_UTF8, NULL,
				NULL, NULL, NULL);
	if (ok)
		return miyin_store_commit(reg, error);
	miyin_store_rollback(reg);
	return FALSE;
}
