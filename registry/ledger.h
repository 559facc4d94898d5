/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The log under the tables (doc/format-log.md): what a unit of work changes
 * becomes one entry of it, or a few, chained, sealed and under a signed head, in
 * the same transaction.
 *
 * Calling order, by work.c: the work itself touches rows and enters events;
 * commit before the store commits, done after it, drop when it is taken back.
 */
#ifndef MIYIN_LEDGER_H
#define MIYIN_LEDGER_H

#include "store.h"

miyin_ledger *miyin_ledger_new(const miyin_config *config);
void miyin_ledger_free(miyin_ledger *ledger);

/* The row of a table was written; it is read when the work is over. */
void miyin_ledger_touch(miyin_register *reg, const char *table, gint64 id);
void miyin_ledger_touch_content(miyin_register *reg, gint64 document,
				const char *content);

/* As miyin_store_insert, and touch it. */
gboolean miyin_ledger_insert(miyin_register *reg, const char *table,
			     const miyin_value *values, gint64 *id,
			     GError **error);

/* An event as its bytes, which are borrowed. */
void miyin_ledger_enter(miyin_register *reg, gint64 seq, GBytes *event);

/* Begin the log of a register that has none, with keys of its own and with what
 * the register has. Part of a unit of work. Errors: SYSTEM. */
gboolean miyin_ledger_begin(miyin_register *reg, GError **error);

/* Errors: SYSTEM, also when a key is missing; BUSY. */
gboolean miyin_ledger_commit(miyin_register *reg, GError **error);
void miyin_ledger_done(miyin_register *reg);
void miyin_ledger_drop(miyin_register *reg);

#endif
