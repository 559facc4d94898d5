/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "child.h"
#include <miyin/process.h>
#include <signal.h>

#define CPU_S 60
#define MEMORY_BYTES (G_GUINT64_CONSTANT(2) << 30)

int miyin_child_run(miyin_sandbox kind, int (*work)(gpointer data),
		    gpointer data, guint64 file_bytes)
{
	const miyin_process process = {
		.work = work,
		.data = data,
		.cpu_s = CPU_S,
		.memory_bytes = MEMORY_BYTES,
		.file_bytes = file_bytes,
		.death_signal = SIGKILL,
		.sandbox = &kind,
	};

	return miyin_process_run(&process);
}
