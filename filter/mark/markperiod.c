/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "markperiod.h"
#include <miyin/levelperiod.h>
#include <miyin/numerals.h>
#include <miyin/period.h>
#include <miyin/text.h>
#include <string.h>

static miyin_period_verdict judge(const char *text)
{
	const GDate today = miyin_period_today();

	return text ? miyin_period_judge(text, "", NULL, &today, NULL)
		    : MIYIN_PERIOD_UNKNOWN;
}

char *miyin_markperiod_certain(char *take_text)
{
	const miyin_period_verdict verdict = judge(take_text);

	if (verdict == MIYIN_PERIOD_UNKNOWN || verdict == MIYIN_PERIOD_ENDED)
		g_clear_pointer(&take_text, g_free);
	return take_text;
}

char *miyin_markperiod_likely(char *take_text)
{
	static const char form[] =
		"^(第?\\d+页?([/／共]\\d+页?)?|\\d+-\\d+|-\\d+-|"
		"\\d{4}年\\d{1,2}月份?|\\d{4}[-./]\\d{1,2}|"
		"\\d{1,2}月\\d{1,2}日?|\\d{4}年)$";
	g_autofree char *digits = NULL;

	if (!take_text || judge(take_text) != MIYIN_PERIOD_UNKNOWN)
		return take_text;
	digits = miyin_numerals_to_digits(take_text);
	if (g_regex_match_simple(form, digits, 0, 0))
		g_clear_pointer(&take_text, g_free);
	return take_text;
}

char *miyin_markperiod_write(const miyin_glyphs *l, guint from)
{
	const guint end = miyin_glyphs_trim(l);

	for (guint to = MIN(end, from + MIYIN_TEXT_MAX); to > from; to--) {
		g_autofree char *text = NULL;

		if (to < end && !miyin_glyphs_gap(l, to))
			continue;
		text = miyin_glyphs_write(l, from, to);
		if (judge(text) != MIYIN_PERIOD_UNKNOWN)
			return g_steal_pointer(&text);
	}
	return miyin_glyphs_write(l, from, end);
}

gboolean miyin_markperiod_is(const miyin_glyphs *l, guint from, guint to)
{
	static const char signs[] = "年月日个天长期永久公布前启用"
				    "一二两三四五六七八九十廿卅";
	gunichar dot = miyin_glyphs_at(l, from);

	if (dot == 0xb7 || dot == 0x2022 || dot == 0x30fb || dot == 0x25b2)
		from++; /* · • ・ ▲ */
	for (guint at = from; at < to; at++)
		if (!g_unichar_isdigit(miyin_glyphs_at(l, at)) &&
		    !g_utf8_strchr(signs, -1, miyin_glyphs_at(l, at)))
			return FALSE;
	return from < to;
}
