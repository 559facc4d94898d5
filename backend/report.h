/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The end of a job, told once: one sentence to its user, one event in the
 * register, one exit status to the scheduler. The backend and the supervisor
 * that outlives it tell it in the same way.
 */
#ifndef MIYIN_REPORT_H
#define MIYIN_REPORT_H

#include <miyin/print.h>

/* Returns the exit status. reason: why it did not end well, else NULL. */
int miyin_report(miyin_printing *printing, miyin_print_end end,
		 const GError *reason);

#endif
