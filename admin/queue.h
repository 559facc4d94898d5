/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the scheduler says of one queue.
 */
#ifndef MIYIN_QUEUE_H
#define MIYIN_QUEUE_H

#include <cups/cups.h>
#include <glib.h>

/* A printer or class as the scheduler describes it. */
typedef struct {
	char *name;
	char *device_uri; /* with its user and password, if we may know */
	char *op_policy, *error_policy;
	char *sheets[2]; /* banner before and after, "none" */
	char *info, *location;
	char *port_monitor; /* "none" */
	char *auth_info;    /* auth-info-required, NULL: not set at all */
	gboolean shared, accepting;
	gboolean stopped, busy;	      /* busy: a job is at the device */
	gboolean is_class, is_remote; /* remote: another server's */
	gboolean is_temporary;	      /* made by the scheduler itself */
	char **members;		      /* of a class */
	char **reasons;		      /* printer-state-reasons */
	GHashTable *defaults;	      /* attributes "NAME-default", as text */
} miyin_queue;

/*
 * Read the next group of printer attributes of an answer.
 *
 *   attribute   where to begin, as ippFirstAttribute gives it
 *   queue       set when there was a group with a name
 *
 * The result is where the next one begins, or NULL.
 */
ipp_attribute_t *miyin_queue_read(ipp_attribute_t *attribute, ipp_t *answer,
				  miyin_queue **queue);

void miyin_queue_free(miyin_queue *queue);

/* The scheduler's folder of configuration files. Not to be freed. */
const char *miyin_queue_server_root(void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(miyin_queue, miyin_queue_free)

G_DEFINE_AUTOPTR_CLEANUP_FUNC(ipp_t, ippDelete)

#endif
