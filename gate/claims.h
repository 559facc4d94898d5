/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a record claims. Its words come from a process that reads what users
 * send, and are as hostile as they: each field is looked at again before
 * anything else reads it. doc/format-frame.md has the fields.
 */
#ifndef MIYIN_CLAIMS_H
#define MIYIN_CLAIMS_H

#include <glib.h>
#include <miyin/frame.h>

/*
 * Check the fields of a record and clean its texts, in place: each field is
 * one of those that a record of this type has, no oftener and no longer than
 * it may be, and made as it must be.
 *
 * Errors: INPUT, for programmers; the record is then not to be read.
 */
gboolean miyin_claims_check(miyin_frame *frame, GError **error);

/*
 * The refusal that a RJCT record stands for. Its sentence must be one that a
 * collector may say, in the language that is spoken here, with clean arguments
 * in it; any other becomes the refusal stream.
 */
GError *miyin_claims_refusal(const miyin_frame *frame);

#endif
