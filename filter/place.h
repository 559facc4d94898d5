/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where the marks of a page stand. Pure: a sheet's size in, boxes out.
 * Points, origin at the sheet's lower left, as seen.
 */
#ifndef MIYIN_PLACE_H
#define MIYIN_PLACE_H

#include <glib.h>

#define MIYIN_PT_PER_MM (72.0 / 25.4)
#define MIYIN_QR_MODULES 29	/* version 3 */
#define MIYIN_N_QR 2
#define MIYIN_N_CUT 5

typedef struct {
	double x, y, w, h;
} miyin_box;

typedef struct {
	miyin_box serial, level;	/* top left: two lines of 16 pt */
	miyin_box qr[MIYIN_N_QR];	/* the modules alone */
	miyin_box code[MIYIN_N_QR];	/* human code, a line */
	miyin_box page[MIYIN_N_QR];	/* page x of y, a line */
	miyin_box foot;			/* the running line */
	miyin_box cut[MIYIN_N_CUT];	/* the body may not enter; disjoint;
					   the first two are the codes with
					   their quiet zones */
	miyin_box frame;		/* for a body that is scaled to fit */
} miyin_place;

/*
 * Place the marks of one page.
 *
 * Returns FALSE when the sheet is smaller than the marks need; then *least_w
 * and *least_h, points, say how large it must be.
 * Source: GB/T 9704-2012 type area, as in facts of rules.md 2.1; look/page.png.
 */
gboolean miyin_place_page(double width_pt, double height_pt,
			  miyin_place *place, double *least_w,
			  double *least_h);

#endif
