/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <miyin/error.h>
#include <miyin/memfile.h>
#include <miyin/sandbox.h>
#include <miyin/trace.h>
#include "traced.h"

/* A stack of 2000 sheets without a code takes about an hour. */
#define CPU_S 7200
/* A page of 200 megapixels in colour, and what is made of it. */
#define MEMORY_BYTES (G_GUINT64_CONSTANT(4) << 30)
#define FIRST_FREE_FD 10

/* The scan is 0, the answer 1. */
static gboolean keep_files(int fd, int answer)
{
	int scan = fcntl(fd, F_DUPFD, FIRST_FREE_FD);
	int out = fcntl(answer, F_DUPFD, FIRST_FREE_FD);
	int none = open("/dev/null", O_RDWR);

	if (scan < 0 || out < 0 || dup2(none, STDERR_FILENO) < 0 ||
	    dup2(scan, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0)
		return FALSE;
	closefrom(STDERR_FILENO + 1);
	return TRUE;
}

static miyin_traced *read_scan(const char *name, GError **error)
{
	FILE *file = fdopen(STDIN_FILENO, "rb");
	g_autoptr(miyin_picture) picture = NULL;

	setMsgSeverity(L_SEVERITY_NONE);
	picture = miyin_picture_open_file(file, name, error);
	return picture ? miyin_trace_picture(picture, error) : NULL;
}

/* In the child. Nothing of its words reaches the terminal but the answer. */
static G_GNUC_NORETURN void read_apart(int fd, const char *name, int answer)
{
	static const char *const language[] = { "LANGUAGE", NULL };
	g_autoptr(GError) error = NULL;
	g_autoptr(miyin_traced) traced = NULL;
	g_autofree char *text = NULL;

	miyin_sandbox_clear_environment(language);
	miyin_sandbox_limit(CPU_S, MEMORY_BYTES, MIYIN_TRACED_MAX);
	if (!keep_files(fd, answer))
		_exit(1);
	if (miyin_sandbox_enter(MIYIN_SANDBOX_RENDER, NULL, &error))
		traced = read_scan(name, &error);
	text = miyin_traced_format(traced, error);
	_exit(miyin_memfile_write(STDOUT_FILENO, text, strlen(text), NULL) ? 0
									   : 1);
}

static miyin_traced *read_answer(int answer, GError **error)
{
	g_autoptr(GBytes) bytes = miyin_memfile_map(answer, error);

	return bytes ? miyin_traced_parse(g_bytes_get_data(bytes, NULL),
					  g_bytes_get_size(bytes), error)
		     : NULL;
}

miyin_traced *miyin_trace_apart(int fd, const char *name, GError **error)
{
	g_autofree char *shown = g_filename_display_name(name);
	int answer = miyin_memfile_new("codes", error);
	miyin_traced *traced = NULL;
	int status = 0;
	pid_t pid;

	if (answer < 0)
		return NULL;
	pid = fork();
	if (pid == 0)
		read_apart(fd, name, answer);
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (pid < 0)
		g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM,
			    _("No process can be started: %s"),
			    g_strerror(errno));
	else if (status == 0)
		traced = read_answer(answer, error);
	else
		g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_INPUT,
			    _("%s cannot be read: the process that did so "
			      "came to its limits or was stopped by its "
			      "sandbox (status %d)."),
			    shown, status);
	close(answer);
	return traced;
}
