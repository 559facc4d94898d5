/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "registry/custody.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define N_ACTS 6
#define NO (-1)

enum { RESERVED, SENDING, PRINTED, PARTIAL, DOUBT, VOID };

static const char *const acts[N_ACTS] = { "claim", "printed", "partial",
					  "doubt", "void",    "unsent" };

/* The table again, by hand, from what must hold: once the first byte may have
 * left, a copy can never become one that was not printed. The register
 * allows unsent only while the device has not started. */
static const struct {
	const char *state;
	int after[N_ACTS]; /* claim, printed, partial, doubt, void,
				   unsent */
} table[MIYIN_N_COPY_STATES] = {
	[MIYIN_COPY_RESERVED] = { "reserved",
				  { SENDING, NO, NO, NO, VOID, NO } },
	[MIYIN_COPY_SENDING] = { "sending",
				 { NO, PRINTED, PARTIAL, DOUBT, NO, VOID } },
	[MIYIN_COPY_PRINTED] = { "printed", { NO, NO, NO, NO, NO, NO } },
	[MIYIN_COPY_PARTIAL] = { "partial", { NO, NO, NO, NO, NO, NO } },
	[MIYIN_COPY_DOUBT] = { "doubt", { NO, NO, NO, NO, NO, NO } },
	[MIYIN_COPY_VOID] = { "void", { NO, NO, NO, NO, NO, NO } },
};

START_TEST(next)
{
	int from = _i / N_ACTS, act = _i % N_ACTS;

	ck_assert_msg(miyin_custody_next(from, act) == table[from].after[act],
		      "%s when %s: %d", acts[act], table[from].state,
		      miyin_custody_next(from, act));
}
END_TEST

START_TEST(ids)
{
	ck_assert_str_eq(miyin_copy_state_id(_i), table[_i].state);
	ck_assert_int_eq(miyin_copy_state_find(table[_i].state), _i);
}
END_TEST

static const char *const strange[] = { "",	 "Void", "void ",
				       "printe", "lost", "reserved\n" };

START_TEST(no_such_id)
{
	ck_assert_int_eq(miyin_copy_state_find(strange[_i]), -1);
}
END_TEST

/* The act that leads to each state, from the state that allows it. */
START_TEST(act_to)
{
	int act = miyin_custody_act(_i), n_from = 0;

	if (_i == MIYIN_COPY_RESERVED) {
		ck_assert_int_eq(act, -1);
		return;
	}
	ck_assert_int_ge(act, 0);
	for (int from = 0; from < MIYIN_N_COPY_STATES; from++)
		if (miyin_custody_next(from, act) >= 0) {
			ck_assert_int_eq(miyin_custody_next(from, act), _i);
			n_from++;
		}
	ck_assert_int_eq(n_from, 1);
}
END_TEST

/* From any state, by any acts: once on paper, for ever on paper. */
START_TEST(paper_is_for_ever)
{
	for (int from = MIYIN_COPY_PRINTED; from < MIYIN_COPY_VOID; from++)
		for (int act = 0; act < N_ACTS; act++) {
			int to = miyin_custody_next(from, act);

			ck_assert_int_ne(to, MIYIN_COPY_VOID);
			ck_assert_int_ne(to, MIYIN_COPY_RESERVED);
			ck_assert_int_ne(to, MIYIN_COPY_SENDING);
		}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("custody");
	TCase *tcase = tcase_create("custody");
	SRunner *runner;
	int n_failed;

	tcase_add_loop_test(tcase, next, 0, MIYIN_N_COPY_STATES * N_ACTS);
	tcase_add_loop_test(tcase, ids, 0, MIYIN_N_COPY_STATES);
	tcase_add_loop_test(tcase, no_such_id, 0, G_N_ELEMENTS(strange));
	tcase_add_loop_test(tcase, act_to, 0, MIYIN_N_COPY_STATES);
	tcase_add_test(tcase, paper_is_for_ever);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
