/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A period, and the greatest one on the second line. */
#include "fuzz.h"

#include <miyin/period.h>

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
	g_autofree char *text = fuzz_text(data, length);
	char *greatest = strchr(text, '\n');
	g_autofree char *normal = NULL, *again = NULL;
	char *const none[] = { NULL };
	miyin_period_verdict verdict;
	GDate from;

	if (greatest)
		*greatest++ = '\0';
	else
		greatest = text;
	g_date_clear(&from, 1);
	g_date_set_dmy(&from, 29, G_DATE_FEBRUARY, 2024);
	verdict = miyin_period_judge(text, greatest, none, &from, &normal);
	g_assert((verdict == MIYIN_PERIOD_UNKNOWN) == (normal == NULL));
	g_assert_cmpint(miyin_period_judge(text, "", none, &from, NULL), !=,
			MIYIN_PERIOD_LONGER);
	/* What is printed is the same period, and its own normal form. */
	if (normal) {
		g_assert_cmpint(miyin_period_judge(normal, greatest, none,
						   &from, &again),
				==, verdict);
		g_assert_cmpstr(again, ==, normal);
		g_assert(miyin_period_equal(text, normal, &from));
	}
	return 0;
}
