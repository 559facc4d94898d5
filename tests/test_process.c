/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/process.h>

#include <check.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

typedef void (*life)(void);

static void ends_well(void)
{
	usleep(50000);
	_exit(7);
}

static void sleeps(void)
{
	for (;;)
		pause();
}

static void stops(void)
{
	raise(SIGSTOP);
	_exit(0);
}

static void is_deaf(void)
{
	signal(SIGTERM, SIG_IGN);
	sleeps();
}

static pid_t begin(life what)
{
	pid_t pid = fork();

	if (pid == 0) {
		what();
		_exit(1);
	}
	ck_assert_int_gt(pid, 0);
	return pid;
}

static double seconds_since(gint64 start)
{
	return (double)(g_get_monotonic_time() - start) / G_USEC_PER_SEC;
}

START_TEST(in_time)
{
	gint64 start = g_get_monotonic_time();
	int status = 0;

	ck_assert(miyin_childwait(begin(ends_well), 60, &status));
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), 7);
	ck_assert_double_lt(seconds_since(start), 30);
}
END_TEST

static const life endless[] = { sleeps, stops, is_deaf };

START_TEST(too_long)
{
	gint64 start = g_get_monotonic_time();
	int status = 0;

	ck_assert(!miyin_childwait(begin(endless[_i]), 1, &status));
	ck_assert(WIFSIGNALED(status));
	ck_assert_int_eq(WTERMSIG(status), SIGKILL);
	ck_assert_double_ge(seconds_since(start), 0.9);
	ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
}
END_TEST

static void nothing(int number)
{
	(void)number;
}

/* We are told to end: the child was too, and has not long to live. */
START_TEST(told_to_end)
{
	const struct sigaction caught = { .sa_handler = nothing };
	gint64 start = g_get_monotonic_time();
	int status = 0;
	pid_t pid;

	sigaction(SIGALRM, &caught, NULL);
	pid = begin(stops);
	alarm(1);
	ck_assert(!miyin_childwait(pid, 3600, &status));
	ck_assert_double_lt(seconds_since(start), 60);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("childwait");
	TCase *tcase = tcase_create("childwait");
	SRunner *runner;
	int n_failed;

	tcase_add_test(tcase, in_time);
	tcase_add_loop_test(tcase, too_long, 0, G_N_ELEMENTS(endless));
	tcase_add_test(tcase, told_to_end);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
