/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A code that somebody typed. */
#include "fuzz.h"

#include <miyin/humancode.h>

static void assert_reads_again(guint64 copy_id, unsigned page)
{
	char text[MIYIN_HUMANCODE_LENGTH + 1];
	guint64 copy_again;
	unsigned page_again;

	g_assert(copy_id >> 40 == 0 && page >= 1 && page <= 1023);
	miyin_humancode_format(copy_id, page, text);
	g_assert(miyin_humancode_parse(text, &copy_again, &page_again, NULL,
				       NULL));
	g_assert(copy_again == copy_id && page_again == page);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
	g_autofree char *text = fuzz_text(data, length);
	g_autofree char *hint = NULL;
	g_autoptr(GError) error = NULL;
	guint64 copy_id = 42;
	unsigned page = 42;

	if (miyin_humancode_parse(text, &copy_id, &page, &hint, &error)) {
		g_assert_null(hint);
		assert_reads_again(copy_id, page);
		return 0;
	}
	fuzz_assert_error(error);
	g_assert(copy_id == 42 && page == 42);
	if (hint) {
		g_assert(miyin_humancode_parse(hint, &copy_id, &page, NULL,
					       NULL));
		assert_reads_again(copy_id, page);
	}
	return 0;
}
