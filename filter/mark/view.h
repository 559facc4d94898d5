/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pages as a second engine (Poppler) shows them, which reads the paper as a
 * person would. */
#ifndef MIYIN_VIEW_H
#define MIYIN_VIEW_H

#include <glib.h>
#include <miyin/order.h>
#include <miyin/sheets.h>
#include "canvas.h"
#include "place.h"

/* A file; NULL when Poppler cannot open it or sees another number of pages. */
PopplerDocument *miyin_view_open(GBytes *pdf, unsigned n_pages);

/* Place the marks of a page, 0 up. */
gboolean miyin_view_place(const miyin_sheet *sheet, const miyin_order *order,
			  unsigned i, miyin_place *place);

/* Paint a view of a sheet, but only what is in the boxes. NULL when there is no
 * memory to paint all of it. */
cairo_surface_t *miyin_view_paint(PopplerPage *page, const miyin_sheet *sheet,
				  miyin_box view, const miyin_box *boxes,
				  unsigned n_boxes, double dpi);

#endif
