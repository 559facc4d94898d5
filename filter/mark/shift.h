/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How a page keeps clear of the marks: it is moved, by as little as will do;
 * where no place is free it is made smaller, by as little as will do, too.
 */
#ifndef MIYIN_SHIFT_H
#define MIYIN_SHIFT_H

#include <miyin/sheets.h>
#include "ink.h"

/*
 * Find the shift of a page.
 *
 *   sheet   for its size
 *   scale   in: the greatest that may be; out: the greatest that can be
 *
 * There is always one: the strip across the sheet that holds no mark.
 */
miyin_shift miyin_shift_find(const miyin_sheet *sheet, const miyin_place *place,
			     const miyin_ink *ink, double *scale);

#endif
