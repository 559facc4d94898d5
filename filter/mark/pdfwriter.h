/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A PDF file as base plus tail: the base's bytes up to its cross-reference
 * table, then objects of our own, then one table over all of them. The
 * reader sees a file of one revision.
 *
 * Calling order: open, then reserve/write objects in any order, then close.
 * Memory: 8 bytes an object; the output is not kept.
 */
#ifndef MIYIN_PDFWRITER_H
#define MIYIN_PDFWRITER_H

#include <glib.h>
#include <miyin/sheets.h>

typedef struct miyin_pdfwriter miyin_pdfwriter;

/*
 * Start a file on fd with the base.
 *
 * Errors: INPUT when the base's table is not what sheets says, SYSTEM.
 */
miyin_pdfwriter *miyin_pdfwriter_open(int fd, GBytes *base,
				      const miyin_sheets *sheets,
				      GError **error);

/* The same without a base. */
miyin_pdfwriter *miyin_pdfwriter_open_empty(int fd);

/* A new object number. */
unsigned miyin_pdfwriter_reserve(miyin_pdfwriter *tail);

/* Write the object of a number: its text between "obj" and "endobj". */
void miyin_pdfwriter_write(miyin_pdfwriter *tail, unsigned object,
			   const char *text, gsize length);

/* Write a stream; dictionary is its entries without /Length and brackets. */
void miyin_pdfwriter_write_stream(miyin_pdfwriter *tail, unsigned object,
				  const char *dictionary, const void *bytes,
				  gsize length);

/* Write table and trailer, free. Errors: SYSTEM of any write before. */
gboolean miyin_pdfwriter_close(miyin_pdfwriter *tail, unsigned root,
			       GError **error);

/* Where the table of a whole file starts, and how many objects it has, into
 * sheets; FALSE when it ends in no classic table. */
gboolean miyin_pdfwriter_find(GBytes *file, miyin_sheets *sheets);

#endif
