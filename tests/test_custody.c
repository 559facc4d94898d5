/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "registry/custody.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

/* The table again, by hand, from what must hold: once the first byte may have
 * left, a copy can never become one that was not printed. The register
 * allows sending to void only while the device has not started. */
static const struct {
	const char *state;
	const char *to[MIYIN_N_COPY_STATES]; /* reserved, sending, printed,
				partial, doubt, void: the event, or NULL */
} table[MIYIN_N_COPY_STATES] = {
	[MIYIN_COPY_RESERVED] = { "reserved",
				  { NULL, "claim", NULL, NULL, NULL, "void" } },
	[MIYIN_COPY_SENDING] = { "sending",
				 { NULL, NULL, "printed", "partial", "doubt",
				   "void" } },
	[MIYIN_COPY_PRINTED] = { "printed", { NULL } },
	[MIYIN_COPY_PARTIAL] = { "partial", { NULL } },
	[MIYIN_COPY_DOUBT] = { "doubt", { NULL } },
	[MIYIN_COPY_VOID] = { "void", { NULL } },
};

START_TEST(next)
{
	int from = _i / MIYIN_N_COPY_STATES, to = _i % MIYIN_N_COPY_STATES;
	const char *event = miyin_custody_event(from, to);

	ck_assert_msg(g_strcmp0(event, table[from].to[to]) == 0, "%s to %s: %s",
		      table[from].state, table[to].state, event);
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

/* From any state, by any step: once on paper, for ever on paper. */
START_TEST(paper_is_for_ever)
{
	for (int from = MIYIN_COPY_PRINTED; from < MIYIN_COPY_VOID; from++)
		for (int to = 0; to < MIYIN_N_COPY_STATES; to++)
			ck_assert_ptr_null(miyin_custody_event(from, to));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("custody");
	TCase *tcase = tcase_create("custody");
	SRunner *runner;
	int n_failed;

	tcase_add_loop_test(tcase, next, 0,
			    MIYIN_N_COPY_STATES * MIYIN_N_COPY_STATES);
	tcase_add_loop_test(tcase, ids, 0, MIYIN_N_COPY_STATES);
	tcase_add_loop_test(tcase, no_such_id, 0, G_N_ELEMENTS(strange));
	tcase_add_test(tcase, paper_is_for_ever);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
