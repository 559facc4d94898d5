/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * inkgrid FILE.pgm: how many hundredths of the page's middle have ink.
 *
 * The middle, without the outer sixth where the marks' lines and codes stand,
 * is cut into 12 by 16 fields; a field counts when a thousandth of its dots is
 * not white. A watermark is in most of them, a line of text in few.
 */
#include <stdio.h>
#include <stdlib.h>

enum { ACROSS = 12, DOWN = 16, WHITE = 250 };

typedef struct {
	int width, height;
	unsigned char *dots;
} picture;

/* Ghostscript writes a comment after the magic. */
static int read_picture(const char *path, picture *page)
{
	FILE *file = fopen(path, "rb");
	int ok = file && fscanf(file, "P5 #%*[^\n]") >= 0 &&
		 fscanf(file, "%d %d 255", &page->width, &page->height) == 2 &&
		 fgetc(file) != EOF && page->width >= 120 &&
		 page->height >= 160;

	page->dots =
		ok ? malloc((size_t)page->width * (size_t)page->height) : NULL;
	ok = page->dots &&
	     fread(page->dots, (size_t)page->width, (size_t)page->height,
		   file) == (size_t)page->height;
	if (file)
		fclose(file);
	return ok;
}

static int has_ink(const picture *page, int i, int j)
{
	int width = page->width, height = page->height;
	int left = width / 6 + width * 2 / 3 * i / ACROSS;
	int right = width / 6 + width * 2 / 3 * (i + 1) / ACROSS;
	int top = height / 6 + height * 2 / 3 * j / DOWN;
	int bottom = height / 6 + height * 2 / 3 * (j + 1) / DOWN;
	long n = 0;

	for (int y = top; y < bottom; y++)
		for (int x = left; x < right; x++)
			n += page->dots[(size_t)y * (size_t)width + (size_t)x] <
			     WHITE;
	return n * 1000 > (long)(right - left) * (bottom - top);
}

int main(int argc, char **argv)
{
	picture page = { 0, 0, NULL };
	int n = 0;

	if (argc != 2 || !read_picture(argv[1], &page)) {
		fputs("usage: inkgrid FILE.pgm\n", stderr);
		return 1;
	}
	for (int j = 0; j < DOWN; j++)
		for (int i = 0; i < ACROSS; i++)
			n += has_ink(&page, i, j);
	printf("%d\n", n * 100 / (ACROSS * DOWN));
	free(page.dots);
	return 0;
}
