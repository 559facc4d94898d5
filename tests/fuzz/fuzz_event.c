/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An event of a register that somebody else had in his hands. */
#include "fuzz.h"

#include <miyin/event.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
	g_autoptr(GBytes) bytes = fuzz_guarded(data, length);
	g_autoptr(GStringChunk) text = g_string_chunk_new(1024);
	g_autoptr(GBytes) again = NULL;
	g_autoptr(GError) error = NULL;
	miyin_event event = { .seq = 42 };

	if (!miyin_event_parse(g_bytes_get_data(bytes, NULL), length, &event,
			       text, &error)) {
		fuzz_assert_error(error);
		g_assert_cmpint(event.seq, ==, 42);
		return 0;
	}
	again = miyin_event_format(&event, &error);
	g_assert_no_error(error);
	g_assert(g_bytes_equal(bytes, again));
	return 0;
}
