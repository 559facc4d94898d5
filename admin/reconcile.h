/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The printers' own counters against the register: paper that the register
 * does not know came out around the gate.
 */
#ifndef MIYIN_RECONCILE_H
#define MIYIN_RECONCILE_H

#include <glib.h>
#include <miyin/config.h>

/*
 * Read the counter of each printer behind these gates, enter it as an event,
 * and compare it with what was printed since the reading before.
 *
 *   gates   names of gate queues; one without saved settings is left out
 *
 * Returns a sentence for each difference; free with g_strfreev. A printer that
 * never told its counter is left out.
 */
char **miyin_reconcile(const miyin_config *config, const GPtrArray *gates);

#endif
