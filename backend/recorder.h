/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The process of the guard that writes into the register what became of a
 * device job. It has the rights of the service user, leaves the guard's group,
 * and outlives it: when the guard is gone without a word, it writes "killed".
 *
 *   start -> note_start (the job goes to the device) -> end
 */
#ifndef MIYIN_RECORDER_H
#define MIYIN_RECORDER_H

#include <miyin/config.h>
#include <miyin/register.h>

typedef struct miyin_recorder miyin_recorder;

/*
 * Ask the register whether this job may go to the device, and enter that it
 * does. NULL when it may not, which is an event of the register, or when
 * nobody knows. SIGPIPE is ignored from then on.
 *
 *   argv    of a backend
 *   fault   why it may not in any case, or NULL
 */
miyin_recorder *miyin_recorder_start(const miyin_config *config, char **argv,
				     const char *fault);

/* The device's backend is about to start: from now on nobody knows whether
 * something of the copy came out, should the guard be killed. FALSE when the
 * recorder is gone: nobody would write how it ended, so it must not start. */
gboolean miyin_recorder_note_start(miyin_recorder *recorder);

/* Write the end, once. FALSE when that could not be done. */
gboolean miyin_recorder_end(miyin_recorder *recorder,
			    const miyin_device_record *record);

/* Without an end before: the recorder writes "killed". NULL is fine. */
void miyin_recorder_free(miyin_recorder *recorder);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(miyin_recorder, miyin_recorder_free)

#endif
