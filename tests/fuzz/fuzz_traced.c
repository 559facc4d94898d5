/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the process that reads a scan says to the one that holds the keys. */
#include "fuzz.h"
#include "trace/traced.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
	g_autoptr(GBytes) said = fuzz_guarded(data, length);
	g_autoptr(GError) error = NULL;
	g_autoptr(miyin_traced) traced = NULL;
	g_autoptr(miyin_traced) again = NULL;
	g_autofree char *text = NULL, *same = NULL;
	gsize n;
	const char *bytes = g_bytes_get_data(said, &n);

	traced = miyin_traced_parse(bytes, n, &error);
	if (!traced) {
		fuzz_assert_error(error);
		return 0;
	}
	for (unsigned i = 0; i < traced->sightings->len; i++) {
		const miyin_sighting *sighting = traced->sightings->pdata[i];

		g_assert(sighting->sheet >= 1 &&
			 sighting->sheet <= traced->n_sheets);
		g_assert(sighting->places->len >= 1 && *sighting->reader);
		g_assert(miyin_code_is_ours(sighting->kind, sighting->text));
	}
	text = miyin_traced_format(traced, NULL);
	again = miyin_traced_parse(text, strlen(text), NULL);
	g_assert_nonnull(again);
	same = miyin_traced_format(again, NULL);
	g_assert_cmpstr(text, ==, same);
	return 0;
}
