/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A plain text on pages: each character in a cell of its line, wide ones in two,
 * as CUPS' own filter of texts has it, but in fonts with Chinese.
 */
#ifndef MIYIN_COLLECT_LINES_H
#define MIYIN_COLLECT_LINES_H

#include <glib.h>
#include <miyin/budget.h>

/* As the reader holds the page. */
typedef struct {
	double width_pt, height_pt;
	double left_pt, right_pt, top_pt, bottom_pt;
	double cpi, lpi;  /* characters and lines to the inch */
	unsigned columns; /* of text */
	gboolean wrap;	  /* else lines are cut where they are full */
} miyin_lines;

/* Cells of a line of a column, and lines of a page; 0: there is no room. */
unsigned miyin_lines_cells(const miyin_lines *lines);
unsigned miyin_lines_rows(const miyin_lines *lines);

/*
 * Set it, in a sandbox, and not much more pages than the budget has.
 *
 *   text   a memory file of UTF-8
 *
 * Returns a sealed memory file, a PDF, or -1.
 * Errors: the refusals bad-glyph, no-pages, too-large, server; SYSTEM.
 */
int miyin_lines_set(int text, const miyin_lines *lines,
		    const miyin_budget *budget, GError **error);

#endif
