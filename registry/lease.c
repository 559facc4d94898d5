/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * All locks are bytes of one file that is never removed: a file for each job
 * stays when the job is killed, and one that is unlinked can be locked twice.
 * The kernel lets go of the bytes of a process that dies.
 */
#include "lease.h"
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

int miyin_lease_lock(const miyin_register *reg, off_t byte, gboolean wait)
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

int miyin_lease_try(const miyin_register *reg, const char *job_uuid)
{
	return miyin_lease_lock(reg, find_byte(job_uuid), FALSE);
}

gboolean miyin_register_lock_job(miyin_register *reg, const char *job_uuid,
				 GError **error)
{
	int fd = -1;

	/* After a scheduler restart the first run may be on its way out. */
	for (int i = 0; i < LOCK_WAIT_S * 10; i++) {
		fd = miyin_lease_try(reg, job_uuid);
		if (fd >= 0 || errno != EAGAIN || (reg->stop && *reg->stop))
			break;
		g_usleep(G_USEC_PER_SEC / 10);
	}
	if (fd < 0)
		return miyin_fail(error,
				  errno == EAGAIN ? MIYIN_ERROR_BUSY
						  : MIYIN_ERROR_SYSTEM,
				  _("The job is held by another process: %s."),
				  g_strerror(errno));
	reg->lock_fd = fd;
	return TRUE;
}
