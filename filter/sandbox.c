/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sandbox.h"
#include <miyin/error.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* All rights of Landlock's first version; later ones only add to them. */
#define LANDLOCK_RIGHTS ((LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1)
#define LANDLOCK_READ (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)

static const int calls_parse[] = {
	SCMP_SYS(read),	     SCMP_SYS(write),	   SCMP_SYS(pread64),
	SCMP_SYS(lseek),     SCMP_SYS(close),	   SCMP_SYS(fstat),
	SCMP_SYS(mmap),	     SCMP_SYS(munmap),	   SCMP_SYS(mremap),
	SCMP_SYS(mprotect),  SCMP_SYS(madvise),	   SCMP_SYS(brk),
	SCMP_SYS(futex),     SCMP_SYS(getrandom),  SCMP_SYS(exit_group),
	SCMP_SYS(exit),	     SCMP_SYS(rt_sigreturn), SCMP_SYS(rt_sigaction),
	SCMP_SYS(rt_sigprocmask), SCMP_SYS(clock_gettime), SCMP_SYS(gettid),
	SCMP_SYS(getpid),
};

static const int calls_render[] = {
	SCMP_SYS(openat),    SCMP_SYS(newfstatat), SCMP_SYS(statx),
	SCMP_SYS(access),    SCMP_SYS(faccessat),  SCMP_SYS(faccessat2),
	SCMP_SYS(readlink),  SCMP_SYS(getdents64), SCMP_SYS(fcntl),
	SCMP_SYS(statfs),    SCMP_SYS(fstatfs),	   SCMP_SYS(getcwd),
	SCMP_SYS(ftruncate), SCMP_SYS(sysinfo),   SCMP_SYS(uname),	   SCMP_SYS(fadvise64),
};

/* Asking for one of these is no accident. */
static const int calls_fatal[] = {
	SCMP_SYS(socket),    SCMP_SYS(connect),	   SCMP_SYS(execve),
	SCMP_SYS(execveat),  SCMP_SYS(fork),	   SCMP_SYS(vfork),
	SCMP_SYS(ptrace),    SCMP_SYS(kill),	   SCMP_SYS(tkill),
	SCMP_SYS(process_vm_readv), SCMP_SYS(process_vm_writev),
};

static const char *const readable[] = {
	"/usr/share", "/usr/local/share/fonts", "/etc/fonts",
	"/var/cache/fontconfig", "/var/lib/ghostscript",
};

static gboolean restrict_files(miyin_sandbox kind);
static gboolean add_calls(scmp_filter_ctx filter, uint32_t action,
			  const int *calls, unsigned n);

gboolean miyin_sandbox_enter(miyin_sandbox kind, gboolean *landlock,
			     GError **error)
{
	scmp_filter_ctx filter;
	gboolean files, ok;

#ifdef __SANITIZE_ADDRESS__
	/* Looking for leaks takes a process that traces this one. */
	if (landlock)
		*landlock = TRUE;
	return TRUE;
#endif
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	files = restrict_files(kind);
	filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	ok = filter &&
	     add_calls(filter, SCMP_ACT_ALLOW, calls_parse,
		       G_N_ELEMENTS(calls_parse)) &&
	     (kind == MIYIN_SANDBOX_PARSE ||
	      add_calls(filter, SCMP_ACT_ALLOW, calls_render,
			G_N_ELEMENTS(calls_render))) &&
	     add_calls(filter, SCMP_ACT_KILL_PROCESS, calls_fatal,
		       G_N_ELEMENTS(calls_fatal)) &&
	     seccomp_load(filter) == 0;
	seccomp_release(filter);
	if (!ok)
		g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM,
			    "The sandbox cannot be set up.");
	else if (landlock)
		*landlock = files;
	return ok;
}

static gboolean restrict_files(miyin_sandbox kind)
{
	const struct landlock_ruleset_attr all = { .handled_access_fs =
							   LANDLOCK_RIGHTS };
	int rules = (int)syscall(SYS_landlock_create_ruleset, &all,
				 sizeof(all), 0);
	gboolean ok;

	if (rules < 0)
		return FALSE;
	for (unsigned i = 0;
	     kind == MIYIN_SANDBOX_RENDER && i < G_N_ELEMENTS(readable); i++) {
		struct landlock_path_beneath_attr path = {
			.allowed_access = LANDLOCK_READ,
			.parent_fd = open(readable[i], O_PATH | O_CLOEXEC),
		};

		if (path.parent_fd < 0)
			continue;
		syscall(SYS_landlock_add_rule, rules,
			LANDLOCK_RULE_PATH_BENEATH, &path, 0);
		close(path.parent_fd);
	}
	ok = syscall(SYS_landlock_restrict_self, rules, 0) == 0;
	close(rules);
	return ok;
}

static gboolean add_calls(scmp_filter_ctx filter, uint32_t action,
			  const int *calls, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if (seccomp_rule_add(filter, action, calls[i], 0) != 0)
			return FALSE;
	return TRUE;
}
