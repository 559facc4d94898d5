/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/office.h>

gboolean miyin_office_open(miyin_office *office, const miyin_actor *actor,
			   const miyin_config *config, GError **error)
{
	office->actor = actor;
	office->config = config;
	office->reg = miyin_register_open(config->register_path, FALSE, error);
	return office->reg != NULL;
}

void miyin_office_close(miyin_office *office)
{
	g_clear_pointer(&office->reg, miyin_register_close);
}
