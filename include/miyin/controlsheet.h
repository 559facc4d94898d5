/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The control sheet (发放控制单) of a document as a form: what was made for
 * whom, where each holder signs, and where spoilt pages are written off. In
 * the words of the scheme, not the user's language: it is kept with the paper.
 */
#ifndef MIYIN_CONTROLSHEET_H
#define MIYIN_CONTROLSHEET_H

#include <miyin/form.h>
#include <miyin/scheme.h>

typedef struct {
	unsigned serial;
	const char *holder;
} miyin_controlsheet_row;

typedef struct {
	const miyin_scheme *scheme;
	const miyin_words *words; /* of the document's copies; original: serial
				     of its first copy, NULL if they are the
				     first */
	const char *job;	  /* print job, Office-12 */
	const miyin_controlsheet_row *rows; /* one a copy, at least one */
	unsigned n_rows;
	double width_pt, height_pt; /* of the document's paper */
} miyin_controlsheet;

/* Write the form, upright however the paper is turned. */
miyin_form *miyin_controlsheet_new(const miyin_controlsheet *sheet);

/* 000001–000003. Free with g_free. */
char *miyin_controlsheet_serials(const miyin_controlsheet_row *rows,
				 unsigned n_rows);

/* Its name, and what stands on it in the place of a serial; level is the text
 * of one, which chooses the words of a scheme that has none of its own. */
const char *miyin_controlsheet_name(const miyin_scheme *scheme,
				    const char *level);
const char *miyin_controlsheet_mark(const miyin_scheme *scheme,
				    const char *level);

/* The words of group [control] of a scheme, and the key of each of them. Free
 * with g_strfreev. */
char **miyin_controlsheet_read(miyin_keyfile_group *g);
const char *miyin_controlsheet_key(unsigned i);

#endif
