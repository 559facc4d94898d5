/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Entering events: first as bytes (event.h), which the log has (ledger.h), then
 * as the row that is made from them.
 */
#ifndef MIYIN_ENTRIES_H
#define MIYIN_ENTRIES_H

#include "store.h"

/* Now, as the register writes it. Free with g_free. */
char *miyin_entries_now(void);

/* What an event has of a request. */
miyin_event miyin_entries_of(const miyin_request *request);

/* Enter an event; its time and server are the register's. Part of the caller's
 * unit of work. Errors: INPUT, SYSTEM. */
gboolean miyin_entries_add(miyin_register *reg, const miyin_event *event,
			   GError **error);

/* The same about a copy, the row of which is given: event, result, pages and
 * detail are step's; who, what and where come from its job. */
gboolean miyin_entries_add_step(miyin_register *reg, gint64 copy,
				const miyin_event *step, GError **error);

/* The number of the last event, or 0. Errors: SYSTEM, BUSY. */
gboolean miyin_entries_find_last(miyin_register *reg, gint64 *seq,
				 GError **error);

/* The event of a row of its table, all columns of it, kept in text. */
void miyin_entries_read(miyin_rows *row, miyin_event *event,
			GStringChunk *text);

#endif
