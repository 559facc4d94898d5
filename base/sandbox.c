/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/sandbox.h>
#include <miyin/account.h>
#include <miyin/error.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <linux/landlock.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOBODY 65534

/* The folder where a build with AddressSanitizer reports. */
#ifndef MIYIN_REPORTS
#define MIYIN_REPORTS "/nonexistent"
#endif

/* All rights of Landlock's first version; later ones only add to them. */
#define HANDLED ((LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1)
#define READ (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define RUN (READ | LANDLOCK_ACCESS_FS_EXECUTE)
#define WRITE LANDLOCK_ACCESS_FS_WRITE_FILE
#define FILL                                                                   \
	(READ | WRITE | LANDLOCK_ACCESS_FS_MAKE_REG |                          \
	 LANDLOCK_ACCESS_FS_REMOVE_FILE)
/* What a rule on something that is no folder may grant. */
#define OF_FILE                                                                \
	(LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_EXECUTE | WRITE)

#define NEW_NAMESPACES                                                         \
	(CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC |         \
	 CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET)

/* System calls by name; what libseccomp does not know is a fault (add_calls). */
static const char calls_parse[] =
	"read write pread64 lseek close fstat mmap munmap mremap mprotect"
	" madvise brk futex getrandom exit_group exit rt_sigreturn"
	" rt_sigaction rt_sigprocmask clock_gettime gettid getpid";

static const char calls_render[] =
	"openat newfstatat statx access faccessat faccessat2 readlink"
	" getdents64 statfs fstatfs getcwd ftruncate sysinfo uname"
	" fadvise64 set_robust_list rseq dup";

/* Starting a program, a shell's work, and gs' temporary files. */
static const char calls_convert[] =
	"execve vfork wait4 arch_prctl set_tid_address pipe pipe2 dup2 dup3"
	" getuid geteuid getgid getegid getppid getpgrp getpgid sigaltstack"
	" unlink unlinkat open stat lstat writev readv pwrite64 poll ppoll"
	" select pselect6 umask times getrusage gettimeofday nanosleep"
	" clock_nanosleep clock_getres sched_yield sched_getaffinity";

/* Asking for one of these is no accident. */
static const char calls_hostile[] =
	"ptrace process_vm_readv process_vm_writev io_uring_setup"
	" userfaultfd bpf execveat unshare setns mount kill tkill";

/* Nor one of these where nothing is to be started. CONVERT asks for sockets
 * in all innocence: who looks up a user's name asks nscd first. */
static const char calls_fatal[] = "socket connect execve fork vfork";

/* With AddressSanitizer: what looks for leaks stops the process from outside,
 * and reports go to a file. */
static const char calls_sanitizer[] =
	"ptrace prctl wait4 sigaltstack getppid sched_yield open openat"
	" getdents readlink stat newfstatat sched_getaffinity";

static const struct {
	miyin_sandbox kind; /* this one and those after it */
	const char *path;
	guint64 rights;
} files[] = {
	{ MIYIN_SANDBOX_RENDER, "/usr/share", READ },
	{ MIYIN_SANDBOX_RENDER, "/usr/local/share/fonts", READ },
	{ MIYIN_SANDBOX_RENDER, "/etc/fonts", READ },
	{ MIYIN_SANDBOX_RENDER, "/var/cache/fontconfig", READ },
	{ MIYIN_SANDBOX_RENDER, "/var/lib/ghostscript", READ },
	{ MIYIN_SANDBOX_CONVERT, "/usr", RUN },
	{ MIYIN_SANDBOX_CONVERT, "/bin", RUN },
	{ MIYIN_SANDBOX_CONVERT, "/lib", RUN },
	{ MIYIN_SANDBOX_CONVERT, "/lib64", RUN },
	{ MIYIN_SANDBOX_CONVERT, "/etc/ld.so.cache", READ },
	{ MIYIN_SANDBOX_CONVERT, "/etc/localtime", READ },
	{ MIYIN_SANDBOX_CONVERT, "/etc/papersize", READ },
	{ MIYIN_SANDBOX_CONVERT, "/etc/ghostscript", READ },
	{ MIYIN_SANDBOX_CONVERT, "/dev/null", READ | WRITE },
	{ MIYIN_SANDBOX_CONVERT, "/dev/zero", READ },
	{ MIYIN_SANDBOX_CONVERT, "/dev/urandom", READ },
};

gboolean miyin_sandbox_check(gboolean landlock_required, const char **warning,
			     GError **error)
{
	gboolean landlock = syscall(SYS_landlock_create_ruleset, NULL, 0,
				    LANDLOCK_CREATE_RULESET_VERSION) > 0;

	if (warning)
		*warning = NULL;
	if (prctl(PR_GET_SECCOMP) < 0)
		return miyin_fail(
			error, MIYIN_ERROR_MISSING,
			_("This kernel has no seccomp filters, without "
			  "which miyin reads no document; boot one that "
			  "has."));
	if (!landlock && landlock_required)
		return miyin_fail(
			error, MIYIN_ERROR_MISSING,
			_("This kernel has no Landlock; boot with "
			  "lsm=landlock,... or say landlock = preferred "
			  "in the group [sandbox] of miyin.conf."));
	if (!landlock && warning)
		*warning = _("This kernel has no Landlock, so documents are "
			     "read behind a filter of system calls only; boot "
			     "with lsm=landlock,...");
	return TRUE;
}

