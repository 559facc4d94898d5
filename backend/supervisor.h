/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The parent of the process that prints. cupsd 2.4 calls the job of a backend
 * that was killed completed, so somebody must outlive it: he settles what it
 * was sending, enters the event, tells the user and fails. If he is killed
 * himself, the worker goes on without him. If both are, as by who purges a job,
 * the heir settles what they left once the job is over for the scheduler, and
 * tells nobody; if he is killed too, the next run recovers it.
 *
 *   supervisor     reads nothing of the user's, is the service user
 *     ├─ heir      the same, in a process group of its own; waits for their end
 *     └─ worker    the backend's work; starts as root, as cupsd started us
 */
#ifndef MIYIN_SUPERVISOR_H
#define MIYIN_SUPERVISOR_H

#include <signal.h>

/* In the worker; returns the backend's exit status. stop: set by SIGTERM. */
typedef int (*miyin_supervisor_work)(int argc, char **argv,
				     const volatile sig_atomic_t *stop);

/* Returns the exit status for the scheduler, in the worker and its parent. */
int miyin_supervise(int argc, char **argv, miyin_supervisor_work work);

#endif
