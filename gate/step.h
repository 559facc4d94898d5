/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One step of miyinmark or miyinread as a process of its own: numbered
 * descriptors, a bare environment, and the limits of its own and of the job's
 * budget (miyin_engine_set_budget). A warm engine forks it (miyin_engine_warm);
 * without one it is started.
 */
#ifndef MIYIN_STEP_H
#define MIYIN_STEP_H

#include <glib.h>
#include <sys/types.h>

#define MIYIN_STEP_FDS 5 /* 0 to 4; -1: closed */

/* What a step may say at most. It has parsed the user's file: what it says is
 * that file's word as long as nobody has looked at it. */
#define MIYIN_STEP_SAYS_MAX 4096

typedef struct {
	pid_t pid;   /* of one that was started */
	int channel; /* of one that a warm engine forked, or -1 */
	int log;
} miyin_step;

/*
 * Start a step.
 *
 *   name       miyinmark's first argument; "read" is miyinread's
 *   fds        borrowed; the one of standard error is made here
 *   n_beside   as many as are at work at once, itself too: they share the
 * memory
 *
 * Errors: a refusal of the budget; SYSTEM.
 */
gboolean miyin_step_start(const char *program_dir, const char *name,
			  const int fds[MIYIN_STEP_FDS], unsigned n_beside,
			  miyin_step *step, GError **error);

/* Wait for its end. Errors: the refusals of a step; budget, timeout; SYSTEM. */
gboolean miyin_step_finish(miyin_step *step, const char *name, GError **error);

/* End it, whatever it does. */
void miyin_step_stop(miyin_step *step);

/* Start and finish. */
gboolean miyin_step_run(const char *program_dir, const char *name,
			const int fds[MIYIN_STEP_FDS], GError **error);

/* Whether one may still be started. Errors: as to start one. */
gboolean miyin_step_may_start(const char *name, GError **error);

/* How many that need so much each may be at work at once: 1 or more. */
unsigned miyin_step_fit(unsigned memory_mib);

#endif
