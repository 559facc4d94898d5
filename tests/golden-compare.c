/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Compare a page with its golden picture.
 *
 *   golden-compare GOLDEN.png SEEN.png
 *
 * A pixel differs when its grey is more than GREY_MAX of 255 away; up to
 * PIXELS_MAX of them may, for another patch level of a renderer moves edges
 * by a little. A digit of 9 pt is more than that at 50 dpi. Exit status 1 and
 * a line when the pages differ, 2 when they cannot be compared.
 */
#include <cairo.h>
#include <stdio.h>
#include <stdlib.h>
#include <stdint.h>

#define GREY_MAX 64
#define PIXELS_MAX 6

static int grey_at(cairo_surface_t *surface, int x, int y)
{
	const unsigned char *row =
		cairo_image_surface_get_data(surface) +
		(size_t)y * cairo_image_surface_get_stride(surface);

	return (((const uint32_t *)(const void *)row)[x] >> 8) & 255;
}

static cairo_surface_t *open_picture(const char *path)
{
	cairo_surface_t *surface = cairo_image_surface_create_from_png(path);

	if (cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS) {
		printf("%s: %s\n", path,
		       cairo_status_to_string(cairo_surface_status(surface)));
		exit(2);
	}
	return surface;
}

int main(int argc, char **argv)
{
	cairo_surface_t *golden, *seen;
	int w, h, n = 0, left, top, right = -1, bottom = -1;

	if (argc != 3)
		return 2;
	golden = open_picture(argv[1]);
	seen = open_picture(argv[2]);
	w = left = cairo_image_surface_get_width(golden);
	h = top = cairo_image_surface_get_height(golden);
	if (w != cairo_image_surface_get_width(seen) ||
	    h != cairo_image_surface_get_height(seen)) {
		printf("not %d x %d pixels\n", w, h);
		return 1;
	}
	for (int y = 0; y < h; y++)
		for (int x = 0; x < w; x++) {
			if (abs(grey_at(golden, x, y) - grey_at(seen, x, y)) <=
			    GREY_MAX)
				continue;
			n++;
			left = x < left ? x : left;
			right = x > right ? x : right;
			top = y < top ? y : top;
			bottom = y > bottom ? y : bottom;
		}
	cairo_surface_destroy(golden);
	cairo_surface_destroy(seen);
	if (n <= PIXELS_MAX)
		return 0;
	printf("%d pixels differ, from %d, %d to %d, %d of %d x %d\n", n, left,
	       top, right, bottom, w, h);
	return 1;
}
