/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Work on a user's bytes by our own code and libraries, in a process of its
 * own: no program, no network; the bytes are mapped and its results are memory
 * files that were open before.
 */
#ifndef MIYIN_COLLECT_CHILD_H
#define MIYIN_COLLECT_CHILD_H

#include <glib.h>
#include <miyin/sandbox.h>

typedef enum {
	MIYIN_CHILD_DONE,
	MIYIN_CHILD_FAILED, /* it said so, or ended in another way */
	MIYIN_CHILD_NOT_STARTED
} miyin_child_end;

/*
 * Do it and wait.
 *
 *   kind         PARSE, or RENDER where it draws words
 *   work         returns 0 when it is done
 *   file_bytes   that it may write into one file
 */
miyin_child_end miyin_child_run(miyin_sandbox kind, int (*work)(gpointer data),
				gpointer data, guint64 file_bytes);

#endif
