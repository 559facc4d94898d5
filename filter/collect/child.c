/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "child.h"
#include <miyin/process.h>
#include <signal.h>

#define CPU_S 60
#define MEMORY_BYTES (G_GUINT64_CONSTANT(2) << 30)

miyin_child_end miyin_child_run(miyin_sandbox kind, int (*work)(gpointer data),
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

	switch (miyin_process_run(&process)) {
	case -1:
		return MIYIN_CHILD_NOT_STARTED;
	case 0:
		return MIYIN_CHILD_DONE;
	default:
		return MIYIN_CHILD_FAILED;
	}
}
