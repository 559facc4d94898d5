/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "likeness.h"
#include <stdlib.h>

#define REACH_PX 2    /* how far aside */
#define CHANGED 12    /* of 255, of a colour: darker is other ink */
#define PLACE_PX 16   /* a place: a mark of 16 pt at 150 dpi is twice as high */
#define PLACE_MORE 40 /* of 255, on its average; a letter that moves makes 32 */
#define N_COLOURS 3   /* of the four bytes of a pixel */

typedef struct {
	const guint8 *data;
	int stride, width, height;
} picture;

static picture open_picture(cairo_surface_t *surface)
{
	return (picture){ cairo_image_surface_get_data(surface),
			  cairo_image_surface_get_stride(surface),
			  cairo_image_surface_get_width(surface),
			  cairo_image_surface_get_height(surface) };
}

static const guint8 *at(const picture *p, int x, int y)
{
	return p->data + (gsize)y * (gsize)p->stride + 4 * (gsize)x;
}

/* What is so dark, in one colour, is found around the place. */
static gboolean has_near(const picture *p, int x, int y, int part, int dark)
{
	const int right = MIN(x + REACH_PX, p->width - 1);
	const int bottom = MIN(y + REACH_PX, p->height - 1);

	for (int row = MAX(0, y - REACH_PX); row <= bottom; row++)
		for (int k = MAX(0, x - REACH_PX); k <= right; k++)
			if (at(p, k, row)[part] <= dark + CHANGED)
				return TRUE;
	return FALSE;
}

static gboolean is_pixel_same(const picture *a, const picture *b, int x, int y)
{
	const guint8 *one = at(a, x, y), *other = at(b, x, y);

	for (int part = 0; part < N_COLOURS; part++)
		if ((one[part] + CHANGED < other[part] &&
		     !has_near(b, x, y, part, one[part])) ||
		    (other[part] + CHANGED < one[part] &&
		     !has_near(a, x, y, part, other[part])))
			return FALSE;
	return TRUE;
}

/* Dots that are everywhere have ink near anything; a mark among them is more
 * of it. */
static gboolean is_place_same(const picture *a, const picture *b, int left,
			      int top)
{
	const int right = MIN(left + PLACE_PX, MIN(a->width, b->width));
	const int bottom = MIN(top + PLACE_PX, MIN(a->height, b->height));
	int more[N_COLOURS] = { 0 };

	for (int y = top; y < bottom; y++)
		for (int x = left; x < right; x++) {
			for (int part = 0; part < N_COLOURS; part++)
				more[part] +=
					at(a, x, y)[part] - at(b, x, y)[part];
			if (!is_pixel_same(a, b, x, y))
				return FALSE;
		}
	for (int part = 0; part < N_COLOURS; part++)
		if (abs(more[part]) > PLACE_MORE * PLACE_PX * PLACE_PX)
			return FALSE;
	return TRUE;
}

gboolean miyin_likeness_is_same(cairo_surface_t *one, cairo_surface_t *other)
{
	const picture a = open_picture(one), b = open_picture(other);

	if (abs(a.width - b.width) > REACH_PX ||
	    abs(a.height - b.height) > REACH_PX)
		return FALSE;
	for (int y = 0; y < MIN(a.height, b.height); y += PLACE_PX)
		for (int x = 0; x < MIN(a.width, b.width); x += PLACE_PX)
			if (!is_place_same(&a, &b, x, y))
				return FALSE;
	return TRUE;
}
