/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the register finds out about itself, and a copy of it elsewhere. */
#include "store.h"
#include <miyin/error.h>
#include <glib/gi18n.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

#define DAMAGES "5" /* are told; the rest is of their kind */

/* The one text of a statement, NULL when it has no row or NULL in it. */
static gboolean read_text(miyin_register *reg, const char *sql, char **text,
			  GError **error)
{
	g_autoptr(sqlite3_stmt) statement =
		miyin_store_select(reg, error, sql, "");
	gboolean row;

	if (!statement || !miyin_store_step(reg, statement, &row, error))
		return FALSE;
	if (row && sqlite3_column_type(statement, 0) != SQLITE_NULL)
		*text = g_strdup(miyin_store_text(statement, 0));
	return TRUE;
}

gboolean miyin_register_use_key(miyin_register *reg, unsigned key_id,
				const char *fingerprint, GError **error)
{
	g_autofree char *sql = g_strdup_printf(
		"SELECT fingerprint FROM keys WHERE id = %u", key_id);
	g_autofree char *known = NULL;

	g_clear_pointer(&reg->new_fingerprint, g_free);
	if (!read_text(reg, sql, &known, error))
		return FALSE;
	if (!known) {
		reg->new_key = key_id;
		reg->new_fingerprint = g_strdup(fingerprint);
		return TRUE;
	}
	if (g_str_equal(known, fingerprint))
		return TRUE;
	g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_TAMPER,
		    _("Key %u is not the key of this number that older paper was "
		    "printed with."),
		    key_id);
	return FALSE;
}

gboolean miyin_store_new_key(miyin_register *reg, GError **error)
{
	g_autofree char *now = miyin_store_now();

	return !reg->new_fingerprint ||
	       miyin_store_run(reg, NULL, error,
			       "INSERT INTO keys(id, fingerprint, at) SELECT"
			       " ?1, ?2, ?3 WHERE NOT EXISTS(SELECT 1 FROM keys"
			       " WHERE id = ?1)",
			       "iss", (int)reg->new_key, reg->new_fingerprint,
			       now);
}

/* pragma_integrity_check has no number here: SQLite 3.46 looks for a table of
 * that name. */
gboolean miyin_register_examine(miyin_register *reg,
				miyin_register_health *health, GError **error)
{
	return read_text(reg,
			 "SELECT group_concat(what, '; ') FROM (SELECT"
			 " integrity_check AS what FROM"
			 " pragma_integrity_check WHERE"
			 " integrity_check <> 'ok' UNION ALL SELECT 'a row of '"
			 " || \"table\" || ' without its ' || parent FROM"
			 " pragma_foreign_key_check LIMIT " DAMAGES ")",
			 &health->damage, error) &&
	       read_text(reg,
			 "SELECT max(at) FROM (SELECT at, lag(at) OVER (ORDER"
			 " BY seq) AS before FROM events) WHERE"
			 " julianday(before) - julianday(at) > 1.0 / 1440",
			 &health->backwards, error) &&
	       read_text(reg, "SELECT at FROM events ORDER BY seq LIMIT 1",
			 &health->first, error) &&
	       read_text(reg, "SELECT at FROM events ORDER BY seq DESC LIMIT 1",
			 &health->last, error) &&
	       read_text(reg,
			 "SELECT at FROM events WHERE event = 'backup' AND"
			 " event IN ('backup', 'counter') ORDER BY seq DESC"
			 " LIMIT 1",
			 &health->backup, error);
}

void miyin_register_health_clear(miyin_register_health *health)
{
	g_clear_pointer(&health->damage, g_free);
	g_clear_pointer(&health->backwards, g_free);
	g_clear_pointer(&health->first, g_free);
	g_clear_pointer(&health->last, g_free);
	g_clear_pointer(&health->backup, g_free);
}

static gboolean copy_to(miyin_register *reg, sqlite3 *to, GError **error)
{
	sqlite3_backup *backup =
		sqlite3_backup_init(to, "main", reg->db, "main");
	int status;

	if (!backup) {
		g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM,
			    _("The register cannot be copied: %s."),
			    miyin_store_words(sqlite3_errmsg(to)));
		return FALSE;
	}
	for (int n = 0;; n++) {
		status = sqlite3_backup_step(backup, -1);
		if ((status != SQLITE_BUSY && status != SQLITE_LOCKED) ||
		    !miyin_store_wait(reg, n))
			break;
	}
	sqlite3_backup_finish(backup);
	if (status == SQLITE_DONE)
		return TRUE;
	g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM,
		    _("The register cannot be copied: %s."),
		    miyin_store_words(sqlite3_errstr(status)));
	return FALSE;
}

gboolean miyin_register_backup(miyin_register *reg, const char *path,
			       const char *user, GError **error)
{
	int fd = g_open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	sqlite3 *to = NULL;
	gboolean ok;

	if (fd < 0) {
		g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM, "%s: %s",
			    path, g_strerror(errno));
		return FALSE;
	}
	close(fd);
	ok = sqlite3_open_v2(path, &to, SQLITE_OPEN_READWRITE, NULL) ==
		     SQLITE_OK &&
	     copy_to(reg, to, error);
	if (!ok && error && !*error)
		g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM, "%s: %s",
			    path, sqlite3_errmsg(to));
	sqlite3_close(to);
	if (!ok)
		g_unlink(path);
	return ok &&
	       miyin_register_note(reg, "backup", user, NULL, 0, path, error);
}
