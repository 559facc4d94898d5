/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "backend/recorder.h"
#include "tests/register-file.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#define JOB 100 /* of the device queue */

static char *argv[] = { (char *)"miyindevice:",
			(char *)"100",
			(char *)"daemon",
			(char *)"Plan",
			(char *)"1",
			(char *)"",
			NULL };

/* A copy is on its way, and the guard begins. */
static miyin_recorder *start(void)
{
	const miyin_config config = { .user = (char *)g_get_user_name(),
				      .register_path = path };
	miyin_register *reg = open_register();
	g_autoptr(GPtrArray) copies = issue(reg, "a", 1, 5);
	miyin_recorder *recorder;

	ck_assert(miyin_register_claim(reg, copies->pdata[0], JOB, NULL));
	miyin_register_close(reg);
	recorder = miyin_recorder_start(&config, argv, NULL);
	ck_assert_ptr_nonnull(recorder);
	return recorder;
}

/* It is our only child. */
static void kill_recorder(void)
{
	g_autofree char *children = NULL;
	g_autofree char *file =
		g_strdup_printf("/proc/self/task/%d/children", (int)getpid());
	siginfo_t info;
	pid_t pid;

	ck_assert(g_file_get_contents(file, &children, NULL, NULL));
	pid = atoi(children);
	ck_assert_int_gt(pid, 0);
	ck_assert_int_eq(kill(pid, SIGKILL), 0);
	ck_assert_int_eq(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0);
}

START_TEST(writes_the_end)
{
	g_autoptr(miyin_recorder) recorder = start();
	const miyin_device_record record = { .end = MIYIN_DEVICE_DONE,
					     .reached = TRUE,
					     .bytes = 12 };

	ck_assert(miyin_recorder_note_start(recorder));
	ck_assert(miyin_recorder_end(recorder, &record));
	ck_assert_int_eq(get_number("SELECT count(*) FROM devices WHERE"
				    " end = 'done' AND bytes = 12"),
			 1);
}
END_TEST

/* Nobody would write what became of the copy: its backend must not start. */
START_TEST(killed_before_the_start)
{
	g_autoptr(miyin_recorder) recorder = start();

	kill_recorder();
	ck_assert(!miyin_recorder_note_start(recorder));
}
END_TEST

/* As when the driver failed: the guard itself goes on, and tells it. */
START_TEST(killed_before_the_end)
{
	g_autoptr(miyin_recorder) recorder = start();
	const miyin_device_record record = { .end = MIYIN_DEVICE_FAILED };

	kill_recorder();
	ck_assert(!miyin_recorder_end(recorder, &record));
	ck_assert_int_eq(get_number("SELECT count(*) FROM devices"), 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("recorder");
	TCase *tcase = new_tcase(suite, "recorder", 60);

	tcase_add_test(tcase, writes_the_end);
	tcase_add_test(tcase, killed_before_the_start);
	tcase_add_test(tcase, killed_before_the_end);
	return run_suite(suite);
}
