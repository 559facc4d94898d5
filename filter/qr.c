/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qr.h"
#include <qrencode.h>
#include <string.h>

#define VERSION 3
#define ROW_BYTES ((MIYIN_QR_MODULES + 7) / 8)
#define N_HEX (2 * ROW_BYTES * MIYIN_QR_MODULES)

static void draw(const char *payload, char *hex);
static void append_number(GString *to, double number);

void miyin_qr_append(GString *to, const char *payload, const miyin_box *boxes,
		     unsigned n_boxes)
{
	char hex[N_HEX + 1];

	if (n_boxes == 0)
		return;
	draw(payload, hex);
	for (unsigned i = 0; i < n_boxes; i++) {
		g_string_append(to, "q ");
		append_number(to, boxes[i].w);
		g_string_append(to, "0 0 ");
		append_number(to, boxes[i].h);
		append_number(to, boxes[i].x);
		append_number(to, boxes[i].y);
		g_string_append(to, "cm BI/IM true"
				    "/W " G_STRINGIFY(MIYIN_QR_MODULES)
				    "/H " G_STRINGIFY(MIYIN_QR_MODULES)
				    "/BPC 1/F/AHx ID ");
		g_string_append_len(to, hex, N_HEX);
		g_string_append(to, "> EI Q\n");
	}
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

static void append_number(GString *to, double number)
{
	char text[G_ASCII_DTOSTR_BUF_SIZE];

	g_string_append(to,
			g_ascii_formatd(text, sizeof(text), "%.4f", number));
	g_string_append_c(to, ' ');
}
