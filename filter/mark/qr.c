/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qr.h"
#include <miyin/pdfnumbers.h>
#include <string.h>

#define SIDE MIYIN_QR_MODULES
#define N_BLOCKS 2
#define N_DATA 13  /* codewords of a block */
#define N_CHECK 22 /* and those that mend it */
#define N_BITS (8 * N_BLOCKS * (N_DATA + N_CHECK))
#define FIELD 0x11d /* polynomial of the field of 256 */
#define LEVEL_H 2
#define ALIGNMENT 22 /* row and column of its middle */

/* What is the same in all codes. */
static struct {
	guint8 rows[MIYIN_QR_BYTES]; /* with the data's place masked */
	struct {
		guint8 byte, bit;
	} places[N_BITS];	       /* of the data's bits, in their order */
	guint8 products[N_CHECK][256]; /* of the generator's terms */
	gsize made;
} fixed;

/* ---- the field -------------------------------------------------------------
 */

static guint8 multiply(unsigned a, unsigned b)
{
	unsigned product = 0;

	for (; b > 0; b >>= 1) {
		product ^= b & 1 ? a : 0;
		a = a << 1 ^ (a & 0x80 ? FIELD : 0);
	}
	return (guint8)product;
}

/* (x - 1)(x - 2)(x - 4)…, the highest term, which is 1, left out. */
static void make_products(void)
{
	guint8 terms[N_CHECK] = { 0 };
	guint8 root = 1;

	terms[N_CHECK - 1] = 1;
	for (int i = 0; i < N_CHECK; i++) {
		for (int k = 0; k < N_CHECK; k++)
			terms[k] = multiply(terms[k], root) ^
				   (k + 1 < N_CHECK ? terms[k + 1] : 0);
		root = multiply(root, 2);
	}
	for (int k = 0; k < N_CHECK; k++)
		for (unsigned factor = 0; factor < 256; factor++)
			fixed.products[k][factor] = multiply(terms[k], factor);
}

/* The rest of a division by the generator. */
static void add_check(const guint8 *data, guint8 *check)
{
	memset(check, 0, N_CHECK);
	for (int i = 0; i < N_DATA; i++) {
		const guint8 factor = data[i] ^ check[0];

		memmove(check, check + 1, N_CHECK - 1);
		check[N_CHECK - 1] = 0;
		for (int k = 0; k < N_CHECK; k++)
			check[k] ^= fixed.products[k][factor];
	}
}

/* ---- the pattern -----------------------------------------------------------
 */

static void set_module(int x, int y, gboolean dark)
{
	guint8 *byte = &fixed.rows[y * MIYIN_QR_ROW + x / 8];
	const guint8 bit = 0x80 >> x % 8;

	*byte = (guint8)(dark ? *byte & ~bit : *byte | bit);
}

/* Squares around a middle, light and dark by turns. */
static void draw_rings(int middle_x, int middle_y, int reach, int light_a,
		       int light_b, gboolean (*taken)[SIDE])
{
	for (int y = middle_y - reach; y <= middle_y + reach; y++)
		for (int x = middle_x - reach; x <= middle_x + reach; x++) {
			const int ring =
				MAX(ABS(x - middle_x), ABS(y - middle_y));

			if (x < 0 || y < 0 || x >= SIDE || y >= SIDE)
				continue;
			taken[y][x] = TRUE;
			set_module(x, y, ring != light_a && ring != light_b);
		}
}

/* Fifteen bits of level and mask, twice. */
static void draw_format(gboolean (*taken)[SIDE])
{
	const unsigned data = LEVEL_H << 3 | MIYIN_QR_MASK;
	unsigned rest = data << 10, format;

	for (int bit = 14; bit >= 10; bit--)
		rest ^= rest >> bit & 1 ? 0x537u << (bit - 10) : 0;
	format = (data << 10 | rest) ^ 0x5412;
	for (int i = 0; i < 15; i++) {
		const gboolean dark = format >> i & 1;
		const int down = i < 6 ? i : i < 8 ? i + 1 : SIDE - 15 + i;
		const int left = i < 8 ? SIDE - 1 - i : i < 9 ? 7 : 14 - i;

		set_module(8, down, dark);
		set_module(left, 8, dark);
		taken[down][8] = taken[8][left] = TRUE;
	}
	set_module(8, SIDE - 8, TRUE);
	taken[SIDE - 8][8] = TRUE;
}

/* Mask 3 of the standard: every third diagonal. */
static gboolean is_masked(int x, int y)
{
	return (x + y) % 3 == 0;
}

