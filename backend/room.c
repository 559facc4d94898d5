/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Three processes: the keeper, which stays root, sees to the end and removes
 * the folder; the first process of the room, whose end is the end of all in
 * it; and the one that runs the function.
 */
#include "room.h"
#include "keeper.h"
#include "roomrights.h"
#include <miyin/account.h>
#include <miyin/error.h>
#include <miyin/memfile.h>
#include <miyin/process.h>
#include <miyin/sandbox.h>
#include <errno.h>
#include <linux/magic.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/wait.h>
#include <unistd.h>

#define MEMORY "/dev/shm"
#define TICK_NS 200000000
#define TERM_MS 3000
/* Exit statuses: shells have 126 and up. */
#define NO_ROOM 120
#define NO_SPACE 121
#define BY_SIGNAL 128

struct miyin_room {
	pid_t pid; /* the keeper; 0: it has ended */
	int fd;
	gint64 deadline_us;
};

typedef struct {
	const miyin_room_task *task;
	uid_t account; /* of the keeper */
	miyin_keeper keeper;
} order;

/* Where files are in memory, else where the scheduler has its own. */
static const char *parent_folder(void)
{
	struct statfs status;

	return statfs(MEMORY, &status) == 0 && status.f_type == TMPFS_MAGIC
		       ? MEMORY
		       : g_get_tmp_dir();
}

static int shell_status(int status)
{
	return WIFSIGNALED(status) ? BY_SIGNAL + WTERMSIG(status)
				   : WEXITSTATUS(status);
}

/* The process that does it. */
static int work(gpointer data)
{
	const order *o = data;
	const char *folder = o->keeper.path;

	return miyin_roomrights_take(o->task->kind, o->task->limits, folder,
				     o->account)
		       ? o->task->func(folder, o->task->data)
		       : NO_ROOM;
}

/* The first process: when it is gone, the kernel ends the others. It is not
 * started through process.h, for in there its parent has no number by which it
 * could see whether that one lives. */
static G_GNUC_NORETURN void lead(order *o)
{
	const miyin_process process = {
		.work = work,
		.data = o,
		.variables = { { "TMPDIR", o->keeper.path } },
		.fds = { o->task->fds[0], o->task->fds[1], o->task->fds[2] },
		.n_fds = 3,
	};
	int status = W_EXITCODE(NO_ROOM, 0);
	pid_t pid, gone = 0;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	pid = miyin_process_start(&process);
	for (int i = 0; i < 3; i++)
		close(o->task->fds[i]);
	while (pid > 0 && gone != pid &&
	       (gone > 0 || errno == EINTR || gone == 0))
		gone = waitpid(-1, &status, 0);
	_exit(shell_status(status));
}

/* Until the end of the first process, or of the space, or ours. Returns the
 * keeper's exit status. */
static int watch(pid_t first, const char *folder, guint64 most,
		 const sigset_t *wake)
{
	const struct timespec tick = { 0, TICK_NS };
	int status = 0;

	for (;;) {
		int number = sigtimedwait(wake, NULL, &tick);

		if (number == SIGTERM)
			return BY_SIGNAL + SIGTERM;
		if (waitpid(first, &status, WNOHANG) == first)
			return shell_status(status);
		if (miyin_keeper_space(folder, NULL) > most)
			return NO_SPACE;
	}
}

static gboolean fill_folder(const order *o, const char *folder)
{
	g_autofree char *path = g_build_filename(folder, "ppd", NULL);

	return !o->task->file ||
	       (g_file_set_contents(path, o->task->file, -1, NULL) &&
		chmod(path, 0644) == 0);
}

/* Whether it goes on where nobody gives us the right the guard has been told
 * (miyin_sandbox_check_room); that it fails otherwise is an error. */
static gboolean leave_system(void)
{
	return unshare(MIYIN_ROOM_NAMESPACES) == 0 || errno == EPERM ||
	       errno == ENOSYS || errno == EINVAL;
}

