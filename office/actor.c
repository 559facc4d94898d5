/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/actor.h>
#include <miyin/service.h>

void miyin_actor_init_here(miyin_actor *actor, miyin_role role,
			   const char *sudo_user)
{
	actor->name = miyin_service_caller(sudo_user);
	actor->role = role;
	actor->host = g_strdup(g_get_host_name());
}

void miyin_actor_clear(miyin_actor *actor)
{
	g_free(actor->name);
	g_free(actor->host);
}
