/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The gate's job as CUPS hands it to a backend. */
#ifndef MIYIN_CUPSJOB_H
#define MIYIN_CUPSJOB_H

#include <miyin/job.h>

/*
 * Read argv and environment. Never fails for what a user can choose.
 *
 * Errors: the refusal config when DEVICE_URI is not ours.
 */
miyin_job *miyin_cupsjob_new(char **argv, GError **error);

#endif
