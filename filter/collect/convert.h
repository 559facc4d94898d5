/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any input into one clean single-copy PDF, by cups-filters' own programs.
 */
#ifndef MIYIN_COLLECT_CONVERT_H
#define MIYIN_COLLECT_CONVERT_H

#include <glib.h>
#include "input.h"
#include "options.h"

typedef struct {
	int pdf;	   /* laid out, one copy */
	int source;	   /* the document before any layout as a plain
			      PDF, or -1: a picture has none */
	gboolean repaired; /* a PDF that only a repair made readable */
	char *turns;	   /* quarters clockwise that the reader of each page
			      turns it, a digit a page; "" when none is */
} miyin_converted;	   /* memory files, at their start and sealed */

/*
 * Convert and lay out.
 *
 *   job         for the programs' argv; a harmless word
 *   converted   filled only on success; to be cleared
 *
 * Errors: the refusals password, encrypted, forbidden, no-pages, damaged,
 * too-large, budget, raw-data, unsupported-format, server; SYSTEM.
 */
gboolean miyin_convert(const miyin_input *input, const miyin_options *options,
		       const char *job, const miyin_budget *budget,
		       miyin_converted *converted, GError **error);
void miyin_converted_clear(miyin_converted *converted);

#endif
