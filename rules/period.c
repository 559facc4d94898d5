/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One text of one form: all spaces go and all numerals become digits before
 * anything is compared, so that no form of letters is a form of its own. */
#include <miyin/period.h>
#include <miyin/numerals.h>
#include <miyin/skeleton.h>
#include <miyin/text.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/udat.h>
#include <unicode/ustring.h>

#define DATE_DIGITS 5 /* a day and a year at least */
#define YEARS_MAX 999 /* 2036年 is a date without its day, and no period */
#define PARTS_MAX 99999
#define EPOCH_JULIAN 719163 /* 1970-01-01, for GDate */
#define MS_OF_DAY 86400000.0
#define FIRST_YEAR 1583 /* ICU counts by the Julian calendar before */
#define FIRST_DAY_MS (-(EPOCH_JULIAN - 1) * MS_OF_DAY)

typedef struct {
	char *normal;
	int days; /* G_MAXINT: without end; -1: a condition */
} period;

static char *compact(const char *text)
{
	g_autofree char *clean = miyin_text_clean(text, MIYIN_TEXT_MAX);
	g_autofree char *plain =
		g_utf8_normalize(clean, -1, G_NORMALIZE_ALL_COMPOSE);
	g_autofree char *small = g_utf8_strdown(plain, -1);

	return miyin_text_drop_invisible(small);
}

static gboolean read_condition(const char *text, char *const *conditions,
			       period *found)
{
	g_autofree char *look = miyin_text_skeleton(text);

	for (; *look && conditions && *conditions; conditions++) {
		g_autofree char *known = miyin_text_skeleton(*conditions);

		if (!g_str_equal(look, known))
			continue;
		*found = (period){ g_strdup(*conditions), -1 };
		return TRUE;
	}
	return FALSE;
}

static gboolean read_endless(const char *text, period *found)
{
	static const struct {
		const char *word;
		gboolean english;
	} words[] = {
		{ "长期", FALSE },	{ "永久", FALSE },
		{ "无限期", FALSE },	{ "永远", FALSE },
		{ "indefinite", TRUE }, { "indefinitely", TRUE },
		{ "permanent", TRUE },	{ "permanently", TRUE },
		{ "forever", TRUE },
	};

	for (unsigned i = 0; i < G_N_ELEMENTS(words); i++) {
		if (!g_str_equal(text, words[i].word))
			continue;
		*found = (period){ g_strdup(words[i].english ? "indefinite"
							     : "长期"),
				   G_MAXINT };
		return TRUE;
	}
	return FALSE;
}

/* ---- dates --------------------------------------------------------------- */

static gboolean parse_date(const char *text, const char *pattern, GDate *date)
{
	static const UChar utc[] = u"UTC";
	UErrorCode code = U_ZERO_ERROR;
	UChar form[32], wide[MIYIN_TEXT_MAX * 2 + 1];
	UDateFormat *format;
	int32_t length = 0, end = 0;
	UDate ms;

	u_strFromUTF8(form, G_N_ELEMENTS(form), NULL, pattern, -1, &code);
	u_strFromUTF8(wide, G_N_ELEMENTS(wide), &length, text, -1, &code);
	format = udat_open(UDAT_PATTERN, UDAT_PATTERN, "en", utc, -1, form, -1,
			   &code);
	if (U_FAILURE(code))
		return FALSE;
	udat_setLenient(format, FALSE);
	ms = udat_parse(format, wide, length, &end, &code);
	udat_close(format);
	if (U_FAILURE(code) || length == 0 || end != length ||
	    ms < FIRST_DAY_MS)
		return FALSE;
	g_date_clear(date, 1);
	g_date_set_julian(date,
			  (guint32)(EPOCH_JULIAN + floor(ms / MS_OF_DAY)));
	return g_date_valid(date) && g_date_get_year(date) >= FIRST_YEAR &&
	       g_date_get_year(date) <= 9999;
}

/* 至2036年1月1日, 2036年1月1日止, until 2036-01-01 */
static char *strip_until(const char *text)
{
	static const char *const before[] = { "至", "到", "until", "till" };

	for (unsigned i = 0; i < G_N_ELEMENTS(before); i++)
		if (g_str_has_prefix(text, before[i]))
			return g_strdup(text + strlen(before[i]));
	if (g_str_has_suffix(text, "止"))
		return g_strndup(text, strlen(text) - strlen("止"));
	return g_strdup(text);
}

static unsigned count_digits(const char *text)
{
	unsigned n = 0;

	for (; *text; text = g_utf8_next_char(text))
		n += g_unichar_isdigit(g_utf8_get_char(text)) ? 1 : 0;
	return n;
}

static gboolean read_date(const char *text, const GDate *from, period *found)
{
	static const char *const patterns[] = {
		"yyyy'年'M'月'd'日'", "yyyy-M-d",   "yyyy/M/d",
		"yyyy.M.d",	      "yyyyMMdd",   "dMMMMyyyy",
		"dMMMyyyy",	      "MMMMd,yyyy", "MMMd,yyyy",
	};
	g_autofree char *date = strip_until(text);
	GDate end;

	/* ICU takes a millisecond for these. */
	if (count_digits(date) < DATE_DIGITS)
		return FALSE;
	for (unsigned i = 0; i < G_N_ELEMENTS(patterns); i++) {
		if (!parse_date(date, patterns[i], &end))
			continue;
		*found = (period){
			g_strdup_printf(
				i == 0 ? "%d年%d月%d日" : "%04d-%02d-%02d",
				g_date_get_year(&end), g_date_get_month(&end),
				g_date_get_day(&end)),
			MAX(0, g_date_days_between(from, &end)),
		};
		return TRUE;
	}
	return FALSE;
}

