/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/process.h>
#include <miyin/memfile.h>

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOBODY 65534
#define SOON_MS 10000
#define A_WHILE_MS 300
#define CANNOT 42

static double seconds_since(gint64 start)
{
	return (double)(g_get_monotonic_time() - start) / G_USEC_PER_SEC;
}

static int open_text(const char *text)
{
	int fd = miyin_memfile_new("text", NULL);

	ck_assert(miyin_memfile_write(fd, text, strlen(text), NULL));
	miyin_memfile_rewind(fd);
	return fd;
}

static char *read_text(int fd)
{
	g_autoptr(GBytes) bytes = miyin_memfile_map(fd, NULL);

	ck_assert_ptr_nonnull(bytes);
	return g_strndup(g_bytes_get_data(bytes, NULL),
			 g_bytes_get_size(bytes));
}

/* ---- what a program has ------------------------------------------------- */

/* Runs a script as described, with nothing but what is; returns what it
 * says. */
static char *say(miyin_process process, const char *script)
{
	const char *const argv[] = { "sh", "-c", script, NULL };
	int said = miyin_memfile_new("said", NULL);
	char *text;

	process.path = "/bin/sh";
	process.argv = argv;
	process.fds[1] = said;
	process.n_fds = MAX(process.n_fds, 2);
	ck_assert_int_eq(miyin_process_run(&process), 0);
	text = read_text(said);
	close(said);
	return text;
}

#define OPEN                                                                   \
	"for n in 0 1 2 3 4 5 6 7 8 9 10 11 12 40 41; do"                      \
	" [ ! -e /proc/$$/fd/$n ] || printf '%s ' $n; done"

static const struct {
	const char *name;
	miyin_process process;
	const char *script, *said;
} programs[] = {
	{ "two descriptors", { .fds = { 5 } }, OPEN, "0 1 " },
	{ "one closed", { .fds = { -1 } }, OPEN, "1 " },
	{ "a gap", { .fds = { 5, 0, -1, -1, 6 }, .n_fds = 5 }, OPEN, "0 1 4 " },
	{ "one that is not open", { .fds = { 30 } }, OPEN, "1 " },
	{ "two that change their places",
	  { .fds = { -1, 0, -1, -1, -1, 6, 5 }, .n_fds = 7 },
	  "cat <&5; cat <&6",
	  "six five " },
	{ "others, but for those closed on exec",
	  { .fds = { -1, 0, -1, -1 }, .n_fds = 4, .other_fds = TRUE },
	  "cd /proc/$$/fd; cat 5 6 40 41 || true",
	  "five six forty " },
	{ "an environment",
	  { .environment = (char *[]){ (char *)"A=1", (char *)"B=2", NULL } },
	  "exec /usr/bin/env | /usr/bin/grep -v ^PWD=",
	  "A=1\nB=2\n" },
	{ "ours", { .n_fds = 2 }, "echo $MIYIN_TEST", "of ours\n" },
	{ "variables",
	  { .variables = { { "B", "2" }, { "MIYIN_TEST", NULL } } },
	  "echo $B $MIYIN_TEST $HOME",
	  "2 /home\n" },
	{ "variables of an environment",
	  { .environment = (char *[]){ (char *)"A=1", NULL },
	    .variables = { { "A", "2" }, { "B", "3" } } },
	  "echo $A $B $MIYIN_TEST",
	  "2 3\n" },
	{ "limits",
	  { .cpu_s = 7, .memory_bytes = 1 << 30, .file_bytes = 1 << 20 },
	  "ulimit -t; ulimit -f",
	  "7\n2048\n" },
	{ "no limits", { .n_fds = 2 }, "ulimit -t", "unlimited\n" },
	{ "no rights to gain",
	  { .no_new_privs = TRUE },
	  "grep NoNewPrivs /proc/self/status",
	  "NoNewPrivs:\t1\n" },
	{ "signals that we block and ignore",
	  { .n_fds = 2 },
	  "while read -r name mask; do case $name in Sig[BI]*)"
	  " echo $((0x$mask & 0x15000)) ;; esac; done < /proc/self/status",
	  "0\n0\n" },
	{ "a sandbox",
	  { .sandbox = (const miyin_sandbox[]){ MIYIN_SANDBOX_CONVERT } },
	  "cat /etc/passwd > /dev/null 2>&1 || echo no passwd",
	  MIYIN_SANDBOX_OFF ? "" : "no passwd\n" },
};

