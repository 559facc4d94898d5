/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A list of the register on its way to standard output, in the form that was
 * asked for; what is ready is printed while more rows come.
 *
 * Calling order: open, add for each row, end, clear.
 */
#ifndef MIYIN_PRINTOUT_H
#define MIYIN_PRINTOUT_H

#include "selection.h"
#include "table.h"

typedef struct {
	miyin_table *table;
	miyin_table_form form;
	GTimeZone *zone;
	miyin_levels *levels;
	const char *scheme_dir; /* borrowed */
} miyin_printout;

/* Columns are borrowed: those for people, and those of CSV and JSON. */
void miyin_printout_open(miyin_printout *out, const miyin_selection *typed,
			 const miyin_column *people, const miyin_column *fields,
			 const miyin_config *config);
void miyin_printout_add(miyin_printout *out, const char *const *cells);
void miyin_printout_end(miyin_printout *out);
void miyin_printout_clear(miyin_printout *out);

/* What stands in a field of CSV, which people read, and of JSON. */
const char *miyin_printout_word(const miyin_printout *out, const char *id);
/* Free with g_free. */
char *miyin_printout_level(const miyin_printout *out, const char *scheme,
			   const char *level);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(miyin_printout, miyin_printout_clear)

#endif
