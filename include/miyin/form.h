/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A form to fill in by hand: a title and tables, all words finished. The
 * backend writes it, miyinmark draws it as a PDF that is then marked like any
 * document. Key file text, doc/format-form.md.
 */
#ifndef MIYIN_FORM_H
#define MIYIN_FORM_H

#include <glib.h>

#define MIYIN_FORM_COLUMNS_MAX 10
#define MIYIN_FORM_ROWS_MAX 2000

typedef struct {
	unsigned n_columns;
	unsigned widths[MIYIN_FORM_COLUMNS_MAX]; /* parts of their sum */
	char **heading;	 /* of each column, repeated on every page;
				   none when its first is "" */
	double least_pt; /* height of a row */
	GPtrArray *rows; /* of char **: n_columns texts each */
} miyin_form_table;

typedef struct {
	double width_pt, height_pt;
	char *title;
	GPtrArray *tables; /* of miyin_form_table */
} miyin_form;

miyin_form *miyin_form_new(double width_pt, double height_pt,
			   const char *title);
void miyin_form_free(miyin_form *form);

/* Add a table. widths and heading have n_columns entries. Owned by the form. */
miyin_form_table *miyin_form_add_table(miyin_form *form, unsigned n_columns,
				       const unsigned *widths,
				       const char *const *heading,
				       double least_pt);

/* Add a row; texts beyond the end of the list are "". */
void miyin_form_add_row(miyin_form_table *table, const char *const *texts);

char *miyin_form_format(const miyin_form *form);

/* Errors: INPUT. */
miyin_form *miyin_form_parse(const char *text, gsize length, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(miyin_form, miyin_form_free)

#endif
