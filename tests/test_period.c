/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/numerals.h>
#include <miyin/period.h>

#include <check.h>
#include <stdlib.h>

#define DAY_OF_TESTS 21, 11, 2026

static const char *const conditions[] = { "会议开始前", "公布前", "25X1",
					  NULL };

static const struct {
	miyin_period_verdict verdict;
	const char *name;
} verdicts[] = {
	{ MIYIN_PERIOD_GOOD, "good" },
	{ MIYIN_PERIOD_UNKNOWN, "unknown" },
	{ MIYIN_PERIOD_ENDED, "ended" },
	{ MIYIN_PERIOD_LONGER, "longer" },
};

/* ---- numerals ------------------------------------------------------------ */

static const struct {
	const char *text, *digits;
} numerals[] = {
	{ "三十年", "30年" },
	{ "十年", "10年" },
	{ "十五年", "15年" },
	{ "二十年", "20年" },
	{ "廿年", "20年" },
	{ "廿五年", "25年" },
	{ "卅年", "30年" },
	{ "卌一天", "41天" },
	{ "两年", "2年" },
	{ "一百零五天", "105天" },
	{ "一百二十天", "120天" },
	{ "二百天", "200天" },
	{ "一千零一十天", "1010天" },
	{ "九千九百九十九天", "9999天" },
	{ "壹拾年", "10年" },
	{ "叁拾年", "30年" },
	{ "壹佰贰拾天", "120天" },
	{ "貳拾年", "20年" },
	{ "二〇三〇年", "2030年" },
	{ "二零三零年", "2030年" },
	{ "一〇年", "10年" },
	{ "九九年", "99年" },
	{ "12年", "12年" },
	{ "一年零六个月", "1年06个月" },
	{ "十一月三十日", "11月30日" },
	{ "长期", "长期" },
	{ "", "" },
	{ "٣年", "3年" },
	/* none of one reading */
	{ "三十十年", "三十十年" },
	{ "二三年", "二三年" },
	{ "两三年", "两三年" },
	{ "三五年", "三五年" },
	{ "3十年", "3十年" },
	{ "一百五天", "一百五天" },
	{ "十百年", "十百年" },
	{ "百年", "百年" },
	{ "一十〇年", "一十〇年" },
	{ "三四十年", "三四十年" },
	{ "万年", "万年" },
	{ "½年", "½年" },
};

START_TEST(numeral)
{
	g_autofree char *digits = miyin_numerals_to_digits(numerals[_i].text);

	ck_assert_msg(g_str_equal(digits, numerals[_i].digits), "%s: %s",
		      numerals[_i].text, digits);
}
END_TEST

/* ---- forms: what is printed, and within how many days it ends ---------------
 */

