/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a document says of itself, and what follows: its level is not lowered,
 * its period is taken or meant, and a marked copy is not printed for an
 * original.
 */
#ifndef MIYIN_HEED_H
#define MIYIN_HEED_H

#include "declaration.h"
#include <miyin/config.h>
#include <miyin/job.h>

/* Begin to read it, once it is identified. readers: NULL where the policy does
 * not ask. Errors: as miyin_readers_start. */
gboolean miyin_heed_begin(const miyin_job *job, const miyin_config *config,
			  const miyin_document *document,
			  miyin_readers **readers, GError **error);

/* As it was sent, before its layout. Errors: a refusal; SYSTEM. */
gboolean miyin_heed_sent(const miyin_job *job, miyin_document *document,
			 miyin_readers *readers, GError **error);

/* What its first printed page says after it. Errors: a refusal. */
gboolean miyin_heed_printed(const miyin_job *job, miyin_document *document,
			    GError **error);

#endif
