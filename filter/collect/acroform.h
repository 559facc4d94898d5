/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a PDF leaves to whoever shows it and layout does not do, or does wrong:
 * the values of forms' fields are drawn, and annotations of layers that are off
 * go. Where a field has an appearance and nobody says that it is old, that
 * stays; a font that it lacks is taken from the form.
 */
#ifndef MIYIN_COLLECT_ACROFORM_H
#define MIYIN_COLLECT_ACROFORM_H

#include <glib.h>
#include <qpdf/qpdf-c.h>

/* Whether an open document has fields, or layers. */
gboolean miyin_acroform_is_wanted(qpdf_data q);

/* A sealed memory file of the document, drawn, in a sandbox: the same one again
 * where nothing had to be. -1 when that cannot be done. */
int miyin_acroform_draw(int pdf);

#endif
