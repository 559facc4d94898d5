/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one place that changes the state of a copy. */
#ifndef MIYIN_REGISTRY_SETTLE_H
#define MIYIN_REGISTRY_SETTLE_H

#include "custody.h"
#include "store.h"

/*
 * Write the step that a copy takes, and its event. Part of the caller's unit of
 * work; copy->state stays. Errors: STATE when the table of custody has no such
 * step, the register has the copy in another state, or its device has started;
 * SYSTEM.
 */
gboolean miyin_settle_step(miyin_register *reg, const miyin_copy *copy,
			   miyin_copy_state to, unsigned pages_done,
			   const char *detail, GError **error);

#endif