/* By hand, for process.h stands on this file. */
static gboolean has_namespaces(void)
{
	int status = -1;
	pid_t pid;

	signal(SIGCHLD, SIG_DFL); /* ignored, there is none to wait for */
	pid = fork();
	if (pid == 0)
		_exit(unshare(MIYIN_ROOM_NAMESPACES) != 0);
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return status == 0;
}

gboolean miyin_sandbox_check_room(gboolean required, const char **warning,
				  GError **error)
{
	const gboolean ok = has_namespaces();

	*warning = NULL;
	if (!ok && required)
		return miyin_fail(
			error, MIYIN_ERROR_MISSING,
			_("This server may not take the network from the "
			  "drivers of printers; give its scheduler the "
			  "right CAP_SYS_ADMIN, or say landlock = preferred "
			  "in the group [sandbox] of miyin.conf."));
	if (!ok)
		*warning = _("This server may not take the network from the "
			     "drivers of printers, so they have it; give its "
			     "scheduler the right CAP_SYS_ADMIN.");
	return TRUE;
}

static void limit(__rlimit_resource_t resource, rlim_t soft, rlim_t spare)
{
	struct rlimit now, then;

	if (getrlimit(resource, &now) != 0)
		return;
	then.rlim_cur = MIN(soft, now.rlim_cur);
	then.rlim_max = MIN(then.rlim_cur + spare, now.rlim_max);
	setrlimit(resource, &then);
}

void miyin_sandbox_limit(unsigned cpu_s, guint64 memory_bytes,
			 guint64 file_bytes)
{
	struct rlimit cpu = { cpu_s, cpu_s };

	/* A process that is at both ends of its time is killed unasked. */
	limit(RLIMIT_CPU, cpu_s, 5);
	/* One that sleeps or waits uses none. */
	getrlimit(RLIMIT_CPU, &cpu);
	alarm(2 * cpu.rlim_cur);
	limit(RLIMIT_FSIZE, file_bytes, 0);
	limit(RLIMIT_CORE, 0, 0);
	/* Their shadow memory alone is larger. */
	if (!MIYIN_SANITIZED && !MIYIN_SANDBOX_OFF)
		limit(RLIMIT_AS, memory_bytes, 0);
}

gboolean miyin_sandbox_is_limit(int status, const char *words)
{
	/* Of C++, GLib, libc and its callers, Ghostscript. */
	static const char *const memory[] = { "bad_alloc", "ailed to allocate",
					      "ut of memory",
					      "annot allocate memory",
					      "VMerror" };

	if (WIFSIGNALED(status) &&
	    (WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGALRM ||
	     WTERMSIG(status) == SIGXFSZ))
		return TRUE;
	for (unsigned i = 0; i < G_N_ELEMENTS(memory); i++)
		if (strstr(words, memory[i]))
			return TRUE;
	return FALSE;
}

void miyin_sandbox_clear_environment(const char *keep)
{
	g_autoptr(GPtrArray) values = g_ptr_array_new_with_free_func(g_free);
	g_auto(GStrv) names = g_strsplit(keep, " ", -1);

	for (unsigned i = 0; names[i]; i++)
		g_ptr_array_add(values, g_strdup(g_getenv(names[i])));
	for (char **entry = environ; entry && *entry; entry++)
		explicit_bzero(*entry, strlen(*entry));
	clearenv();
	for (unsigned i = 0; names[i]; i++)
		if (values->pdata[i])
			g_setenv(names[i], values->pdata[i], TRUE);
}

static gboolean become_nobody(const miyin_sandbox_room *room)
{
	if (geteuid() != 0)
		return TRUE;
	return (!room || chown(room->folder, NOBODY, NOBODY) == 0) &&
	       miyin_account_become(NOBODY, NOBODY);
}

gboolean miyin_sandbox_allow(int rules, const char *path, guint64 rights)
{
	struct landlock_path_beneath_attr rule = {
		.parent_fd = open(path, O_PATH | O_CLOEXEC),
	};
	struct stat status;
	gboolean ok;

	if (rule.parent_fd < 0)
		return TRUE;
	ok = fstat(rule.parent_fd, &status) == 0;
	rule.allowed_access =
		S_ISDIR(status.st_mode) ? rights : rights & OF_FILE;
	ok = ok && syscall(SYS_landlock_add_rule, rules,
			   LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
	close(rule.parent_fd);
	return ok;
}

static gboolean allow_files(int rules, miyin_sandbox kind,
			    const miyin_sandbox_room *room)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(files); i++)
		if (files[i].kind <= kind &&
		    !miyin_sandbox_allow(rules, files[i].path, files[i].rights))
			return FALSE;
	if (MIYIN_SANITIZED &&
	    (!miyin_sandbox_allow(rules, "/proc", READ) ||
	     !miyin_sandbox_allow(rules, MIYIN_REPORTS, FILL)))
		return FALSE;
	return !room ||
	       (miyin_sandbox_allow(rules, room->folder, FILL) &&
		(!room->file || miyin_sandbox_allow(rules, room->file, READ)));
}

