/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A step that a document has taken over: it does what the sandbox is against,
 * once outside, where it must succeed, and once in each kind.
 */
#include <miyin/sandbox.h>
#include <miyin/error.h>
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <linux/landlock.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define MIB (G_GUINT64_CONSTANT(1) << 20)
#define MEMORY_BYTES (512 * MIB)
#define FILE_BYTES MIB
#define SECRET "the password of a user"

static char *folder, *room, *key; /* folder/room, folder/key */
static pid_t victim;		  /* a process to be attacked */
static int held;		  /* a descriptor that the step has */
static char *password;		  /* where the environment had it */

static void set_up(void)
{
	folder = g_dir_make_tmp("test_sandbox-XXXXXX", NULL);
	room = g_build_filename(folder, "room", NULL);
	key = g_build_filename(folder, "key", NULL);
	ck_assert(g_mkdir(room, 0755) == 0 && g_chmod(folder, 0777) == 0);
	ck_assert(g_file_set_contents(key, "secret", -1, NULL));
	ck_assert(g_chmod(key, 0444) == 0); /* no excuse but the sandbox */
	held = memfd_create("held", 0);
	setenv("AUTH_PASSWORD", SECRET, 1);
	password = getenv("AUTH_PASSWORD");
	victim = fork();
	while (victim == 0)
		pause();
}

static void tear_down(void)
{
	g_autofree char *command = g_strdup_printf("rm -rf '%s'", folder);

	kill(victim, SIGKILL);
	waitpid(victim, NULL, 0);
	ck_assert_int_eq(system(command), 0);
	close(held);
	g_free(folder);
	g_free(room);
	g_free(key);
}

/* ---- what it tries: TRUE when it got it ------------------------------- */

static gboolean can_open(const char *path, int flags)
{
	int fd = open(path, flags, 0600);

	return fd >= 0;
}

static gboolean in_folder(const char *where, const char *name, int flags)
{
	g_autofree char *path = g_build_filename(where, name, NULL);

	return can_open(path, flags);
}

static gboolean reads_passwd(void)
{
	return can_open("/etc/passwd", O_RDONLY);
}

static gboolean reads_key(void)
{
	return can_open(key, O_RDONLY);
}

static gboolean reads_own_memory(void)
{
	return can_open("/proc/self/mem", O_RDONLY);
}

static gboolean lists_folder(void)
{
	return can_open("/etc", O_RDONLY | O_DIRECTORY);
}

static gboolean reads_fonts(void)
{
	return can_open("/usr/share/fonts", O_RDONLY | O_DIRECTORY);
}

static gboolean reads_library(void)
{
	return can_open("/usr/lib", O_RDONLY | O_DIRECTORY);
}

static gboolean writes_file(void)
{
	return can_open(key, O_WRONLY);
}

static gboolean makes_file(void)
{
	return in_folder(folder, "new", O_WRONLY | O_CREAT);
}

static gboolean makes_file_in_room(void)
{
	return in_folder(room, "new", O_WRONLY | O_CREAT);
}

static gboolean makes_link(void)
{
	g_autofree char *path = g_build_filename(room, "link", NULL);

	return symlink("/etc/shadow", path) == 0;
}

static gboolean makes_folder(void)
{
	g_autofree char *path = g_build_filename(room, "folder", NULL);

	return mkdir(path, 0700) == 0;
}

static gboolean removes_file(void)
{
	return unlink(key) == 0;
}

static gboolean shortens_file(void)
{
	return truncate(key, 0) == 0;
}

static gboolean writes_held(void)
{
	return write(held, "x", 1) == 1;
}

static gboolean fills_held(void)
{
	return pwrite(held, "x", 1, 2 * FILE_BYTES) == 1;
}

