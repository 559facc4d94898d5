/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where a page has ink, in cells of a point (larger ones on very large sheets).
 * Whoever is told that a box is free can be sure of it to a cell beyond its
 * edges: a letter whose tops were cut off may be another one.
 */
#ifndef MIYIN_INK_H
#define MIYIN_INK_H

#include <cairo.h>
#include <glib.h>
#include "place.h"

typedef struct miyin_ink miyin_ink;

/* Pixels of a picture that miyin_ink_new can read, along a cell's side. */
#define MIYIN_INK_CELL_PX 2

/* Of what the picture of a sheet of this size must have, in 1/72 in. */
double miyin_ink_dpi(double width_pt, double height_pt);

/*
 * Read a picture of a whole sheet.
 *
 *   surface   RGB24 at miyin_ink_dpi; NULL: all of the sheet is ink
 */
miyin_ink *miyin_ink_new(double width_pt, double height_pt,
			 cairo_surface_t *surface);
void miyin_ink_free(miyin_ink *ink);

/* Whether there is any in a box or within a cell around it; points, origin at
 * the sheet's lower left. */
gboolean miyin_ink_is_in(const miyin_ink *ink, miyin_box box);

/* What all of it lies in; w = 0: there is none. */
miyin_box miyin_ink_bounds(const miyin_ink *ink);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(miyin_ink, miyin_ink_free)

#endif
