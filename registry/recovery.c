/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who holds a job, and what becomes of the copies of one that nobody holds.
 *
 * All locks are bytes of one file that is never removed: a file for each job
 * stays when the job is killed, and one that is unlinked can be locked twice.
 * The kernel lets go of the bytes of a process that dies.
 */
#include "store.h"
#include <miyin/error.h>
#include <glib/gi18n.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

#define LOCK_WAIT_S 600 /* for a run that still draws a long copy */

/* The uuid comes from cupsd: which byte is its hash's doing. Two jobs that
 * share one would wait for each other; there are 2^62. */
static off_t find_byte(const char *job_uuid)
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
	guint8 digest[32];
	gsize length = sizeof(digest);
	guint64 byte = 0;

	g_checksum_update(sum, (const guchar *)job_uuid, -1);
	g_checksum_get_digest(sum, digest, &length);
	for (int i = 0; i < 8; i++)
		byte = byte << 8 | digest[i];
	return (off_t)(byte >> 2);
}

int miyin_store_lock(const miyin_register *reg, off_t byte, gboolean wait)
{
	int fd = g_open(reg->locks_path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	struct flock lock = {
		.l_type = F_WRLCK,
		.l_whence = SEEK_SET,
		.l_start = byte,
		.l_len = 1,
	};
	const int command = wait ? F_OFD_SETLKW : F_OFD_SETLK;
	int status, reason;

	if (fd < 0)
		return -1;
	do
		status = fcntl(fd, command, &lock);
	while (status != 0 && errno == EINTR);
	if (status == 0)
		return fd;
	reason = errno == EACCES ? EAGAIN : errno;
	close(fd);
	errno = reason;
	return -1;
}

static int try_lock(const miyin_register *reg, const char *job_uuid)
{
	return miyin_store_lock(reg, find_byte(job_uuid), FALSE);
}

gboolean miyin_register_lock_job(miyin_register *reg, const char *job_uuid,
				 GError **error)
{
	int fd = -1;

	/* After a scheduler restart the first run may be on its way out. */
	for (int i = 0; i < LOCK_WAIT_S * 10; i++) {
		fd = try_lock(reg, job_uuid);
		if (fd >= 0 || errno != EAGAIN || (reg->stop && *reg->stop))
			break;
		g_usleep(G_USEC_PER_SEC / 10);
	}
	if (fd < 0) {
		g_set_error(error, MIYIN_ERROR,
			    errno == EAGAIN ? MIYIN_ERROR_BUSY
					    : MIYIN_ERROR_SYSTEM,
			    _("The job is held by another process: %s."),
			    g_strerror(errno));
		return FALSE;
	}
	reg->lock_fd = fd;
	return TRUE;
}

/* What the guard saw is what happened. Where it saw no end nobody knows. */
static gboolean end_copy(miyin_register *reg, const miyin_copy *copy,
			 const miyin_device_record *seen, GError **error)
{
	miyin_act act = MIYIN_ACT_DOUBT;
	const char *detail = "printing ended while the copy was sent";

	if (copy->state == MIYIN_COPY_RESERVED)
		act = MIYIN_ACT_VOID;
	else if (seen->end == MIYIN_DEVICE_DONE)
		act = MIYIN_ACT_PRINTED;
	else if (seen->end == MIYIN_DEVICE_NONE ||
		 (seen->end != MIYIN_DEVICE_STARTED && !seen->reached))
		act = MIYIN_ACT_UNSENT;
	else if (seen->end != MIYIN_DEVICE_STARTED)
		act = MIYIN_ACT_PARTIAL;
	if (act == MIYIN_ACT_VOID || act == MIYIN_ACT_UNSENT)
		detail = "printing ended before the copy was sent";
	else if (seen->detail && *seen->detail)
		detail = seen->detail;
	return miyin_store_change(reg, copy, act, seen->pages, detail, error);
}

gboolean miyin_store_find_open(miyin_register *reg, const char *job_uuid,
			       GArray *copies, GError **error)
{
	g_autoptr(sqlite3_stmt) statement = miyin_store_select(
		reg, error,
		"SELECT c.id, c.state, c.device_job FROM copies c JOIN jobs j"
		" ON j.id = c.job WHERE c.state IN ('reserved', 'sending') AND"
		" (?1 IS NULL OR j.uuid = ?1)",
		"s", job_uuid);
	gboolean row;

	while (statement && miyin_store_step(reg, statement, &row, error)) {
		miyin_copy copy = { 0 };

		if (!row)
			return TRUE;
		copy.row = sqlite3_column_int64(statement, 0);
		copy.state =
			miyin_copy_state_find(miyin_store_text(statement, 1));
		copy.device_job = sqlite3_column_int(statement, 2);
		g_array_append_val(copies, copy);
	}
	return FALSE;
}

static gboolean recover_copies(miyin_register *reg, const char *job_uuid,
			       GError **error)
{
	g_autoptr(GArray) copies = g_array_new(FALSE, TRUE, sizeof(miyin_copy));

	if (!miyin_store_find_open(reg, job_uuid, copies, error))
		return FALSE;
	for (unsigned i = 0; i < copies->len; i++) {
		const miyin_copy *copy = &g_array_index(copies, miyin_copy, i);
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
static gboolean recover_job(miyin_register *reg, const char *job_uuid,
			    GError **error)
{
	int fd = try_lock(reg, job_uuid);
	gboolean ok;

	if (fd < 0 && errno == EAGAIN)
		return TRUE;
	if (fd < 0) {
		g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM, "%s: %s",
			    reg->locks_path, g_strerror(errno));
		return FALSE;
	}
	ok = miyin_store_begin(reg, error);
	if (ok && recover_copies(reg, job_uuid, error)) {
		ok = miyin_store_commit(reg, error);
	} else {
		miyin_store_rollback(reg);
		ok = FALSE;
	}
	close(fd);
	return ok;
}

gboolean miyin_register_recover(miyin_register *reg, const char *job_uuid,
				GError **error)
{
	g_autoptr(GPtrArray) uuids = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(sqlite3_stmt) statement = miyin_store_select(
		reg, error,
		"SELECT DISTINCT j.uuid FROM copies c JOIN jobs j"
		" ON j.id = c.job WHERE c.state IN ('reserved', 'sending')"
		" AND j.uuid <> ?",
		"s", job_uuid ? job_uuid : "");
	gboolean row = TRUE;

	if (!statement)
		return FALSE;
	while (row) {
		if (!miyin_store_step(reg, statement, &row, error))
			return FALSE;
		if (row)
			g_ptr_array_add(uuids, g_strdup(miyin_store_text(
						       statement, 0)));
	}
	g_clear_pointer(&statement, sqlite3_finalize);
	for (unsigned i = 0; i < uuids->len; i++)
		if (!recover_job(reg, uuids->pdata[i], error))
			return FALSE;
	return TRUE;
}
