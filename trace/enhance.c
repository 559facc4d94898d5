/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>

#include "picture.h"
#include "enhance.h"

/*
 * Cubic convolution (Keys, a = -0.75) at a quarter of a pixel, in 256ths: the
 * weights of the neighbours 1 behind to 2 ahead. The other new pixel, at
 * minus a quarter, takes them backwards.
 */
static const int cubic[4] = { -27, 225, 67, -9 };
#define MARGIN 2 /* neighbours needed beyond either end of a row */

PIX *miyin_enhance_none(PIX *grey)
{
	return pixClone(grey);
}

PIX *miyin_enhance_negative(PIX *grey)
{
	return pixInvert(NULL, grey);
}

/* k 0.2 over 41 pixels, as measured; in tiles of about 1000, since
 * leptonica's sums take 12 bytes a pixel. */
PIX *miyin_enhance_threshold(PIX *grey)
{
	g_autoptr(PIX) binary = NULL;

	pixSauvolaBinarizeTiled(
		grey, 20, 0.2f, MAX(1, pixGetWidth(grey) / 1000),
		MAX(1, pixGetHeight(grey) / 1000), NULL, &binary);
	return binary ? pixConvertTo8(binary, 0) : NULL;
}

PIX *miyin_enhance_sharp(PIX *grey)
{
	return pixUnsharpMaskingGray(grey, 3, 2);
}

/* One row of the doubled picture, in 256ths, still of the old width, with
 * its end pixels repeated into the margins. */
static void blend_rows(const guint8 *bytes, int width_px, int height_px,
		       int row, int *blend)
{
	int step = row % 2 ? 1 : -1;
	const guint8 *rows[4];
	int *middle = blend + MARGIN;

	for (int i = 0; i < 4; i++)
		rows[i] = bytes +
			  (size_t)width_px * CLAMP(row / 2 + step * (i - 1), 0,
						   height_px - 1);
	for (int x = 0; x < width_px; x++)
		middle[x] = cubic[0] * rows[0][x] + cubic[1] * rows[1][x] +
			    cubic[2] * rows[2][x] + cubic[3] * rows[3][x];
	for (int i = 1; i <= MARGIN; i++) {
		middle[-i] = middle[0];
		middle[width_px - 1 + i] = middle[width_px - 1];
	}
}

static void double_row(const int *blend, int width_px, l_uint32 *line)
{
	for (int x = 0; x < 2 * width_px; x++) {
		int step = x % 2 ? 1 : -1;
		const int *at = blend + MARGIN + x / 2;
		int sum = cubic[0] * at[-step] + cubic[1] * at[0] +
			  cubic[2] * at[step] + cubic[3] * at[2 * step];

		SET_DATA_BYTE(line, x, CLAMP(sum / 65536, 0, 255));
	}
}

/* leptonica itself doubles only by linear interpolation, which blurs. */
PIX *miyin_enhance_double(PIX *grey)
{
	int width_px = pixGetWidth(grey), height_px = pixGetHeight(grey);
	g_autofree int *blend = g_new(int, width_px + 2 * MARGIN);
	l_uint8 *bytes = NULL;
	size_t n_bytes;
	PIX *twice;

	if (pixGetRasterData(grey, &bytes, &n_bytes))
		return NULL;
	twice = pixCreate(2 * width_px, 2 * height_px, 8);
	for (int row = 0; twice && row < 2 * height_px; row++) {
		blend_rows(bytes, width_px, height_px, row, blend);
		double_row(blend, width_px,
			   pixGetData(twice) + (size_t)row * pixGetWpl(twice));
	}
	lept_free(bytes);
	return twice;
}

/* Noise first, or the mask raises it above the modules. A box of 15 doubled
 * pixels is about two modules at 200 dpi. */
PIX *miyin_enhance_deblur(PIX *grey)
{
	g_autoptr(PIX) smooth = pixBlockconv(grey, 1, 1);
	g_autoptr(PIX) twice = smooth ? miyin_enhance_double(smooth) : NULL;

	return twice ? pixUnsharpMaskingGray(twice, 7, 3) : NULL;
}

PIX *miyin_enhance_flat(PIX *grey)
{
	return pixBackgroundNormSimple(grey, NULL, NULL);
}

PIX *miyin_enhance_closing(PIX *grey)
{
	return pixCloseGray(grey, 3, 3);
}
