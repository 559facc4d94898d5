/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the backend tells cupsd, and through it the user: one line each on
 * standard error. Text is cleaned here, because that stream also carries
 * commands. Source: backend(7), filter(7).
 */
#ifndef MIYIN_TELL_H
#define MIYIN_TELL_H

#include <miyin/status.h>

/*
 * To the owner of the job, with the job; the queue's policy hides it from
 * others. The printer itself, which everybody may ask, says nothing.
 */
void miyin_tell_error(const char *text);   /* the first one stays */
void miyin_tell_warning(const char *text); /* for the log too */
void miyin_tell_info(const char *text);	   /* the latest one shows */

/* To the scheduler's log. */
void miyin_tell_debug(const char *text);

/* FALSE when the scheduler that started us is gone. Nobody else reads the
 * pipe; who our parent is says less: it may have gone before we could ask. */
gboolean miyin_tell_is_read(void);

/* All this, as the gate has it. */
extern const miyin_status miyin_tell;

#endif