/* ---- years, months and days ---------------------------------------------- */

enum { YEARS, MONTHS, DAYS, N_PARTS };

typedef struct {
	long n[N_PARTS];
	gboolean english;
	gboolean month, day; /* 月 and 日, as dates have them */
} duration;

static const struct {
	const char *unit;
	unsigned part;
	gboolean english;
} units[] = {
	{ "周年", YEARS, FALSE },   { "年", YEARS, FALSE },
	{ "个月", MONTHS, FALSE },  { "個月", MONTHS, FALSE },
	{ "月", MONTHS, FALSE },    { "天", DAYS, FALSE },
	{ "日", DAYS, FALSE },	    { "years", YEARS, TRUE },
	{ "year", YEARS, TRUE },    { "yrs", YEARS, TRUE },
	{ "yr", YEARS, TRUE },	    { "y", YEARS, TRUE },
	{ "months", MONTHS, TRUE }, { "month", MONTHS, TRUE },
	{ "mos", MONTHS, TRUE },    { "mo", MONTHS, TRUE },
	{ "days", DAYS, TRUE },	    { "day", DAYS, TRUE },
	{ "d", DAYS, TRUE },
};

/* Take a number and its unit, the greater ones first, and move on. */
static gboolean take_part(const char **text, unsigned *least, duration *d)
{
	char *at;
	long n;

	if (!g_ascii_isdigit(**text))
		return FALSE;
	n = strtol(*text, &at, 10);
	for (unsigned i = 0; i < G_N_ELEMENTS(units); i++) {
		if (!g_str_has_prefix(at, units[i].unit))
			continue;
		if (units[i].part < *least ||
		    (*least > 0 && units[i].english != d->english) ||
		    n > (units[i].part == YEARS ? YEARS_MAX : PARTS_MAX))
			return FALSE;
		d->n[units[i].part] = n;
		d->english = units[i].english;
		d->month |= g_str_equal(units[i].unit, "月");
		d->day |= g_str_equal(units[i].unit, "日");
		*least = units[i].part + 1;
		*text = at + strlen(units[i].unit);
		return TRUE;
	}
	return FALSE;
}

static int count_days(const duration *d, const GDate *from)
{
	GDate end = *from;

	g_date_add_years(&end, (guint)d->n[YEARS]);
	g_date_add_months(&end, (guint)d->n[MONTHS]);
	g_date_add_days(&end, (guint)d->n[DAYS]);
	return g_date_days_between(from, &end);
}

static char *write_duration(const duration *d)
{
	static const char *const chinese[] = { "年", "个月", "天" };
	static const char *const english[] = { "year", "month", "day" };
	GString *out = g_string_new(NULL);

	for (unsigned i = 0; i < N_PARTS; i++) {
		if (d->n[i] == 0 && (i < DAYS || out->len > 0))
			continue;
		if (d->english)
			g_string_append_printf(
				out, "%s%ld %s%s", out->len > 0 ? " " : "",
				d->n[i], english[i], d->n[i] == 1 ? "" : "s");
		else
			g_string_append_printf(out, "%ld%s", d->n[i],
					       chinese[i]);
	}
	return g_string_free(out, FALSE);
}

static gboolean read_duration(const char *text, const GDate *from,
			      period *found)
{
	duration d = { .english = FALSE };
	unsigned least = 0;

	do {
		if (!take_part(&text, &least, &d))
			return FALSE;
		if (g_str_has_prefix(text, "and"))
			text += strlen("and");
	} while (*text);
	/* 12月31日 is a day of a year that is not said. */
	if (d.month && d.day && d.n[YEARS] == 0)
		return FALSE;
	*found = (period){ write_duration(&d), count_days(&d, from) };
	return TRUE;
}

/* ---- all ------------------------------------------------------------------
 */

static gboolean read_period(const char *text, char *const *conditions,
			    const GDate *from, period *found)
{
	g_autofree char *plain = compact(text);
	g_autofree char *digits = miyin_numerals_to_digits(plain);

	return read_condition(text, conditions, found) ||
	       read_endless(digits, found) || read_date(digits, from, found) ||
	       read_duration(digits, from, found);
}

miyin_period_verdict miyin_period_judge(const char *text, const char *greatest,
					char *const *conditions,
					const GDate *from, char **normal)
{
	miyin_period_verdict verdict = MIYIN_PERIOD_GOOD;
	period found, limit;

	if (!read_period(text, conditions, from, &found))
		return MIYIN_PERIOD_UNKNOWN;
	if (found.days == 0)
		verdict = MIYIN_PERIOD_ENDED;
	else if (*greatest) {
		/* A limit that is none of the forms lets nothing pass. */
		limit = (period){ .days = 0 };
		read_period(greatest, NULL, from, &limit);
		if (found.days > limit.days)
			verdict = MIYIN_PERIOD_LONGER;
		g_free(limit.normal);
	}
	if (normal)
		*normal = g_strdup(found.normal);
	g_free(found.normal);
	return verdict;
}

gboolean miyin_period_equal(const char *one, const char *other,
			    const GDate *from)
{
	g_autofree char *look = miyin_text_skeleton(one);
	g_autofree char *look_of_other = miyin_text_skeleton(other);
	period first = { 0 }, second = { 0 };
	gboolean equal = g_str_equal(look, look_of_other);

	if (!equal && read_period(one, NULL, from, &first) &&
	    read_period(other, NULL, from, &second))
		equal = first.days == second.days;
	g_free(first.normal);
	g_free(second.normal);
	return equal;
}
