/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Small steps over qpdf's C API that prepare and annotations share. Handles
 * given to a function with take_ in its name are released by it.
 */
#ifndef MIYIN_QPDFBITS_H
#define MIYIN_QPDFBITS_H

#include <glib.h>
#include <qpdf/qpdf-c.h>

/* dict[key] = value */
void miyin_qpdf_set(qpdf_data q, qpdf_oh dict, const char *key,
		    qpdf_oh take_value);

/* An array of numbers. */
qpdf_oh miyin_qpdf_numbers(qpdf_data q, const double *numbers, int n);

/* A rectangle with its corners in order; FALSE when it has no area. */
gboolean miyin_qpdf_get_rect(qpdf_data q, qpdf_oh dict, const char *key,
			     double rect[4]);

/* A number, or otherwise. */
double miyin_qpdf_get_number(qpdf_data q, qpdf_oh dict, const char *key,
			     double otherwise);

/* A new stream that holds bytes, flate-compressed. */
qpdf_oh miyin_qpdf_stream(qpdf_data q, const void *bytes, gsize length);

/* Make a stream a form XObject. resources may be 0. */
void miyin_qpdf_make_form(qpdf_data q, qpdf_oh stream, const double bbox[4],
			  qpdf_oh take_resources);

#endif