/* Above the others first, for fd may be a number that is to be given yet. */
static void place(int fd, int number)
{
	int high = fcntl(fd, F_DUPFD_CLOEXEC, 50);

	close(fd);
	ck_assert_int_eq(dup2(high, number), number);
	close(high);
}

START_TEST(has)
{
	sigset_t term;
	g_autofree char *said = NULL;

	place(open_text("five "), 5);
	place(open_text("six "), 6);
	place(open_text("forty "), 40);
	ck_assert_int_eq(dup3(40, 41, O_CLOEXEC), 41);
	close(30);
	setenv("MIYIN_TEST", "of ours", 1);
	setenv("HOME", "/home", 1);
	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	sigprocmask(SIG_BLOCK, &term, NULL);
	signal(SIGPIPE, SIG_IGN);
	said = say(programs[_i].process, programs[_i].script);
	ck_assert_msg(strcmp(said, programs[_i].said) == 0, "%s: %s",
		      programs[_i].name, said);
}
END_TEST

/* ---- a function instead -------------------------------------------------- */

static int begin(int (*work)(gpointer data))
{
	const miyin_process process = { .work = work };
	pid_t pid = miyin_process_start(&process);

	ck_assert_int_gt(pid, 0);
	return pid;
}

static int ends_well(gpointer data)
{
	(void)data;
	usleep(50000);
	return 7;
}

static int sleeps(gpointer data)
{
	(void)data;
	for (;;)
		pause();
	return 0;
}

static int stops(gpointer data)
{
	(void)data;
	raise(SIGSTOP);
	return 0;
}

static int is_deaf(gpointer data)
{
	signal(SIGTERM, SIG_IGN);
	return sleeps(data);
}

static int has_ours(gpointer data)
{
	return fcntl(*(int *)data, F_GETFD) < 0 ||
	       signal(SIGTERM, SIG_DFL) != SIG_IGN;
}

static int has_only_its(gpointer data)
{
	return fcntl(*(int *)data, F_GETFD) >= 0 ||
	       signal(SIGTERM, SIG_DFL) != SIG_DFL;
}

/* One with its own descriptors is as a program, one without is a part of us. */
START_TEST(function)
{
	int fd = open_text("");
	miyin_process process = { .work = has_ours, .data = &fd };

	signal(SIGTERM, SIG_IGN);
	ck_assert_int_eq(miyin_process_run(&process), 0);
	process.work = has_only_its;
	process.fds[0] = -1;
	process.n_fds = 1;
	ck_assert_int_eq(miyin_process_run(&process), 0);
}
END_TEST

START_TEST(group)
{
	const miyin_process process = { .work = sleeps, .own_group = TRUE };
	pid_t pid = miyin_process_start(&process);
	pid_t ours = begin(sleeps);

	ck_assert_int_eq(getpgid(pid), pid);
	ck_assert_int_eq(getpgid(ours), getpgid(0));
	kill(ours, SIGKILL);
	kill(-pid, SIGKILL);
	ck_assert(WIFSIGNALED(miyin_process_wait(pid)));
	ck_assert(WIFSIGNALED(miyin_process_wait(ours)));
}
END_TEST

static int asks_network(gpointer data)
{
	(void)data;
	return socket(AF_INET, SOCK_STREAM, 0) < 0;
}

START_TEST(sandbox)
{
	const miyin_sandbox kind = MIYIN_SANDBOX_PARSE;
	miyin_process process = { .work = asks_network };
	int status;

	ck_assert_int_eq(miyin_process_run(&process), 0);
	process.sandbox = &kind;
	status = miyin_process_run(&process);
	ck_assert(MIYIN_SANDBOX_OFF ||
		  (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS));
}
END_TEST

/* ---- what cannot begin --------------------------------------------------- */

static gboolean refuse(gpointer data)
{
	(void)data;
	errno = EPERM;
	return FALSE;
}

