/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/status.h>

void miyin_status_refuse(const miyin_status *status, GError **error,
			 miyin_refusal refusal)
{
	if ((*error)->domain == MIYIN_REFUSAL)
		return;
	status->warn((*error)->message);
	g_clear_error(error);
	*error = miyin_refusal_new(refusal);
}
