/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An entry of a log that somebody else had in his hands. */
#include "fuzz.h"

#include <miyin/logentry.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
	g_autoptr(GBytes) bytes = fuzz_guarded(data, length);
	g_autoptr(GByteArray) again = NULL;
	g_autoptr(GArray) rows = NULL;
	g_autoptr(GError) error = NULL;
	miyin_logentry entry = { .number = 42 };

	if (!miyin_logentry_parse(g_bytes_get_data(bytes, NULL), length, &entry,
				  &rows, &error)) {
		fuzz_assert_error(error);
		g_assert_cmpuint(entry.number, ==, 42);
		return 0;
	}
	again = miyin_logentry_begin(&entry);
	for (unsigned i = 0; i < rows->len; i++) {
		const miyin_logentry_row *row =
			&g_array_index(rows, miyin_logentry_row, i);
		g_autofree char *table = g_strndup(row->table, row->n_table);
		g_autofree char *key = g_strndup(row->key, row->n_key);

		miyin_logentry_add(again, table, key, row->image, row->n_image);
	}
	g_assert_cmpmem(again->data, again->len, data, length);
	return 0;
}
