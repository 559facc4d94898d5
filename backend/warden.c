/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "warden.h"
#include "keeper.h"
#include "usage.h"
#include <miyin/account.h>
#include <miyin/memfile.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROCESSES_MAX 64
#define LOOK_MS 200
#define PPD_MAX (16 << 20)

static volatile sig_atomic_t asked_to_end;

static void on_signal(int number)
{
	if (number == SIGTERM)
		asked_to_end = 1;
}

static gboolean become(uid_t account)
{
	const struct rlimit processes = { PROCESSES_MAX, PROCESSES_MAX };

	return miyin_account_become(account, account) && setuid(0) != 0 &&
	       setrlimit(RLIMIT_NPROC, &processes) == 0 &&
	       prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0;
}

/* The account cannot read it where it lies. */
static gboolean copy_ppd(const char *from, const char *folder)
{
	g_autofree char *path =
		g_build_filename(folder, MIYIN_WARDEN_PPD, NULL);
	g_auto(miyin_fd) in = open(from, O_RDONLY | O_CLOEXEC);
	g_auto(miyin_fd) out =
		in < 0 ? -1
		       : open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
			      0444);

	return out >= 0 && fchmod(out, 0444) == 0 &&
	       miyin_memfile_fill(out, in, PPD_MAX, NULL, NULL);
}

static miyin_budget_part look(const miyin_warden_task *task, uid_t account,
			      const char *folder, gint64 start_us)
{
	const miyin_budget *budget = task->budget;
	miyin_usage usage;

	if (g_get_monotonic_time() - start_us >
	    (gint64)budget->seconds * G_USEC_PER_SEC)
		return MIYIN_BUDGET_SECONDS;
	miyin_usage_read(account, folder, &usage);
	if (usage.memory_bytes > (guint64)budget->memory_mib << 20)
		return MIYIN_BUDGET_MEMORY;
	if (usage.file_bytes > (guint64)budget->temporary_mib << 20)
		return MIYIN_BUDGET_TEMPORARY;
	return MIYIN_BUDGET_KEPT;
}

/* Until the work ends, or has to. Returns an exit status of ours. */
static int watch(const miyin_warden_task *task, uid_t account, pid_t work,
		 const char *folder)
{
	gint64 start_us = g_get_monotonic_time();
	struct pollfd control = { .fd = task->control };
	const struct timespec pause = { 0, LOOK_MS * 1000000 };
	sigset_t none;
	int status;

	sigemptyset(&none);
	for (;;) {
		miyin_budget_part over = look(task, account, folder, start_us);

		if (over != MIYIN_BUDGET_KEPT)
			return MIYIN_WARDEN_OVER + over;
		if (waitpid(work, &status, WNOHANG) == work)
			return WIFEXITED(status) ? WEXITSTATUS(status)
						 : MIYIN_WARDEN_ENDED;
		if (asked_to_end)
			return MIYIN_WARDEN_ENDED;
		if (control.revents)
			return 0;
		ppoll(&control, 1, &pause, &none);
	}
}

static void catch_signals(sigset_t *before)
{
	const struct sigaction action = { .sa_handler = on_signal };
	sigset_t ours;

	/* Only while it waits do they come, so that none is missed. */
	sigemptyset(&ours);
	sigaddset(&ours, SIGTERM);
	sigaddset(&ours, SIGCHLD);
	sigprocmask(SIG_BLOCK, &ours, before);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGCHLD, &action, NULL);
}

static G_GNUC_NORETURN void do_work(const miyin_warden_task *task,
				    uid_t account, const sigset_t *before)
{
	signal(SIGTERM, SIG_DFL);
	signal(SIGCHLD, SIG_DFL);
	sigprocmask(SIG_SETMASK, before, NULL);
	if (!become(account) || prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
		_exit(MIYIN_WARDEN_FAILED);
	_exit(task->work(task->data));
}

void miyin_warden_keep(const miyin_warden_task *task)
{
	uid_t account;
	miyin_keeper keeper;
	int status = MIYIN_WARDEN_FAILED;
	sigset_t before;
	pid_t work = -1;

	catch_signals(&before);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	if (!miyin_account_take(getpid(), &account) ||
	    !miyin_keeper_open(&keeper, task->parent))
		_exit(status);
	/* Entered here: on the way to it the account may not pass. */
	if ((!task->ppd || copy_ppd(task->ppd, keeper.path)) &&
	    chown(keeper.path, account, account) == 0 &&
	    chdir(keeper.path) == 0)
		work = fork();
	if (work == 0) {
		miyin_keeper_leave(&keeper);
		do_work(task, account, &before);
	}
	/* Its standard files are not to be held open. */
	close(STDIN_FILENO);
	close(STDOUT_FILENO);
	if (work > 0)
		status = watch(task, account, work, keeper.path);
	miyin_keeper_end_all(work, account);
	miyin_keeper_close(&keeper);
	_exit(status);
}
