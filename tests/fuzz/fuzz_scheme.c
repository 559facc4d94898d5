/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A marking scheme: of what is accepted, miyinmark takes the orders. */
#include "fuzz.h"

#include <miyin/compose.h>

#include <string.h>
#include <unistd.h>

static void assert_orders(const miyin_scheme *scheme, const miyin_level *level,
			  const miyin_keys *keys)
{
	g_autofree char *mark = miyin_level_format_mark(level, level->period);
	const miyin_composition c = {
		.scheme = scheme,
		.level = level,
		.words = { .mark = mark,
			   .level = level->text,
			   .period = level->period,
			   .serial = "000012",
			   .holder = "{code} 张三",
			   .date = "2026-11-21",
			   .document = "a;b\\c",
			   .title = " ",
			   .unit = "",
			   .user = "wang",
			   .copy_no = 2,
			   .n_copies = 3,
			   .n_pages = 2 },
		.reprint = TRUE,
		.copy_id = 42,
	};
	g_autoptr(miyin_order) order = miyin_compose(&c, keys, NULL);
	g_autofree char *text = miyin_order_format(order);
	g_autoptr(miyin_order) again = NULL;

	again = miyin_order_parse(text, strlen(text), NULL);
	g_assert_nonnull(again);
	g_assert_cmpuint(again->layout->lines->len, ==,
			 order->layout->lines->len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
	int fd = fuzz_file(data, length);
	g_autoptr(GError) error = NULL;
	g_autoptr(miyin_keys) keys = miyin_keys_specimen();
	g_autoptr(miyin_scheme) scheme = miyin_scheme_open(
		fuzz_folder("fuzz.scheme", fd), "fuzz", &error);

	close(fd);
	if (!scheme) {
		fuzz_assert_error(error);
		return 0;
	}
	for (unsigned i = 0; i < scheme->levels->len; i++) {
		const miyin_level *level = scheme->levels->pdata[i];

		g_assert_nonnull(miyin_scheme_find_level(scheme, level->id));
		assert_orders(scheme, level, keys);
		assert_orders(scheme, level, NULL);
	}
	return 0;
}
