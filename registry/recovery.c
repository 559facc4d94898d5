/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What becomes of the copies of a job that nobody holds. */
#include "jobcopies.h"
#include "lease.h"
#include "settle.h"
#include "work.h"
#include <miyin/error.h>
#include <miyin/memfile.h>
#include <errno.h>
#include <unistd.h>

/* What the guard saw is what happened. Where it saw no end nobody knows. */
static gboolean end_copy(miyin_register *reg, const miyin_copy *copy,
			 const miyin_device_record *seen, GError **error)
{
	const miyin_copy_state to = copy->state == MIYIN_COPY_RESERVED
					    ? MIYIN_COPY_VOID
					    : miyin_device_weigh(seen);
	const char *detail = to == MIYIN_COPY_VOID
				     ? "printing ended before the copy was sent"
				     : "printing ended while the copy was sent";

	if (seen->detail && *seen->detail)
		detail = seen->detail;
	return miyin_settle_step(reg, copy, to, seen->pages, detail, error);
}

/* Part of a unit of work: the copies of one job. */
static gboolean recover_copies(miyin_register *reg, gpointer data,
			       GError **error)
{
	const char *job_uuid = data;
	g_autoptr(GPtrArray) copies =
		g_ptr_array_new_with_free_func((GDestroyNotify)miyin_copy_free);

	if (!miyin_jobcopies_find_open(reg, job_uuid, copies, error))
		return FALSE;
	for (unsigned i = 0; i < copies->len; i++) {
		const miyin_copy *copy = copies->pdata[i];
		miyin_device_record seen = { 0 };
		gboolean ok =
			miyin_register_read_device(reg, copy, &seen, error) &&
			end_copy(reg, copy, &seen, error);

		miyin_device_record_clear(&seen);
		if (!ok)
			return FALSE;
	}
	return TRUE;
}

/* Only a dead job's lock can be had. */
static gboolean recover_job(miyin_register *reg, char *job_uuid, GError **error)
{
	g_auto(miyin_fd) fd = miyin_lease_try(reg, job_uuid);

	if (fd < 0 && errno == EAGAIN)
		return TRUE;
	if (fd < 0)
		return miyin_fail(error, MIYIN_ERROR_SYSTEM, "%s: %s",
				  reg->locks_path, g_strerror(errno));
	return miyin_work_do(reg, recover_copies, job_uuid, error);
}

/* Of this server alone: whether a job of another lives is not seen from
 * here. */
static GPtrArray *find_jobs(miyin_register *reg, const char *but,
			    GError **error)
{
	g_autoptr(GPtrArray) uuids = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(miyin_rows) row = miyin_store_select(
		reg,
		"SELECT DISTINCT j.uuid FROM copies c JOIN jobs j"
		" ON j.id = c.job WHERE c.state IN ('reserved', 'sending')"
		" AND j.uuid <> :but AND j.server = :server",
		VALUES(TEXT("but", but ? but : ""),
		       TEXT("server", reg->server)),
		error);

	while (miyin_rows_next(row))
		g_ptr_array_add(uuids, g_strdup(miyin_rows_text(row, "uuid")));
	return miyin_rows_end(row, error) ? g_steal_pointer(&uuids) : NULL;
}

gboolean miyin_register_recover(miyin_register *reg, const char *job_uuid,
				GError **error)
{
	g_autoptr(GPtrArray) uuids = find_jobs(reg, job_uuid, error);

	for (unsigned i = 0; uuids && i < uuids->len; i++)
		if (!recover_job(reg, uuids->pdata[i], error))
			return FALSE;
	return uuids != NULL;
}
