/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The scheduler's queues, over IPP: the scheduler of CUPS_SERVER or the
 * system's. Nobody is ever asked for a password; over the scheduler's socket
 * the caller is who he is.
 */
#ifndef MIYIN_QUEUES_H
#define MIYIN_QUEUES_H

#include <glib.h>
#include "queue.h"

typedef enum { MIYIN_KEEP, MIYIN_YES, MIYIN_NO } miyin_switch;

/* What to change of a queue; NULL and MIYIN_KEEP leave things alone. */
typedef struct {
	const char *device_uri, *ppd;
	const char *op_policy, *error_policy;
	const char *sheets[2];
	const char *info, *location;
	const char *port_monitor; /* must be one of the present PPD's */
	const char *only_user;	  /* who sees and uses it, beside root */
	miyin_switch shared, accepting, running;
} miyin_queue_change;

gboolean miyin_queues_reachable(void);

/* All printers and classes, of miyin_queue; the array frees them. Free with
 * g_ptr_array_unref. Errors: SYSTEM. */
GPtrArray *miyin_queues_list(GError **error);

/* The queue of this name in such a list, or NULL. */
const miyin_queue *miyin_queues_find(const GPtrArray *list, const char *name);

/* Free with miyin_queue_free. Errors: MISSING, SYSTEM. */
miyin_queue *miyin_queue_open(const char *name, GError **error);

/* The text of its PPD. Free with g_free. Errors: MISSING when the queue has
 * none, SYSTEM. */
char *miyin_queue_read_ppd(const char *name, GError **error);

/* Change a queue, or make it when there is none of this name. One request,
 * so that it is done whole or not at all. Errors: SYSTEM. */
gboolean miyin_queue_change_apply(const char *name,
				  const miyin_queue_change *change,
				  GError **error);

/* Bring the queue's option defaults back to what they were.
 * Errors: SYSTEM. */
gboolean miyin_queue_restore_defaults(const char *name, GHashTable *defaults,
				      GError **error);

/*
 * Take auth-info-required away altogether. With it, a job's own attribute fills
 * AUTH_USERNAME; and "none" must not be set either: a job with one auth-info
 * makes cupsd 2.4.2 loop for ever and fill the spool. There is no request for
 * it, but a word that the scheduler does not know leaves an empty list.
 * Source: scheduler/printers.c, cupsdSetAuthInfoRequired. Errors: SYSTEM.
 */
gboolean miyin_queue_drop_auth_info(const char *name, GError **error);

/* Errors: SYSTEM. */
gboolean miyin_queue_delete(const char *name, GError **error);

/* Jobs that wait, are held or print; name NULL: of all queues. -1 on error:
 * SYSTEM. */
int miyin_queue_count_jobs(const char *name, GError **error);

/* Errors: SYSTEM. */
gboolean miyin_queue_cancel_jobs(const char *name, GError **error);

/* A file of the scheduler's web server. Free with g_free. Errors: MISSING,
 * SYSTEM. */
char *miyin_queues_get(const char *resource, GError **error);

#endif
