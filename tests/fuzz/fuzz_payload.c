/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a QR code said. */
#include "fuzz.h"

#include <miyin/payload.h>

#include <string.h>

static gboolean is_same(const miyin_payload *a, const miyin_payload *b)
{
	return a->copy_id == b->copy_id && a->page == b->page &&
	       a->pages == b->pages && a->site == b->site &&
	       a->key_id == b->key_id;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
	g_autofree char *text = fuzz_text(data, length);
	g_autoptr(miyin_keys) keys = miyin_keys_specimen();
	g_autoptr(GError) error = NULL;
	miyin_payload payload, again, untouched;
	char signed_text[MIYIN_PAYLOAD_LENGTH + 1];

	memset(&payload, 0x55, sizeof(payload));
	untouched = payload;
	if (!miyin_payload_parse(text, NULL, &payload, &error)) {
		fuzz_assert_error(error);
		g_assert(is_same(&payload, &untouched));
		return 0;
	}
	g_assert(payload.page >= 1 && payload.page <= payload.pages &&
		 payload.pages <= MIYIN_PAGES_MAX);
	if (!miyin_payload_parse(text, keys, &again, &error))
		fuzz_assert_error(error);
	payload.key_id = 0;
	g_assert(miyin_payload_format(&payload, keys, signed_text, NULL));
	g_assert(miyin_payload_parse(signed_text, keys, &again, NULL));
	g_assert(is_same(&payload, &again));
	return 0;
}
