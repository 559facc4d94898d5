/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The sheet of a document: one that the queue has, or a size within the
 * limits of its printer. The paper is the queue's choice, not the size of
 * some page: N-up and booklet pages are landscape, and an omitted medium
 * prints on Letter.
 */
#ifndef MIYIN_COLLECT_PAPER_H
#define MIYIN_COLLECT_PAPER_H

#include <cups/cups.h>
#include <cups/ppd.h>
#include <glib.h>

typedef struct {
	char *page_size; /* PPD name: A4, Custom.300x400 */
	char *media;	 /* PWG name: iso_a4_210x297mm */
	unsigned edge;	 /* the widest margin that the printer leaves on it,
			    hundredths of millimetres; 0: not known */
	double width_pt, height_pt;
	double left_pt, right_pt, top_pt, bottom_pt; /* its margins */
} miyin_paper;

/*
 * Read it.
 *
 *   given   the user's options, n of them
 *   ppd     the gate's PPD with them marked; NULL: any paper that has a name
 *   paper   filled on success; its names are freed with g_free
 *
 * Errors: the refusals bad-option, for what has no such name here, and paper,
 * for a size that the printer does not take.
 */
gboolean miyin_paper_read(const cups_option_t *given, int n, ppd_file_t *ppd,
			  miyin_paper *paper, GError **error);

#endif
