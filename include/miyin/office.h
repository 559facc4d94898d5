/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The office: what officers do, each with an actor, for whoever serves them. It
 * returns values, and neither prints nor asks for arguments or environment.
 * What must be entered in the register is entered before its answer is
 * returned.
 *
 * Calling order: become the service, open, ask (here, inquiry.h, listing.h),
 * close.
 */
#ifndef MIYIN_OFFICE_H
#define MIYIN_OFFICE_H

#include <miyin/actor.h>
#include <miyin/config.h>
#include <miyin/register.h>

typedef struct {
	const miyin_actor *actor;   /* borrowed */
	const miyin_config *config; /* borrowed */
	miyin_register *reg;
} miyin_office;

/* Errors: SYSTEM. */
gboolean miyin_office_open(miyin_office *office, const miyin_actor *actor,
			   const miyin_config *config, GError **error);
void miyin_office_close(miyin_office *office);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(miyin_office, miyin_office_close)

#endif
