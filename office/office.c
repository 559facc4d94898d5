/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/office.h>
#include <miyin/error.h>
#include <miyin/service.h>
#include <glib/gi18n.h>

gboolean miyin_office_open(miyin_office *office, const miyin_actor *actor,
			   const miyin_config *config, GError **error)
{
	if (!miyin_service_become(config->user, error))
		return FALSE;
	office->actor = actor;
	office->config = config;
	office->reg = miyin_register_open(config, FALSE, error);
	return office->reg != NULL;
}

void miyin_office_close(miyin_office *office)
{
	g_clear_pointer(&office->reg, miyin_register_close);
}

gboolean miyin_office_document(const miyin_office *office, const char *document,
			       const char *owner, int common,
			       miyin_document_record *record, GError **error)
{
	const miyin_document_change change = { document, owner, common,
					       office->actor->name };

	return miyin_register_document(office->reg, &change, record, error);
}

/* The register as a whole is not an officer's. */
static gboolean may_administrate(const miyin_office *office, GError **error)
{
	return office->actor->role == MIYIN_ROLE_ADMINISTRATOR ||
	       miyin_fail(error, MIYIN_ERROR_DENIED,
			  _("Only an administrator may do this; ask one."));
}

gboolean miyin_office_backup(const miyin_office *office, const char *path,
			     GError **error)
{
	return may_administrate(office, error) &&
	       miyin_register_backup(office->reg, path, office->actor->name,
				     error);
}

gboolean miyin_office_accept(const miyin_office *office,
			     miyin_register_gap *gap, GError **error)
{
	return may_administrate(office, error) &&
	       miyin_register_accept(office->reg, office->actor->name, gap,
				     error);
}

static miyin_count judge(const unsigned *counter, const miyin_reading *reading)
{
	if (reading->is_first)
		return MIYIN_COUNT_FIRST;
	if (!counter)
		return MIYIN_COUNT_SILENT;
	if (*counter < reading->before)
		return MIYIN_COUNT_FELL;
	return *counter - reading->before > reading->pages ? MIYIN_COUNT_MORE
							   : MIYIN_COUNT_AGREES;
}

gboolean miyin_office_reconcile(const miyin_office *office,
				const miyin_counted *counted,
				const unsigned *counter, miyin_count *count,
				miyin_reading *reading, GError **error)
{
	if (!may_administrate(office, error) ||
	    !miyin_register_count(office->reg, office->actor->name, counted,
				  counter, reading, error))
		return FALSE;
	*count = judge(counter, reading);
	return TRUE;
}
