/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The control sheet (发放控制单) of a document as a form: what was made for
 * whom, where each holder signs, and where spoilt pages are written off. In
 * the language of the level, not of the user: it is kept with the paper.
 */
#ifndef MIYIN_CONTROLSHEET_H
#define MIYIN_CONTROLSHEET_H

#include <miyin/form.h>
#include <miyin/scheme.h>

typedef struct {
	unsigned serial;
	const char *holder;
} miyin_controlsheet_row;

/*
 * Write the form, upright on the document's paper, however that is turned.
 *
 *   words    of the document's copies; original: serial of its first copy, NULL
 *            if they are the first
 *   job      print job, Office-12
 *   rows     one a copy, at least one
 */
miyin_form *miyin_controlsheet_new(const miyin_words *words, const char *job,
				   const miyin_controlsheet_row *rows,
				   unsigned n_rows, double width_pt,
				   double height_pt);

/* 000001–000003. Free with g_free. */
char *miyin_controlsheet_serials(const miyin_controlsheet_row *rows,
				 unsigned n_rows);

/* Its name, and what stands on it in the place of a serial; by the text of
 * the level. */
const char *miyin_controlsheet_name(const char *level);
const char *miyin_controlsheet_mark(const char *level);

#endif
