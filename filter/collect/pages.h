/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How many pages a PDF really has. Its own word for it may be a lie, and a file
 * of a few hundred bytes may have a thousand million.
 */
#ifndef MIYIN_COLLECT_PAGES_H
#define MIYIN_COLLECT_PAGES_H

#include <glib.h>

typedef struct {
	unsigned n_pages; /* 0 for what qpdf cannot read */
	gboolean form;	  /* miyin_acroform_is_wanted */
	int bare;	  /* a sealed memory file of the same pages as
			     miyin_bare_write draws them, to be closed, or -1 */
} miyin_counted;

/*
 * Walk the page tree, in a sandbox, up to one page more than most.
 *
 *   turns   as for miyin_bare_write
 *
 * Errors: SYSTEM.
 */
gboolean miyin_pages_count(int pdf, unsigned most, gboolean turns,
			   miyin_counted *counted, GError **error);

/*
 * One file of the pages of several, in a sandbox.
 *
 *   files   of int: memory files, ours
 *
 * Returns a sealed memory file, or -1. Errors: damaged, SYSTEM.
 */
int miyin_pages_join(const GArray *files, GError **error);

#endif
