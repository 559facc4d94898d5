/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "child.h"
#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

#define CPU_S 60
#define MEMORY_BYTES (G_GUINT64_CONSTANT(2) << 30)

static G_GNUC_NORETURN void become(miyin_sandbox kind,
				   gboolean (*work)(gpointer data),
				   gpointer data, guint64 file_bytes)
{
	miyin_sandbox_limit(CPU_S, MEMORY_BYTES, file_bytes);
	_exit(!miyin_sandbox_enter(kind, NULL, NULL) || !work(data));
}

miyin_child_end miyin_child_run(miyin_sandbox kind,
				gboolean (*work)(gpointer data), gpointer data,
				guint64 file_bytes)
{
	pid_t pid = fork();
	int status = -1;

	if (pid == 0)
		become(kind, work, data, file_bytes);
	if (pid < 0)
		return MIYIN_CHILD_NOT_STARTED;
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0
		       ? MIYIN_CHILD_DONE
		       : MIYIN_CHILD_FAILED;
}
