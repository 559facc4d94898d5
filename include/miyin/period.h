/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Periods of secrecy: 10年, 6个月, 30天, 长期, a date (2027年1月1日,
 * 2027-01-01), or a condition in words. English: 10 years, 6 months.
 */
#ifndef MIYIN_PERIOD_H
#define MIYIN_PERIOD_H

#include <glib.h>

/*
 * Days from a day until the period ends; G_MAXINT for 长期; -1 when it is a
 * condition, whose end nobody can compute.
 *
 *   from   the day the period starts
 */
int miyin_period_days(const char *period, const GDate *from);

/* Whether a period is no longer than the greatest one; "" has no limit. */
gboolean miyin_period_is_within(const char *period, const char *greatest,
				const GDate *from);

#endif
