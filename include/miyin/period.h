/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Periods of secrecy. What is one, is a closed list of forms:
 *
 *   10年, 三十年, 6个月, 30天, 1年6个月, 10 years, 1 yr 6 mos, 90 days
 *   2036年1月1日, 二〇三六年一月一日, 2036-01-01, 2036/1/1, 2036.1.1, 20360101,
 *   1 January 2036, January 1, 2036; 至 or until before it, 止 after it
 *   长期, 永久, 无限期, indefinite, permanent: all without end
 *   a condition, such as 会议开始前, out of the list that the policy has
 *
 * with any spaces, in full-width forms and in Chinese numerals. All else is
 * none: what nobody can compute would pass every limit.
 *
 * Source: 保守国家秘密法 (2024) art. 20: a period in years, months or days, a
 * date, a condition; 长期 where the scope catalogue has it.
 */
#ifndef MIYIN_PERIOD_H
#define MIYIN_PERIOD_H

#include <glib.h>

typedef enum {
	MIYIN_PERIOD_GOOD,
	MIYIN_PERIOD_UNKNOWN, /* none of the forms */
	MIYIN_PERIOD_ENDED,   /* 0天, today, a date that is past */
	MIYIN_PERIOD_LONGER,  /* than the greatest one */
} miyin_period_verdict;

/*
 * Judge a period, and write it in its normal form: 三十年 is 30年.
 *
 *   text         UTF-8 or not; "" is UNKNOWN
 *   greatest     the longest that is allowed; "" has no limit
 *   conditions   borrowed, ended by NULL; the administrator's word that these
 *                are within any limit
 *   from         the day the period starts
 *   normal       set but for UNKNOWN; free with g_free; may be NULL
 *
 * A year, a month and a day are the calendar's, counted from that day.
 */
miyin_period_verdict miyin_period_judge(const char *text, const char *greatest,
					char *const *conditions,
					const GDate *from, char **normal);

/* Whether two periods end on one day, or are the same condition. */
gboolean miyin_period_equal(const char *one, const char *other,
			    const GDate *from);

#endif
