/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This test is its own server: `test_server serve`. */
#include <miyin/server.h>
#include <miyin/memfile.h>

#include <check.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define SOON_MS 10000
#define N_AT_ONCE 20

static char *program;

/* ---- what the server does ------------------------------------------------ */

static void say_fds(void)
{
	for (int fd = 0; fd < 100; fd++)
		if (fcntl(fd, F_GETFD) >= 0)
			dprintf(1, "%d ", fd);
}

static void say_status(const char *field)
{
	g_autofree char *status = NULL;
	const char *at;

	g_file_get_contents("/proc/self/status", &status, NULL, NULL);
	at = g_strrstr(status, field); /* its name has it, too */
	if (at)
		dprintf(1, "%.*s", (int)strcspn(at, "\n"), at);
}

static void say_limits(void)
{
	struct rlimit cpu, file;

	getrlimit(RLIMIT_CPU, &cpu);
	getrlimit(RLIMIT_FSIZE, &file);
	dprintf(1, "%lu %lu", (unsigned long)cpu.rlim_cur,
		(unsigned long)file.rlim_cur);
}

static void say_environment(void)
{
	for (char **entry = environ; *entry; entry++)
		dprintf(1, "%s ", *entry);
}

static int work(const char *name, gpointer data)
{
	char word[16];

	if (!g_str_equal(data, "warm"))
		return 1;
	if (g_str_equal(name, "fds"))
		say_fds();
	else if (g_str_equal(name, "limits"))
		say_limits();
	else if (g_str_equal(name, "environment"))
		say_environment();
	else if (g_str_equal(name, "niceness"))
		dprintf(1, "%d", getpriority(PRIO_PROCESS, 0));
	else if (g_str_has_suffix(name, ":"))
		say_status(name);
	else if (g_str_equal(name, "copy"))
		(void)!write(1, word, read(0, word, sizeof(word)));
	else if (g_str_equal(name, "abort"))
		abort();
	else if (g_str_equal(name, "end"))
		kill(getppid(), SIGKILL);
	if (g_str_equal(name, "stop"))
		raise(SIGSTOP);
	if (g_str_equal(name, "end") || g_str_equal(name, "sleep"))
		for (;;)
			pause();
	return 7;
}

/* ---- asking -------------------------------------------------------------- */

static miyin_server start(void)
{
	static const char *const argv[] = { "test_server", "serve", NULL };
	static const char *const environment[] = { "A=1", "B=2", NULL };
	const miyin_server server = miyin_server_start(&(const miyin_process){
		.path = program,
		.argv = argv,
		.environment = (char *const *)environment,
	});

	ck_assert_int_ge(server.socket, 0);
	return server;
}

static int open_text(const char *text)
{
	int fd = miyin_memfile_new_text("text", text, NULL);

	miyin_memfile_rewind(fd);
	return fd;
}

/* For 0, and for 1 and 4. */
static int ask(miyin_server *server, const char *name, int in, int out)
{
	const miyin_process process = {
		.fds = { in, out, -1, -1, out },
		.n_fds = 5,
		.cpu_s = 9,
		.memory_bytes = G_GUINT64_CONSTANT(4) << 30,
		.file_bytes = 1 << 20,
	};

	return miyin_server_ask(server, name, &process);
}

static int wait_for(int channel)
{
	int status;

	ck_assert_int_ge(channel, 0);
	ck_assert(miyin_server_wait_for(channel, 60, &status));
	return status;
}

static char *say(miyin_server *server, const char *name)
{
	g_auto(miyin_fd) out = miyin_memfile_new("out", NULL);
	int status = wait_for(ask(server, name, -1, out));

	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), 7);
	return miyin_memfile_text(out, 1000, NULL);
}

