/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/outcome.h>
#include <miyin/refusal.h>

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define WHY                                                                    \
	"the register is not available; try again later or tell the "          \
	"administrator."

static const struct {
	const char *what;
	unsigned wanted, printed, unclear;
	miyin_refusal reason;
	const char *sentence;
} ends[] = {
	{ "nothing was read", 0, 0, 0, MIYIN_REFUSAL_REGISTER,
	  "Not printed: " WHY },
	{ "nothing was printed", 3, 0, 0, MIYIN_REFUSAL_REGISTER,
	  "Not printed: " WHY },
	{ "one of three was", 3, 1, 0, MIYIN_REFUSAL_REGISTER,
	  "1 of 3 copies was printed, 2 were not: " WHY },
	{ "two of three were", 3, 2, 0, MIYIN_REFUSAL_REGISTER,
	  "2 of 3 copies were printed, 1 was not: " WHY },
	{ "all were, and what came after failed", 3, 3, 0,
	  MIYIN_REFUSAL_REGISTER, "3 of 3 copies were printed: " WHY },
	{ "one was begun", 3, 1, 1, MIYIN_REFUSAL_REGISTER,
	  "1 of 3 copies was printed, 1 may be on paper in part, 1 was not: " WHY },
	{ "the only one was begun", 1, 0, 1, MIYIN_REFUSAL_REGISTER,
	  "0 of 1 copies were printed, 1 may be on paper in part: " WHY },
	{ "canceled before it was read", 0, 0, 0, MIYIN_REFUSAL_CANCELED,
	  "Canceled: nothing was printed." },
	{ "canceled before the first", 2, 0, 0, MIYIN_REFUSAL_CANCELED,
	  "Canceled: 0 of 2 copies were printed, 2 were not." },
	{ "canceled in the second", 5, 1, 1, MIYIN_REFUSAL_CANCELED,
	  "Canceled: 1 of 5 copies was printed, 1 may be on paper in part, "
	  "3 were not." },
};

START_TEST(sentence)
{
	const miyin_outcome outcome = { ends[_i].wanted, ends[_i].printed,
					ends[_i].unclear };
	g_autoptr(GError) reason = miyin_refusal_new(ends[_i].reason);
	g_autoptr(GError) told = miyin_outcome_refusal(&outcome, reason);

	ck_assert_msg(g_error_matches(told, MIYIN_REFUSAL, ends[_i].reason),
		      "%s", ends[_i].what);
	ck_assert_str_eq(told->message, ends[_i].sentence);
}
END_TEST

/* Each refusal can be the reason of a part: none is left with two heads. */
START_TEST(every_reason)
{
	const miyin_outcome outcome = { 3, 1, 0 };
	g_autoptr(GError) reason =
		miyin_refusal_new(_i, "<a>", "<b>", "<c>", "<d>");
	g_autoptr(GError) told = miyin_outcome_refusal(&outcome, reason);

	ck_assert_int_eq(told->code, _i);
	ck_assert_msg(strstr(told->message,
			     "1 of 3 copies was printed, 2 were not") != NULL,
		      "%s", told->message);
	ck_assert_msg(strstr(told->message, "Not printed") == NULL, "%s",
		      told->message);
}
END_TEST

START_TEST(success)
{
	const miyin_outcome one = { 1, 1, 0 }, two = { 2, 2, 0 };
	g_autofree char *first = miyin_outcome_success(&one, "000007");
	g_autofree char *second = miyin_outcome_success(&two, "000001–000002");

	ck_assert_str_eq(first, "Printed: 1 copy, serial 000007.");
	ck_assert_str_eq(second, "Printed: 2 copies, serials 000001–000002.");
}
END_TEST

START_TEST(many_serials)
{
	const miyin_outcome many = { 50, 50, 0 };
	g_autoptr(GString) serials = g_string_new("000001");
	g_autofree char *words = NULL;

	for (unsigned i = 1; i < 50; i++)
		g_string_append_printf(serials, "; %06u", 2 * i + 1);
	words = miyin_outcome_success(&many, serials->str);
	ck_assert_msg(g_str_has_suffix(words, "; …."), "%s", words);
	ck_assert_int_lt(g_utf8_strlen(words, -1), 300);
	ck_assert_ptr_nonnull(strstr(words, "50 copies, serials 000001; "));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("outcome");
	TCase *tcase = tcase_create("outcome");
	SRunner *runner;
	int n_failed;

	tcase_add_loop_test(tcase, sentence, 0, G_N_ELEMENTS(ends));
	tcase_add_loop_test(tcase, every_reason, 0, MIYIN_N_REFUSALS);
	tcase_add_test(tcase, success);
	tcase_add_test(tcase, many_serials);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
