/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Accounts that no other process has, by root: where all process numbers have
 * one, and where only 65,536 accounts are there.
 */
#include <miyin/account.h>

#include <check.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define SMALL 4336 /* accounts in the small range */

static uid_t take(pid_t pid)
{
	uid_t account = 0;

	return miyin_account_take(pid, &account) ? account : 0;
}

START_TEST(each_process_number)
{
	unsigned first, last;

	miyin_account_range(&first, &last);
	ck_assert_uint_eq(last - first + 1, 1u << 22);
	ck_assert_uint_eq(take(1000), first + 1000);
	ck_assert_uint_eq(take(1000 + SMALL), first + 1000 + SMALL);
	ck_assert_uint_eq(take((1 << 22) - 1), last);
}
END_TEST

/* In a container of 65,536 accounts; the number of what fails. */
static int takes_another(void)
{
	unsigned first, last;
	uid_t one, other, third;
	pid_t child;
	int status = 0;

	miyin_account_range(&first, &last);
	if (last - first + 1 != SMALL)
		return 1;
	one = take(1000);
	other = take(1000 + SMALL);
	third = take(1000 + 2 * SMALL);
	if (one < first || other < first || third < first || one > last ||
	    other > last || third > last)
		return 2;
	if (one == other || one == third || other == third)
		return 3;
	child = fork();
	if (child == 0) {
		uid_t own = take(2000);

		_exit(own >= first && take(2000 + SMALL) != own ? 0 : 1);
	}
	waitpid(child, &status, 0);
	if (status != 0)
		return 4;
	return 0;
}

/* All are in use. */
static int finds_none(void)
{
	const struct flock all = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int fd =
		open("/run/miyin-accounts", O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0 || fcntl(fd, F_OFD_SETLK, &all) != 0)
		return 1;
	if (take(1000) != 0)
		return 2;
	close(fd);
	return take(1000) != 0 ? 0 : 3;
}

static int (*const tries[])(void) = { takes_another, finds_none };

static gboolean write_map(pid_t pid, const char *name)
{
	g_autofree char *path = g_strdup_printf("/proc/%d/%s", pid, name);
	FILE *map = fopen(path, "we");
	gboolean ok = map && fputs("0 0 65536\n", map) >= 0;

	return map && fclose(map) == 0 && ok;
}

START_TEST(small_range)
{
	int ready[2], go[2], status;
	char byte;
	pid_t pid;

	ck_assert_int_eq(pipe(ready) + pipe(go), 0);
	pid = fork();
	if (pid == 0) {
		if (unshare(CLONE_NEWUSER) != 0 ||
		    write(ready[1], "", 1) != 1 || read(go[0], &byte, 1) != 1)
			_exit(99);
		_exit(tries[_i]());
	}
	ck_assert_int_eq(read(ready[0], &byte, 1), 1);
	ck_assert(write_map(pid, "uid_map") && write_map(pid, "gid_map"));
	ck_assert_int_eq(write(go[1], "", 1), 1);
	waitpid(pid, &status, 0);
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("account");
	TCase *tcase = tcase_create("account");
	SRunner *runner;
	int n_failed;

	tcase_add_test(tcase, each_process_number);
	tcase_add_loop_test(tcase, small_range, 0, G_N_ELEMENTS(tries));
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