static const struct {
	const char *name, *said;
} has[] = {
	{ "fds", "1 4 " },
	{ "limits", "9 1048576" },
	{ "environment", "A=1 B=2 " },
	{ "niceness", "3" },
	{ "NoNewPrivs:", "NoNewPrivs:\t1" },
	{ "SigBlk:", "SigBlk:\t0000000000000000" },
	{ "SigIgn:", "SigIgn:\t0000000000000000" },
	{ "Threads:", "Threads:\t1" },
	{ "State:", "State:\tR (running)" },
};

/* In a line of /proc/self/status. What started the tests may have ignored the
   signals 32 and 33, which glibc lets nobody set. */
static void forget_libcs_own(char *line)
{
	char *mask = strchr(line, '\t') + 1;
	guint64 set = g_ascii_strtoull(mask, NULL, 16);

	set &= ~(G_GUINT64_CONSTANT(3) << 31);
	g_snprintf(mask, strlen(mask) + 1, "%016" G_GINT64_MODIFIER "x", set);
}

START_TEST(work_has)
{
	miyin_server server;

	setpriority(PRIO_PROCESS, 0, 3);
	signal(SIGINT, SIG_DFL); /* ignored by what is in the background */
	signal(SIGQUIT, SIG_DFL);
	server = start();
	for (int round = 0; round < 2; round++) {
		g_autofree char *said = say(&server, has[_i].name);

		if (strcmp(has[_i].name, "SigIgn:") == 0)
			forget_libcs_own(said);
		ck_assert_str_eq(said, has[_i].said);
	}
	miyin_server_end(&server);
}
END_TEST

static const struct {
	const char *name;
	int status;
} ends[] = {
	{ "return", 7 << 8 },
	{ "abort", SIGABRT },
	{ "end", SIGKILL }, /* that of its server */
};

START_TEST(work_ends)
{
	miyin_server server = start();

	ck_assert_int_eq(wait_for(ask(&server, ends[_i].name, -1, -1)),
			 ends[_i].status);
	miyin_server_end(&server);
}
END_TEST

/* Everybody gets his own, in whatever order they are waited for. */
START_TEST(at_once)
{
	miyin_server server = start();
	int channels[N_AT_ONCE], out[N_AT_ONCE];

	for (unsigned i = 0; i < N_AT_ONCE; i++) {
		char word[16];
		g_auto(miyin_fd) in = -1;

		g_snprintf(word, sizeof(word), "word %u", i);
		in = open_text(word);
		out[i] = miyin_memfile_new("out", NULL);
		channels[i] = ask(&server, "copy", in, out[i]);
	}
	for (unsigned i = N_AT_ONCE; i-- > 0;) {
		g_autofree char *said = NULL;
		char word[16];

		g_snprintf(word, sizeof(word), "word %u", i);
		ck_assert_int_eq(wait_for(channels[i]), 7 << 8);
		said = miyin_memfile_text(out[i], 100, NULL);
		ck_assert_str_eq(said, word);
		close(out[i]);
	}
	miyin_server_end(&server);
}
END_TEST

/* ---- ends that come otherwise -------------------------------------------- */

/* When all that hold its other end are gone, the pipe says so. */
static gboolean is_gone(int pipe_end, int within_ms)
{
	struct pollfd gone = { pipe_end, POLLIN, 0 };

	return poll(&gone, 1, within_ms) == 1;
}

static const char *const endless[] = { "sleep", "stop" };

START_TEST(too_long)
{
	miyin_server server = start();
	g_autofree char *said = NULL;
	int pipe_ends[2], channel, status;

	ck_assert_int_eq(pipe(pipe_ends), 0);
	channel = ask(&server, endless[_i], -1, pipe_ends[1]);
	close(pipe_ends[1]);
	ck_assert(!miyin_server_wait_for(channel, 1, &status));
	ck_assert_int_eq(status, SIGKILL);
	ck_assert(is_gone(pipe_ends[0], 0));
	said = say(&server, "fds");
	ck_assert_str_eq(said, "1 4 ");
	miyin_server_end(&server);
}
END_TEST

typedef struct {
	miyin_server server;
	int out;
} errand;

