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

void miyin_checkup_hole(miyin_checkup *c, const char *format, ...)
	G_GNUC_PRINTF(2, 3);

/* remarks: what is no hole, or NULL. */
void miyin_checkup_tell(miyin_checkup *c, char *const *problems,
			const GPtrArray *remarks);

/* Names as CUPS compares them. */
gboolean miyin_checkup_has(const GPtrArray *names, const char *name);

#endif
