/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The making of a copy: its order, and the stamped and verified PDF. The next
 * copies of a job are made by processes of their own while one prints, as many
 * as there are cores, four at most, and behind what others wait for. That is
 * work done early and nothing else: each is claimed when it is sent, and where
 * one fails the copy is made again, so that whoever waits for it hears why.
 */
#ifndef MIYIN_MAKING_H
#define MIYIN_MAKING_H

#include <miyin/print.h>

/* Begin with a copy, unless it is begun. FALSE: there is no room for it now. */
gboolean miyin_making_begin(miyin_printing *printing,
			    const miyin_document *document,
			    const miyin_copy *copy);

/* Whether a copy that was begun is made, and well. */
gboolean miyin_making_is_ready(miyin_printing *printing,
			       const miyin_copy *copy);

/*
 * A copy's PDF; what was verified of it stands in the copy then.
 *
 * Returns a memory file, or -1. Errors: as miyin_engine_copy.
 */
int miyin_making_take(miyin_printing *printing, const miyin_document *document,
		      miyin_copy *copy, GError **error);

/* End what was begun and is not wanted any more. */
void miyin_making_drop(miyin_printing *printing);

#endif
