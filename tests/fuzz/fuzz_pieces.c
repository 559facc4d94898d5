/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an auditor reads: an entry of a log, or an anchor. */
#include "fuzz.h"

#include <openssl/evp.h>

#include "audit/pieces.h"

static void read_entry(const uint8_t *data, size_t length)
{
	g_autoptr(GBytes) bytes = fuzz_guarded(data, length);
	pieces p = { g_bytes_get_data(bytes, NULL), length };
	pieces_head head = { 0 };

	if (pieces_take_head(&p, &head))
		while (p.left > 0) {
			const size_t before = p.left;
			const guint8 *field;
			gsize n;

			if (!pieces_take(&p, &field, &n))
				break;
			g_assert_cmpuint(p.left + n + 4, ==, before);
		}
	g_free(head.at);
}

static void read_anchor(const uint8_t *data, size_t length)
{
	g_autofree char *text = fuzz_text(data, length);
	g_autoptr(miyin_suite) suite = miyin_suite_open("sha256", NULL);
	static const guint8 raw[32] = { 1 };
	EVP_PKEY *key = miyin_suite_read_public(suite, raw, sizeof(raw));
	g_auto(pieces_anchor) anchor = { 0 };

	if (pieces_read_anchor(text, &anchor)) {
		g_assert_cmpuint(anchor.size, >, 0);
		g_assert_nonnull(anchor.root);
		if (anchor.text && key)
			pieces_is_signed(&anchor, suite, key);
	}
	EVP_PKEY_free(key);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
	read_entry(data, length);
	read_anchor(data, length);
	return 0;
}
