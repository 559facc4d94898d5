/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the lines of a copy must show, painted straight onto a canvas in the
 * letters of the machine's own fonts. No PDF and no font of ours is on that way,
 * so what gets lost on the copy's stands here.
 */
#ifndef MIYIN_REFERENCE_H
#define MIYIN_REFERENCE_H

#include <cairo.h>
#include "marks.h"

typedef struct miyin_reference miyin_reference;

/* Both are borrowed and must live as long. Errors: as miyin_marks_new. */
miyin_reference *miyin_reference_new(const miyin_order *order,
				     const miyin_sheets *sheets,
				     GError **error);
void miyin_reference_free(miyin_reference *reference);

/* The face of a page, 0 up. */
const miyin_face *miyin_reference_face(const miyin_reference *reference,
				       unsigned page);

/*
 * Paint a part of a page, as its reader holds it.
 *
 *   view   of the sheet, points; its pixels begin in its upper left corner
 *
 * Returns a picture that is valid until the next one is painted; one that holds
 * nothing when there is no memory for it.
 */
cairo_surface_t *miyin_reference_paint(miyin_reference *reference,
				       unsigned page, miyin_box view,
				       double dpi);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(miyin_reference, miyin_reference_free)

#endif
