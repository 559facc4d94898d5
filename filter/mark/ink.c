/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A table of sums (how much ink is left of and below a place) answers for any
 * box with four look-ups, so that thousands of places can be tried.
 */
#include "ink.h"
#include <math.h>

#define CELLS_MAX 2048 /* along a sheet's longer side */
#define INK_GREY                                                               \
	235 /* of 255: darker is ink; a hair line of 0.1 pt
				   is 204 at two pixels a point */

struct miyin_ink {
	double cell_pt;
	int w, h;      /* cells */
	guint32 *sums; /* (w + 1) by (h + 1), from the lower left */
	miyin_box bounds;
};

static double cell_of(double width_pt, double height_pt)
{
	return fmax(1, fmax(width_pt, height_pt) / CELLS_MAX);
}

double miyin_ink_dpi(double width_pt, double height_pt)
{
	return 72 * MIYIN_INK_CELL_PX / cell_of(width_pt, height_pt);
}

static gboolean is_ink(cairo_surface_t *surface, int column, int row)
{
	const int width = cairo_image_surface_get_width(surface);
	const int height = cairo_image_surface_get_height(surface);
	const int stride = cairo_image_surface_get_stride(surface);
	const guint8 *data = cairo_image_surface_get_data(surface);

	for (int i = 0; i < MIYIN_INK_CELL_PX * MIYIN_INK_CELL_PX; i++) {
		int x = MIYIN_INK_CELL_PX * column + i % MIYIN_INK_CELL_PX;
		int y = height - 1 -
			(MIYIN_INK_CELL_PX * row + i / MIYIN_INK_CELL_PX);
		const guint8 *pixel;

		if (x >= width || y < 0)
			continue;
		pixel = data + (gsize)y * stride + (gsize)4 * x;
		if (MIN(MIN(pixel[0], pixel[1]), pixel[2]) < INK_GREY)
			return TRUE;
	}
	return FALSE;
}

static guint32 *sum_at(const miyin_ink *ink, int column, int row)
{
	return &ink->sums[(gsize)row * (ink->w + 1) + column];
}

/* Fills the sums, and says where the outermost ink is. */
static void read_cells(miyin_ink *ink, cairo_surface_t *surface)
{
	int left = ink->w, right = 0, bottom = ink->h, top = 0;

	for (int row = 0; row < ink->h; row++) {
		guint32 in_row = 0;

		for (int column = 0; column < ink->w; column++) {
			if (!surface || is_ink(surface, column, row)) {
				in_row++;
				left = MIN(left, column);
				right = MAX(right, column + 1);
				bottom = MIN(bottom, row);
				top = row + 1;
			}
			*sum_at(ink, column + 1, row + 1) =
				*sum_at(ink, column + 1, row) + in_row;
		}
	}
	if (right > 0)
		ink->bounds =
			(miyin_box){ left * ink->cell_pt, bottom * ink->cell_pt,
				     (right - left) * ink->cell_pt,
				     (top - bottom) * ink->cell_pt };
}

miyin_ink *miyin_ink_new(double width_pt, double height_pt,
			 cairo_surface_t *surface)
{
	miyin_ink *ink = g_new0(miyin_ink, 1);

	ink->cell_pt = cell_of(width_pt, height_pt);
	ink->w = (int)ceil(width_pt / ink->cell_pt);
	ink->h = (int)ceil(height_pt / ink->cell_pt);
	ink->sums = g_new0(guint32, (gsize)(ink->w + 1) * (ink->h + 1));
	read_cells(ink, surface);
	/* The last cell of a side may stand out of the sheet. */
	ink->bounds.w = fmin(ink->bounds.w, width_pt - ink->bounds.x);
	ink->bounds.h = fmin(ink->bounds.h, height_pt - ink->bounds.y);
	return ink;
}

void miyin_ink_free(miyin_ink *ink)
{
	g_free(ink->sums);
	g_free(ink);
}

gboolean miyin_ink_is_in(const miyin_ink *ink, miyin_box box)
{
	const double cell = ink->cell_pt;
	int left = CLAMP((int)floor(box.x / cell) - 1, 0, ink->w);
	int right = CLAMP((int)ceil((box.x + box.w) / cell) + 1, left, ink->w);
	int bottom = CLAMP((int)floor(box.y / cell) - 1, 0, ink->h);
	int top = CLAMP((int)ceil((box.y + box.h) / cell) + 1, bottom, ink->h);

	return *sum_at(ink, right, top) - *sum_at(ink, left, top) !=
	       *sum_at(ink, right, bottom) - *sum_at(ink, left, bottom);
}

miyin_box miyin_ink_bounds(const miyin_ink *ink)
{
	return ink->bounds;
}
