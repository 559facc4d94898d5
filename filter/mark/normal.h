/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What has operators, in its normal form: pages, forms, tiling patterns and
 * the glyphs of Type 3 fonts, at any depth. Each closes what it opens, names
 * its resources by names of ours, and has those that it uses and no others.
 */
#ifndef MIYIN_NORMAL_H
#define MIYIN_NORMAL_H

#include <glib.h>
#include <qpdf/qpdf-c.h>
#include "inert.h"

/* The content of a page as a form. */
qpdf_oh miyin_normal_page(miyin_inert *n, qpdf_oh page, const double bbox[4]);

/* A form XObject that has resources of its own, or none: an annotation's
 * appearance, the group of a soft mask. 0 when it is none or a layer hides it.
 */
qpdf_oh miyin_normal_form(miyin_inert *n, qpdf_oh stream);

/* The procedures of a Type 3 font, under names whose bytes are letters, and the
 * resources that they use, into a new font. */
void miyin_normal_glyphs(miyin_inert *n, qpdf_oh font, qpdf_oh clean);

#endif
