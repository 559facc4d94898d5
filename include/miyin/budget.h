/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What one job may use, all its documents and all programs that work on them
 * together. Group [budget] of policy.conf:
 *
 *   input-mib = 512        of files that were sent, unpacked
 *   temporary-mib = 1024   of files and memory files at one time
 *   memory-mib = 2048      of memory at one time
 *   pages = 5000           of one document, counted before any layout
 *   seconds = 600          by the clock, until all is laid out, and as many
 *                          until all that is laid out was read
 *
 * All keys are needed where the group is; without it these values hold.
 */
#ifndef MIYIN_BUDGET_H
#define MIYIN_BUDGET_H

#include <glib.h>

typedef struct {
	unsigned input_mib, temporary_mib, memory_mib;
	unsigned pages, seconds;
} miyin_budget;

/* What a job came to the end of. */
typedef enum {
	MIYIN_BUDGET_KEPT,
	MIYIN_BUDGET_INPUT,
	MIYIN_BUDGET_TEMPORARY,
	MIYIN_BUDGET_MEMORY,
	MIYIN_BUDGET_PAGES,
	MIYIN_BUDGET_SECONDS,
	MIYIN_BUDGET_N_PARTS
} miyin_budget_part;

extern const miyin_budget miyin_budget_default;

/* Read the group, if it is there. Errors: INPUT with file, line and key. */
gboolean miyin_budget_read(GKeyFile *file, const char *path,
			   miyin_budget *budget, GError **error);

/* The refusal budget, which names the part and what it allows. */
GError *miyin_budget_refusal(const miyin_budget *budget,
			     miyin_budget_part part);

/*
 * For the environment of a program of ours. Parsing takes the defaults for
 * NULL and fails, with budget untouched, for what was not formatted here.
 */
#define MIYIN_BUDGET_VARIABLE "MIYIN_BUDGET"
char *miyin_budget_format(const miyin_budget *budget);
gboolean miyin_budget_parse(const char *text, miyin_budget *budget);

#endif
