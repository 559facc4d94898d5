/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The annotations that print, drawn into one form XObject. Whether one prints
 * is its Print flag's decision, never that of the screen's flags; one on a
 * layer that is off does not. Source: ISO 32000-1 12.5.3 (flags), 12.5.5
 * algorithm 8.1.
 */
#ifndef MIYIN_ANNOTATIONS_H
#define MIYIN_ANNOTATIONS_H

#include <glib.h>
#include <qpdf/qpdf-c.h>
#include "inert.h"

/*
 * Make the form of a page's printable annotations.
 *
 *   bbox   the form's bounding box, page space
 *   form   an indirect stream of q; set only when TRUE is returned
 *
 * Returns FALSE when none of them prints.
 */
gboolean miyin_annotations_form(miyin_inert *n, qpdf_oh page,
				const double bbox[4], qpdf_oh *form);

#endif
