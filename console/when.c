/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "when.h"
#include "table.h"
#include <glib/gi18n.h>
#include <miyin/error.h>

/* The first or last second of the day of a time. */
static GDateTime *edge_of_day(GDateTime *time, gboolean last)
{
	g_autoptr(GDateTime) start = NULL;
	g_autoptr(GDateTime) next = NULL;
	GTimeZone *zone = g_date_time_get_timezone(time);
	int year, month, day;

	g_date_time_get_ymd(time, &year, &month, &day);
	start = g_date_time_new(zone, year, month, day, 0, 0, 0);
	if (!last)
		return g_steal_pointer(&start);
	/* By the calendar, not 24 hours: a day with a change of clocks. */
	next = g_date_time_add_days(start, 1);
	return g_date_time_add_seconds(next, -1);
}

static GDateTime *parse_ago(const char *text, GDateTime *now)
{
	g_autoptr(GRegex) form = g_regex_new("^([0-9]{1,5})(d|h|min)$",
					     G_REGEX_DOLLAR_ENDONLY, 0, NULL);
	g_autoptr(GMatchInfo) match = NULL;
	g_autofree char *number = NULL;
	g_autofree char *unit = NULL;
	int n;

	if (!g_regex_match(form, text, 0, &match))
		return NULL;
	number = g_match_info_fetch(match, 1);
	unit = g_match_info_fetch(match, 2);
	n = (int)g_ascii_strtoll(number, NULL, 10);
	if (*unit == 'd')
		return g_date_time_add_days(now, -n);
	if (*unit == 'h')
		return g_date_time_add_hours(now, -n);
	return g_date_time_add_minutes(now, -n);
}

/* GLib's reader wants seconds; people do not type them. */
static GDateTime *parse_date(const char *text, gboolean last, GDateTime *now)
{
	g_autoptr(GRegex) form = g_regex_new(
		"^([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ]([0-9]{2}:[0-9]{2})"
		"(:[0-9]{2}(?:\\.[0-9]+)?)?(Z|[+-][0-9]{2}(?::?[0-9]{2})?)?)?$",
		G_REGEX_DOLLAR_ENDONLY, 0, NULL);
	g_autoptr(GMatchInfo) match = NULL;
	g_auto(GStrv) part = NULL;
	g_autoptr(GDateTime) time = NULL;
	g_autofree char *iso = NULL;
	unsigned n;

	if (!g_regex_match(form, text, 0, &match))
		return NULL;
	part = g_match_info_fetch_all(match);
	n = g_strv_length(part);
	iso = g_strdup_printf("%sT%s%s%s", part[1], n > 2 ? part[2] : "00:00",
			      n > 3 && *part[3] ? part[3] : ":00",
			      n > 4 ? part[4] : "");
	time = g_date_time_new_from_iso8601(iso, g_date_time_get_timezone(now));
	if (time && n <= 2)
		return edge_of_day(time, last);
	return g_steal_pointer(&time);
}

static GDateTime *parse_any(const char *text, gboolean last, GDateTime *now)
{
	g_autoptr(GDateTime) before = NULL;
	GDateTime *time;

	if (g_str_equal(text, "today"))
		return edge_of_day(now, last);
	if (g_str_equal(text, "yesterday")) {
		before = g_date_time_add_days(now, -1);
		return edge_of_day(before, last);
	}
	time = parse_ago(text, now);
	return time ? time : parse_date(text, last, now);
}

char *miyin_when_parse(const char *text, gboolean last, GDateTime *now,
		       GError **error)
{
	g_autoptr(GDateTime) time = parse_any(text, last, now);
	g_autoptr(GDateTime) utc = time ? g_date_time_to_utc(time) : NULL;

	/* The register compares times as text: a year has four digits. */
	if (!utc || g_date_time_get_year(utc) < 1000) {
		g_autofree char *clean = miyin_table_clean(text);

		miyin_fail(error, MIYIN_ERROR_INPUT,
			   _("\"%s\" is not a time: 2026-11-21, "
			     "\"2026-11-21 14:00\", today, yesterday, 7d or "
			     "12h are."),
			   clean);
		return NULL;
	}
	return g_date_time_format(utc, "%Y-%m-%dT%H:%M:%S+00:00");
}
