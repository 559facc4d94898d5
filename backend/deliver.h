/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One copy as one job on the private device queue of CUPS, followed to its end:
 * the delivery of the gate (delivery.h).
 *
 * Calling order: open once; for each copy create (no byte of the document
 * leaves yet), then the register's claim, then send, then follow.
 */
#ifndef MIYIN_DELIVER_H
#define MIYIN_DELIVER_H

#include <miyin/delivery.h>
#include <signal.h>

/*
 * Connect to the scheduler that started us.
 *
 *   stop   set by a signal handler: end early
 *
 * Errors: STATE when no miyindevice guards the queue: nobody would know what
 * of a copy reached the device; SYSTEM.
 */
miyin_delivery *miyin_deliver_open(const char *queue, const char *user,
				   const volatile sig_atomic_t *stop,
				   GError **error);

/* Cancel what a run that died left on the queue, and forget what is over there
 * for minutes. One gate leads there, of which the scheduler runs one job at a
 * time: a job that another process just created there would go too. */
void miyin_deliver_clear(miyin_delivery *delivery);
void miyin_deliver_close(miyin_delivery *delivery);

/*
 * Whether a gate's job whose process was killed is over for the scheduler; it
 * is given some seconds to notice. FALSE: it runs the job again, or does not
 * answer.
 *
 *   canceled   set when it is: by somebody, or it is gone altogether
 */
gboolean miyin_deliver_is_over(miyin_delivery *delivery, int gate_job,
			       gboolean *canceled);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(miyin_delivery, miyin_deliver_close)

#endif