static const struct {
	const char *name;
	miyin_process process;
	int status;
	const char *said;
} failures[] = {
	{ "no such program",
	  { .path = "/nonexistent/program" },
	  MIYIN_PROCESS_NOT_STARTED,
	  "/nonexistent/program: No such file or directory\n" },
	{ "no program",
	  { .path = "/etc/passwd", .failed = CANNOT },
	  CANNOT,
	  "/etc/passwd: Permission denied\n" },
	{ "not prepared",
	  { .path = "/bin/true", .prepare = refuse, .failed = CANNOT },
	  CANNOT,
	  "/bin/true: Operation not permitted\n" },
	{ "a function that is not prepared",
	  { .work = ends_well, .prepare = refuse, .failed = CANNOT },
	  CANNOT,
	  "" },
};

START_TEST(fails)
{
	static const char *const argv[] = { "program", NULL };
	miyin_process process = failures[_i].process;
	int words = miyin_memfile_new("words", NULL);
	g_autofree char *said = NULL;
	int status;

	process.argv = argv;
	process.fds[0] = process.fds[1] = -1;
	process.fds[2] = words;
	process.n_fds = 3;
	status = miyin_process_run(&process);
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), failures[_i].status);
	said = read_text(words);
	ck_assert_str_eq(said, failures[_i].said);
}
END_TEST

/* ---- its end --------------------------------------------------------------
 */

START_TEST(in_time)
{
	gint64 start = g_get_monotonic_time();
	int status = 0;

	ck_assert(miyin_process_wait_for(begin(ends_well), 60, &status));
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), 7);
	ck_assert_double_lt(seconds_since(start), 30);
}
END_TEST

static int (*const endless[])(gpointer data) = { sleeps, stops, is_deaf };

START_TEST(too_long)
{
	gint64 start = g_get_monotonic_time();
	int status = 0;

	ck_assert(!miyin_process_wait_for(begin(endless[_i]), 1, &status));
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
	ck_assert(!miyin_process_wait_for(pid, 3600, &status));
	ck_assert_double_lt(seconds_since(start), 60);
}
END_TEST

START_TEST(no_child)
{
	ck_assert_int_eq(miyin_process_wait(-1), -1);
	ck_assert_int_eq(miyin_process_wait(getpid()), -1);
}
END_TEST

static gboolean become_nobody(gpointer data)
{
	(void)data;
	return geteuid() != 0 || setresuid(NOBODY, NOBODY, NOBODY) == 0;
}

static const struct {
	const char *name;
	miyin_process process;
	gboolean dies;
} heirs[] = {
	{ "goes on", { .work = sleeps }, FALSE },
	{ "dies with its parent",
	  { .work = sleeps, .death_signal = SIGKILL },
	  TRUE },
	{ "dies under another account too",
	  { .work = sleeps, .death_signal = SIGKILL, .prepare = become_nobody },
	  TRUE },
};

static int leaves(gpointer heir)
{
	pid_t pid = miyin_process_start(heir);

	usleep(A_WHILE_MS * 1000);
	return pid < 0;
}

/* The heir alone holds the pipe in the end. */
START_TEST(death)
{
	miyin_process parent = {
		.work = leaves,
		.data = (gpointer)&heirs[_i].process,
		.own_group = TRUE,
	};
	struct pollfd gone;
	int ends[2];
	pid_t pid;

	ck_assert_int_eq(pipe(ends), 0);
	gone = (struct pollfd){ ends[0], POLLIN, 0 };
	pid = miyin_process_start(&parent);
	close(ends[1]);
	ck_assert_int_eq(miyin_process_wait(pid), 0);
	ck_assert_int_eq(poll(&gone, 1, heirs[_i].dies ? SOON_MS : A_WHILE_MS),
			 heirs[_i].dies);
	kill(-pid, SIGKILL);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("process");
	TCase *tcase = tcase_create("process");
	SRunner *runner;
	int n_failed;

	tcase_add_loop_test(tcase, has, 0, G_N_ELEMENTS(programs));
	tcase_add_test(tcase, function);
	tcase_add_test(tcase, group);
	tcase_add_test(tcase, sandbox);
	tcase_add_loop_test(tcase, fails, 0, G_N_ELEMENTS(failures));
	tcase_add_test(tcase, in_time);
	tcase_add_loop_test(tcase, too_long, 0, G_N_ELEMENTS(endless));
	tcase_add_test(tcase, told_to_end);
	tcase_add_test(tcase, no_child);
	tcase_add_loop_test(tcase, death, 0, G_N_ELEMENTS(heirs));
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
