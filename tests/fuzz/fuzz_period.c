/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A period, and the greatest one on the second line. */
#include "fuzz.h"

#include <miyin/period.h>

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
	g_autofree char *text = fuzz_text(data, length);
	char *greatest = strchr(text, '\n');
	GDate from;

	if (greatest)
		*greatest++ = '\0';
	else
		greatest = text;
	g_date_clear(&from, 1);
	g_date_set_dmy(&from, 29, G_DATE_FEBRUARY, 2024);
	g_assert_cmpint(miyin_period_days(text, &from), >=, -1);
	g_assert(miyin_period_is_within(text, "", &from));
	g_assert(miyin_period_is_within(text, text, &from));
	g_assert(!miyin_period_is_within("长期", "20年", &from));
	if (!miyin_period_is_within(text, greatest, &from))
		g_assert(miyin_period_is_within(greatest, text, &from));
	return 0;
}
