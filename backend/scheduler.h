/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The scheduler that started us, and what it says of a job or of a queue. */
#ifndef MIYIN_SCHEDULER_H
#define MIYIN_SCHEDULER_H

#include <cups/cups.h>
#include <glib.h>

/* NULL when it does not answer. Free with httpClose. */
http_t *miyin_scheduler_connect(void);

/* wanted: names of attributes, with blanks between. Free with ippDelete. */
ipp_t *miyin_scheduler_ask_job(http_t *http, int job, const char *wanted);
ipp_t *miyin_scheduler_ask_queue(http_t *http, const char *queue,
				 const char *wanted);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(ipp_t, ippDelete)

#endif
