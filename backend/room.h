/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The room in which the guard runs what is not ours: a printer's filters, and
 * the programs that make PostScript of a copy for them. A room has a folder
 * for temporary files, in memory where the system has such a place. Whatever
 * happens, no process that was started in a room and no file outlives it:
 * they have process numbers of their own, where the kernel may be asked, and
 * end with their first one; and the folder of a room whose keeper was killed
 * is removed when the next one is made.
 *
 *   start, once -> wait, or end at any time
 */
#ifndef MIYIN_ROOM_H
#define MIYIN_ROOM_H

#include <glib.h>

typedef enum {
	MIYIN_ROOM_ENGINE,  /* nobody; for miyinmark, which has its own cell */
	MIYIN_ROOM_CONVERT, /* nobody, in the sandbox of this name */
	MIYIN_ROOM_DRIVER,  /* an account of its own (account.h), with lp's
			       group; reads the system, writes in its folder;
			       no network, where the kernel may be asked */
} miyin_room_kind;

typedef struct {
	unsigned cpu_s;	      /* of each process */
	unsigned clock_s;     /* of all together */
	guint64 memory_bytes; /* of each process */
	guint64 file_bytes;   /* of all temporary files together */
} miyin_room_limits;

typedef enum {
	MIYIN_ROOM_DONE,
	MIYIN_ROOM_FAILED,  /* by itself */
	MIYIN_ROOM_TIME,    /* too long, by the clock or CPU */
	MIYIN_ROOM_SPACE,   /* too many bytes of files, or memory */
	MIYIN_ROOM_STOPPED, /* we were told to stop */
} miyin_room_end;

typedef struct miyin_room miyin_room;

/* Runs in the room, as its user; returns the exit status. folder is what
 * TMPDIR says too. */
typedef int (*miyin_room_func)(const char *folder, gpointer data);

/* What is to be done in a room, borrowed for the call: a process there has all of
 * it as it is now. */
typedef struct {
	miyin_room_kind kind;
	const miyin_room_limits *limits;
	int fds[3];	  /* standard input, output and error in there */
	const char *file; /* a text to lay into its folder under the name
			     "ppd", or NULL */
	miyin_room_func func;
	gpointer data;
} miyin_room_task;

/* Start it in a new room. Errors: SYSTEM. */
miyin_room *miyin_room_start(const miyin_room_task *task, GError **error);

/* Readable when it has ended. */
int miyin_room_fd(const miyin_room *room);

/* How it ended; call it when the descriptor is readable. */
miyin_room_end miyin_room_finish(miyin_room *room);

/*
 * Wait for its end until its time is over.
 *
 *   stop_fd   readable when we shall stop, or -1
 */
miyin_room_end miyin_room_wait(miyin_room *room, int stop_fd);

/* End it, and everything in it, now. NULL is fine. */
void miyin_room_free(miyin_room *room);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(miyin_room, miyin_room_free)

#endif
