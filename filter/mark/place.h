/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where the marks of a page stand. Pure: a sheet's size and a layout in,
 * boxes out. Points, origin at the sheet's lower left, as seen.
 */
#ifndef MIYIN_PLACE_H
#define MIYIN_PLACE_H

#include <glib.h>
#include <miyin/layout.h>

#define MIYIN_PT_PER_MM (72.0 / 25.4)
#define MIYIN_QR_MODULES 29 /* version 3 */

typedef struct {
	double x, y, w, h;
} miyin_box;

typedef struct {
	unsigned n_lines; /* as many as the layout's */
	miyin_box *lines; /* w = 0: not on this page */
	unsigned n_codes;
	miyin_box codes[MIYIN_CODES_MAX]; /* the modules alone */
	miyin_box quiet[MIYIN_CODES_MAX]; /* with their quiet zones, on
						   the sheet */
	unsigned turns[MIYIN_CODES_MAX];  /* quarters to the left */
	double edge_pt;			  /* what the printer does not reach */
	miyin_box frame; /* across the sheet, free of all marks */
} miyin_place;

/*
 * Place the marks of one page.
 *
 *   class   of the page
 *   even    an even page: left and right change if the layout says so
 *   place   filled on success; miyin_place_clear it
 *
 * Returns FALSE when the sheet is too small for them.
 */
gboolean miyin_place_page(double width_pt, double height_pt,
			  const miyin_layout *layout, miyin_page_class class,
			  gboolean even, miyin_place *place);
void miyin_place_clear(miyin_place *place);

/* All boxes that marks have to themselves, of miyin_box: the lines that are on
 * the page, the codes with their quiet zones. Free with unref. */
GArray *miyin_place_list(const miyin_place *place);

/* The anchor of a line on this side: left and right may have changed. */
miyin_anchor miyin_place_anchor(const miyin_layout *layout,
				const miyin_line *line, gboolean even);

/* Where text stands in a box of this anchor: 0 at its left edge, 0.5 in its
 * middle, 1 at its right edge. */
double miyin_place_align(miyin_anchor at);

/* The least sheet of this one's shape that would do, points. */
void miyin_place_least(double width_pt, double height_pt,
		       const miyin_layout *layout, double *least_w,
		       double *least_h);

#endif
