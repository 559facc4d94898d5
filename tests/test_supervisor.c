/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who is killed, and what is left: register, sentence and exit status. There
 * is no scheduler here; tests/ends.sh has one.
 */
#include "backend/supervisor.h"
#include <miyin/register.h>
#include <miyin/service.h>

#include <check.h>
#include <cups/backend.h>
#include <glib/gstdio.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define ACCOUNT "daemon"
#define UUID "urn:uuid:1#7"

static char *folder, *path;

#define CONFIG(path) (&(const miyin_config){ .register_path = path })
static char *const arguments[] = {
	(char *)"miyin:/Office-device",
	(char *)"7",
	(char *)"nobody",
	(char *)"title",
	(char *)"1",
	(char *)"job-uuid=urn:uuid:1",
	NULL,
};

static void give(const char *name)
{
	const struct passwd *account = getpwnam(ACCOUNT);

	ck_assert_int_eq(chown(name, account->pw_uid, account->pw_gid), 0);
}

/* With all that is in it. */
static void give_folder(const char *name)
{
	g_autoptr(GDir) dir = g_dir_open(name, 0, NULL);
	const char *file;

	give(name);
	while ((file = g_dir_read_name(dir))) {
		g_autofree char *whole = g_build_filename(name, file, NULL);

		give(whole);
	}
}

static void set_up(void)
{
	g_autofree char *conf = NULL, *text = NULL;
	miyin_register *reg;

	folder = g_strdup("/tmp/miyin-supervisor.XXXXXX");
	ck_assert_ptr_nonnull(g_mkdtemp(folder));
	ck_assert_int_eq(g_chmod(folder, 0755), 0);
	path = g_build_filename(folder, "var", "register.db", NULL);
	conf = g_build_filename(folder, "miyin.conf", NULL);
	text = g_strdup_printf("[site]\nid = 1\nname = Test\n"
			       "[service]\nuser = " ACCOUNT "\n"
			       "[register]\npath = %s\n"
			       "[keys]\npath = %s/keys\n"
			       "[programs]\npath = %s\nlocale = %s\n"
			       "[sandbox]\nlandlock = preferred\n",
			       path, folder, folder, folder);
	ck_assert(g_file_set_contents(conf, text, -1, NULL));
	g_free(g_steal_pointer(&text));
	text = g_path_get_dirname(path);
	ck_assert_int_eq(g_mkdir(text, 0700), 0);
	reg = miyin_register_open(CONFIG(path), TRUE, NULL);
	ck_assert_ptr_nonnull(reg);
	miyin_register_close(reg);
	give_folder(text);
	g_setenv("MIYIN_CONF_DIR", folder, TRUE);
	g_setenv("DEVICE_URI", "miyin:/Office-device?scheme=cn-gb9704", TRUE);
	g_setenv("CUPS_SERVER", "/nonexistent/cups.sock", TRUE);
}

static void clear(void)
{
	g_autofree char *command = g_strdup_printf("rm -rf '%s'", folder);

	ck_assert_int_eq(system(command), 0);
	g_free(folder);
	g_free(path);
}

/* ---- workers ---------------------------------------------------------- */

static int ends_well(int argc, char **argv, const volatile sig_atomic_t *stop)
{
	(void)argc;
	(void)argv;
	(void)stop;
	return 42;
}

static GPtrArray *issue(miyin_register *reg)
{
	static char *const holders[] = { (char *)"a", (char *)"b", (char *)"c",
					 NULL };
	const miyin_request request = {
		.job_uuid = UUID,
		.job_id = 7,
		.document_no = 1,
		.user = "nobody",
		.uid = 65534,
		.host = "localhost",
		.printer = "Office",
		.title = "title",
		.content_hash = "0123456789abcdef0123456789abcdef"
				"0123456789abcdef0123456789abcdef",
		.scheme = "cn-gb9704",
		.level = "neibu",
		.level_text = "内部",
		.level_rank = 1,
		.period = "",
		.pages = 1,
		.n_copies = 3,
		.holders = holders,
		.copies_per_document = 9,
	};
	GPtrArray *copies = NULL;

	ck_assert(miyin_register_issue(reg, &request, &copies, NULL));
	return copies;
}

