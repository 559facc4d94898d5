/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From the driver to the device: what the filters make is held in memory, and
 * given to the real backend when they are done, or when it grows too long for
 * that. So a driver that fails at its first pages costs no paper, and what was
 * given to the device is counted.
 */
#ifndef MIYIN_FEED_H
#define MIYIN_FEED_H

#include "room.h"
#include "watch.h"
#include <sys/types.h>

/* Starts the real backend; the three descriptors become its own. -1 when it
 * cannot be: then nothing was sent, and the end is SYSTEM. */
typedef pid_t (*miyin_feed_func)(const int fds[3], gpointer data);

typedef enum {
	MIYIN_FEED_DONE,    /* the backend ended; its status counts */
	MIYIN_FEED_SHORT,   /* it ended with 0, and had not taken all */
	MIYIN_FEED_DRIVER,  /* the driver failed, by driver_end */
	MIYIN_FEED_STUCK,   /* the device was silent for too long */
	MIYIN_FEED_STOPPED, /* we were told to stop */
	MIYIN_FEED_SYSTEM,
} miyin_feed_end;

typedef struct {
	/* in */
	miyin_room *driver; /* NULL: input is all there is */
	int input;	    /* what it makes; it is closed */
	int messages;	    /* what it says; -1: nothing. It is closed */
	int stop_fd;
	unsigned driver_s; /* waiting for the driver, in all */
	unsigned device_s; /* the device's longest silence */
	miyin_feed_func start;
	gpointer data;
	miyin_watch watch; /* may end the backend before it ends itself */
	/* out */
	miyin_room_end driver_end;
	int status;	  /* of the backend, as of wait; -1: none ran */
	guint64 bytes;	  /* that it took */
	unsigned pages;	  /* that anybody counted */
	gboolean reached; /* it took some when it was connected */
	gboolean broken;  /* the printer broke the connection off, whatever the
			     backend's status is */
	gboolean refused; /* the printer took no job for it, in the end */
} miyin_feed;

miyin_feed_end miyin_feed_run(miyin_feed *feed);

#endif
