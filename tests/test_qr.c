/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Codes of our own beside libqrencode's, and read back by zbar. */
#include "filter/mark/qr.h"

#include <check.h>
#include <qrencode.h>
#include <stdlib.h>
#include <string.h>
#include <zbar.h>

enum {
	SIDE = MIYIN_QR_MODULES,
	QUIET = 4,
	ZOOM = 4,
	SIDE_PX = ZOOM * (SIDE + 2 * QUIET),
	LENGTH_MAX = 35
};

#ifdef UNDER_VALGRIND
#define N_CODES 20
#else
#define N_CODES 3000
#endif

static gboolean is_dark(const guint8 *rows, int x, int y)
{
	return !(rows[y * MIYIN_QR_ROW + x / 8] & 0x80 >> x % 8);
}

/* Of any length, all characters alike. */
static void make_payload(GRand *dice, unsigned i, char *payload)
{
	static const char characters[] =
		"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
	const unsigned length = 1 + i % LENGTH_MAX;

	for (unsigned k = 0; k < length; k++)
		payload[k] = characters[g_rand_int_range(dice, 0, 45)];
	payload[length] = '\0';
}

static QRcode *draw_other(const char *payload)
{
	QRinput *input = QRinput_new2(3, QR_ECLEVEL_H);
	QRcode *code;

	QRinput_append(input, QR_MODE_AN, (int)strlen(payload),
		       (const unsigned char *)payload);
	code = QRcode_encodeInput(input);
	QRinput_free(input);
	ck_assert(code && code->width == SIDE);
	return code;
}

/* Its mask stands in the format beside the upper left corner. */
static int mask_of(const QRcode *code)
{
	const unsigned char *row = code->data + (gsize)8 * SIDE;

	return ((row[2] & 1) << 2 | (row[3] & 1) << 1 | (row[4] & 1)) ^ 5;
}

START_TEST(like_libqrencode)
{
	g_autoptr(GRand) dice = g_rand_new_with_seed(11);
	unsigned n_same = 0;

	for (unsigned i = 0; i < N_CODES; i++) {
		char payload[LENGTH_MAX + 1];
		guint8 rows[MIYIN_QR_BYTES];
		QRcode *other;

		make_payload(dice, i, payload);
		miyin_qr_draw(payload, rows);
		other = draw_other(payload);
		if (mask_of(other) == MIYIN_QR_MASK) {
			n_same++;
			for (int y = 0; y < SIDE; y++)
				for (int x = 0; x < SIDE; x++)
					ck_assert_msg(
						is_dark(rows, x, y) ==
							(other->data[y * SIDE +
								     x] &
							 1),
						"%s at %d, %d", payload, x, y);
		}
		QRcode_free(other);
	}
	ck_assert_uint_gt(n_same, 0);
}
END_TEST

static void paint(const guint8 *rows, guint8 *grey)
{
	memset(grey, 255, SIDE_PX * SIDE_PX);
	for (int y = 0; y < ZOOM * SIDE; y++)
		for (int x = 0; x < ZOOM * SIDE; x++)
			if (is_dark(rows, x / ZOOM, y / ZOOM))
				grey[(y + ZOOM * QUIET) * SIDE_PX + x +
				     ZOOM * QUIET] = 0;
}

static void assert_read(zbar_image_scanner_t *scanner, guint8 *grey,
			const char *payload)
{
	zbar_image_t *image = zbar_image_create();
	const zbar_symbol_t *symbol;

	zbar_image_set_format(image, zbar_fourcc('Y', '8', '0', '0'));
	zbar_image_set_size(image, SIDE_PX, SIDE_PX);
	zbar_image_set_data(image, grey, SIDE_PX * SIDE_PX, NULL);
	ck_assert_msg(zbar_scan_image(scanner, image) == 1, "%s", payload);
	symbol = zbar_image_first_symbol(image);
	ck_assert_str_eq(zbar_symbol_get_data(symbol), payload);
	zbar_image_destroy(image);
}

START_TEST(read_back)
{
	zbar_image_scanner_t *scanner = zbar_image_scanner_create();
	static guint8 grey[SIDE_PX * SIDE_PX];
	g_autoptr(GRand) dice = g_rand_new_with_seed(12);

	for (unsigned i = 0; i < N_CODES; i++) {
		char payload[LENGTH_MAX + 1];
		guint8 rows[MIYIN_QR_BYTES];

		make_payload(dice, i, payload);
		miyin_qr_draw(payload, rows);
		paint(rows, grey);
		assert_read(scanner, grey, payload);
	}
	zbar_image_scanner_destroy(scanner);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("qr");
	TCase *tests = tcase_create("qr");
	SRunner *runner;
	int n_failed;

	tcase_set_timeout(tests, 120);
	tcase_add_test(tests, like_libqrencode);
	tcase_add_test(tests, read_back);
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? 0 : 1;
}