static gboolean takes_memory(void)
{
	return mmap(NULL, 2 * MEMORY_BYTES, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED;
}

static gboolean raises_limit(void)
{
	const struct rlimit more = { RLIM_INFINITY, RLIM_INFINITY };

	return setrlimit(RLIMIT_FSIZE, &more) == 0;
}

static gboolean finds_password(void)
{
	return getenv("AUTH_PASSWORD") || strstr(password, SECRET);
}

static gboolean opens_tcp(void)
{
	return socket(AF_INET, SOCK_STREAM, 0) >= 0;
}

static gboolean opens_udp(void)
{
	return socket(AF_INET, SOCK_DGRAM, 0) >= 0;
}

static gboolean opens_unix(void)
{
	return socket(AF_UNIX, SOCK_STREAM, 0) >= 0;
}

static gboolean opens_pair(void)
{
	int fds[2];

	return socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == 0;
}

/* Refused by whom it asked is as good as answered: it got there. */
static gboolean connects(void)
{
	const struct sockaddr_in to = { .sin_family = AF_INET,
					.sin_port = htons(9) };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	return connect(fd, (const void *)&to, sizeof(to)) == 0 ||
	       errno == ECONNREFUSED;
}

static gboolean starts_process(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	return pid > 0;
}

static void *nothing(void *data)
{
	return data;
}

static gboolean starts_thread(void)
{
	pthread_t thread;

	return pthread_create(&thread, NULL, nothing, NULL) == 0 &&
	       pthread_join(thread, NULL) == 0;
}

/* An error is an answer only if it could be told from success. */
static gboolean runs_program(void)
{
	execl("/bin/true", "true", (char *)NULL);
	return FALSE;
}

static gboolean runs_own_program(void)
{
	g_autofree char *path = g_build_filename(room, "program", NULL);

	execl(path, path, (char *)NULL);
	return FALSE;
}

static gboolean traces(void)
{
	return ptrace(PTRACE_ATTACH, victim, NULL, NULL) == 0;
}

static gboolean signals(void)
{
	return kill(victim, 0) == 0;
}

static gboolean signals_thread(void)
{
	return syscall(SYS_tkill, victim, 0) == 0;
}

static gboolean owns_signals(void)
{
	return fcntl(STDERR_FILENO, F_SETOWN, victim) == 0;
}

static gboolean reads_memory(void)
{
	char byte;
	struct iovec here = { &byte, 1 }, there = { folder, 1 };

	return process_vm_readv(victim, &here, 1, &there, 1, 0) == 1;
}

static gboolean writes_memory(void)
{
	char byte = 'x';
	struct iovec here = { &byte, 1 }, there = { folder, 1 };

	return process_vm_writev(victim, &here, 1, &there, 1, 0) == 1;
}

static gboolean uses_io_uring(void)
{
	guint32 parameters[30] = { 0 };

	return syscall(SYS_io_uring_setup, 1, parameters) >= 0;
}

static gboolean uses_userfaultfd(void)
{
	return syscall(SYS_userfaultfd, 0) >= 0;
}

static gboolean leaves_namespace(void)
{
	return unshare(CLONE_NEWNS) == 0;
}

static gboolean clones_namespace(void)
{
	long pid = syscall(SYS_clone, CLONE_NEWNS | SIGCHLD, 0, 0, 0, 0);

	if (pid == 0)
		_exit(0);
	return pid > 0;
}

static gboolean mounts(void)
{
	return unshare(CLONE_NEWNS) == 0 &&
	       mount("none", room, "tmpfs", 0, NULL) == 0;
}

static gboolean becomes_root(void)
{
	return setresuid(0, 0, 0) == 0;
}

static gboolean is_root(void)
{
	return geteuid() == 0;
}

static gboolean becomes_dumpable(void)
{
	return prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) == 0;
}

static gboolean sets_filter(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);

	return seccomp_load(filter) == 0;
}

/* ---- the table -------------------------------------------------------- */

enum {
	NOWHERE = 0,
	PARSE = 1,
	RENDER = 2,
	CONVERT = 4,
	/* AddressSanitizer's runtime does it, so it must be left to it. */
	ITS_OWN = MIYIN_SANITIZED ? PARSE | RENDER | CONVERT : NOWHERE,
};

