/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the register finds out about itself, and a copy of it elsewhere. */
#include "entries.h"
#include "health.h"
#include "ledger.h"
#include <miyin/error.h>
#include <miyin/memfile.h>
#include <glib/gi18n.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

#define DAMAGES "5" /* are told; the rest is of their kind */

/* known: whether the register has a key of that number; FALSE: another one. */
static gboolean compare_key(miyin_register *reg, unsigned key_id,
			    const char *fingerprint, gboolean *known,
			    GError **error)
{
	g_autofree char *entered = NULL;

	if (!miyin_store_text(reg,
			      "SELECT fingerprint FROM keys WHERE id = :id",
			      VALUES(NUMBER("id", key_id)), &entered, error))
		return FALSE;
	*known = entered != NULL;
	return !entered || g_str_equal(entered, fingerprint) ||
	       miyin_fail(error, MIYIN_ERROR_TAMPER,
			  _("Key %u is not the key of this number that older "
			    "paper was printed with."),
			  key_id);
}

gboolean miyin_register_use_key(miyin_register *reg, unsigned key_id,
				const char *fingerprint, GError **error)
{
	gboolean known;

	g_clear_pointer(&reg->new_fingerprint, g_free);
	if (!compare_key(reg, key_id, fingerprint, &known, error))
		return FALSE;
	if (!known) {
		reg->new_key = key_id;
		reg->new_fingerprint = g_strdup(fingerprint);
	}
	return TRUE;
}

/* Another process may have been first, with another key. */
gboolean miyin_health_enter_key(miyin_register *reg, GError **error)
{
	g_autofree char *now = miyin_entries_now();
	gboolean known = TRUE;

	if (reg->new_fingerprint &&
	    !compare_key(reg, reg->new_key, reg->new_fingerprint, &known,
			 error))
		return FALSE;
	return known || miyin_ledger_insert(reg, "keys",
					    VALUES(NUMBER("id", reg->new_key),
						   TEXT("fingerprint",
							reg->new_fingerprint),
						   TEXT("at", now)),
					    NULL, error);
}

/* pragma_integrity_check has no number here: SQLite 3.46 looks for a table of
 * that name. */
gboolean miyin_register_examine(miyin_register *reg,
				miyin_register_health *health, GError **error)
{
	return miyin_store_text(
		       reg,
		       "SELECT group_concat(what, '; ') FROM (SELECT"
		       " integrity_check AS what FROM"
		       " pragma_integrity_check WHERE"
		       " integrity_check <> 'ok' UNION ALL SELECT 'a row of '"
		       " || \"table\" || ' without its ' || parent FROM"
		       " pragma_foreign_key_check LIMIT " DAMAGES ")",
		       NULL, &health->damage, error) &&
	       miyin_store_text(
		       reg,
		       "SELECT max(at) FROM (SELECT at, lag(at) OVER (ORDER"
		       " BY seq) AS before FROM events) WHERE"
		       " julianday(before) - julianday(at) > 1.0 / 1440",
		       NULL, &health->backwards, error) &&
	       miyin_store_text(reg,
				"SELECT at FROM events ORDER BY seq LIMIT 1",
				NULL, &health->first, error) &&
	       miyin_store_text(
		       reg, "SELECT at FROM events ORDER BY seq DESC LIMIT 1",
		       NULL, &health->last, error) &&
	       miyin_store_text(
		       reg,
		       "SELECT at FROM events WHERE event = 'backup' AND"
		       " event IN ('backup', 'counter') ORDER BY seq DESC"
		       " LIMIT 1",
		       NULL, &health->backup, error);
}

void miyin_register_health_clear(miyin_register_health *health)
{
	g_clear_pointer(&health->damage, g_free);
	g_clear_pointer(&health->backwards, g_free);
	g_clear_pointer(&health->first, g_free);
	g_clear_pointer(&health->last, g_free);
	g_clear_pointer(&health->backup, g_free);
}

/* Through no link at its name, neither now nor when the store opens it. */
gboolean miyin_register_backup(miyin_register *reg, const char *path,
			       const char *user, GError **error)
{
	const miyin_event note = { .event = "backup",
				   .user = user,
				   .detail = path };
	g_autofree char *dir = g_path_get_dirname(path);
	g_autofree char *name = g_path_get_basename(path);
	g_autofree char *real = realpath(dir, NULL);
	g_autofree char *file = g_build_filename(real ? real : dir, name, NULL);
	g_auto(miyin_fd) fd =
		open(file, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0)
		return miyin_fail(error, MIYIN_ERROR_SYSTEM, "%s: %s", path,
				  g_strerror(errno));
	if (miyin_store_copy(reg, file, error) &&
	    miyin_register_note(reg, &note, 0, error))
		return TRUE;
	g_unlink(file);
	return FALSE;
}