/* In the second copy, of which the device knows the end. */
static int dies(int argc, char **argv, const volatile sig_atomic_t *stop)
{
	const miyin_device_record done = { .end = MIYIN_DEVICE_DONE,
					   .reached = TRUE };
	miyin_register *reg;
	GPtrArray *copies;

	(void)argc;
	(void)argv;
	(void)stop;
	if (!miyin_service_become(ACCOUNT, NULL))
		return 45;
	reg = miyin_register_open(CONFIG(path), FALSE, NULL);
	copies = issue(reg);
	for (int i = 0; i < 2; i++) {
		if (!miyin_register_claim(reg, copies->pdata[i], 11 + i,
					  NULL) ||
		    !miyin_register_start_device(reg, 11 + i, NULL))
			return 1;
		if (!miyin_register_end_device(reg, 11 + i, &done, NULL))
			return 2;
	}
	if (!miyin_register_settle(reg, copies->pdata[0], MIYIN_COPY_PRINTED, 1,
				   "", NULL))
		return 3;
	raise(SIGKILL);
	return 0;
}

/* Before anything is issued. */
static int dies_early(int argc, char **argv, const volatile sig_atomic_t *stop)
{
	(void)argc;
	(void)argv;
	(void)stop;
	raise(SIGSEGV);
	return 0;
}

static int is_told(int argc, char **argv, const volatile sig_atomic_t *stop)
{
	(void)argc;
	(void)argv;
	/* As the backend does. */
	if (!miyin_service_become(ACCOUNT, NULL))
		return 45;
	/* Our parent alone, not our group as cupsd would. */
	for (int i = 0; i < 100 && kill(getppid(), SIGTERM) != 0; i++)
		g_usleep(10000);
	for (int i = 0; i < 1000 && !*stop; i++)
		g_usleep(10000);
	return *stop ? 43 : 44;
}

/* ---- run -------------------------------------------------------------- */

/* The exit status; said: what the scheduler was told. */
static int supervise(miyin_supervisor_work work, char **said)
{
	g_autoptr(GString) text = g_string_new(NULL);
	char chunk[4096];
	int status_pipe[2], status = 0;
	ssize_t n;
	pid_t pid;

	ck_assert_int_eq(pipe(status_pipe), 0);
	pid = fork();
	if (pid == 0) {
		close(0);
		dup2(status_pipe[1], 2);
		close(status_pipe[0]);
		close(status_pipe[1]);
		_exit(miyin_supervise(6, (char **)arguments, work));
	}
	close(status_pipe[1]);
	while ((n = read(status_pipe[0], chunk, sizeof(chunk))) > 0)
		g_string_append_len(text, chunk, n);
	close(status_pipe[0]);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_msg(WIFEXITED(status), "status %d: %s", status, text->str);
	*said = g_strdup(text->str);
	return WEXITSTATUS(status);
}

static gboolean append_state(const miyin_copy_record *copy, gpointer data)
{
	g_string_append_printf(data, "%s ", copy->state);
	return TRUE;
}

static char *states(void)
{
	g_autoptr(miyin_register) reg =
		miyin_register_open(CONFIG(path), FALSE, NULL);
	GString *text = g_string_new(NULL);

	ck_assert(miyin_register_find_copies(
		reg, &(const miyin_filter){ .document = "01234567" },
		append_state, text, NULL));
	return g_string_free(text, FALSE);
}

START_TEST(status_is_handed_on)
{
	g_autofree char *said = NULL;

	ck_assert_int_eq(supervise(ends_well, &said), 42);
	ck_assert_str_eq(said, "");
}
END_TEST

START_TEST(worker_is_killed)
{
	g_autofree char *said = NULL, *seen = NULL;

	ck_assert_int_eq(supervise(dies, &said), CUPS_BACKEND_FAILED);
	seen = states();
	ck_assert_str_eq(seen, "printed printed void ");
	ck_assert_msg(strstr(said, "ERROR: 2 of 3 copies were printed, 1 was "
				   "not: printing was interrupted") != NULL,
		      "%s", said);
}
END_TEST

START_TEST(worker_crashes)
{
	g_autofree char *said = NULL;

	ck_assert_int_eq(supervise(dies_early, &said), CUPS_BACKEND_FAILED);
	ck_assert_msg(strstr(said, "ERROR: Not printed: printing was "
				   "interrupted") != NULL,
		      "%s", said);
}
END_TEST

START_TEST(is_told_to_end)
{
	g_autofree char *said = NULL;

	ck_assert_int_eq(supervise(is_told, &said), 43);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("supervisor");
	TCase *tcase = tcase_create("supervisor");
	SRunner *runner;
	int n_failed;

	tcase_add_checked_fixture(tcase, set_up, clear);
	tcase_add_test(tcase, status_is_handed_on);
	tcase_add_test(tcase, worker_is_killed);
	tcase_add_test(tcase, worker_crashes);
	tcase_add_test(tcase, is_told_to_end);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
