/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Subscriptions to the events of the scheduler, which bear the titles of jobs.
 * Our policies let only operators make them; one that somebody made before,
 * with a lease that never ends, would go on.
 */
#ifndef MIYIN_SUBSCRIPTIONS_H
#define MIYIN_SUBSCRIPTIONS_H

#include <glib.h>

typedef struct {
	int id;
	char *user, *recipient; /* recipient: NULL when events are fetched */
} miyin_subscription;

/*
 * Those to the server as a whole or to one of these queues that somebody else
 * than root has, or that show events to everybody (rss:). Not those to one job.
 *
 *   queues   names, or NULL for those to the server alone
 *
 * Errors: SYSTEM.
 */
GPtrArray *miyin_subscriptions_list(const GPtrArray *queues, GError **error);

/* Cancel all that miyin_subscriptions_list names. Errors: SYSTEM. */
gboolean miyin_subscriptions_cancel(const GPtrArray *queues, GError **error);

#endif
