/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A child process, for a program or for a function of ours instead. What it
 * has and may do is described first.
 *
 *   start -> wait or wait_for; run is start and wait
 *
 * In the child, in this order: group, descriptors and signals, environment,
 * limits, prepare, death with us, no new rights, sandbox; then the program or
 * the function. Death comes after prepare, for it is forgotten when the account
 * changes; descriptors come before, so that nothing of ours is open when others
 * may look.
 */
#ifndef MIYIN_PROCESS_H
#define MIYIN_PROCESS_H

#include <glib.h>
#include <miyin/sandbox.h>
#include <sys/types.h>

#define MIYIN_PROCESS_FDS 8
#define MIYIN_PROCESS_VARIABLES 4
#define MIYIN_PROCESS_NOT_STARTED 127 /* exit status, as of a shell */

typedef struct {
	const char *name, *value; /* NULL: it has none of this name */
} miyin_process_variable;

/* All is borrowed. What is 0 or NULL is not wished, or stays as it is. */
typedef struct {
	const char *path; /* the program; NULL: work */
	const char *const *argv;
	int (*work)(gpointer data); /* returns the exit status */
	gpointer data;		    /* of work and prepare */
	char *const *environment;   /* all of it, before variables */
	miyin_process_variable variables[MIYIN_PROCESS_VARIABLES];

	/* The first n_fds numbers: what becomes 0, 1 and so on; one that is -1
	 * is closed, as all others are. No signal is blocked, and those that
	 * we may block or ignore (CHLD, PIPE, TERM) do what they always do.
	 * None: it has our descriptors and signals. */
	int fds[MIYIN_PROCESS_FDS];
	unsigned n_fds;
	gboolean other_fds; /* are open as well, but for those that are
			       closed on exec */

	gboolean own_group;
	unsigned cpu_s; /* these as of miyin_sandbox_limit; 0: no limits */
	guint64 memory_bytes, file_bytes;
	gboolean (*prepare)(gpointer data); /* takes its account, for one */
	int death_signal;		    /* that it gets when we die */
	gboolean no_new_privs;
	const miyin_sandbox *sandbox;
	const miyin_sandbox_room *room; /* of the sandbox */

	/* Exit status of one that could not begin, instead of NOT_STARTED. A
	 * program's standard error has the reason. */
	int failed;
} miyin_process;

/* Returns -1, with errno, when there can be no process. */
pid_t miyin_process_start(const miyin_process *process);

/* Wait for the end, as long as it takes. Returns the status, as wait sets it;
 * -1 when there is no such child. */
int miyin_process_wait(pid_t pid);

/*
 * Wait for the end; kill it when it takes longer: one that is stopped, or
 * sleeps, has no other limit. A signal that we catch meanwhile went to our
 * whole process group: then it has a few seconds.
 *
 *   limit_s   by the clock
 *   status    as wait sets it, in any case
 *
 * Returns FALSE when it had to be killed.
 */
gboolean miyin_process_wait_for(pid_t pid, unsigned limit_s, int *status);

/* Returns the status; -1, with errno, when there can be no process. */
int miyin_process_run(const miyin_process *process);

#endif
