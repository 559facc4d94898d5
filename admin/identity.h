/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Being the service user for a while. protect and unprotect need root for the
 * scheduler, but what they leave in the service's folder must be the
 * service's, and root must not follow links that somebody put there.
 * (service.h is for commands that can be him for good.)
 */
#ifndef MIYIN_ADMIN_IDENTITY_H
#define MIYIN_ADMIN_IDENTITY_H

#include <glib.h>
#include <miyin/config.h>

/* Whether this process is the service user until the variable goes: g_auto.
 * Declare what the service has to close after it. */
typedef gboolean miyin_identity;

/*
 * Be the service user. Does nothing for anybody but root. Do not talk to the
 * scheduler meanwhile: it would see him.
 *
 * Errors: MISSING when there is no such account, SYSTEM.
 */
miyin_identity miyin_identity_enter(const char *user, GError **error);
void miyin_identity_leave(miyin_identity entered);

/* Enter an event of the administrator into the register.
 * Errors: as the register's. */
gboolean miyin_identity_note(const miyin_config *config, const char *event,
			     const char *queue, const char *detail,
			     GError **error);

G_DEFINE_AUTO_CLEANUP_FREE_FUNC(miyin_identity, miyin_identity_leave, FALSE)

#endif
