/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A head of a log that somebody brings. */
#include "fuzz.h"

#include <string.h>

#include <miyin/checkpoint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
	g_autoptr(GBytes) bytes = fuzz_guarded(data, length);
	const char *text = g_bytes_get_data(bytes, NULL);
	g_auto(miyin_checkpoint) head = { .size = 42 };
	g_autofree char *root = NULL, *start = NULL;
	g_autoptr(GError) error = NULL;

	if (!miyin_checkpoint_parse(text, length, &head, &error)) {
		fuzz_assert_error(error);
		g_assert_cmpuint(head.size, ==, 42);
		g_assert_null(head.origin);
		return 0;
	}
	root = g_base64_encode(head.root.bytes, sizeof(head.root.bytes));
	start = g_strdup_printf("%s\n%" G_GUINT64_FORMAT "\n%s\n", head.origin,
				head.size, root);
	g_assert_cmpuint(length, >, strlen(start));
	g_assert(memcmp(text, start, strlen(start)) == 0);
	return 0;
}