static int keep(gpointer data)
{
	order *o = data;
	sigset_t wake;
	int end = NO_ROOM;
	pid_t first = -1;

	sigemptyset(&wake);
	sigaddset(&wake, SIGCHLD);
	sigaddset(&wake, SIGTERM);
	sigprocmask(SIG_BLOCK, &wake, NULL);
	signal(SIGCHLD, SIG_DFL);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	if (miyin_account_take(getpid(), &o->account) &&
	    fill_folder(o, o->keeper.path) && leave_system())
		first = fork();
	if (first == 0)
		lead(o);
	/* Who reads the other end waits for the last of us to close. */
	for (int i = 0; i < 3; i++)
		close(o->task->fds[i]);
	if (first > 0)
		end = watch(first, o->keeper.path, o->task->limits->file_bytes,
			    &wake);
	/* Where there are no process numbers of the room's own, one may have
	 * left its group. */
	miyin_keeper_end_all(
		first, o->task->kind == MIYIN_ROOM_DRIVER ? o->account : 0);
	miyin_keeper_close(&o->keeper);
	return end;
}

/* Returns the keeper's process; -1 on failure. */
static pid_t start_keeper(order *o)
{
	const miyin_process process = {
		.work = keep,
		.data = o,
		.own_group = TRUE, /* cupsd signals our whole group */
		.death_signal = SIGTERM,
	};
	pid_t pid;
	int reason;

	if (!miyin_keeper_open(&o->keeper, parent_folder()))
		return -1;
	pid = miyin_process_start(&process);
	reason = errno;
	if (pid < 0)
		miyin_keeper_close(&o->keeper);
	else
		miyin_keeper_leave(&o->keeper);
	errno = reason;
	return pid;
}

miyin_room *miyin_room_start(const miyin_room_task *task, GError **error)
{
	order o = { .task = task };
	miyin_room *room = g_new0(miyin_room, 1);

	signal(SIGCHLD, SIG_DFL); /* ignored, it is never sent */
	room->fd = -1;
	room->pid = start_keeper(&o);
	if (room->pid > 0)
		room->fd = pidfd_open(room->pid, 0);
	if (room->fd < 0) {
		miyin_fail(error, MIYIN_ERROR_SYSTEM,
			   "The driver's room cannot be made: %s.",
			   g_strerror(errno));
		miyin_room_free(room);
		return NULL;
	}
	room->deadline_us = g_get_monotonic_time() +
			    (gint64)task->limits->clock_s * G_USEC_PER_SEC;
	return room;
}

int miyin_room_fd(const miyin_room *room)
{
	return room->fd;
}

miyin_room_end miyin_room_finish(miyin_room *room)
{
	int status = miyin_process_wait(room->pid);

	room->pid = 0;
	switch (shell_status(status)) {
	case 0:
		return MIYIN_ROOM_DONE;
	case NO_SPACE:
	case BY_SIGNAL + SIGXFSZ:
		return MIYIN_ROOM_SPACE;
	case BY_SIGNAL + SIGXCPU:
	case BY_SIGNAL + SIGALRM:
		return MIYIN_ROOM_TIME;
	case BY_SIGNAL + SIGTERM:
		return MIYIN_ROOM_STOPPED;
	default:
		return MIYIN_ROOM_FAILED;
	}
}

miyin_room_end miyin_room_wait(miyin_room *room, int stop_fd)
{
	struct pollfd fds[] = { { room->fd, POLLIN, 0 },
				{ stop_fd, POLLIN, 0 } };

	for (;;) {
		gint64 left_us = room->deadline_us - g_get_monotonic_time();
		int n = left_us <= 0 ? 0
				     : poll(fds, G_N_ELEMENTS(fds),
					    (int)(left_us / 1000) + 1);

		if (left_us <= 0)
			return MIYIN_ROOM_TIME;
		if (n > 0 && fds[0].revents)
			return miyin_room_finish(room);
		if (n > 0 && fds[1].revents)
			return MIYIN_ROOM_STOPPED;
	}
}

/* A keeper that is stopped does not hear; its first process goes with it. */
void miyin_room_free(miyin_room *room)
{
	struct pollfd gone;

	if (!room)
		return;
	gone = (struct pollfd){ room->fd, POLLIN, 0 };
	if (room->pid > 0) {
		kill(room->pid, SIGTERM);
		if (poll(&gone, 1, TERM_MS) == 0)
			kill(room->pid, SIGKILL);
		waitpid(room->pid, NULL, 0);
	}
	miyin_fd_clear(&room->fd);
	g_free(room);
}
