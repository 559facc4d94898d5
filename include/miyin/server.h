/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A program that is warm: started before there is work, it forks for each
 * piece of it. What all pieces have in common is done once: libraries are
 * bound, settings and models read.
 *
 *   the program   run
 *   who has it    start -> ask -> wait_for -> end
 *
 * A request goes over the server's socket with its descriptors and a channel of
 * its own, so that processes forked after start may ask as well. The server says
 * on the channel that it takes the work, then how it ended; when the asker's end
 * is closed it kills it. A piece of work is a child as process.h describes it:
 * its descriptors and no others, its own limits, death with the server, no new
 * rights. The server opens nothing that a request brings.
 */
#ifndef MIYIN_SERVER_H
#define MIYIN_SERVER_H

#include <miyin/process.h>

/* Does what was asked for by name; returns the exit status. */
typedef int (*miyin_server_work)(const char *name, gpointer data);

/*
 * Serve what comes over descriptor 0 until nobody is left who could ask. No
 * thread may have been made before, for a child would not have it.
 */
void miyin_server_run(miyin_server_work work, gpointer data);

typedef struct {
	int socket; /* close-on-exec; there is none to ask unless above 0 */
	pid_t pid;
} miyin_server;

/*
 * Start one; it dies with us.
 *
 *   program   its path, arguments and environment
 */
miyin_server miyin_server_start(const miyin_process *program);

/*
 * Have work done.
 *
 *   process   its descriptors and limits
 *
 * Returns its channel, or -1: it has not begun, and will not. That server is
 * not asked again.
 */
int miyin_server_ask(miyin_server *server, const char *work,
		     const miyin_process *process);

/* As miyin_process_wait_for; takes the channel. Work whose server died was
 * killed. */
gboolean miyin_server_wait_for(int channel, unsigned limit_s, int *status);

/* End it, and its work. For who started it, and no process forked since. */
void miyin_server_end(miyin_server *server);

#endif
