/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What became of a copy that was sent: the guard before the device wrote into
 * the register what it saw, and that is the evidence; what the scheduler says
 * is only when to look.
 */
#ifndef MIYIN_GATE_SETTLE_H
#define MIYIN_GATE_SETTLE_H

#include <miyin/delivery.h>
#include <miyin/register.h>

/*
 * Enter the end of a copy whose device job is over, or was canceled just now.
 *
 *   copy     sending; its state follows
 *   result   its message stands for what the guard did not write
 *   state    what became of it, also where that cannot be entered
 *   reason   why it is not printed, for people; free with g_free
 *
 * Errors: SYSTEM, BUSY: it could not be entered, or the evidence not be read:
 * then it is in doubt.
 */
gboolean miyin_settle_copy(miyin_register *reg, miyin_copy *copy,
			   const miyin_delivered *result,
			   miyin_copy_state *state, char **reason,
			   GError **error);

#endif
