/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "recorder.h"
#include "tell.h"
#include <miyin/error.h>
#include <miyin/memfile.h>
#include <miyin/process.h>
#include <miyin/service.h>
#include <miyin/text.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/pidfd.h>
#include <unistd.h>

#define NO_COPY "the register has no copy for this job"
#define KILLED "the guard of the device was killed"
#define GO '+'
/* The register may be busy; somebody who stopped the recorder is waited for
 * no longer. */
#define START_MS 180000
#define END_MS 120000

struct miyin_recorder {
	pid_t pid;
	int pidfd, to;
};

/* What goes over the pipe, in one piece; the last one counts. */
typedef struct {
	miyin_device_end end;
	gboolean reached;
	guint64 bytes;
	unsigned pages;
	char detail[256];
} message;

/* The officer sees who tried to get around the gate, and when. */
static void enter_refusal(miyin_register *reg, char **argv, const char *why)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *user = miyin_text_clean(argv[2], MIYIN_TEXT_MAX);
	g_autofree char *title = miyin_text_clean(argv[3], MIYIN_TEXT_MAX);
	g_autofree char *printer =
		miyin_text_clean(g_getenv("PRINTER"), MIYIN_TEXT_MAX);
	const miyin_request request = {
		.user = user,
		.title = title,
		.printer = printer,
		.job_id = atoi(argv[1]),
	};

	if (!miyin_register_refuse(reg, &request, "unregistered", why,
				   &error)) {
		g_autofree char *lost = g_strdup_printf(
			"This refusal is not in the register: %s, \"%s\" of "
			"%s (%s)",
			why, title, user, error->message);

		miyin_tell_warning(lost);
	}
}

static miyin_register *ask(const miyin_config *config, char **argv,
			   const char *fault)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(miyin_register) reg = NULL;

	if (miyin_service_become(config->user, &error))
		reg = miyin_register_open(config, FALSE, &error);
	if (reg && !fault &&
	    miyin_register_start_device(reg, atoi(argv[1]), &error))
		return g_steal_pointer(&reg);
	/* A register that is busy, or broken, says nothing of who prints. */
	if (reg &&
	    (fault || g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_STATE)))
		enter_refusal(reg, argv, fault ? fault : NO_COPY);
	if (error)
		fprintf(stderr, "DEBUG: %s\n", error->message);
	return NULL;
}

static gboolean write_end(miyin_register *reg, int job, message *m)
{
	g_autoptr(GError) error = NULL;
	const miyin_device_record record = { m->end, m->reached, m->bytes,
					     m->pages, m->detail };

	if (miyin_register_end_device(reg, job, &record, &error))
		return TRUE;
	fprintf(stderr, "DEBUG: %s\n", error->message);
	return FALSE;
}

/* Until the guard tells the end, or is gone. */
static void read_end(int from, message *last)
{
	message m;
	ssize_t n;

	do {
		n = read(from, &m, sizeof(m));
		if (n == sizeof(m))
			*last = m;
	} while ((n < 0 && errno == EINTR) ||
		 (n == sizeof(m) && m.end == MIYIN_DEVICE_STARTED));
	if (last->end == MIYIN_DEVICE_STARTED) {
		last->end = MIYIN_DEVICE_KILLED;
		g_strlcpy(last->detail, KILLED, sizeof(last->detail));
	}
	last->detail[sizeof(last->detail) - 1] = '\0';
}

/* Nobody ends this one before it has written: not cupsd, which signals the
 * guard's group, nor a guard that is killed. */
static G_GNUC_NORETURN void record(const miyin_config *config, char **argv,
				   const char *fault, int from, int to)
{
	message m = { .end = MIYIN_DEVICE_KILLED, .detail = KILLED };
	g_autoptr(miyin_register) reg = NULL;
	gboolean ok;

	setpgid(0, 0);
	signal(SIGTERM, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	reg = ask(config, argv, fault);
	if (!reg)
		_exit(1);
	if (write(to, &(char){ GO }, 1) != 1) {
		/* The guard waits no longer, and sends nothing. */
		m = (message){ .end = MIYIN_DEVICE_FAILED,
			       .detail = "the register was busy" };
		write_end(reg, atoi(argv[1]), &m);
		_exit(1);
	}
	close(to);
	read_end(from, &m);
	ok = write_end(reg, atoi(argv[1]), &m);
	_exit(ok ? 0 : 1);
}

static gboolean wait_for(int fd, int wait_ms)
{
	struct pollfd fds = { fd, POLLIN, 0 };
	gint64 until_us = g_get_monotonic_time() + (gint64)wait_ms * 1000;
	int n;

	do {
		gint64 left_us = until_us - g_get_monotonic_time();

		n = poll(&fds, 1, (int)(MAX(left_us, 0) / 1000));
	} while (n < 0 && errno == EINTR);
	return n > 0;
}

miyin_recorder *miyin_recorder_start(const miyin_config *config, char **argv,
				     const char *fault)
{
	g_autoptr(miyin_recorder) recorder = g_new0(miyin_recorder, 1);
	int answer[2] = { -1, -1 }, end[2] = { -1, -1 };
	char word = 0;

	recorder->pid = -1;
	recorder->pidfd = recorder->to = -1;
	if (pipe2(answer, O_CLOEXEC) != 0)
		return NULL;
	if (pipe2(end, O_CLOEXEC) == 0)
		recorder->pid = fork();
	if (recorder->pid == 0) {
		close(answer[0]);
		close(end[1]);
		record(config, argv, fault, end[0], answer[1]);
	}
	signal(SIGPIPE, SIG_IGN); /* of a recorder that is gone, below */
	close(answer[1]);
	close(end[0]);
	recorder->to = end[1];
	if (recorder->pid > 0)
		recorder->pidfd = pidfd_open(recorder->pid, 0);
	if (recorder->pid < 0 || !wait_for(answer[0], START_MS) ||
	    read(answer[0], &word, 1) != 1)
		word = 0;
	close(answer[0]);
	return word == GO ? g_steal_pointer(&recorder) : NULL;
}

gboolean miyin_recorder_note_start(miyin_recorder *recorder)
{
	const message m = { .end = MIYIN_DEVICE_STARTED, .reached = TRUE };

	if (write(recorder->to, &m, sizeof(m)) == sizeof(m))
		return TRUE;
	fputs("DEBUG: The recorder of the device is gone.\n", stderr);
	return FALSE;
}

gboolean miyin_recorder_end(miyin_recorder *recorder,
			    const miyin_device_record *record_)
{
	message m = { .end = record_->end,
		      .reached = record_->reached,
		      .bytes = record_->bytes,
		      .pages = record_->pages };
	int status;

	g_strlcpy(m.detail, record_->detail ? record_->detail : "",
		  sizeof(m.detail));
	if (write(recorder->to, &m, sizeof(m)) != sizeof(m) ||
	    !wait_for(recorder->pidfd, END_MS))
		return FALSE;
	status = miyin_process_wait(recorder->pid);
	recorder->pid = -1;
	return status == 0;
}

void miyin_recorder_free(miyin_recorder *recorder)
{
	if (!recorder)
		return;
	miyin_fd_clear(&recorder->to);
	miyin_fd_clear(&recorder->pidfd);
	g_free(recorder);
}
