/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger.h"
#include "schema.h"
#include "schema_sql.h"
#include "work.h"
#include <miyin/error.h>
#include <glib/gi18n.h>
#include <miyin/naming.h>

/* Whether it is a register, or nothing yet; and of which version. */
static gboolean check_file(miyin_register *reg, gboolean create,
			   gint64 *version, GError **error)
{
	gint64 id, n_tables;

	if (!miyin_store_read_version(reg, version, &id, &n_tables, error))
		return FALSE;
	if (*version < 0 || *version > MIYIN_SCHEMA_VERSION ||
	    (*version == 0 && n_tables == 0 && !create))
		return miyin_fail(error, MIYIN_ERROR_SYSTEM,
				  _("The register is not of this version of "
				    "miyin."));
	if (*version == 0 ? n_tables > 0 : id != MIYIN_APPLICATION_ID)
		return miyin_fail(error, MIYIN_ERROR_SYSTEM,
				  _("The file is no register of miyin but "
				    "another database."));
	return TRUE;
}

static gboolean upgrade_from(miyin_register *reg, gint64 version,
			     GError **error)
{
	if (version == MIYIN_SCHEMA_VERSION)
		return TRUE;
	for (; version < MIYIN_SCHEMA_VERSION; version++)
		if (!miyin_store_execute(reg, miyin_schema[version], error))
			return FALSE;
	return miyin_ledger_begin(reg, error) &&
	       miyin_store_write_version(reg, MIYIN_SCHEMA_VERSION,
					 MIYIN_APPLICATION_ID, error);
}

/* The version again, for another process may have been first. */
static gboolean upgrade(miyin_register *reg, gpointer data, GError **error)
{
	const gboolean *create = data;
	gboolean ok;
	gint64 version;

	miyin_store_define(reg, "miyin_skeleton", miyin_reference_skeleton);
	ok = check_file(reg, *create, &version, error) &&
	     upgrade_from(reg, version, error);
	miyin_store_define(reg, "miyin_skeleton", NULL);
	return ok;
}

gboolean miyin_schema_upgrade(miyin_register *reg, gboolean create,
			      GError **error)
{
	gint64 version;

	return check_file(reg, create, &version, error) &&
	       (version == MIYIN_SCHEMA_VERSION ||
		miyin_work_do(reg, upgrade, &create, error));
}
