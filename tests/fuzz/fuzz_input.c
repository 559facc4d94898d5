/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The claimed type on the first line, then what was submitted. */
#include "fuzz.h"
#include "filter/collect/input.h"
#include "filter/collect/text.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
	const uint8_t *end = memchr(data, '\n', length);
	size_t n_claim = end ? (size_t)(end - data) : 0;
	size_t n_before = end ? n_claim + 1 : 0;
	g_autofree char *claim = fuzz_text(data, n_claim);
	g_autoptr(GBytes) submitted =
		fuzz_guarded(data + n_before, length - n_before);
	gsize n;
	const guint8 *bytes = g_bytes_get_data(submitted, &n);
	const char *what = "";
	miyin_input_type type = miyin_input_sniff(bytes, n, claim, &what);
	g_autofree char *hash = miyin_input_hash(bytes, n);

	g_assert((type == MIYIN_INPUT_RAW || type == MIYIN_INPUT_OTHER) ==
		 (what != NULL));
	if (type == MIYIN_INPUT_TEXT &&
	    !g_utf8_validate_len((const char *)bytes, n, NULL)) {
		gsize n_utf8;
		g_autofree char *utf8 = miyin_text_read(bytes, n, &n_utf8);

		g_assert(!utf8 || strlen(utf8) <= n_utf8);
	}
	g_assert_cmpuint(strlen(hash), ==, 64);
	return 0;
}
