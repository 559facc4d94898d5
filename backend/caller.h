/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who prints. cupsd tells it in several places, and some of them it fills in
 * from what the client sent: on a queue with auth-info-required the job's own
 * attribute auth-info becomes AUTH_USERNAME. What a client cannot fill in is
 * the job's owner, as long as the queue's policy lets in only who has logged
 * in. So the owner counts, all other places must agree with him, and the
 * queue must have our policy and no auth-info-required.
 *
 *   miyin_caller_find      at the start, from what cupsd handed over
 *   miyin_caller_confirm   before anything is issued, asks the scheduler
 *
 * Source: cups 2.4.2, scheduler/ipp.c: save_auth_info, add_job, get_username.
 */
#ifndef MIYIN_CALLER_H
#define MIYIN_CALLER_H

#include <glib.h>

/* What cupsd says, each NULL when it does not. */
typedef struct {
	const char *owner;		/* argv[2]: the job's owner */
	const char *auth_username;	/* AUTH_USERNAME */
	const char *auth_uid;		/* AUTH_UID, over the socket only */
	const char *auth_info_required; /* AUTH_INFO_REQUIRED of the queue */
} miyin_caller_words;

/*
 * The owner's name if all of them agree on it, or NULL. It is the name that
 * the system itself has for him: of several accounts with one uid the first.
 * Free with g_free.
 */
char *miyin_caller_find(const miyin_caller_words *words);

/*
 * Was there a name, and does the scheduler say the same of the job and of its
 * queue? Asked over its socket as the user that cupsSetUser named.
 *
 * Errors: the refusals no-identity, and server when it does not answer.
 */
gboolean miyin_caller_confirm(const char *name, const char *printer, int job_id,
			      GError **error);

#endif