static const struct {
	const char *what;
	gboolean (*attempt)(void);
	unsigned granted;  /* kinds where it is part of the work */
	gboolean landlock; /* it alone denies this where files are open */
	gboolean rare;	   /* not every kernel or container has it */
} attempts[] = {
	{ "reads /etc/passwd", reads_passwd, NOWHERE, TRUE, FALSE },
	{ "reads the key file", reads_key, NOWHERE, TRUE, FALSE },
	{ "reads /proc/self/mem", reads_own_memory, ITS_OWN, TRUE, FALSE },
	{ "lists /etc", lists_folder, NOWHERE, TRUE, FALSE },
	{ "reads the fonts", reads_fonts, RENDER | CONVERT, TRUE, FALSE },
	{ "reads the libraries", reads_library, CONVERT, TRUE, FALSE },
	{ "writes a file", writes_file, NOWHERE, TRUE, FALSE },
	{ "makes a file", makes_file, NOWHERE, TRUE, FALSE },
	{ "makes a file in its room", makes_file_in_room, CONVERT, TRUE,
	  FALSE },
	{ "makes a link in its room", makes_link, NOWHERE, FALSE, FALSE },
	{ "makes a folder in its room", makes_folder, NOWHERE, FALSE, FALSE },
	{ "removes a file", removes_file, NOWHERE, TRUE, FALSE },
	{ "shortens a file", shortens_file, NOWHERE, FALSE, FALSE },
	{ "writes what it was given", writes_held, PARSE | RENDER | CONVERT,
	  FALSE, FALSE },
	{ "writes beyond its limit", fills_held, NOWHERE, FALSE, FALSE },
	{ "takes more than its memory", takes_memory, ITS_OWN, FALSE, FALSE },
	{ "raises a limit", raises_limit, NOWHERE, FALSE, FALSE },
	{ "finds AUTH_PASSWORD", finds_password, NOWHERE, FALSE, FALSE },
	{ "opens a TCP socket", opens_tcp, NOWHERE, FALSE, FALSE },
	{ "opens a UDP socket", opens_udp, NOWHERE, FALSE, FALSE },
	{ "opens a Unix socket", opens_unix, NOWHERE, FALSE, FALSE },
	{ "opens a pair of sockets", opens_pair, NOWHERE, FALSE, FALSE },
	{ "connects", connects, NOWHERE, FALSE, FALSE },
	{ "starts a process", starts_process, CONVERT, FALSE, FALSE },
	{ "starts a thread", starts_thread, RENDER | CONVERT, FALSE, FALSE },
	{ "runs a program", runs_program, CONVERT, FALSE, FALSE },
	{ "runs a program of its own", runs_own_program, NOWHERE, TRUE, FALSE },
	{ "traces a process", traces, NOWHERE, FALSE, TRUE },
	{ "signals a process", signals, NOWHERE, FALSE, FALSE },
	{ "signals a thread", signals_thread, NOWHERE, FALSE, FALSE },
	{ "has the kernel signal a process", owns_signals, NOWHERE, FALSE,
	  FALSE },
	{ "reads another's memory", reads_memory, NOWHERE, FALSE, TRUE },
	{ "writes another's memory", writes_memory, NOWHERE, FALSE, TRUE },
	{ "sets up io_uring", uses_io_uring, NOWHERE, FALSE, TRUE },
	{ "sets up userfaultfd", uses_userfaultfd, NOWHERE, FALSE, TRUE },
	{ "leaves its mounts", leaves_namespace, NOWHERE, FALSE, TRUE },
	{ "clones with mounts of its own", clones_namespace, NOWHERE, FALSE,
	  TRUE },
	{ "mounts", mounts, NOWHERE, FALSE, TRUE },
	{ "is root", is_root, NOWHERE, FALSE, FALSE },
	{ "becomes root", becomes_root, NOWHERE, FALSE, FALSE },
	{ "becomes dumpable", becomes_dumpable, ITS_OWN, FALSE, FALSE },
	{ "sets a filter", sets_filter, NOWHERE, FALSE, FALSE },
};

static const struct {
	const char *name;
	unsigned bit;
} kinds[] = {
	[MIYIN_SANDBOX_PARSE] = { "parse", PARSE },
	[MIYIN_SANDBOX_RENDER] = { "render", RENDER },
	[MIYIN_SANDBOX_CONVERT] = { "convert", CONVERT },
};

