/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the guard before a device asks and writes. */
#include "entries.h"
#include "ledger.h"
#include "work.h"
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

miyin_copy_state miyin_device_weigh(const miyin_device_record *record)
{
	switch (record->end) {
	case MIYIN_DEVICE_NONE:
		return MIYIN_COPY_VOID;
	case MIYIN_DEVICE_DONE:
		return MIYIN_COPY_PRINTED;
	case MIYIN_DEVICE_FAILED:
	case MIYIN_DEVICE_KILLED:
		return record->reached ? MIYIN_COPY_PARTIAL : MIYIN_COPY_VOID;
	default:
		return MIYIN_COPY_DOUBT;
	}
}

/* The scheduler numbers its jobs, and each server has one. */
#define OF_DEVICE_JOB                                                          \
	"device_job = :device_job AND device_job <> 0 AND"                     \
	" (SELECT server FROM jobs WHERE id = copies.job) = :server"
#define OF_DEVICE_JOB_VALUES(reg, number)                                      \
	NUMBER("device_job", number), TEXT("server", (reg)->server)
#define MAY_START OF_DEVICE_JOB " AND state = 'sending' AND device_started = 0"

/* Nothing is marked that is not to be printed. */
static gboolean start(miyin_register *reg, gpointer data, GError **error)
{
	const int *device_job = data;
	gint64 n, copy;

	if (!miyin_store_number(reg,
				"SELECT count(*) FROM copies WHERE " MAY_START,
				VALUES(OF_DEVICE_JOB_VALUES(reg, *device_job)),
				&n, error) ||
	    !miyin_store_number(reg,
				"SELECT coalesce(max(id), 0) FROM copies WHERE"
				" " MAY_START,
				VALUES(OF_DEVICE_JOB_VALUES(reg, *device_job)),
				&copy, error))
		return FALSE;
	if (n != 1)
		return miyin_fail(
			error, MIYIN_ERROR_STATE,
			_("The register has no copy that this job may "
			  "print."));
	miyin_ledger_touch(reg, "copies", copy);
	return miyin_store_run(
		reg, "UPDATE copies SET device_started = 1 WHERE id = :copy",
		VALUES(NUMBER("copy", copy)), NULL, error);
}

gboolean miyin_register_start_device(miyin_register *reg, int device_job,
				     GError **error)
{
	return miyin_work_must(reg, start, &device_job, error);
}

/* The scheduler's numbers may begin again: the last copy that had this one. */
static gboolean find_started(miyin_register *reg, int device_job, gint64 *copy,
			     GError **error)
{
	gint64 n_ends = 1;

	if (!miyin_store_number(reg,
				"SELECT coalesce(max(id), 0) FROM copies WHERE"
				" " OF_DEVICE_JOB " AND device_started = 1",
				VALUES(OF_DEVICE_JOB_VALUES(reg, device_job)),
				copy, error) ||
	    !miyin_store_number(
		    reg, "SELECT count(*) FROM devices WHERE copy = :copy",
		    VALUES(NUMBER("copy", *copy)), &n_ends, error))
		return FALSE;
	if (*copy > 0 && n_ends == 0)
		return TRUE;
	return miyin_fail(error, MIYIN_ERROR_STATE,
			  _("The register has no copy that this job prints."));
}

typedef struct {
	int device_job;
	const miyin_device_record *record;
} ending;

static gboolean end(miyin_register *reg, gpointer data, GError **error)
{
	const ending *e = data;
	const miyin_device_record *record = e->record;
	g_autofree char *now = miyin_entries_now();
	gint64 copy;

	return find_started(reg, e->device_job, &copy, error) &&
	       miyin_ledger_insert(
		       reg, "devices",
		       VALUES(NUMBER("copy", copy),
			      TEXT("end", ends[record->end]),
			      NUMBER("reached", record->reached),
			      NUMBER("bytes", record->bytes),
			      NUMBER("pages", record->pages),
			      TEXT("detail",
				   record->detail ? record->detail : ""),
			      TEXT("at", now)),
		       NULL, error);
}

gboolean miyin_register_end_device(miyin_register *reg, int device_job,
				   const miyin_device_record *record,
				   GError **error)
{
	ending e = { device_job, record };

	if (record->end >= MIYIN_DEVICE_DONE &&
	    record->end <= MIYIN_DEVICE_KILLED)
		return miyin_work_must(reg, end, &e, error);
	return miyin_fail(error, MIYIN_ERROR_STATE,
			  _("That is not how a device ends."));
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
	g_autoptr(miyin_rows) row = miyin_store_select(
		reg,
		"SELECT c.device_started, d.end, d.reached, d.bytes, d.pages,"
		" d.detail FROM copies c LEFT JOIN devices d ON d.copy = c.id"
		" WHERE c.id = :copy",
		VALUES(NUMBER("copy", copy->row)), error);

	if (!miyin_rows_next(row))
		return miyin_rows_end(row, error) &&
		       miyin_fail(error, MIYIN_ERROR_MISSING,
				  _("The register has no such copy."));
	record->end = find_end(miyin_rows_text(row, "end"),
			       miyin_rows_number(row, "device_started") != 0);
	record->reached = miyin_rows_number(row, "reached") != 0;
	record->bytes = (guint64)miyin_rows_number(row, "bytes");
	record->pages = (unsigned)miyin_rows_number(row, "pages");
	record->detail = g_strdup(miyin_rows_text(row, "detail"));
	return TRUE;
}