/* A kernel that has Landlock must hold us in it. */
static gboolean restrict_files(miyin_sandbox kind,
			       const miyin_sandbox_room *room)
{
	const struct landlock_ruleset_attr all = { .handled_access_fs =
							   HANDLED };
	int rules =
		(int)syscall(SYS_landlock_create_ruleset, &all, sizeof(all), 0);
	gboolean ok;

	if (rules < 0)
		return errno == ENOSYS || errno == EOPNOTSUPP;
	ok = allow_files(rules, kind, room) &&
	     syscall(SYS_landlock_restrict_self, rules, 0) == 0;
	close(rules);
	return ok;
}

static gboolean add_calls(scmp_filter_ctx filter, uint32_t action,
			  const char *names)
{
	g_auto(GStrv) calls = g_strsplit(names, " ", -1);

	for (char **call = calls; *call; call++) {
		int number = seccomp_syscall_resolve_name(*call);
		int failed =
			number == __NR_SCMP_ERROR
				? -EINVAL
				: seccomp_rule_add(filter, action, number, 0);

		if (failed && !(MIYIN_SANITIZED && failed == -EEXIST))
			return FALSE;
	}
	return TRUE;
}

/* Before all others, for the first rule of a call holds. */
static gboolean add_sanitizer(scmp_filter_ctx filter)
{
	const scmp_datum_t tracer =
		CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_UNTRACED;

	return add_calls(filter, SCMP_ACT_ALLOW, calls_sanitizer) &&
	       seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
				SCMP_A0(SCMP_CMP_EQ, tracer, 0)) == 0;
}

/* Its other commands have signals sent to whom one likes. */
static gboolean add_fcntl(scmp_filter_ctx filter)
{
	static const int commands[] = { F_DUPFD,    F_DUPFD_CLOEXEC, F_GETFD,
					F_SETFD,    F_GETFL,	     F_SETFL,
					F_GETLK,    F_SETLK,	     F_SETLKW,
					F_GET_SEALS };

	for (unsigned i = 0; i < G_N_ELEMENTS(commands); i++)
		if (seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(fcntl), 1,
				     SCMP_A1(SCMP_CMP_MASKED_EQ, G_MAXUINT32,
					     (unsigned)commands[i])) != 0)
			return FALSE;
	return TRUE;
}

/* Threads, and for CONVERT processes, but no namespace of their own. The
 * flags of clone3 lie in memory, which a filter cannot see; the C library
 * takes clone when it is told that there is no clone3. */
static gboolean add_clone(scmp_filter_ctx filter, miyin_sandbox kind)
{
	scmp_datum_t thread = kind == MIYIN_SANDBOX_RENDER ? CLONE_THREAD : 0;

	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
				SCMP_A0(SCMP_CMP_MASKED_EQ,
					NEW_NAMESPACES | thread, thread)) ==
		       0 &&
	       seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS),
				SCMP_SYS(clone3), 0) == 0;
}

static gboolean restrict_calls(miyin_sandbox kind)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	gboolean ok = filter && (!MIYIN_SANITIZED || add_sanitizer(filter)) &&
		      add_calls(filter, SCMP_ACT_ALLOW, calls_parse) &&
		      add_calls(filter, SCMP_ACT_KILL_PROCESS, calls_hostile);

	if (ok && kind >= MIYIN_SANDBOX_RENDER)
		ok = add_calls(filter, SCMP_ACT_ALLOW, calls_render) &&
		     add_fcntl(filter) && add_clone(filter, kind);
	if (ok && kind == MIYIN_SANDBOX_CONVERT)
		ok = add_calls(filter, SCMP_ACT_ALLOW, calls_convert) &&
		     /* A process may know its limits, not set any. */
		     seccomp_rule_add(filter, SCMP_ACT_ALLOW,
				      SCMP_SYS(prlimit64), 1,
				      SCMP_A2(SCMP_CMP_EQ, 0, 0)) == 0;
	else if (ok)
		ok = add_calls(filter, SCMP_ACT_KILL_PROCESS, calls_fatal);
	ok = ok && seccomp_load(filter) == 0;
	seccomp_release(filter);
	return ok;
}

gboolean miyin_sandbox_enter(miyin_sandbox kind, const miyin_sandbox_room *room,
			     GError **error)
{
	if (MIYIN_SANDBOX_OFF)
		return TRUE;
	if (become_nobody(room) && prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 &&
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	    prctl(PR_SET_DUMPABLE, MIYIN_SANITIZED, 0, 0, 0) == 0 &&
	    restrict_files(kind, room) && restrict_calls(kind))
		return TRUE;
	return miyin_fail(error, MIYIN_ERROR_SYSTEM,
			  _("The sandbox cannot be set up."));
}
