/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qr.h"
#include <miyin/pdfnumbers.h>
#include <qrencode.h>
#include <string.h>

#define VERSION 3
#define ROW_BYTES ((MIYIN_QR_MODULES + 7) / 8)
#define N_HEX (2 * ROW_BYTES * MIYIN_QR_MODULES)

/* From the unit square to a box, with so many quarters to the left. */
static void find_matrix(const miyin_box *box, unsigned turns, double matrix[6])
{
	static const int cosines[] = { 1, 0, -1, 0 }, sines[] = { 0, 1, 0, -1 };
	const int c = cosines[turns % 4], s = sines[turns % 4];

	matrix[0] = c * box->w;
	matrix[1] = s * box->h;
	matrix[2] = -s * box->w;
	matrix[3] = c * box->h;
	matrix[4] = box->x + box->w * (c < 0 || s > 0);
	matrix[5] = box->y + box->h * (c < 0 || s < 0);
}

static void draw(const char *payload, char *hex)
{
	static const char digits[] = "0123456789abcdef";
	QRinput *input = QRinput_new2(VERSION, QR_ECLEVEL_H);
	QRcode *code;

	QRinput_append(input, QR_MODE_AN, (int)strlen(payload),
		       (const unsigned char *)payload);
	code = QRcode_encodeInput(input);
	QRinput_free(input);
	g_assert(code && code->width == MIYIN_QR_MODULES);
	for (int y = 0; y < MIYIN_QR_MODULES; y++) {
		guint8 row[ROW_BYTES] = { 0 };

		/* A mask paints where the bit is 0. */
		for (int x = 0; x < MIYIN_QR_MODULES; x++)
			if (!(code->data[y * MIYIN_QR_MODULES + x] & 1))
				row[x / 8] |= 0x80 >> x % 8;
		for (int i = 0; i < ROW_BYTES; i++) {
			*hex++ = digits[row[i] >> 4];
			*hex++ = digits[row[i] & 15];
		}
	}
	QRcode_free(code);
}

void miyin_qr_append(GString *to, const char *payload, const miyin_place *place)
{
	char hex[N_HEX + 1];

	if (place->n_codes == 0)
		return;
	draw(payload, hex);
	for (unsigned i = 0; i < place->n_codes; i++) {
		double matrix[6];

		find_matrix(&place->codes[i], place->turns[i], matrix);
		g_string_append(to, "q ");
		miyin_pdfnumbers_append(to, matrix, 6);
		g_string_append(
			to,
			"cm BI/IM true"
			"/W " G_STRINGIFY(MIYIN_QR_MODULES) "/H " G_STRINGIFY(
				MIYIN_QR_MODULES) "/BPC 1/F/AHx ID ");
		g_string_append_len(to, hex, N_HEX);
		g_string_append(to, "> EI Q\n");
	}
}
