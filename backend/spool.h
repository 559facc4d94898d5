/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The files of a job as the scheduler has them in its spool folder: root's, and
 * no user's to write. Only root finds them, and they go when the job ends, so
 * they are opened first of all.
 */
#ifndef MIYIN_SPOOL_H
#define MIYIN_SPOOL_H

#include <glib.h>

#define MIYIN_SPOOL_FILES_MAX 100

/*
 * Open all files of a job: <folder>/d00012-001 and on.
 *
 *   folder     CUPS_REQUESTROOT
 *   max_bytes  of all together
 *   too_large  set to whether that is why it failed
 *
 * Returns descriptors to read, close-on-exec, in the order of the documents.
 * Free with g_array_unref, which closes them.
 * Errors: INPUT for too many or too large; SYSTEM.
 */
GArray *miyin_spool_open(const char *folder, int job_id, guint64 max_bytes,
			 gboolean *too_large, GError **error);

#endif
