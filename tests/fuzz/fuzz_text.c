/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text from users. */
#include "fuzz.h"

#include <miyin/text.h>

#include <string.h>

static void assert_clean(const char *text, unsigned max)
{
	g_autofree char *again = miyin_text_clean(text, max);

	g_assert(g_utf8_validate(text, -1, NULL));
	g_assert_cmpint(g_utf8_strlen(text, -1), <=, max);
	g_assert_cmpstr(again, ==, text);
	for (; *text; text = g_utf8_next_char(text))
		g_assert(g_unichar_isprint(g_utf8_get_char(text)) ||
			 g_unichar_ismark(g_utf8_get_char(text)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
	g_autofree char *text = fuzz_text(data, length);
	g_autofree char *clean = miyin_text_clean(text, MIYIN_TEXT_MAX);
	g_autofree char *cut = miyin_text_clean(text, 5);
	g_auto(GStrv) names = miyin_text_split(text);

	assert_clean(clean, MIYIN_TEXT_MAX);
	assert_clean(cut, 5);
	for (int i = 0; names[i]; i++) {
		g_assert(*names[i]);
		assert_clean(names[i], MIYIN_TEXT_MAX);
	}
	return 0;
}
