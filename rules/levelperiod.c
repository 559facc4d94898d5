/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/levelperiod.h>
#include <miyin/period.h>
#include <miyin/refusal.h>
#include <miyin/skeleton.h>
#include <glib/gi18n.h>
#include <time.h>

/* What the sentence shows to who wrote something else. */
static char *list_examples(const miyin_limits *limits)
{
	g_autofree char *conditions = g_strjoinv(_(", "), limits->conditions);

	return g_strconcat(_("10 years, 6 months, 30 days, 2036-01-01"),
			   *conditions ? _(", ") : "", conditions, NULL);
}

static gboolean is_own(const miyin_level *level, const char *asked)
{
	g_autofree char *look = miyin_text_skeleton(asked);
	g_autofree char *own = miyin_text_skeleton(level->period);

	return g_str_equal(look, own);
}

static GError *refusal_of(miyin_period_verdict verdict,
			  const miyin_level *level, const miyin_limits *limits,
			  const char *asked, const char *normal)
{
	g_autofree char *examples = NULL;

	switch (verdict) {
	case MIYIN_PERIOD_LONGER:
		return miyin_refusal_new(MIYIN_REFUSAL_PERIOD, normal,
					 level->text, level->period_max);
	case MIYIN_PERIOD_ENDED:
		return miyin_refusal_new(MIYIN_REFUSAL_PERIOD_OVER, normal);
	default:
		examples = list_examples(limits);
		return miyin_refusal_new(MIYIN_REFUSAL_BAD_PERIOD, asked,
					 examples);
	}
}

char *miyin_level_choose_period(const miyin_level *level,
				const miyin_limits *limits, const char *asked,
				const GDate *today, GError **error)
{
	g_autofree char *normal = NULL;
	miyin_period_verdict verdict;

	if (!asked || !*asked || is_own(level, asked))
		return g_strdup(level->period);
	verdict = miyin_period_judge(asked, level->period_max,
				     limits->conditions, today, &normal);
	if (verdict == MIYIN_PERIOD_GOOD)
		return g_steal_pointer(&normal);
	miyin_refuse(error, refusal_of(verdict, level, limits, asked, normal));
	return NULL;
}

GDate miyin_period_today(void)
{
	GDate today;

	g_date_clear(&today, 1);
	g_date_set_time_t(&today, time(NULL));
	return today;
}
