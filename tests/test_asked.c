/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a job's options say of its documents, before any was looked at. */
#include "backend/asked.h"
#include <check.h>
#include <stdlib.h>

static const struct {
	const char *what, *options, *level, *period, *reference;
} asked[] = {
	{ "nothing", "", "", "", "" },
	{ "all", "MiyinLevel=jimi MiyinPeriod='10 年' MiyinDocument=17号",
	  "jimi", "10 年", "17号" },
	{ "as a dialog sends them",
	  "MiyinLevel=Unset MiyinPeriod=None MiyinDocument=Custom.17号", "", "",
	  "17号" },
	{ "a line end", "MiyinDocument=\"a\nb\"", "", "", "a b" },
};

START_TEST(what_is_asked)
{
	miyin_asked seen;

	miyin_asked_read(&seen, asked[_i].options);
	ck_assert_str_eq(seen.level, asked[_i].level);
	ck_assert_str_eq(seen.period, asked[_i].period);
	ck_assert_str_eq(seen.reference, asked[_i].reference);
	g_free(seen.level);
	g_free(seen.period);
	g_free(seen.reference);
}
END_TEST

#define NAME "document-name-supplied="

static const struct {
	const char *what, *options, *title;
	unsigned n;
	const char *titles; /* with | between them */
} titled[] = {
	{ "one file has the job's", NAME "a.pdf", "Plan", 1, "Plan" },
	{ "two files of lp", NAME "a.pdf x " NAME "b.pdf", "a.pdf", 2,
	  "a.pdf|b.pdf" },
	{ "with a title", NAME "a.pdf " NAME "b.pdf", "Plan", 2,
	  "Plan (a.pdf)|Plan (b.pdf)" },
	{ "blanks, quotes and backslashes", NAME "a\\ b\\'c " NAME "\\\"d\\\\",
	  "a b'c", 2, "a b'c|\"d\\" },
	{ "a name too few", NAME "b.pdf", "b.pdf", 2,
	  "b.pdf (1/2)|b.pdf (2/2)" },
	{ "a name too many", NAME "a " NAME "b " NAME "c", "t", 2,
	  "t (1/2)|t (2/2)" },
	{ "an empty one", NAME "a " NAME, "t", 2, "t (1/2)|t (2/2)" },
	{ "a name within a name", NAME "a\\ " NAME "b " NAME "c", "t", 2,
	  "t (a " NAME "b)|t (c)" },
	{ "a backslash at the end", NAME "a " NAME "b\\", "a", 2, "a|b\\" },
	{ "other blanks", "\f" NAME "a\r\v\f" NAME "b\f", "a", 2, "a|b" },
	{ "control characters", NAME "a " NAME "b\x1b[2J", "a", 2, "a|b[2J" },
};

START_TEST(titles_of_files)
{
	g_auto(GStrv) seen = miyin_asked_titles(titled[_i].options,
						titled[_i].title, titled[_i].n);
	g_autofree char *all = g_strjoinv("|", seen);

	ck_assert_msg(g_str_equal(all, titled[_i].titles), "%s: %s",
		      titled[_i].what, all);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("asked");
	TCase *tcase = tcase_create("options");
	SRunner *runner;
	int failed;

	tcase_add_loop_test(tcase, what_is_asked, 0, G_N_ELEMENTS(asked));
	tcase_add_loop_test(tcase, titles_of_files, 0, G_N_ELEMENTS(titled));
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
