/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the backend tells cupsd, and through it the user: one line each on
 * standard error. Text is cleaned here, because that stream also carries
 * commands. Source: backend(7), filter(7).
 */
#ifndef MIYIN_STATUS_H
#define MIYIN_STATUS_H

#include <miyin/refusal.h>

/*
 * To the owner of the job, with the job; the queue's policy hides it from
 * others. The printer itself, which everybody may ask, says nothing.
 */
void miyin_status_error(const char *text);   /* the first one stays */
void miyin_status_warning(const char *text); /* for the log too */
void miyin_status_info(const char *text);    /* the latest one shows */

/* To the scheduler's log. */
void miyin_status_debug(const char *text);
void miyin_status_pages(unsigned total); /* of the job, never less */

/* Keep the printer's reasons those of the device; NULL clears them. Whether
 * they changed. */
gboolean miyin_status_reasons(char **shown, const char *reasons);

/*
 * What the user need not know: log *error in full, as a warning, which the
 * scheduler's log has by default, and put the refusal in its place. The job's
 * message is that of the refusal, which is graver. Leaves refusals alone.
 */
void miyin_status_refuse(GError **error, miyin_refusal refusal);

/* FALSE when the scheduler that started us is gone. Nobody else reads the
 * pipe; who our parent is says less: it may have gone before we could ask. */
gboolean miyin_status_is_read(void);

#endif