static gboolean has_landlock(void)
{
	const char *warning;

	return miyin_sandbox_check(FALSE, &warning, NULL) && !warning;
}

/* In a process of its own: kind -1 is outside. TRUE when it got it; a
 * program that was run ends with 0 too. */
static gboolean succeeds(int kind, gboolean (*attempt)(void))
{
	const miyin_sandbox_room own = { room, NULL };
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		if (kind >= 0) {
			miyin_sandbox_clear_environment("");
			miyin_sandbox_limit(60, MEMORY_BYTES, FILE_BYTES);
			if (!miyin_sandbox_enter(
				    kind,
				    kind == MIYIN_SANDBOX_CONVERT ? &own : NULL,
				    NULL))
				_exit(2);
		}
		_exit(attempt() ? 0 : 1);
	}
	ck_assert(waitpid(pid, &status, 0) == pid);
	ck_assert_msg(!WIFEXITED(status) || WEXITSTATUS(status) < 2,
		      "no sandbox");
	/* By the filter, or by SIGXFSZ; a crash proves nothing. */
	ck_assert_msg(!WIFSIGNALED(status) || WTERMSIG(status) == SIGSYS ||
			      WTERMSIG(status) == SIGXFSZ,
		      "ended with signal %d", WTERMSIG(status));
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void put_program(void)
{
	g_autofree char *path = g_build_filename(room, "program", NULL);

	ck_assert(g_file_set_contents(path, "#!/bin/sh\n", -1, NULL));
	ck_assert(g_chmod(path, 0755) == 0);
}

START_TEST(outside)
{
	put_program();
	if (!succeeds(-1, attempts[_i].attempt) && !attempts[_i].rare)
		ck_abort_msg("%s: fails outside too, which proves nothing",
			     attempts[_i].what);
}
END_TEST

static void assert_held(miyin_sandbox kind, unsigned i)
{
	gboolean granted = (attempts[i].granted & kinds[kind].bit) != 0;

	if (attempts[i].landlock && !granted && !has_landlock() &&
	    (kind != MIYIN_SANDBOX_PARSE || MIYIN_SANITIZED))
		return;
	put_program();
	ck_assert_msg(succeeds(kind, attempts[i].attempt) == granted,
		      "%s: %s %s", kinds[kind].name, attempts[i].what,
		      granted ? "no more" : "all the same");
}

START_TEST(in_parse)
{
	assert_held(MIYIN_SANDBOX_PARSE, _i);
}
END_TEST

START_TEST(in_render)
{
	assert_held(MIYIN_SANDBOX_RENDER, _i);
}
END_TEST

START_TEST(in_convert)
{
	assert_held(MIYIN_SANDBOX_CONVERT, _i);
}
END_TEST

/* ---- a kernel without Landlock ---------------------------------------- */

static gboolean lose_landlock(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);

	return seccomp_rule_add(filter, SCMP_ACT_ERRNO(EOPNOTSUPP),
				SCMP_SYS(landlock_create_ruleset), 0) == 0 &&
	       seccomp_load(filter) == 0;
}

static gboolean is_refused_where_required(void)
{
	g_autoptr(GError) error = NULL;

	return lose_landlock() && !miyin_sandbox_check(TRUE, NULL, &error) &&
	       g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_MISSING) &&
	       strstr(error->message, "miyin.conf");
}

static gboolean is_told_where_preferred(void)
{
	const char *warning = NULL;

	return lose_landlock() && miyin_sandbox_check(FALSE, &warning, NULL) &&
	       warning && strstr(warning, "no Landlock");
}

static gboolean is_entered_without(void)
{
	return lose_landlock() &&
	       miyin_sandbox_enter(MIYIN_SANDBOX_RENDER, NULL, NULL) &&
	       write(held, "x", 1) == 1;
}

/* A Landlock that is there and does not work is a failure. */
static gboolean is_refused_where_broken(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);

	return seccomp_rule_add(filter, SCMP_ACT_ERRNO(E2BIG),
				SCMP_SYS(landlock_restrict_self), 0) == 0 &&
	       seccomp_load(filter) == 0 && has_landlock() &&
	       !miyin_sandbox_enter(MIYIN_SANDBOX_RENDER, NULL, NULL);
}

