/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether a policy of cupsd.conf lets nobody do an operation. */
#ifndef FORBIDS_H
#define FORBIDS_H

#include "admin/conftext.h"
#include "admin/operations.h"
#include <miyin/queuepolicy.h>
#include <string.h>

static inline gboolean forbids(const char *text, const char *policy,
			       const char *operation)
{
	g_autofree char *limit = miyin_conftext_limit(
		text, policy, miyin_operations_parse(operation));

	return limit && strstr(limit, "\nrequire user " MIYIN_NOBODY "\n");
}

#endif
