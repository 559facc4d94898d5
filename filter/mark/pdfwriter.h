/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A PDF file as base plus tail: the base's bytes up to its cross-reference
 * table, then objects of our own, then one table over all of them. The
 * reader sees a file of one revision.
 *
 * Calling order: open, then reserve/write objects in any order, then close.
 * Memory: 8 bytes an object; the output is not kept.
 */
#ifndef MIYIN_TAIL_H
#define MIYIN_TAIL_H

#include <glib.h>
#include <miyin/sheets.h>

typedef struct miyin_tail miyin_tail;

/*
 * Start a file on fd with the base.
 *
 * Errors: INPUT when the base's table is not what sheets says, SYSTEM.
 */
miyin_tail *miyin_tail_open(int fd, GBytes *base, const miyin_sheets *sheets,
			    GError **error);

/* A new object number. */
unsigned miyin_tail_reserve(miyin_tail *tail);

/* Write the object of a number: its text between "obj" and "endobj". */
void miyin_tail_write(miyin_tail *tail, unsigned object, const char *text,
		      gsize length);

/* Write a stream; dictionary is its entries without /Length and brackets. */
void miyin_tail_write_stream(miyin_tail *tail, unsigned object,
			     const char *dictionary, const void *bytes,
			     gsize length);

/* Write table and trailer, free. Errors: SYSTEM of any write before. */
gboolean miyin_tail_close(miyin_tail *tail, unsigned root, GError **error);

/* Where the table of a whole file starts, and how many objects it has, into
 * sheets; FALSE when it ends in no classic table. */
gboolean miyin_tail_find(GBytes *file, miyin_sheets *sheets);

#endif
