/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The warden of a job, by root: what it counts, and that nothing is left of
 * the work, however either ends.
 */
#include "backend/usage.h"
#include "backend/warden.h"

#include <check.h>
#include <glib/gstdio.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define NO_ACCOUNT 4294967200u

static char *place;

static void set_up(void)
{
	place = g_strdup("/tmp/miyin-warden.XXXXXX");
	ck_assert_ptr_nonnull(g_mkdtemp(place));
}

static void clear(void)
{
	g_autofree char *command = g_strdup_printf("rm -rf '%s'", place);

	ck_assert_int_eq(system(command), 0);
	g_free(place);
}

/* ---- what counts ------------------------------------------------------------
 */

static const struct {
	const char *what, *folders, *name;
} files[] = {
	{ "a file", "", "file" },
	{ "one whose name begins with a dot", "", ".file" },
	{ "one in a folder of such a name", ".config", "file" },
	{ "one in six folders", "a/b/c/d/e/f", "file" },
};

START_TEST(counted)
{
	static const char bytes[1 << 20];
	g_autofree char *inner =
		g_build_filename(place, files[_i].folders, NULL);
	g_autofree char *path = g_build_filename(inner, files[_i].name, NULL);
	miyin_usage usage;

	ck_assert_int_eq(g_mkdir_with_parents(inner, 0700), 0);
	ck_assert(g_file_set_contents(path, bytes, sizeof(bytes), NULL));
	miyin_usage_read(NO_ACCOUNT, place, &usage);
	ck_assert_msg(usage.file_bytes >= sizeof(bytes), "%s", files[_i].what);
	ck_assert_msg(usage.file_bytes < 2 * sizeof(bytes), "%s",
		      files[_i].what);
}
END_TEST

/* ---- its end ----------------------------------------------------------------
 */

/* No process can signal many at once, as if it could not be started. */
static void forbid_kill_all(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_kill, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, args)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)-1, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { G_N_ELEMENTS(code), code };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
		_exit(1);
}

/* It has a child that left its group, and a file; it does not end. */
static int work_on(void *data)
{
	(void)data;
	if (!g_file_set_contents(".left", "left", -1, NULL))
		return 1;
	if (fork() == 0) {
		setsid();
		closefrom(0);
		sleep(20); /* where nobody ends it */
		_exit(0);
	}
	for (;;)
		pause();
}

/* "control" is the end of a pipe. */
static pid_t start_warden(unsigned seconds, gboolean forbidden, int *control)
{
	miyin_budget budget = miyin_budget_default;
	int ends[2];
	pid_t pid;

	ck_assert_int_eq(pipe(ends), 0);
	budget.seconds = seconds;
	pid = fork();
	if (pid == 0) {
		const miyin_warden_task task = {
			.parent = place,
			.budget = &budget,
			.control = ends[0],
			.work = work_on,
		};

		close(ends[1]);
		if (forbidden)
			forbid_kill_all();
		miyin_warden_keep(&task);
	}
	close(ends[0]);
	*control = ends[1];
	return pid;
}

static unsigned count_names(void)
{
	g_autoptr(GDir) names = g_dir_open(place, 0, NULL);
	unsigned n = 0;

	while (g_dir_read_name(names))
		n++;
	return n;
}

START_TEST(over_its_time)
{
	int control, status;
	pid_t warden = start_warden(1, _i != 0, &control);

	ck_assert_int_eq(waitpid(warden, &status, 0), warden);
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status),
			 MIYIN_WARDEN_OVER + MIYIN_BUDGET_SECONDS);
	ck_assert_uint_eq(count_names(), 0);
	close(control);
}
END_TEST

START_TEST(warden_is_killed)
{
	int control, status;
	pid_t warden = start_warden(600, FALSE, &control);

	while (count_names() == 0)
		g_usleep(20000);
	g_usleep(200000);
	kill(warden, SIGKILL);
	waitpid(warden, NULL, 0);
	close(control);
	ck_assert_uint_eq(count_names(), 1);
	warden = start_warden(1, FALSE, &control);
	ck_assert_int_eq(waitpid(warden, &status, 0), warden);
	ck_assert_uint_eq(count_names(), 0);
	close(control);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("warden");
	TCase *tcase = tcase_create("warden");
	SRunner *runner;
	int n_failed;

	tcase_add_checked_fixture(tcase, set_up, clear);
	tcase_add_loop_test(tcase, counted, 0, G_N_ELEMENTS(files));
	tcase_add_loop_test(tcase, over_its_time, 0, 2);
	tcase_add_test(tcase, warden_is_killed);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
