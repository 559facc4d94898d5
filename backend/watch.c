/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "watch.h"
#include "lines.h"
#include <miyin/memfile.h>
#include <miyin/process.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#define ACCEPTED "DEBUG: Print job accepted - job ID "

static void start(miyin_watch *watch)
{
	int out[2];

	if (pipe2(out, O_CLOEXEC) != 0)
		return;
	watch->pid = watch->start(watch->job, out[1], watch->data);
	watch->fd = watch->pid > 0 ? pidfd_open(watch->pid, 0) : -1;
	watch->out = out[0];
	close(out[1]);
}

void miyin_watch_heed(miyin_watch *watch, const char *line)
{
	if (g_str_has_prefix(line, "DEBUG: Send-Document: successful-") ||
	    g_str_has_prefix(line, "DEBUG: Print-Job: successful-"))
		watch->given = TRUE;
	if (g_str_has_prefix(line, ACCEPTED))
		g_strlcpy(
			watch->job, line + strlen(ACCEPTED),
			MIN(sizeof(watch->job),
			    strspn(line + strlen(ACCEPTED), "0123456789") + 1));
	if (watch->start && watch->pid == 0 && watch->given && *watch->job)
		start(watch);
}

static void close_all(miyin_watch *watch)
{
	miyin_fd_clear(&watch->fd);
	miyin_fd_clear(&watch->out);
	watch->pid = -1; /* once only: behind beh there is another job */
}

gboolean miyin_watch_finish(miyin_watch *watch, unsigned *pages)
{
	const int status = miyin_process_wait(watch->pid);
	char line[64];
	ssize_t n = read(watch->out, line, sizeof(line) - 1);
	gboolean total;

	close_all(watch);
	line[MAX(n, 0)] = '\0';
	if (!miyin_lines_pages(line, pages, &total))
		*pages = 0;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

void miyin_watch_stop(miyin_watch *watch)
{
	if (watch->pid > 0) {
		kill(watch->pid, SIGKILL);
		miyin_process_wait(watch->pid);
	}
	close_all(watch);
}