/* By columns of two from the right, up and down by turns. */
static void find_places(gboolean (*taken)[SIDE])
{
	gboolean up = TRUE;
	unsigned n = 0;

	for (int right = SIDE - 1; right > 0; right -= 2, up = !up) {
		if (right == 6) /* what stands there is no data */
			right--;
		for (int i = 0; i < 2 * SIDE; i++) {
			const int y = up ? SIDE - 1 - i / 2 : i / 2;
			const int x = right - i % 2;

			if (taken[y][x])
				continue;
			set_module(x, y, is_masked(x, y));
			if (n == N_BITS) /* seven are left over */
				continue;
			fixed.places[n].byte =
				(guint8)(y * MIYIN_QR_ROW + x / 8);
			fixed.places[n++].bit = 0x80 >> x % 8;
		}
	}
	g_assert(n == N_BITS);
}

static void make_fixed(void)
{
	gboolean taken[SIDE][SIDE] = { { FALSE } };

	draw_rings(3, 3, 4, 2, 4, taken);
	draw_rings(SIDE - 4, 3, 4, 2, 4, taken);
	draw_rings(3, SIDE - 4, 4, 2, 4, taken);
	draw_rings(ALIGNMENT, ALIGNMENT, 2, 1, -1, taken);
	for (int i = 8; i < SIDE - 8; i++) {
		set_module(i, 6, i % 2 == 0);
		set_module(6, i, i % 2 == 0);
		taken[6][i] = taken[i][6] = TRUE;
	}
	draw_format(taken);
	find_places(taken);
	make_products();
}

/* ---- the data --------------------------------------------------------------
 */

typedef struct {
	guint8 *bytes;
	unsigned n; /* bits */
} bits;

static void put(bits *to, unsigned value, int n)
{
	while (n-- > 0 && to->n < 8 * N_BLOCKS * N_DATA) {
		to->bytes[to->n / 8] |= (value >> n & 1) << (7 - to->n % 8);
		to->n++;
	}
}

static unsigned value_of(char c)
{
	static const char characters[] =
		"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
	const char *at = c ? strchr(characters, c) : NULL;

	g_assert(at);
	return (unsigned)(at - characters);
}

static void encode(const char *payload, guint8 *data)
{
	const gsize length = strlen(payload);
	bits to = { data, 0 };
	gsize i = 0;

	memset(data, 0, N_BLOCKS * N_DATA);
	put(&to, 2, 4); /* alphanumeric */
	put(&to, (unsigned)length, 9);
	for (; i + 1 < length; i += 2)
		put(&to, 45 * value_of(payload[i]) + value_of(payload[i + 1]),
		    11);
	if (i < length)
		put(&to, value_of(payload[i]), 6);
	put(&to, 0, 4);
	to.n = (to.n + 7) / 8 * 8;
	for (gboolean even = FALSE; to.n < 8 * N_BLOCKS * N_DATA; even = !even)
		put(&to, even ? 0x11 : 0xec, 8);
}

void miyin_qr_draw(const char *payload, guint8 *rows)
{
	guint8 data[N_BLOCKS * N_DATA], check[N_BLOCKS][N_CHECK];
	guint8 all[N_BITS / 8], *to = all;

	g_assert(strlen(payload) <= 35);
	if (g_once_init_enter(&fixed.made)) {
		make_fixed();
		g_once_init_leave(&fixed.made, 1);
	}
	encode(payload, data);
	for (int block = 0; block < N_BLOCKS; block++)
		add_check(data + block * N_DATA, check[block]);
	for (int i = 0; i < N_DATA; i++)
		for (int block = 0; block < N_BLOCKS; block++)
			*to++ = data[block * N_DATA + i];
	for (int i = 0; i < N_CHECK; i++)
		for (int block = 0; block < N_BLOCKS; block++)
			*to++ = check[block][i];
	memcpy(rows, fixed.rows, MIYIN_QR_BYTES);
	for (unsigned i = 0; i < N_BITS; i++)
		if (all[i / 8] >> (7 - i % 8) & 1)
			rows[fixed.places[i].byte] ^= fixed.places[i].bit;
}

/* ---- on a page -------------------------------------------------------------
 */

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

void miyin_qr_append(GString *to, const char *image, const miyin_place *place)
{
	for (unsigned i = 0; i < place->n_codes; i++) {
		double matrix[6];

		find_matrix(&place->codes[i], place->turns[i], matrix);
		g_string_append(to, "q ");
		miyin_pdfnumbers_append(to, matrix, 6);
		g_string_append_printf(to, "cm /%s Do Q\n", image);
	}
}

unsigned miyin_qr_write(miyin_pdfwriter *to, const char *payload)
{
	static const char dictionary[] =
		"/Subtype/Image/ImageMask true/BitsPerComponent 1"
		"/Width " G_STRINGIFY(MIYIN_QR_MODULES) "/Height " G_STRINGIFY(
			MIYIN_QR_MODULES);
	const unsigned object = miyin_pdfwriter_reserve(to);
	guint8 rows[MIYIN_QR_BYTES];

	miyin_qr_draw(payload, rows);
	miyin_pdfwriter_write_stream(to, object, dictionary, rows,
				     sizeof(rows));
	return object;
}