/* From 2026-11-21; days as a limit in days that is just enough, 0: none is. */
static const struct {
	const char *text, *normal;
	int days;
} forms[] = {
	{ "10年", "10年", 3653 },
	{ "十年", "10年", 3653 },
	{ "三十年", "30年", 10958 },
	{ "３０年", "30年", 10958 },
	{ "叁拾年", "30年", 10958 },
	{ "卅年", "30年", 10958 },
	{ "1 0 年", "10年", 3653 },
	{ "一〇年", "10年", 3653 },
	{ "9\xcd\x8f"
	  "9年",
	  "99年", 36159 },
	{ "1年", "1年", 365 },
	{ "10周年", "10年", 3653 },
	{ "6个月", "6个月", 181 },
	{ "６個月", "6个月", 181 },
	{ "6月", "6个月", 181 },
	{ "六个月", "6个月", 181 },
	{ "30天", "30天", 30 },
	{ "30日", "30天", 30 },
	{ "5000天", "5000天", 5000 },
	{ "1年6个月", "1年6个月", 547 },
	{ "一年零六个月", "1年6个月", 547 },
	{ "0年6个月", "6个月", 181 },
	{ "10 years", "10 years", 3653 },
	{ "10 Years", "10 years", 3653 },
	{ "30yrs", "30 years", 10958 },
	{ "30 y", "30 years", 10958 },
	{ "1 year", "1 year", 365 },
	{ "6 mos", "6 months", 181 },
	{ "1 year and 6 months", "1 year 6 months", 547 },
	{ "90 days", "90 days", 90 },
	{ "2027年1月1日", "2027年1月1日", 41 },
	{ "二〇二七年一月一日", "2027年1月1日", 41 },
	{ "2027 年 1 月 1 日", "2027年1月1日", 41 },
	{ "至2027年1月1日", "2027年1月1日", 41 },
	{ "2027年1月1日止", "2027年1月1日", 41 },
	{ "2027-01-01", "2027-01-01", 41 },
	{ "２０２７－０１－０１", "2027-01-01", 41 },
	{ "2027/1/1", "2027-01-01", 41 },
	{ "2027.1.1", "2027-01-01", 41 },
	{ "20270101", "2027-01-01", 41 },
	{ "until 2027-01-01", "2027-01-01", 41 },
	{ "1 January 2027", "2027-01-01", 41 },
	{ "1 Jan 2027", "2027-01-01", 41 },
	{ "January 1, 2027", "2027-01-01", 41 },
	{ "长期", "长期", G_MAXINT },
	{ "永久", "长期", G_MAXINT },
	{ "无限期", "长期", G_MAXINT },
	{ "Indefinite", "indefinite", G_MAXINT },
	{ "permanent", "indefinite", G_MAXINT },
	{ "会议开始前", "会议开始前", -1 },
	{ "会议 开始前", "会议开始前", -1 },
	{ "25x1", "25X1", -1 },
	/* none */
	{ "", NULL, 0 },
	{ "约30年", NULL, 0 },
	{ "30年左右", NULL, 0 },
	{ "10年至30年", NULL, 0 },
	{ "10年或30年", NULL, 0 },
	{ "10到30年", NULL, 0 },
	{ "10~30年", NULL, 0 },
	{ "10年以上", NULL, 0 },
	{ "不少于10年", NULL, 0 },
	{ "10年(30年)", NULL, 0 },
	{ "10年10年", NULL, 0 },
	{ "6个月10年", NULL, 0 },
	{ "10年6 months", NULL, 0 },
	{ "3十年", NULL, 0 },
	{ "一百五天", NULL, 0 },
	{ "已解密", NULL, 0 },
	{ "公开", NULL, 0 },
	{ "会议结束前", NULL, 0 },
	{ "本文件在会议开始前不得公开", NULL, 0 },
	{ "会议开始前10年", NULL, 0 },
	{ "2027-02-30", NULL, 0 },
	{ "2027年13月1日", NULL, 0 },
	{ "1063-01-01", NULL, 0 },
	{ "2036年", NULL, 0 },
	{ "99999年", NULL, 0 },
	{ "99999999999999999999年", NULL, 0 },
	{ "10", NULL, 0 },
	{ "-5年", NULL, 0 },
	{ "1.5年", NULL, 0 },
	{ "10年.", NULL, 0 },
	{ "年", NULL, 0 },
	{ "\xe3\x85\xa4", NULL, 0 },
	{ "\xff", NULL, 0 },
};

START_TEST(form)
{
	GDate from;
	g_autofree char *normal = NULL, *just = NULL, *less = NULL;
	miyin_period_verdict verdict;
	const int days = forms[_i].days;

	g_date_clear(&from, 1);
	g_date_set_dmy(&from, DAY_OF_TESTS);
	verdict = miyin_period_judge(forms[_i].text, "",
				     (char *const *)conditions, &from, &normal);
	ck_assert_msg(g_strcmp0(normal, forms[_i].normal) == 0, "%s: %s",
		      forms[_i].text, normal ? normal : "none");
	ck_assert_int_eq(verdict, forms[_i].normal ? MIYIN_PERIOD_GOOD
						   : MIYIN_PERIOD_UNKNOWN);
	if (days <= 0 || days == G_MAXINT)
		return;
	just = g_strdup_printf("%d天", days);
	less = g_strdup_printf("%d天", days - 1);
	ck_assert_int_eq(
		miyin_period_judge(forms[_i].text, just, NULL, &from, NULL),
		MIYIN_PERIOD_GOOD);
	ck_assert_int_eq(
		miyin_period_judge(forms[_i].text, less, NULL, &from, NULL),
		MIYIN_PERIOD_LONGER);
}
END_TEST

/* ---- limits ---------------------------------------------------------------
 */

