/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the collector sends: (DOCU | RJCT) TRLR, again and again, to a clean end
 * (doc/format-frame.md). It is the word of a process that has parsed the user's
 * files: claims.h checks each record.
 */
#ifndef MIYIN_STREAM_H
#define MIYIN_STREAM_H

#include <miyin/budget.h>
#include <miyin/job.h>

/*
 * Read all of it into the job's documents.
 *
 *   budget   its temporary files are what all documents may have here
 *
 * Errors: a refusal; SYSTEM.
 */
gboolean miyin_stream_read(miyin_job *job, int fd, const miyin_budget *budget,
			   GError **error);

/* The refusal of a stream that is none, always FALSE. */
gboolean miyin_stream_refuse(GError **error, const char *reason);

#endif
