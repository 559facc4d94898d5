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

typedef struct miyin_delivery miyin_delivery;

typedef enum {
	MIYIN_DELIVERED,	/* completed */
	MIYIN_DELIVERY_FAILED,	/* aborted or canceled by the device queue */
	MIYIN_DELIVERY_CANCELED,	/* by the user, at the gate */
	MIYIN_DELIVERY_LEFT,	/* the scheduler ends; the job goes on */
	MIYIN_DELIVERY_UNKNOWN,	/* the device queue knows no such job */
} miyin_delivery_end;

typedef struct {
	miyin_delivery_end end;
	unsigned pages;		/* that the device counted */
	char *message;		/* its last words, or "" */
} miyin_delivered;

/* Called at each change: pages the device has done. */
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
				    const volatile int *stop, GError **error);
void miyin_delivery_close(miyin_delivery *delivery);

/* A job without a document; its id, or 0. Media, sides and device options are
 * the frame's. Errors: the refusal device (copy 1 of 1): rewrite it. SYSTEM. */
int miyin_delivery_create(miyin_delivery *delivery, const miyin_frame *frame,
			  GError **error);

/* Send the document of a job. Errors: SYSTEM. */
gboolean miyin_delivery_send(miyin_delivery *delivery, int job, int pdf_fd,
			     GError **error);

/* Wait for its end; a job we are told to stop is canceled only if the user
 * canceled the gate job, not when the scheduler shuts down. */
miyin_delivered miyin_delivery_follow(miyin_delivery *delivery, int job,
				      int gate_job, miyin_delivery_func func,
				      gpointer data);

void miyin_delivery_cancel(miyin_delivery *delivery, int job);

/* Whether the gate job was canceled. FALSE also when nobody answers. */
gboolean miyin_delivery_is_canceled(miyin_delivery *delivery, int gate_job);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(miyin_delivery, miyin_delivery_close)

#endif
