/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/pdfnumbers.h>
#include <math.h>

#define LIMIT 1e12
#define N_DECIMALS 4
#define UNITS 1e4

/* By integers: printing doubles was a seventh of all work of a copy. */
void miyin_pdfnumbers_append(GString *to, const double *numbers, int n)
{
	for (int i = 0; i < n; i++) {
		/* fmin of what is no number is the limit. */
		double number = fmax(fmin(numbers[i], LIMIT), -LIMIT);
		gint64 scaled = llround(number * UNITS);
		guint64 rest = ABS(scaled);
		char text[32];
		char *at = text + sizeof(text);
		int decimals = N_DECIMALS;

		for (; decimals > 0 && rest % 10 == 0; decimals--)
			rest /= 10;
		*--at = ' ';
		for (int digits = 0; rest > 0 || digits <= decimals; digits++) {
			if (digits == decimals && decimals > 0)
				*--at = '.';
			*--at = (char)('0' + rest % 10);
			rest /= 10;
		}
		if (scaled < 0)
			*--at = '-';
		g_string_append_len(to, at, text + sizeof(text) - at);
	}
}