START_TEST(without_landlock)
{
	ck_assert(succeeds(-1, is_refused_where_required));
	ck_assert(succeeds(-1, is_told_where_preferred));
	ck_assert(succeeds(-1, is_entered_without));
	if (has_landlock())
		ck_assert(succeeds(-1, is_refused_where_broken));
}
END_TEST

/* ---- environment ------------------------------------------------------ */

static gboolean keeps_what_it_should(void)
{
	setenv("KEPT", "a=b", 1);
	setenv("LOST", "x", 1);
	miyin_sandbox_clear_environment("KEPT NEVER_SET");
	return g_strcmp0(getenv("KEPT"), "a=b") == 0 && !getenv("LOST") &&
	       !getenv("NEVER_SET") && !getenv("AUTH_PASSWORD") && !environ[1];
}

START_TEST(environment)
{
	ck_assert(succeeds(-1, keeps_what_it_should));
}
END_TEST

/* ---- limits ----------------------------------------------------------- */

static gboolean stays_below(void)
{
	const struct rlimit given = { 7 * MIB, 9 * MIB };
	struct rlimit seen, cpu;
	unsigned clock_s;

	setrlimit(RLIMIT_FSIZE, &given);
	miyin_sandbox_limit(60, MEMORY_BYTES, 8 * MIB);
	getrlimit(RLIMIT_FSIZE, &seen);
	getrlimit(RLIMIT_CPU, &cpu);
	clock_s = alarm(0);
	return seen.rlim_cur == 7 * MIB && seen.rlim_max == 7 * MIB &&
	       cpu.rlim_cur == 60 && cpu.rlim_max > 60 && clock_s > 60 &&
	       clock_s <= 120;
}

START_TEST(limits)
{
	ck_assert(succeeds(-1, stays_below));
}
END_TEST

static const struct {
	int status;
	gboolean limit;
	const char *words;
} ends[] = {
	{ W_EXITCODE(0, SIGXCPU), TRUE, "" },
	{ W_EXITCODE(0, SIGALRM), TRUE, "" },
	{ W_EXITCODE(0, SIGXFSZ), TRUE, "" },
	{ W_EXITCODE(5, 0), TRUE, "ERROR: Exception: std::bad_alloc" },
	{ W_EXITCODE(1, 0), TRUE, "Error: /VMerror in --string--" },
	{ W_EXITCODE(0, SIGTRAP), TRUE,
	  "gmem.c:136: failed to allocate 9 bytes" },
	{ W_EXITCODE(0, SIGSEGV), TRUE, "'malloc': Cannot allocate memory." },
	{ W_EXITCODE(1, 0), TRUE, "Out of memory" },
	{ W_EXITCODE(1, 0), FALSE, "" },
	{ W_EXITCODE(0, SIGSEGV), FALSE, "reading" },
	{ W_EXITCODE(0, SIGKILL), FALSE, "" },
};

START_TEST(limit_as_end)
{
	ck_assert_int_eq(
		miyin_sandbox_is_limit(ends[_i].status, ends[_i].words),
		ends[_i].limit);
}
END_TEST

int main(void)
{
	const int n = G_N_ELEMENTS(attempts);
	Suite *suite = suite_create("sandbox");
	TCase *tcase = tcase_create("sandbox");
	SRunner *runner;
	int n_failed;

	tcase_set_timeout(tcase, 120);
	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_loop_test(tcase, outside, 0, n);
	if (!MIYIN_SANDBOX_OFF) {
		tcase_add_loop_test(tcase, in_parse, 0, n);
		tcase_add_loop_test(tcase, in_render, 0, n);
		tcase_add_loop_test(tcase, in_convert, 0, n);
		tcase_add_test(tcase, without_landlock);
	}
	tcase_add_test(tcase, environment);
	tcase_add_test(tcase, limits);
	tcase_add_loop_test(tcase, limit_as_end, 0, G_N_ELEMENTS(ends));
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
