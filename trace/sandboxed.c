/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <miyin/error.h>
#include <miyin/memfile.h>
#include <miyin/process.h>
#include <miyin/sandbox.h>
#include <miyin/trace.h>
#include "traced.h"

/* A stack of 2000 sheets without a code takes about an hour. */
#define CPU_S 7200
/* A page of 200 megapixels in colour, and what is made of it. */
#define MEMORY_BYTES (G_GUINT64_CONSTANT(4) << 30)
static miyin_traced *read_scan(const char *name, GError **error)
{
	FILE *file = fdopen(STDIN_FILENO, "rb");
	g_autoptr(miyin_picture) picture = NULL;

	setMsgSeverity(L_SEVERITY_NONE);
	picture = miyin_picture_open(file, name, error);
	return picture ? miyin_trace_picture(picture, error) : NULL;
}

/* In the child: the scan is 0, the answer 1. Nothing of its words reaches the
 * terminal but the answer. */
static int read_apart(gpointer name)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(miyin_traced) traced = NULL;
	g_autofree char *text = NULL;

	miyin_sandbox_clear_environment("LANGUAGE");
	if (miyin_sandbox_enter(MIYIN_SANDBOX_RENDER, NULL, &error))
		traced = read_scan(name, &error);
	text = miyin_traced_format(traced, error);
	return !miyin_memfile_write(STDOUT_FILENO, text, strlen(text), NULL);
}

static int run(int fd, const char *name, int answer)
{
	g_auto(miyin_fd) none = open("/dev/null", O_RDWR | O_CLOEXEC);
	const miyin_process process = {
		.work = read_apart,
		.data = (gpointer)name,
		.fds = { fd, answer, none },
		.n_fds = 3,
		.cpu_s = CPU_S,
		.memory_bytes = MEMORY_BYTES,
		.file_bytes = MIYIN_TRACED_MAX,
		.death_signal = SIGKILL,
	};

	return none < 0 ? -1 : miyin_process_run(&process);
}

miyin_traced *miyin_trace_sandboxed(int fd, const char *name, GError **error)
{
	g_autofree char *shown = g_filename_display_name(name);
	g_auto(miyin_fd) answer = miyin_memfile_new("codes", error);
	g_autoptr(GBytes) bytes = NULL;
	int status;

	if (answer < 0)
		return NULL;
	status = run(fd, name, answer);
	if (status == 0)
		bytes = miyin_memfile_map(answer, error);
	else if (status < 0)
		miyin_fail(error, MIYIN_ERROR_SYSTEM,
			   _("No process can be started: %s"),
			   g_strerror(errno));
	else
		miyin_fail(error, MIYIN_ERROR_INPUT,
			   _("%s cannot be read: the process that did so "
			     "came to its limits or was stopped by its "
			     "sandbox (status %d)."),
			   shown, status);
	return bytes ? miyin_traced_parse(g_bytes_get_data(bytes, NULL),
					  g_bytes_get_size(bytes), error)
		     : NULL;
}
