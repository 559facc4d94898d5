/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The text of a first page. */
#include "fuzz.h"
#include "filter/mark/declared.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
	static char *const words[][2] = {
		{ (char *)"绝密", (char *)"Top Secret" },
		{ (char *)"机密", (char *)"Secret" },
		{ (char *)"秘密", (char *)"Confidential" },
		{ (char *)"内部", (char *)"Official-Sensitive" },
	};
	miyin_order_level levels[G_N_ELEMENTS(words)];
	const unsigned n = G_N_ELEMENTS(words);
	g_autofree char *text = fuzz_text(data, length);
	int found;

	for (unsigned i = 0; i < n; i++)
		levels[i] = (miyin_order_level){ .id = words[i][1],
						 .rank = n - i,
						 .text = words[i][0],
						 .text_en = words[i][1] };
	found = miyin_declared_read(text, levels, n, NULL);
	g_assert(found >= -1 && found < (int)n);
	/* The highest of them: without it another or none is found. */
	if (found >= 0)
		g_assert_cmpint(miyin_declared_read(text, levels + found + 1,
						    n - found - 1, NULL),
				>=, -1);
	for (int i = 0; i < found; i++)
		g_assert_cmpint(miyin_declared_read(text, levels + i, 1, NULL),
				==, -1);
	return 0;
}
