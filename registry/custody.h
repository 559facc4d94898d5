/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The life of a copy: a table of what may happen in which state. Pure.
 */
#ifndef MIYIN_CUSTODY_H
#define MIYIN_CUSTODY_H

#include <glib.h>
#include <miyin/register.h>

typedef enum {
	MIYIN_ACT_CLAIM,   /* the first byte may leave now */
	MIYIN_ACT_PRINTED, /* the device says all of it came out */
	MIYIN_ACT_PARTIAL, /* it ended early */
	MIYIN_ACT_DOUBT,   /* nobody was there to see the end */
	MIYIN_ACT_VOID,	   /* nothing left */
	MIYIN_ACT_UNSENT,  /* its device never started, or was not reached */
} miyin_act;

/* The state after an act, or -1 when it is not allowed. */
int miyin_custody_next(miyin_copy_state from, miyin_act act);

/* The act that leads to a settled state, or -1. */
int miyin_custody_act(miyin_copy_state to);

#endif
