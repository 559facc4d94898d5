/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A printer that says itself that it has completed a copy, by miyinwatch: so
 * the next one need not wait until the backend, which asks once a second, asks
 * again. Whatever else the printer says is the backend's to find out.
 */
#ifndef MIYIN_WATCH_H
#define MIYIN_WATCH_H

#include <glib.h>
#include <sys/types.h>

/* Starts miyinwatch for a job of the printer; it writes to out. -1: nobody
 * watches, and the backend's end is waited for. */
typedef pid_t (*miyin_watch_func)(const char *job, int out, gpointer data);

/* -1 is no descriptor, 0 no process. */
typedef struct {
	miyin_watch_func start; /* NULL: nobody watches */
	gpointer data;
	char job[12];	/* its number at the printer; "": not known yet */
	gboolean given; /* the printer has answered the document itself */
	pid_t pid;
	int fd;	 /* readable at its end */
	int out; /* what it says */
} miyin_watch;

/* Look at a line of the backend: when the printer has taken all of its job, it
 * is watched. */
void miyin_watch_heed(miyin_watch *watch, const char *line);

/* After the end: whether the printer completed the job, and how many pages of
 * it were printed as far as the printer counts them, else 0. */
gboolean miyin_watch_finish(miyin_watch *watch, unsigned *pages);

/* End it, whatever it does. */
void miyin_watch_stop(miyin_watch *watch);

#endif
