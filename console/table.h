/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rows of the register on their way out: as a table for people, as CSV for WPS
 * and Excel, or as JSON for programs; and the cells in them: times, words and
 * levels as people read and type them.
 *
 * Calling order: new, then add for each row and now and then flush, format
 * once, free. What was flushed takes no memory any more.
 */
#ifndef MIYIN_TABLE_H
#define MIYIN_TABLE_H

#include <glib.h>

typedef enum {
	MIYIN_TABLE_PEOPLE,
	MIYIN_TABLE_CSV,  /* UTF-8 with BOM, CRLF */
	MIYIN_TABLE_JSON, /* one array of objects */
} miyin_table_form;

typedef enum {
	MIYIN_CELL_TEXT,
	MIYIN_CELL_NUMBER, /* right-aligned; a JSON number, null when "" */
	MIYIN_CELL_SERIAL, /* the same, with six digits but in JSON */
} miyin_cell_kind;

typedef struct {
	const char *name; /* people: translated; CSV and JSON: stable, but
			     CSV translates it (context "heading") */
	miyin_cell_kind kind;
	/* Only for people on a terminal: */
	unsigned least; /* may be cut down to this width; 0: never cut */
	unsigned leave; /* 1 is left out first, 2 next ...; 0: stays */
} miyin_column;

typedef struct miyin_table miyin_table;

/*
 * Begin a table.
 *
 *   columns   borrowed, ends with a NULL name
 *   width     of the terminal; 0: lines may have any length
 *
 * A table for people whose first name is "" has no line of names.
 */
miyin_table *miyin_table_new(miyin_table_form form, const miyin_column *columns,
			     unsigned width);
void miyin_table_free(miyin_table *table);

/*
 * Add a row.
 *
 *   cells   one per column, NULL counts as ""; numbers as decimal digits
 *
 * Characters that could steer a terminal or turn its text around become
 * U+FFFD; CSV and JSON keep line ends and tabs, quoted.
 */
void miyin_table_add(miyin_table *table, const char *const *cells);

unsigned miyin_table_count(const miyin_table *table);

/*
 * The text of the rows since the last flush, which are forgotten: to be printed
 * while more rows come. NULL when there are too few to be worth it. Columns
 * for people get no narrower than they were.
 */
char *miyin_table_flush(miyin_table *table);

/* The rest of the text, or all of it. A table for people without rows is "". */
char *miyin_table_format(miyin_table *table);

/* Columns of the terminal on this descriptor, 0 when it is none. */
unsigned miyin_table_terminal_width(int fd);

/* ---- cells ------------------------------------------------------------ */

/* Text that is safe to print on a terminal. NULL gives "". */
char *miyin_table_clean(const char *text);

/* A number, or "" for 0. */
char *miyin_table_format_number(guint64 number);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(miyin_table, miyin_table_free)

#endif
