/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The cell for code that touches user data: afterwards the process can read
 * and write the descriptors it has, use memory, and end. No network, no
 * program, no process, no file but, for rendering, the fonts.
 *
 * Source: measured list of system calls in facts of security.md 2.2.
 */
#ifndef MIYIN_SANDBOX_H
#define MIYIN_SANDBOX_H

#include <glib.h>

typedef enum {
	MIYIN_SANDBOX_PARSE,	/* no file at all */
	MIYIN_SANDBOX_RENDER,	/* fonts and their maps, to read */
} miyin_sandbox;

/*
 * Enter, for good.
 *
 *   landlock   FALSE afterwards when the kernel has none: then system calls
 *              alone hold the cell; may be NULL
 *
 * Errors: SYSTEM when the system call filter cannot be set.
 */
gboolean miyin_sandbox_enter(miyin_sandbox kind, gboolean *landlock,
			     GError **error);

#endif
