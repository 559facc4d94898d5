/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A page as painted, to look at its pixels: all of it, or on a large sheet one
 * box at a time.
 */
#ifndef MIYIN_SHOWN_H
#define MIYIN_SHOWN_H

#include "view.h"

#define MIYIN_SHOWN_DPI 150.0

typedef struct {
	PopplerPage *page;
	const miyin_sheet *sheet;
	const GArray *boxes; /* of miyin_box: nothing else is painted */
	double dpi;
	miyin_box view;
	cairo_surface_t *surface; /* NULL: nothing is painted yet */
} miyin_shown;

typedef struct {
	int left, top, right, bottom; /* right and bottom are outside */
} miyin_pixels;

/* What is painted for a box: the whole sheet, or the box alone. */
miyin_box miyin_shown_view(const miyin_shown *shown, miyin_box box);

gboolean miyin_shown_same(miyin_box a, miyin_box b);

/* See to it that a box is painted. */
void miyin_shown_box(miyin_shown *shown, miyin_box box);

/* A row of what is painted, 0 at the top. */
const guint8 *miyin_shown_row(const miyin_shown *shown, int y);

/* Those that lie wholly in a box, and in that many pixels from its edges; none
 * beyond the picture. */
miyin_pixels miyin_shown_pixels(const miyin_shown *shown, miyin_box box,
				int inset_px);

/* Whether a square of pixels lies in the picture. */
gboolean miyin_shown_holds(const miyin_shown *shown, int left, int top,
			   int side_px);

#endif
