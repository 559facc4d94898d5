/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/actor.h>
#include <miyin/service.h>

void miyin_actor_init_here(miyin_actor *actor, const char *sudo_user)
{
	actor->name = miyin_service_caller(sudo_user);
}

void miyin_actor_clear(miyin_actor *actor)
{
	g_free(actor->name);
}
