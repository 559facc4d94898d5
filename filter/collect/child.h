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

/*
 * Do it and wait.
 *
 *   kind         PARSE, or RENDER where it draws words
 *   work         returns 0 when it is done
 *   file_bytes   that it may write into one file
 *
 * Returns 0 when it is done, -1 when it was not started; else it failed.
 */
int miyin_child_run(miyin_sandbox kind, int (*work)(gpointer data),
		    gpointer data, guint64 file_bytes);

#endif
