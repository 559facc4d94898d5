/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Compare a page with its golden picture.
 *
 *   golden-compare GOLDEN.png SEEN.png
 *   golden-compare --keep SEEN.png GOLDEN.png
 *
 * Golden pictures have eight greys, which makes them small. A pixel differs
 * when its grey is more than one step away; up to PIXELS_MAX of them may, for
 * another patch level of a renderer moves edges by a little. A digit of 9 pt
 * is more than that at 50 dpi. Exit status 1 and a line when the pages differ,
 * 2 when they cannot be compared.
 */
#include <cairo.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STEP 36
#define PIXELS_MAX 3

static unsigned char *row_of(cairo_surface_t *surface, int y)
{
	return cairo_image_surface_get_data(surface) +
	       (size_t)y * cairo_image_surface_get_stride(surface);
}

/* 0 to 7; a golden picture's grey is read back as what was written. */
static int grey_at(cairo_surface_t *surface, int x, int y)
{
	const unsigned char *row = row_of(surface, y);
	int grey = row[x];

	if (cairo_image_surface_get_format(surface) != CAIRO_FORMAT_A8)
		grey = (((const uint32_t *)(const void *)row)[x] >> 8) & 255;
	return (grey + STEP / 2) / STEP;
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

/* Cairo writes an A8 surface as a picture of one channel. */
static int keep(const char *from, const char *to)
{
	cairo_surface_t *seen = open_picture(from);
	int w = cairo_image_surface_get_width(seen);
	int h = cairo_image_surface_get_height(seen);
	cairo_surface_t *kept =
		cairo_image_surface_create(CAIRO_FORMAT_A8, w, h);
	cairo_status_t status;

	cairo_surface_flush(kept);
	for (int y = 0; y < h; y++)
		for (int x = 0; x < w; x++)
			row_of(kept, y)[x] = grey_at(seen, x, y) * STEP;
	cairo_surface_mark_dirty(kept);
	status = cairo_surface_write_to_png(kept, to);
	cairo_surface_destroy(seen);
	cairo_surface_destroy(kept);
	return status == CAIRO_STATUS_SUCCESS ? 0 : 2;
}

static int compare(const char *golden_path, const char *seen_path)
{
	cairo_surface_t *golden = open_picture(golden_path);
	cairo_surface_t *seen = open_picture(seen_path);
	int w = cairo_image_surface_get_width(golden);
	int h = cairo_image_surface_get_height(golden);
	int n = 0, left = w, top = h, right = -1, bottom = -1;

	if (w != cairo_image_surface_get_width(seen) ||
	    h != cairo_image_surface_get_height(seen)) {
		printf("not %d x %d pixels\n", w, h);
		return 1;
	}
	for (int y = 0; y < h; y++)
		for (int x = 0; x < w; x++) {
			if (abs(grey_at(golden, x, y) - grey_at(seen, x, y)) <=
			    1)
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

int main(int argc, char **argv)
{
	if (argc == 4 && strcmp(argv[1], "--keep") == 0)
		return keep(argv[2], argv[3]);
	return argc == 3 ? compare(argv[1], argv[2]) : 2;
}
