/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How far the register came, in a file beside it that no backup replaces. An
 * older register in its place would give out the serials of paper that is out
 * there a second time.
 */
#ifndef MIYIN_HEAD_H
#define MIYIN_HEAD_H

#include "store.h"

typedef struct {
	gint64 seq; /* of an event, its hash and time */
	char hash[65], at[32];
	gint64 found; /* the last event of a register that came back without
			 that one, or -1 */
} miyin_head;

/* What the file is to say once this unit of work is committed; and write that.
 * Errors: SYSTEM. */
gboolean miyin_head_read(miyin_register *reg, miyin_head *head, GError **error);
gboolean miyin_head_write(miyin_register *reg, const miyin_head *head,
			  GError **error);

#endif
