/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The period of a document at its level. */
#ifndef MIYIN_LEVELPERIOD_H
#define MIYIN_LEVELPERIOD_H

#include <glib.h>
#include <miyin/policy.h>
#include <miyin/scheme.h>

/*
 * Choose the period that is printed: what was asked for in its normal form,
 * else the level's own, which the scheme answers for.
 *
 *   asked   may be NULL or ""
 *   today   the day the period starts
 *
 * Returns text to free with g_free, "" where the level has none; or NULL.
 * Errors: the refusals bad-period, period-over and period.
 */
char *miyin_level_choose_period(const miyin_level *level,
				const miyin_limits *limits, const char *asked,
				const GDate *today, GError **error);

/* The day that periods start, here and now. */
GDate miyin_period_today(void);

#endif
