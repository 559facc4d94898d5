/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A page as its reader holds it, and the paper under it. Marks stand upright
 * with the former; the latter is never turned, but printed as it was laid out.
 */
#ifndef MIYIN_TURN_H
#define MIYIN_TURN_H

#include <miyin/sheets.h>

/* Turn a page that stood as the paper does; quarters clockwise, 0 to 3. */
void miyin_turn_sheet(miyin_sheet *sheet, unsigned quarters);

/* From the page as read to the paper. */
void miyin_turn_to_paper(const miyin_sheet *sheet, double matrix[6]);

double miyin_turn_paper_width(const miyin_sheet *sheet);
double miyin_turn_paper_height(const miyin_sheet *sheet);

#endif
