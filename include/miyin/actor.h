/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who asks the office for something: events are entered under his name. */
#ifndef MIYIN_ACTOR_H
#define MIYIN_ACTOR_H

#include <glib.h>

typedef enum {
	MIYIN_ROLE_OFFICER,
	MIYIN_ROLE_ADMINISTRATOR,
} miyin_role;

typedef struct {
	char *name;
	miyin_role role;
	char *host; /* the computer that he asks from */
} miyin_actor;

/*
 * Who gave a command on this computer; ask before becoming the service.
 *
 *   sudo_user   as miyin_service_caller has it
 */
void miyin_actor_init_here(miyin_actor *actor, miyin_role role,
			   const char *sudo_user);
void miyin_actor_clear(miyin_actor *actor);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(miyin_actor, miyin_actor_clear)

#endif
