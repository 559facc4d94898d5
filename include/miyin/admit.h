/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether a job's documents may be printed: each gets its level, holders and
 * limits, is prepared and looked at, or the job is refused. Who asks is known by
 * then.
 */
#ifndef MIYIN_ADMIT_H
#define MIYIN_ADMIT_H

#include <miyin/config.h>
#include <miyin/job.h>

/* Errors: a refusal; SYSTEM. */
gboolean miyin_admit(miyin_job *job, const miyin_config *config,
		     miyin_register *reg, GError **error);

#endif
