/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "place.h"

/* Millimetres. The head margin of GB/T 9704 is 37, its foot 35, so that
 * nothing here touches its type area or its page number. */
#define WIDE 180.0		/* from this width on, the standard's margins */
#define LEFT_WIDE 28.0
#define RIGHT_WIDE 26.0
#define MARGIN 8.0		/* both sides of narrow sheets, and all feet */
#define QR_SIDE 17.0
#define QUIET (4 * QR_SIDE / MIYIN_QR_MODULES)
#define QR_TOP 8.5
#define LEVEL_TOP 9.0
#define LEVEL_LINE 8.5		/* two lines of 16 pt */
#define LEVEL_WIDTH 62.0
#define CODE_WIDTH 33.0
#define CODE_TOP 9.5
#define CODE_LINE 5.0
#define FOOT_BOTTOM 6.5
#define FOOT_LINE 4.6
#define FRAME_TOP 29.0
#define FRAME_BOTTOM 28.0
#define LEAST_WIDTH 100.0
#define LEAST_HEIGHT 90.0

static miyin_box box_mm(double x, double y, double w, double h);
static miyin_box quiet_zone(miyin_box code);

gboolean miyin_place_page(double width_pt, double height_pt,
			  miyin_place *place, double *least_w,
			  double *least_h)
{
	double w = width_pt / MIYIN_PT_PER_MM, h = height_pt / MIYIN_PT_PER_MM;
	double left = w < WIDE ? MARGIN : LEFT_WIDE;
	double right = w - (w < WIDE ? MARGIN : RIGHT_WIDE);
	double qr_x = right - QR_SIDE;
	double code_x = qr_x - QUIET - CODE_WIDTH;
	double level_w = MIN(LEVEL_WIDTH, code_x - 1 - left);
	double foot_x = MARGIN + QR_SIDE + QUIET;

	*least_w = LEAST_WIDTH * MIYIN_PT_PER_MM;
	*least_h = LEAST_HEIGHT * MIYIN_PT_PER_MM;
	if (width_pt < *least_w || height_pt < *least_h)
		return FALSE;
	place->serial = box_mm(left, h - LEVEL_TOP - LEVEL_LINE, level_w,
			       LEVEL_LINE);
	place->level = box_mm(left, h - LEVEL_TOP - 2 * LEVEL_LINE, level_w,
			      LEVEL_LINE);
	place->qr[0] = box_mm(qr_x, h - QR_TOP - QR_SIDE, QR_SIDE, QR_SIDE);
	place->qr[1] = box_mm(MARGIN, MARGIN, QR_SIDE, QR_SIDE);
	place->code[0] = box_mm(code_x, h - CODE_TOP - CODE_LINE,
				CODE_WIDTH - 1, CODE_LINE);
	place->page[0] = box_mm(code_x, h - CODE_TOP - 2 * CODE_LINE,
				CODE_WIDTH - 1, CODE_LINE);
	place->foot = box_mm(foot_x + 1, FOOT_BOTTOM, right - foot_x - 1,
			     FOOT_LINE);
	place->code[1] = box_mm(foot_x + 1, FOOT_BOTTOM + FOOT_LINE,
				CODE_WIDTH, FOOT_LINE);
	place->page[1] = box_mm(foot_x + 1 + CODE_WIDTH + 1,
				FOOT_BOTTOM + FOOT_LINE,
				right - foot_x - CODE_WIDTH - 2, FOOT_LINE);
	place->cut[0] = quiet_zone(place->qr[0]);
	place->cut[1] = quiet_zone(place->qr[1]);
	place->cut[2] = box_mm(left - 1, h - LEVEL_TOP - 2 * LEVEL_LINE,
			       level_w + 1, 2 * LEVEL_LINE);
	place->cut[3] = box_mm(code_x, h - CODE_TOP - 2 * CODE_LINE,
			       CODE_WIDTH, 2 * CODE_LINE);
	place->cut[4] = box_mm(foot_x, FOOT_BOTTOM, right - foot_x,
			       2 * FOOT_LINE);
	place->frame = box_mm(0, FRAME_BOTTOM, w, h - FRAME_TOP - FRAME_BOTTOM);
	return TRUE;
}

static miyin_box box_mm(double x, double y, double w, double h)
{
	const double s = MIYIN_PT_PER_MM;

	return (miyin_box){ x * s, y * s, w * s, h * s };
}

static miyin_box quiet_zone(miyin_box code)
{
	const double q = QUIET * MIYIN_PT_PER_MM;

	return (miyin_box){ code.x - q, code.y - q, code.w + 2 * q,
			    code.h + 2 * q };
}
