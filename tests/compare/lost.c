/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * lost STOCK.pgm MARKED.pgm DPI A B C D E F: what of a page went lost when it
 * was marked.
 *
 * Both are pictures of one page at DPI, as pdftoppm -gray writes them; A to F is
 * the matrix in points by which the marked page draws the body. A dark dot of
 * the stock page is lost when there is nothing but light where the matrix puts
 * it, one dot around. Prints "DARK LOST X Y", X and Y being the dot of the
 * stock page that went lost first, or -1 -1.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { DARK = 96, LIGHT = 192, N_ARGUMENTS = 10 };

typedef struct {
	int width, height;
	unsigned char *dots;
} picture;

static int read_picture(const char *path, picture *page)
{
	FILE *file = fopen(path, "rb");
	int ok = file &&
		 fscanf(file, "P5 %d %d 255", &page->width, &page->height) ==
			 2 &&
		 fgetc(file) != EOF && page->width > 0 && page->height > 0;
	size_t row = ok ? (size_t)page->width : 0;

	page->dots = ok ? malloc(row * (size_t)page->height) : NULL;
	ok = page->dots && fread(page->dots, row, (size_t)page->height, file) ==
				   (size_t)page->height;
	if (file)
		fclose(file);
	return ok;
}

static unsigned char dot(const picture *page, int x, int y)
{
	return page->dots[(size_t)y * (size_t)page->width + (size_t)x];
}

static int is_light_around(const picture *page, int x, int y)
{
	for (int j = y - 1; j <= y + 1; j++)
		for (int i = x - 1; i <= x + 1; i++)
			if (i >= 0 && j >= 0 && i < page->width &&
			    j < page->height && dot(page, i, j) < LIGHT)
				return 0;
	return 1;
}

/* Dots count from the top left, the matrix from the bottom left. */
static int is_lost(const picture *stock, const picture *marked, int x, int y,
		   double dpi, const double m[6])
{
	double h = stock->height * 72 / dpi;
	double px = (x + 0.5) * 72 / dpi, py = h - (y + 0.5) * 72 / dpi;
	double qx = m[0] * px + m[2] * py + m[4];
	double qy = m[1] * px + m[3] * py + m[5];

	return is_light_around(marked, (int)floor(qx * dpi / 72),
			       (int)floor((h - qy) * dpi / 72));
}

int main(int argc, char **argv)
{
	picture stock = { 0, 0, NULL }, marked = { 0, 0, NULL };
	double m[6], dpi;
	long dark = 0, lost = 0;
	int x0 = -1, y0 = -1;

	if (argc != N_ARGUMENTS || !read_picture(argv[1], &stock) ||
	    !read_picture(argv[2], &marked)) {
		fputs("usage: lost STOCK.pgm MARKED.pgm DPI A B C D E F\n",
		      stderr);
		return 1;
	}
	dpi = atof(argv[3]);
	for (int i = 0; i < 6; i++)
		m[i] = atof(argv[4 + i]);
	for (int y = 0; y < stock.height; y++)
		for (int x = 0; x < stock.width; x++) {
			if (dot(&stock, x, y) > DARK)
				continue;
			dark++;
			if (!is_lost(&stock, &marked, x, y, dpi, m))
				continue;
			if (lost++ == 0) {
				x0 = x;
				y0 = y;
			}
		}
	printf("%ld %ld %d %d\n", dark, lost, x0, y0);
	free(stock.dots);
	free(marked.dots);
	return 0;
}
