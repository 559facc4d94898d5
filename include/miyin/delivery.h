/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who takes a marked copy to its device, as the gate sees it: a table of
 * functions. What stands behind it (a queue of CUPS: deliver.h) has the table
 * first.
 */
#ifndef MIYIN_DELIVERY_H
#define MIYIN_DELIVERY_H

#include <glib.h>
#include <miyin/frame.h>

/* So many seconds a device that is told to end may take over it. The gate waits
 * a little longer for the end of a copy, and cupsd 30 s before it kills either
 * (JobKillDelay). */
#define MIYIN_GUARD_END_S 20

/* What is said of a device job: a hint of when to look into the register, and
 * no more. A backend that was killed is "completed" to CUPS, and history may be
 * short or none. */
typedef enum {
	MIYIN_DELIVERY_OVER,	/* it ended, or nobody knows it any more */
	MIYIN_DELIVERY_STOPPED, /* we were told to end first; it goes on */
} miyin_delivery_end;

typedef struct {
	miyin_delivery_end end;
	unsigned pages; /* that the device counted */
	char *message;	/* its last words, or ""; free with g_free */
} miyin_delivered;

/* Why the gate's own job ends early. */
typedef enum {
	MIYIN_STOP_LEFT,     /* the server ends, and will run the job again */
	MIYIN_STOP_CANCELED, /* by somebody */
	MIYIN_STOP_TIME,     /* by the server: a job's limit of time */
} miyin_stop;

/* Called at each look: pages the device has done. message may be NULL; reasons
 * are IPP's keywords joined by commas, "none" or "", or NULL at the last look,
 * when it is over. */
typedef void (*miyin_delivery_func)(unsigned pages, const char *message,
				    const char *reasons, gpointer data);

typedef struct miyin_delivery miyin_delivery;

struct miyin_delivery {
	/*
	 * A job without a document; its id, or 0. Media, sides and device
	 * options are the frame's. A server that has too many jobs is waited
	 * for, for minutes.
	 *
	 *   func   told that it is waited for; NULL: it is not
	 *
	 * Errors: STATE when the device takes no jobs, with what it says;
	 * BUSY; SYSTEM.
	 */
	int (*create)(miyin_delivery *delivery, const miyin_frame *frame,
		      miyin_delivery_func func, gpointer data, GError **error);

	/* Send the document of a job. Errors: SYSTEM. */
	gboolean (*send)(miyin_delivery *delivery, int job, int pdf_fd,
			 GError **error);

	/* Wait for its end, or for ours. */
	miyin_delivered (*follow)(miyin_delivery *delivery, int job,
				  miyin_delivery_func func, gpointer data);

	void (*cancel)(miyin_delivery *delivery, int job);

	/* Take a job that is over from the server's lists: a user who printed
	 * once has one job there, his. Only once its copy is settled; what is
	 * not over stays (a purge would kill its guard). */
	void (*forget)(miyin_delivery *delivery, int job);

	/*
	 * Why we were told to end; LEFT also when nobody answers.
	 *
	 *   gate       queue of the job
	 *   alive      when that job last changed its printer's reasons, seconds
	 *              of time(); cupsd counts from then
	 *   limit_s    set for TIME
	 */
	miyin_stop (*why)(miyin_delivery *delivery, const char *gate,
			  int gate_job, gint64 alive, unsigned *limit_s);
};

#endif
