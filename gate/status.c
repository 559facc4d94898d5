/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/status.h>

gboolean miyin_status_refuse(const miyin_status *status, GError **error,
			     miyin_refusal refusal)
{
	if ((*error)->domain == MIYIN_REFUSAL)
		return FALSE;
	status->warn((*error)->message);
	g_clear_error(error);
	return miyin_refuse_for(error, refusal);
}