static const struct {
	const char *what, *period, *greatest, *verdict;
} limits[] = {
	{ "shorter", "5年", "10年", "good" },
	{ "just as long", "10年", "10年", "good" },
	{ "a year too long", "11年", "10年", "longer" },
	{ "in Chinese numerals", "三十年", "10年", "longer" },
	{ "in formal numerals", "叁拾年", "10年", "longer" },
	{ "in full-width digits", "３０年", "10年", "longer" },
	{ "in English", "30yrs", "10年", "longer" },
	{ "a digit behind a character that nobody sees",
	  "9\xcd\x8f"
	  "9年",
	  "10年", "longer" },
	{ "a month too long", "10年1个月", "10年", "longer" },
	{ "as many months", "120个月", "10年", "good" },
	{ "one month too many", "121个月", "10年", "longer" },
	{ "days beyond it", "5000天", "10年", "longer" },
	{ "more years than there are", "100000年", "30年", "unknown" },
	{ "the last day", "2036年11月21日", "10年", "good" },
	{ "the day after", "2036年11月22日", "10年", "longer" },
	{ "a day no calendar has", "2027年2月30日", "10年", "unknown" },
	{ "for long", "长期", "30年", "longer" },
	{ "for ever", "永久", "30年", "longer" },
	{ "for long, where nothing limits it", "长期", "", "good" },
	{ "for long, where that is allowed", "永久", "长期", "good" },
	{ "a condition of the list", "会议开始前", "10年", "good" },
	{ "a condition of nobody's", "上级通知前", "10年", "unknown" },
	{ "that where nothing limits it", "上级通知前", "", "unknown" },
	{ "about", "约30年", "10年", "unknown" },
	{ "a sentence", "本件自印发之日起保密三十年", "10年", "unknown" },
	{ "open already", "已解密", "10年", "unknown" },
	{ "no day", "0天", "10年", "ended" },
	{ "nought of all", "0年0个月0天", "", "ended" },
	{ "today", "2026-11-21", "10年", "ended" },
	{ "yesterday", "2026年11月20日", "10年", "ended" },
	{ "long ago", "1949-10-01", "", "ended" },
	{ "tomorrow", "2026-11-22", "10年", "good" },
	{ "English", "11 years", "10 years", "longer" },
	{ "a limit that is none", "1年", "ten", "longer" },
};

START_TEST(period_limit)
{
	GDate from;
	miyin_period_verdict verdict;

	g_date_clear(&from, 1);
	g_date_set_dmy(&from, DAY_OF_TESTS);
	verdict = miyin_period_judge(limits[_i].period, limits[_i].greatest,
				     (char *const *)conditions, &from, NULL);
	ck_assert_msg(g_str_equal(verdicts[verdict].name, limits[_i].verdict),
		      "%s: %s in %s: %s", limits[_i].what, limits[_i].period,
		      limits[_i].greatest, verdicts[verdict].name);
}
END_TEST

static const struct {
	const char *one, *other;
	gboolean equal;
} pairs[] = {
	{ "10年", "10年", TRUE },
	{ "10年", "十年", TRUE },
	{ "10年", "120个月", TRUE },
	{ "10年", "10 years", TRUE },
	{ "长期", "永久", TRUE },
	{ "10年", "2036年11月21日", TRUE },
	{ "10年", "20年", FALSE },
	{ "10年", "长期", FALSE },
	{ "会议开始前", "会议开始前", TRUE },
	{ "会议开始前", "公布前", FALSE },
	{ "", "10年", FALSE },
};

START_TEST(compared)
{
	GDate from;

	g_date_clear(&from, 1);
	g_date_set_dmy(&from, DAY_OF_TESTS);
	ck_assert_msg(miyin_period_equal(pairs[_i].one, pairs[_i].other,
					 &from) == pairs[_i].equal,
		      "%s, %s", pairs[_i].one, pairs[_i].other);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("period");
	TCase *tcase = tcase_create("period");
	SRunner *runner;
	int n_failed;

	tcase_add_loop_test(tcase, numeral, 0, G_N_ELEMENTS(numerals));
	tcase_add_loop_test(tcase, form, 0, G_N_ELEMENTS(forms));
	tcase_add_loop_test(tcase, period_limit, 0, G_N_ELEMENTS(limits));
	tcase_add_loop_test(tcase, compared, 0, G_N_ELEMENTS(pairs));
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
