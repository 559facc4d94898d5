/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where verification looks at the watermark of a page, and what it must see
 * there: some tiles' beginnings, painted straight onto a canvas.
 */
#ifndef MIYIN_SPOTS_H
#define MIYIN_SPOTS_H

#include <cairo.h>
#include <miyin/order.h>
#include "marks.h"

#define MIYIN_SPOT_PX 125 /* a side, at MIYIN_SHOWN_DPI */

typedef struct {
	miyin_box box; /* on the sheet, on whole pixels */
	cairo_surface_t *picture;
} miyin_spot;

typedef struct miyin_spots miyin_spots;

/* The order is borrowed and must live as long. */
miyin_spots *miyin_spots_new(const miyin_order *order);
void miyin_spots_free(miyin_spots *spots);

/* Those of a face, of miyin_spot; until two other faces were asked for. */
const GArray *miyin_spots_get(miyin_spots *spots, const miyin_face *face);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(miyin_spots, miyin_spots_free)

#endif
