/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/process.h>
#include <miyin/memfile.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define TOLD_S 5   /* for a child that was told to end, as we were */
#define LOOK_MS 20 /* where there is no descriptor left to wait on */

/* Above all numbers first, for what becomes 1 may be what 0 is now. One that is
 * not open is closed there; one for which there is no room is not given up, or
 * what the program opens next would be it. */
static gboolean take_fds(const miyin_process *p)
{
	int high[MIYIN_PROCESS_FDS];
	int n = (int)p->n_fds;

	for (int i = 0; i < n; i++) {
		high[i] = p->fds[i] < 0 ? -1
					: fcntl(p->fds[i], F_DUPFD_CLOEXEC,
						MIYIN_PROCESS_FDS);
		if (p->fds[i] >= 0 && high[i] < 0 && errno != EBADF)
			return FALSE;
	}
	for (int i = 0; i < n; i++) {
		if (high[i] < 0) {
			close(i);
			continue;
		}
		if (dup2(high[i], i) < 0)
			return FALSE;
		close(high[i]);
	}
	if (!p->other_fds)
		closefrom(n);
	return TRUE;
}

static void reset_signals(void)
{
	sigset_t none;

	signal(SIGCHLD, SIG_DFL);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static void set_environment(const miyin_process *p)
{
	if (p->environment)
		environ = g_strdupv((char **)p->environment);
	for (int i = 0; i < MIYIN_PROCESS_VARIABLES; i++) {
		const miyin_process_variable *variable = &p->variables[i];

		if (variable->value)
			g_setenv(variable->name, variable->value, TRUE);
		else if (variable->name)
			g_unsetenv(variable->name);
	}
}

static gboolean die_with(pid_t parent, int number)
{
	/* It may have died before we asked. */
	return prctl(PR_SET_PDEATHSIG, number) == 0 && getppid() == parent;
}

static gboolean get_ready(const miyin_process *p, pid_t parent)
{
	if (p->own_group)
		setpgid(0, 0);
	if (p->n_fds > 0) {
		if (!take_fds(p))
			return FALSE;
		reset_signals();
	}
	set_environment(p);
	if (p->cpu_s > 0)
		miyin_sandbox_limit(p->cpu_s, p->memory_bytes, p->file_bytes);
	return (!p->prepare || p->prepare(p->data)) &&
	       (p->death_signal == 0 || die_with(parent, p->death_signal)) &&
	       (!p->no_new_privs ||
		prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0) &&
	       (!p->sandbox || miyin_sandbox_enter(*p->sandbox, p->room, NULL));
}

static G_GNUC_NORETURN void live(const miyin_process *p, pid_t parent)
{
	if (get_ready(p, parent)) {
		if (!p->path)
			_exit(p->work(p->data));
		execv(p->path, (char *const *)p->argv);
	}
	if (p->path)
		dprintf(STDERR_FILENO, "%s: %s\n", p->path, strerror(errno));
	_exit(p->failed ? p->failed : MIYIN_PROCESS_NOT_STARTED);
}

static gboolean is_over(pid_t pid)
{
	siginfo_t info = { .si_pid = 0 };

	return waitid(P_PID, pid, &info, WEXITED | WNOHANG | WNOWAIT) != 0 ||
	       info.si_pid == pid;
}

static int left_ms(gint64 end)
{
	gint64 left = (end - g_get_monotonic_time()) / 1000;

	return CLAMP(left, 0, G_MAXINT);
}

static gboolean ends_in_time(pid_t pid, int fd, gint64 end)
{
	struct pollfd child = { .fd = fd, .events = POLLIN };

	while (!is_over(pid)) {
		int left = left_ms(end);

		if (left == 0)
			return FALSE;
		if (poll(&child, 1, fd < 0 ? MIN(left, LOOK_MS) : left) < 0 &&
		    errno == EINTR)
			end = MIN(end, g_get_monotonic_time() +
					       TOLD_S * G_USEC_PER_SEC);
	}
	return TRUE;
}

pid_t miyin_process_start(const miyin_process *process)
{
	pid_t parent = getpid();
	pid_t pid = fork();

	if (pid == 0)
		live(process, parent);
	if (pid > 0 && process->own_group)
		setpgid(pid, pid); /* whoever of the two is first */
	return pid;
}

int miyin_process_wait(pid_t pid)
{
	int status = -1;

	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

gboolean miyin_process_wait_for(pid_t pid, unsigned limit_s, int *status)
{
	gint64 end = g_get_monotonic_time() + (gint64)limit_s * G_USEC_PER_SEC;
	g_auto(miyin_fd) fd = pidfd_open(pid, 0);
	gboolean in_time = ends_in_time(pid, fd, end);

	if (!in_time)
		kill(pid, SIGKILL);
	*status = miyin_process_wait(pid);
	return in_time;
}

int miyin_process_run(const miyin_process *process)
{
	return miyin_process_wait(miyin_process_start(process));
}
