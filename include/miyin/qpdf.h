/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Small steps over qpdf's C API that prepare and annotations share. Handles
 * given to a function with take_ in its name are released by it.
 */
#ifndef MIYIN_QPDF_H
#define MIYIN_QPDF_H

#include <glib.h>
#include <qpdf/qpdf-c.h>

/* dict[key] = value */
void miyin_qpdf_set(qpdf_data q, qpdf_oh dict, const char *key,
		    qpdf_oh take_value);

/* dict[key], or a null: also of what is no dictionary. */
qpdf_oh miyin_qpdf_get(qpdf_data q, qpdf_oh dict, const char *key);

/* An array of numbers. */
qpdf_oh miyin_qpdf_numbers(qpdf_data q, const double *numbers, int n);

/* A rectangle with its corners in order; FALSE when it has no area. */
gboolean miyin_qpdf_get_rect(qpdf_data q, qpdf_oh dict, const char *key,
			     double rect[4]);

/* To what both have; one beside the other cuts nothing. */
void miyin_qpdf_cut_rect(double rect[4], const double by[4]);

/* /Rotate of a page, 0 to 359 degrees clockwise. */
int miyin_qpdf_get_turn(qpdf_data q, qpdf_oh page);

/* A number, or otherwise. */
double miyin_qpdf_get_number(qpdf_data q, qpdf_oh dict, const char *key,
			     double otherwise);

/* A new stream that holds bytes, flate-compressed. */
qpdf_oh miyin_qpdf_stream(qpdf_data q, const void *bytes, gsize length);

/* Read a document, without a word on stderr; the bytes stay until q ends. FALSE
 * when that fails. */
gboolean miyin_qpdf_open(qpdf_data q, gconstpointer bytes, gsize length);

/* Write all of a document to a memory file. FALSE when that fails. */
gboolean miyin_qpdf_write(qpdf_data q, int fd);

/* Make a stream a form XObject. resources may be 0. */
void miyin_qpdf_make_form(qpdf_data q, qpdf_oh stream, const double bbox[4],
			  qpdf_oh take_resources);

#endif
