/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/process.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#define TOLD_S 5   /* for a child that was told to end, as we were */
#define LOOK_MS 20 /* where there is no descriptor left to wait on */

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

gboolean miyin_childwait(pid_t pid, unsigned limit_s, int *status)
{
	gint64 end = g_get_monotonic_time() + limit_s * G_USEC_PER_SEC;
	int fd = pidfd_open(pid, 0);
	gboolean in_time = ends_in_time(pid, fd, end);

	if (!in_time)
		kill(pid, SIGKILL);
	if (fd >= 0)
		close(fd);
	while (waitpid(pid, status, 0) < 0 && errno == EINTR)
		;
	return in_time;
}
