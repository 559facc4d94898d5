/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What doctor looks at, and what it found. Each hole is one line that says what
 * is wrong, why it matters and what to do.
 */
#ifndef MIYIN_CHECKUP_H
#define MIYIN_CHECKUP_H

#include <glib.h>
#include <miyin/config.h>

typedef struct {
	const miyin_config *config;
	GPtrArray *queues;  /* of miyin_queue, all of the scheduler; or NULL */
	char **protected;   /* names with something saved */
	GPtrArray *gates;   /* names of gate queues, those and others */
	GPtrArray *devices; /* their device queues, in the same order */
	unsigned n_holes;
} miyin_checkup;

void miyin_checkup_clear(miyin_checkup *c);

void miyin_checkup_hole(miyin_checkup *c, const char *format, ...)
	G_GNUC_PRINTF(2, 3);

/* What is no hole, but whoever looks should know it. */
void miyin_checkup_remark(const char *format, ...) G_GNUC_PRINTF(1, 2);

/* Names as CUPS compares them. */
gboolean miyin_checkup_has(const GPtrArray *names, const char *name);

/* ---- the checks, each in the file of its name ------------------------------ */

/* Gates, their device queues and their neighbours: is each what protect made
 * it, and does nothing else lead to its printer? */
void miyin_checkqueues(miyin_checkup *c);

/* cupsd.conf: is our block in it, and does nothing beside it undo it? */
void miyin_checkconf(miyin_checkup *c);

/* Would policy.conf or a scheme stop the printing, or say what nobody means? */
void miyin_ruleshealth_check(miyin_checkup *c);

/* Has this server what printing needs: room for documents, and the time? */
void miyin_serverhealth_check(miyin_checkup *c);

/* cups-files.conf, which the scheduler shows to nobody: what in it opens a way
 * around the gate? */
void miyin_cupsfiles_check(miyin_checkup *c);

/* Who owns miyin's files, and who else may touch them? All of the protection
 * rests on this: whoever can change the backend, the policy or the keys needs
 * no way around the gate. */
void miyin_ownership_check(miyin_checkup *c);

/* Read the counter of each printer behind the gates, enter it as an event, and
 * compare it with what was printed since the reading before: paper that the
 * register does not know came out around the gate. A printer that never told
 * its counter is left out. */
void miyin_reconcile(miyin_checkup *c);

/* Is the register whole, on safe ground, saved elsewhere, and are its keys the
 * keys that its paper was printed with? Before the first queue was protected
 * there is none. */
void miyin_registerhealth_check(miyin_checkup *c);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(miyin_checkup, miyin_checkup_clear)

#endif
