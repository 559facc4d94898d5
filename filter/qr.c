/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qr.h"
#include <qrencode.h>
#include <string.h>

#define VERSION 3
#define ROW_BYTES ((MIYIN_QR_MODULES + 7) / 8)

static void append_number(GString *to, double number);

void miyin_qr_append(GString *to, const char *payload, miyin_box box)
{
	QRinput *input = QRinput_new2(VERSION, QR_ECLEVEL_H);
	QRcode *code;

	QRinput_append(input, QR_MODE_AN, (int)strlen(payload),
		       (const unsigned char *)payload);
	code = QRcode_encodeInput(input);
	QRinput_free(input);
	g_assert(code && code->width == MIYIN_QR_MODULES);
	g_string_append(to, "q ");
	append_number(to, box.w);
	g_string_append(to, "0 0 ");
	append_number(to, box.h);
	append_number(to, box.x);
	append_number(to, box.y);
	g_string_append_printf(to, "cm BI/IM true/W %d/H %d/BPC 1/F/AHx ID ",
			       MIYIN_QR_MODULES, MIYIN_QR_MODULES);
	for (int y = 0; y < MIYIN_QR_MODULES; y++) {
		guint8 row[ROW_BYTES] = { 0 };

		/* A mask paints where the bit is 0. */
		for (int x = 0; x < MIYIN_QR_MODULES; x++)
			if (!(code->data[y * MIYIN_QR_MODULES + x] & 1))
				row[x / 8] |= 0x80 >> x % 8;
		for (int i = 0; i < ROW_BYTES; i++)
			g_string_append_printf(to, "%02x", row[i]);
	}
	g_string_append(to, "> EI Q\n");
	QRcode_free(code);
}

static void append_number(GString *to, double number)
{
	char text[G_ASCII_DTOSTR_BUF_SIZE];

	g_string_append(to,
			g_ascii_formatd(text, sizeof(text), "%.4f", number));
	g_string_append_c(to, ' ');
}
