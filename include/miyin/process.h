/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Wait for a child of ours, but not for ever: one that is stopped, or sleeps,
 * has no other limit and would hold up the queue.
 */
#ifndef MIYIN_CHILDWAIT_H
#define MIYIN_CHILDWAIT_H

#include <glib.h>
#include <sys/types.h>

/*
 * Wait for the end of a child; kill it when it takes longer. A signal that we
 * catch meanwhile went to our whole process group: then it has a few seconds.
 *
 *   limit_s   by the clock
 *   status    as wait sets it, in any case
 *
 * Returns FALSE when it had to be killed.
 */
gboolean miyin_childwait(pid_t pid, unsigned limit_s, int *status);

#endif
