/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the user asks of a document, against what queue, scheme and policy
 * allow: its level, copies, period, reference, names and holders.
 */
#ifndef MIYIN_CHOOSE_H
#define MIYIN_CHOOSE_H

#include <miyin/job.h>

/* Errors: a refusal. */
gboolean miyin_choose(const miyin_job *job, miyin_document *document,
		      GError **error);

#endif
