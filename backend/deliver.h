/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One copy as one job on the private device queue, followed to its end.
 *
 * Calling order: open once; for each copy create (no byte of the document
 * leaves yet), then the register's claim, then send, then follow.
 */
#ifndef MIYIN_DELIVER_H
#define MIYIN_DELIVER_H

#include <glib.h>
#include <miyin/frame.h>
#include <signal.h>

typedef struct miyin_delivery miyin_delivery;

/* What the scheduler says of a device job: a hint of when to look into the
 * register, and no more. A backend that was killed is "completed" to it, and
 * history may be short or none. */
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
	MIYIN_STOP_LEFT,     /* the scheduler ends, and will run it again */
	MIYIN_STOP_CANCELED, /* by somebody */
	MIYIN_STOP_TIME,     /* by the scheduler: MaxJobTime */
} miyin_stop;

/* Called at each look: pages the device has done. message may be NULL; reasons
 * are joined by commas, "none" or "". */
typedef void (*miyin_delivery_func)(unsigned pages, const char *message,
				    const char *reasons, gpointer data);

/*
 * Connect to the scheduler that started us.
 *
 *   stop   set by a signal handler: end early
 *
 * Errors: STATE when no miyindevice guards the queue: nobody would know what
 * of a copy reached the device; SYSTEM.
 */
miyin_delivery *miyin_delivery_open(const char *queue, const char *user,
				    const volatile sig_atomic_t *stop,
				    GError **error);

/* Cancel what a run that died left on the queue, and forget what is over there
 * for minutes. One gate leads there, of which
 * the scheduler runs one job at a time: a job that another process just created
 * there would go too. */
void miyin_delivery_clear(miyin_delivery *delivery);
void miyin_delivery_close(miyin_delivery *delivery);

/*
 * A job without a document; its id, or 0. Media, sides and device options are
 * the frame's. A scheduler that has too many jobs is waited for, for minutes.
 *
 *   func   told that it is waited for
 *
 * Errors: STATE when the queue takes no jobs, with what it says; BUSY; SYSTEM.
 */
int miyin_delivery_create(miyin_delivery *delivery, const miyin_frame *frame,
			  miyin_delivery_func func, gpointer data,
			  GError **error);

/* Send the document of a job. Errors: SYSTEM. */
gboolean miyin_delivery_send(miyin_delivery *delivery, int job, int pdf_fd,
			     GError **error);

/* Wait for its end, or for ours. */
miyin_delivered miyin_delivery_follow(miyin_delivery *delivery, int job,
				      miyin_delivery_func func, gpointer data);

void miyin_delivery_cancel(miyin_delivery *delivery, int job);

/* Take a job that is over from the scheduler's lists: a user who printed once
 * has one job there, his. Only once its copy is settled; what is not over stays
 * (a purge would kill its guard). */
void miyin_delivery_forget(miyin_delivery *delivery, int job);

/*
 * Why we were told to end; LEFT also when nobody answers.
 *
 *   gate       queue of the job
 *   alive      when that job last changed its printer's reasons, seconds of
 *              time(); cupsd counts from then
 *   limit_s    set for TIME
 */
miyin_stop miyin_delivery_why(miyin_delivery *delivery, const char *gate,
			      int gate_job, gint64 alive, unsigned *limit_s);

/*
 * Whether a gate's job whose process was killed is over for the scheduler; it
 * is given some seconds to notice. FALSE: it runs the job again, or does not
 * answer.
 *
 *   canceled   set when it is: by somebody, or it is gone altogether
 */
gboolean miyin_delivery_is_over(miyin_delivery *delivery, int gate_job,
				gboolean *canceled);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(miyin_delivery, miyin_delivery_close)

#endif
