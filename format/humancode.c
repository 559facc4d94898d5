/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/humancode.h>
#include <miyin/crockford.h>
#include <miyin/error.h>
#include <glib/gi18n.h>

#define N_DATA 10
#define N_CODE 12
#define N_COPY 8 /* of the copy alone */

/* Multiply in GF(32), polynomial x^5 + x^2 + 1. */
static unsigned gf_mul(unsigned a, unsigned b)
{
	unsigned product = 0;

	for (; b; b >>= 1) {
		if (b & 1)
			product ^= a;
		a <<= 1;
		if (a & 32)
			a ^= 0x25;
	}
	return product;
}

/* The remainder by g(x) = x^2 + (a + a^2)x + a^3 with a = 2: 6 and 8. */
static void append_check(guint8 symbol[N_CODE])
{
	unsigned high = 0, low = 0;

	for (int i = 0; i < N_DATA; i++) {
		unsigned feedback = symbol[i] ^ high;

		high = low ^ gf_mul(feedback, 6);
		low = gf_mul(feedback, 8);
	}
	symbol[N_DATA] = high;
	symbol[N_DATA + 1] = low;
}

static void write_symbols(const guint8 symbol[N_CODE], char *text)
{
	for (int i = 0; i < N_CODE; i++) {
		if (i == 4 || i == 8)
			*text++ = '-';
		*text++ = miyin_crockford_char(symbol[i]);
	}
	*text = '\0';
}

void miyin_humancode_format(guint64 copy_id, unsigned page,
			    char text[MIYIN_HUMANCODE_LENGTH + 1])
{
	guint64 data = copy_id << 10 | page;
	guint8 symbol[N_CODE];

	for (int i = 0; i < N_DATA; i++)
		symbol[i] = data >> (5 * (N_DATA - 1 - i)) & 31;
	append_check(symbol);
	write_symbols(symbol, text);
}

static gboolean check_holds(const guint8 symbol[N_CODE])
{
	unsigned at_a = 0, at_a2 = 0;

	for (int i = 0; i < N_CODE; i++) {
		at_a = gf_mul(at_a, 2) ^ symbol[i];
		at_a2 = gf_mul(at_a2, 4) ^ symbol[i];
	}
	return at_a == 0 && at_a2 == 0;
}

/* Pages are counted from 1. */
static gboolean has_page(const guint8 symbol[N_CODE])
{
	return symbol[N_DATA - 2] != 0 || symbol[N_DATA - 1] != 0;
}

/* Distance 3: at most one code differs from this one in one character. */
static char *suggest(const guint8 symbol[N_CODE])
{
	guint8 other[N_CODE];

	for (int i = 0; i < N_CODE; i++) {
		for (unsigned value = 0; value < 32; value++) {
			memcpy(other, symbol, N_CODE);
			other[i] = value;
			if (check_holds(other) && has_page(other)) {
				char *text =
					g_malloc(MIYIN_HUMANCODE_LENGTH + 1);

				write_symbols(other, text);
				return text;
			}
		}
	}
	return NULL;
}

/* So many symbols, with any hyphens and spaces. */
static gboolean read_symbols(const char *text, guint8 *symbol, int n_wanted)
{
	int n = 0;

	for (; *text; text++) {
		int value = miyin_crockford_value(*text);

		if (*text == '-' || *text == ' ')
			continue;
		if (value < 0 || n == n_wanted)
			return FALSE;
		symbol[n++] = (guint8)value;
	}
	return n == n_wanted;
}

static guint64 join_symbols(const guint8 *symbol, int n)
{
	guint64 data = 0;

	for (int i = 0; i < n; i++)
		data = data << 5 | symbol[i];
	return data;
}

gboolean miyin_humancode_parse(const char *text, guint64 *copy_id,
			       unsigned *page, char **hint, GError **error)
{
	guint8 symbol[N_CODE];
	guint64 data;

	if (hint)
		*hint = NULL;
	if (!read_symbols(text, symbol, N_CODE))
		return miyin_fail(
			error, MIYIN_ERROR_INPUT,
			_("A code has twelve letters and digits, such as "
			  "7K3Q-9XMD-2FHT."));
	if (!check_holds(symbol)) {
		if (hint)
			*hint = suggest(symbol);
		return miyin_fail(
			error, MIYIN_ERROR_INPUT,
			_("The code was mistyped: its check characters "
			  "do not hold."));
	}
	if (!has_page(symbol))
		return miyin_fail(
			error, MIYIN_ERROR_INPUT,
			_("The code names no page; it was mistyped."));
	data = join_symbols(symbol, N_DATA);
	*copy_id = data >> 10;
	*page = data & 1023;
	return TRUE;
}

void miyin_copycode_format(guint64 copy_id,
			   char text[MIYIN_COPYCODE_LENGTH + 1])
{
	char whole[MIYIN_HUMANCODE_LENGTH + 1];

	miyin_humancode_format(copy_id, 0, whole);
	g_strlcpy(text, whole, MIYIN_COPYCODE_LENGTH + 1);
}

gboolean miyin_copycode_parse(const char *text, guint64 *copy_id)
{
	guint8 symbol[N_COPY];

	if (!read_symbols(text, symbol, N_COPY))
		return FALSE;
	*copy_id = join_symbols(symbol, N_COPY);
	return TRUE;
}
