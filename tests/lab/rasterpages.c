/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * rasterpages FILE PREFIX: the pages of CUPS, PWG or Apple raster as
 * PREFIX-001.pgm, PREFIX-002.pgm ... in grey, so that a test can read codes
 * from what a driver was given. Understood are 1 and 8 bits a colour, one to
 * four colours in chunks, bands or planes; of several inks the darkest at a
 * place counts.
 */
#include <cups/raster.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int is_light(cups_cspace_t space)
{
	switch (space) {
	case CUPS_CSPACE_W:
	case CUPS_CSPACE_RGB:
	case CUPS_CSPACE_SW:
	case CUPS_CSPACE_SRGB:
	case CUPS_CSPACE_ADOBERGB:
	case CUPS_CSPACE_RGBW:
		return 1;
	default:
		return 0;
	}
}

/* The sample of a colour at x, 0 to 255, where more is lighter. */
static unsigned char sample(const cups_page_header2_t *h,
			    const unsigned char *line, unsigned x, unsigned c)
{
	unsigned n = h->cupsNumColors ? h->cupsNumColors : 1;
	unsigned bits = h->cupsBitsPerColor;
	unsigned char value;

	if (h->cupsColorOrder == CUPS_ORDER_CHUNKED) {
		if (bits == 8)
			value = line[(size_t)x * n + c];
		else {
			/* Of one bit, 3 and 4 colours take half a byte. */
			unsigned step = n == 1 ? 1 : 4;
			unsigned bit = x * step + (n == 3 ? 1 : 0) + c;

			value = line[bit / 8] >> (7 - bit % 8) & 1 ? 255 : 0;
		}
	} else {
		const unsigned char *band =
			line +
			(size_t)c *
				(h->cupsBytesPerLine /
				 (h->cupsColorOrder == CUPS_ORDER_BANDED ? n
									 : 1));
		value = bits == 8			 ? band[x]
			: band[x / 8] >> (7 - x % 8) & 1 ? 255
							 : 0;
	}
	return is_light(h->cupsColorSpace) ? value : 255 - value;
}

static void convert(const cups_page_header2_t *h, const unsigned char *line,
		    unsigned char *grey)
{
	unsigned n = h->cupsNumColors ? h->cupsNumColors : 1;

	if (h->cupsColorOrder == CUPS_ORDER_PLANAR)
		n = 1;
	for (unsigned x = 0; x < h->cupsWidth; x++) {
		grey[x] = 255;
		for (unsigned c = 0; c < n; c++) {
			unsigned char value = sample(h, line, x, c);

			if (value < grey[x])
				grey[x] = value;
		}
	}
}

static int write_page(cups_raster_t *raster, const cups_page_header2_t *h,
		      const char *prefix, int number)
{
	unsigned planes =
		h->cupsColorOrder == CUPS_ORDER_PLANAR && h->cupsNumColors
			? h->cupsNumColors
			: 1;
	size_t n_bytes = (size_t)h->cupsWidth * h->cupsHeight;
	unsigned char *page = malloc(n_bytes), *grey = malloc(h->cupsWidth);
	unsigned char *line = malloc(h->cupsBytesPerLine);
	char path[4096];
	FILE *file;

	memset(page, 255, n_bytes);
	for (unsigned y = 0; y < h->cupsHeight * planes; y++) {
		unsigned char *to =
			page + (size_t)(y % h->cupsHeight) * h->cupsWidth;

		if (!cupsRasterReadPixels(raster, line, h->cupsBytesPerLine))
			return 0;
		convert(h, line, grey);
		for (unsigned x = 0; x < h->cupsWidth; x++)
			if (grey[x] < to[x])
				to[x] = grey[x];
	}
	snprintf(path, sizeof(path), "%s-%03d.pgm", prefix, number);
	file = fopen(path, "wb");
	if (!file)
		return 0;
	fprintf(file, "P5\n%u %u\n255\n", h->cupsWidth, h->cupsHeight);
	fwrite(page, 1, n_bytes, file);
	free(page);
	free(line);
	free(grey);
	return fclose(file) == 0;
}

int main(int argc, char **argv)
{
	cups_page_header2_t header;
	cups_raster_t *raster;
	int fd, n = 0;

	if (argc != 3) {
		fputs("usage: rasterpages FILE PREFIX\n", stderr);
		return 2;
	}
	fd = open(argv[1], O_RDONLY);
	raster = fd < 0 ? NULL : cupsRasterOpen(fd, CUPS_RASTER_READ);
	if (!raster)
		return 1;
	while (cupsRasterReadHeader2(raster, &header)) {
		if ((header.cupsBitsPerColor != 1 &&
		     header.cupsBitsPerColor != 8) ||
		    header.cupsNumColors > 4 || header.cupsWidth == 0) {
			fprintf(stderr, "rasterpages: %u bits, %u colours\n",
				header.cupsBitsPerColor, header.cupsNumColors);
			return 1;
		}
		if (!write_page(raster, &header, argv[2], ++n))
			return 1;
	}
	return n > 0 ? 0 : 1;
}
