/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the guard before a device asks and writes. */
#include "store.h"
#include <miyin/error.h>
#include <glib/gi18n.h>

static const char *const ends[] = {
	[MIYIN_DEVICE_DONE] = "done",
	[MIYIN_DEVICE_FAILED] = "failed",
	[MIYIN_DEVICE_KILLED] = "killed",
};

void miyin_device_record_clear(miyin_device_record *record)
{
	g_clear_pointer(&record->detail, g_free);
}

/* Within a transaction: nothing is marked that is not to be printed. */
static gboolean start(miyin_register *reg, int device_job, GError **error)
{
	gint64 n;

	if (!miyin_store_number(
		    reg,
		    miyin_store_select(reg, error,
				       "SELECT count(*) FROM copies WHERE"
				       " device_job = ? AND device_job <> 0 AND"
				       " state = 'sending' AND"
				       " device_started = 0",
				       "i", device_job),
		    &n, error))
		return FALSE;
	if (n != 1) {
		g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_STATE,
			    _("The register has no copy that this job may "
			    "print."));
		return FALSE;
	}
	return miyin_store_run(reg, NULL, error,
			       "UPDATE copies SET device_started = 1 WHERE"
			       " device_job = ? AND device_job <> 0 AND"
			       " state = 'sending' AND device_started = 0",
			       "i", device_job);
}

gboolean miyin_register_start_device(miyin_register *reg, int device_job,
				     GError **error)
{
	if (!miyin_store_begin_must(reg, error))
		return FALSE;
	if (start(reg, device_job, error))
		return miyin_store_commit(reg, error);
	miyin_store_rollback(reg);
	return FALSE;
}

/* The scheduler's numbers may begin again: the last copy that had this one. */
static gboolean find_started(miyin_register *reg, int device_job, gint64 *copy,
			     GError **error)
{
	gint64 n_ends = 1;

	if (!miyin_store_number(
		    reg,
		    miyin_store_select(reg, error,
				       "SELECT coalesce(max(id), 0) FROM copies"
				       " WHERE device_job = ? AND"
				       " device_job <> 0 AND"
				       " device_started = 1",
				       "i", device_job),
		    copy, error) ||
	    !miyin_store_number(
		    reg,
		    miyin_store_select(reg, error,
				       "SELECT count(*) FROM devices WHERE"
				       " copy = ?",
				       "l", *copy),
		    &n_ends, error))
		return FALSE;
	if (*copy > 0 && n_ends == 0)
		return TRUE;
	g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_STATE,
		    _("The register has no copy that this job prints."));
	return FALSE;
}

gboolean miyin_register_end_device(miyin_register *reg, int device_job,
				   const miyin_device_record *record,
				   GError **error)
{
	g_autofree char *now = miyin_store_now();
	gint64 copy;

	if (record->end < MIYIN_DEVICE_DONE ||
	    record->end > MIYIN_DEVICE_KILLED) {
		g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_STATE,
			    _("That is not how a device ends."));
		return FALSE;
	}
	if (!miyin_store_begin_must(reg, error))
		return FALSE;
	if (find_started(reg, device_job, &copy, error) &&
	    miyin_store_run(reg, NULL, error,
			    "INSERT INTO devices(copy, end, reached, bytes,"
			    " pages, detail, at) VALUES(?,?,?,?,?,?,?)",
			    "lsiliss", copy, ends[record->end],
			    (int)record->reached, (gint64)record->bytes,
			    (int)record->pages,
			    record->detail ? record->detail : "", now))
		return miyin_store_commit(reg, error);
	miyin_store_rollback(reg);
	return FALSE;
}

static miyin_device_end find_end(const char *id, gboolean started)
{
	for (int i = MIYIN_DEVICE_DONE; i <= MIYIN_DEVICE_KILLED; i++)
		if (g_str_equal(ends[i], id))
			return i;
	return started ? MIYIN_DEVICE_STARTED : MIYIN_DEVICE_NONE;
}

gboolean miyin_register_read_device(miyin_register *reg, const miyin_copy *copy,
				    miyin_device_record *record, GError **error)
{
	g_autoptr(sqlite3_stmt) statement = miyin_store_select(
		reg, error,
		"SELECT c.device_started, d.end, coalesce(d.reached, 0),"
		" coalesce(d.bytes, 0), coalesce(d.pages, 0), d.detail"
		" FROM copies c LEFT JOIN devices d ON d.copy = c.id"
		" WHERE c.id = ?",
		"l", copy->row);
	gboolean row;

	if (!statement || !miyin_store_step(reg, statement, &row, error))
		return FALSE;
	if (!row) {
		g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_MISSING,
			    _("The register has no such copy."));
		return FALSE;
	}
	record->end = find_end(miyin_store_text(statement, 1),
			       sqlite3_column_int(statement, 0) != 0);
	record->reached = sqlite3_column_int(statement, 2) != 0;
	record->bytes = (guint64)sqlite3_column_int64(statement, 3);
	record->pages = (unsigned)sqlite3_column_int(statement, 4);
	record->detail = sqlite3_column_type(statement, 5) == SQLITE_NULL
				 ? NULL
				 : g_strdup(miyin_store_text(statement, 5));
	return TRUE;
}
