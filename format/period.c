/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/period.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NUMBER_MAX 1000

static int days_after(const GDate *from, long years, long months, long days);
static int days_until(const char *date, const GDate *from);

int miyin_period_days(const char *period, const GDate *from)
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
	char *end;
	long n;

	if (g_str_equal(period, "长期") ||
	    g_ascii_strcasecmp(period, "indefinite") == 0)
		return G_MAXINT;
	n = strtol(period, &end, 10);
	if (end == period)
		return -1;
	while (*end == ' ')
		end++;
	if (n < 0 || n > 9999)
		return -1;
	for (unsigned i = 0; i < G_N_ELEMENTS(units); i++)
		if (g_str_equal(end, units[i].unit) && n <= NUMBER_MAX)
			return days_after(from, n * units[i].years,
					  n * units[i].months,
					  n * units[i].days);
	return days_until(period, from);
}

gboolean miyin_period_is_within(const char *period, const char *greatest,
				const GDate *from)
{
	if (!*greatest)
		return TRUE;
	return miyin_period_days(period, from) <=
	       miyin_period_days(greatest, from);
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
