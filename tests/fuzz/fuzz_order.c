/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What miyinmark is told to put on a copy. */
#include "fuzz.h"

#include <miyin/order.h>

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) bytes = fuzz_guarded(data, length);
	g_autoptr(miyin_order) order = miyin_order_parse(
		g_bytes_get_data(bytes, NULL), length, &error);
	g_autoptr(miyin_order) again = NULL;
	g_autofree char *text = NULL, *text_again = NULL;

	if (!order) {
		fuzz_assert_error(error);
		return 0;
	}
	text = miyin_order_format(order);
	again = miyin_order_parse(text, strlen(text), &error);
	g_assert_no_error(error);
	text_again = miyin_order_format(again);
	g_assert_cmpstr(text, ==, text_again);
	return 0;
}
