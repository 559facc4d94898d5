/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Copies as who prints them has them (miyin_copy). */
#ifndef MIYIN_JOBCOPIES_H
#define MIYIN_JOBCOPIES_H

#include "store.h"

/* Those of a row of jobs that are not void. */
gboolean miyin_jobcopies_find(miyin_register *reg, gint64 job,
			      GPtrArray *copies, GError **error);

/* Those that are reserved or being sent; job_uuid NULL: of all jobs of all
 * servers. */
gboolean miyin_jobcopies_find_open(miyin_register *reg, const char *job_uuid,
				   GPtrArray *copies, GError **error);

#endif
