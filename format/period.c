/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/period.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NUMBER_MAX 9999	/* more is as good as for ever */

static gboolean take_unit(const char **text, long *years, long *months,
			  long *days);
static int days_after(const GDate *from, long years, long months, long days);
static int days_until(const char *date, const GDate *from);

int miyin_period_days(const char *period, const GDate *from)
{
	long years = 0, months = 0, days = 0;
	int until;

	if (g_str_equal(period, "长期") ||
	    g_ascii_strcasecmp(period, "indefinite") == 0)
		return G_MAXINT;
	until = days_until(period, from);
	if (until >= 0)
		return until;
	/* 1年6个月 too: taken for a condition it would pass any limit. */
	do {
		if (!take_unit(&period, &years, &months, &days))
			return -1;
	} while (*period);
	if (years > NUMBER_MAX || months > NUMBER_MAX || days > NUMBER_MAX)
		return G_MAXINT;
	return days_after(from, years, months, days);
}

gboolean miyin_period_is_within(const char *period, const char *greatest,
				const GDate *from)
{
	if (!*greatest)
		return TRUE;
	return miyin_period_days(period, from) <=
	       miyin_period_days(greatest, from);
}

/* Add a number and its unit, and move on to what follows. */
static gboolean take_unit(const char **text, long *years, long *months,
			  long *days)
{
	static const struct {
		const char *unit;
		int years, months, days;
	} units[] = {
		{ "年", 1, 0, 0 },	{ "个月", 0, 1, 0 },
		{ "月", 0, 1, 0 },	{ "天", 0, 0, 1 },
		{ "日", 0, 0, 1 },	{ "years", 1, 0, 0 },
		{ "year", 1, 0, 0 },	{ "months", 0, 1, 0 },
		{ "month", 0, 1, 0 },	{ "days", 0, 0, 1 },
		{ "day", 0, 0, 1 },
	};
	char *at;
	long n;

	if (!g_ascii_isdigit(**text))
		return FALSE;
	n = MIN(strtol(*text, &at, 10), NUMBER_MAX + 1L);
	while (*at == ' ')
		at++;
	for (unsigned i = 0; i < G_N_ELEMENTS(units); i++) {
		size_t length = strlen(units[i].unit);

		if (g_ascii_strncasecmp(at, units[i].unit, length) != 0)
			continue;
		*years += n * units[i].years;
		*months += n * units[i].months;
		*days += n * units[i].days;
		for (at += length; *at == ' ';)
			at++;
		*text = at;
		return TRUE;
	}
	return FALSE;
}

static int days_after(const GDate *from, long years, long months, long days)
{
	GDate end = *from;

	g_date_add_years(&end, years);
	g_date_add_months(&end, months);
	g_date_add_days(&end, days);
	return g_date_days_between(from, &end);
}

static int days_until(const char *date, const GDate *from)
{
	int year, month, day, n = 0;
	GDate end;

	if ((sscanf(date, "%4d年%2d月%2d日%n", &year, &month, &day, &n) != 3 ||
	     date[n]) &&
	    (sscanf(date, "%4d-%2d-%2d%n", &year, &month, &day, &n) != 3 ||
	     date[n]))
		return -1;
	if (!g_date_valid_dmy(day, month, year))
		return -1;
	g_date_set_dmy(&end, day, month, year);
	return MAX(0, g_date_days_between(from, &end));
}