static int asks_and_dies(gpointer data)
{
	errand *e = data;

	if (ask(&e->server, "sleep", -1, e->out) >= 0)
		raise(SIGKILL);
	return 0;
}

/* Who asked may be another process than who started the server. */
START_TEST(asker_dies)
{
	errand e = { .server = start() };
	const miyin_process process = { .work = asks_and_dies, .data = &e };
	int pipe_ends[2];

	ck_assert_int_eq(pipe(pipe_ends), 0);
	e.out = pipe_ends[1];
	ck_assert(WIFSIGNALED(miyin_process_run(&process)));
	close(pipe_ends[1]);
	ck_assert(is_gone(pipe_ends[0], SOON_MS));
	miyin_server_end(&e.server);
}
END_TEST

START_TEST(server_dies)
{
	miyin_server server = start();
	const int channel = ask(&server, "sleep", -1, -1);

	kill(server.pid, SIGKILL);
	ck_assert_int_eq(wait_for(channel), SIGKILL);
	ck_assert_int_eq(ask(&server, "return", -1, -1), -1);
	miyin_server_end(&server);
}
END_TEST

/* What it was asked for while it did not listen others have done meanwhile. */
START_TEST(server_stops)
{
	miyin_server server = start();
	g_auto(miyin_fd) out = miyin_memfile_new("out", NULL);
	g_autofree char *first = say(&server, "fds"), *later = NULL;

	kill(server.pid, SIGSTOP);
	ck_assert_int_eq(ask(&server, "fds", -1, out), -1);
	kill(server.pid, SIGCONT);
	ck_assert_int_eq(miyin_process_wait(server.pid), 0);
	later = miyin_memfile_text(out, 100, NULL);
	ck_assert_str_eq(later, "");
}
END_TEST

static const char *const no_servers[] = { "/nonexistent/program", "/bin/false",
					  "/bin/true" };

START_TEST(no_server)
{
	static const char *const argv[] = { "program", NULL };
	miyin_server server = miyin_server_start(
		&(const miyin_process){ .path = no_servers[_i], .argv = argv });

	for (int round = 0; round < 2; round++)
		ck_assert_int_eq(ask(&server, "return", -1, -1), -1);
	miyin_server_end(&server);
}
END_TEST

static int starts_and_leaves(gpointer data)
{
	miyin_server server = start();

	ask(&server, "sleep", -1, *(int *)data);
	return 0;
}

/* Server and work. */
START_TEST(we_die)
{
	int pipe_ends[2];
	const miyin_process process = {
		.work = starts_and_leaves,
		.data = &pipe_ends[1],
	};

	ck_assert_int_eq(pipe(pipe_ends), 0);
	miyin_process_run(&process);
	close(pipe_ends[1]);
	ck_assert(is_gone(pipe_ends[0], SOON_MS));
}
END_TEST

int main(int argc, char **argv)
{
	Suite *suite;
	TCase *tcase;
	SRunner *runner;
	int n_failed;

	if (argc == 2 && g_str_equal(argv[1], "serve")) {
		miyin_server_run(work, (gpointer) "warm");
		return EXIT_SUCCESS;
	}
	suite = suite_create("server");
	tcase = tcase_create("server");
	program = g_canonicalize_filename(argv[0], NULL);
	tcase_add_loop_test(tcase, work_has, 0, G_N_ELEMENTS(has));
	tcase_add_loop_test(tcase, work_ends, 0, G_N_ELEMENTS(ends));
	tcase_add_test(tcase, at_once);
	tcase_add_loop_test(tcase, too_long, 0, G_N_ELEMENTS(endless));
	tcase_add_test(tcase, asker_dies);
	tcase_add_test(tcase, server_dies);
	tcase_add_test(tcase, server_stops);
	tcase_add_loop_test(tcase, no_server, 0, G_N_ELEMENTS(no_servers));
	tcase_add_test(tcase, we_die);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	g_free(program);
	return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
