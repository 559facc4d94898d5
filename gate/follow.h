/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A copy that was sent, to its end (miyin_print_follow in print.h), and the one
 * that waits behind it.
 */
#ifndef MIYIN_GATE_FOLLOW_H
#define MIYIN_GATE_FOLLOW_H

#include <miyin/print.h>

/* Told to end, or nobody reads what we say. */
gboolean miyin_follow_is_stopped(const miyin_printing *printing);

/* The first copy behind the one that is followed that is reserved or being
 * sent; its document is set. NULL: there is none. */
miyin_copy *miyin_follow_next(const miyin_printing *printing,
			      miyin_document **document);

/* Cancel its device job, if it has one: it would print once the one before it
 * is over. */
void miyin_follow_cancel_next(const miyin_printing *printing);

/*
 * Enter what became of a copy, and count it.
 *
 *   counts   in the outcome
 *
 * error tells the user why it did not come out.
 */
miyin_print_end miyin_follow_settle(miyin_printing *printing, miyin_copy *copy,
				    gboolean counts,
				    const miyin_delivered *result,
				    GError **error);

#endif
