/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A time that somebody typed, and cells of the register on their way out. */
#include "fuzz.h"
#include "console/when.h"
#include "console/table.h"

#include <json-glib/json-glib.h>
#include <string.h>

static char *format(const char *text, miyin_table_form form)
{
	static const miyin_column columns[] = {
		{ .name = "title", .least = 4 },
		{ .name = "copies", .kind = MIYIN_CELL_NUMBER, .leave = 1 },
		{ .name = NULL },
	};
	const char *const cells[] = { text, "3" };
	g_autoptr(miyin_table) table = miyin_table_new(form, columns, 20);

	miyin_table_add(table, cells);
	return miyin_table_format(table);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
	g_autofree char *text = fuzz_text(data, length);
	g_autoptr(GDateTime) now = g_date_time_new_utc(2026, 11, 21, 14, 0, 0);
	g_autoptr(GError) error = NULL;
	g_autofree char *at = miyin_when_parse(text, FALSE, now, &error);
	g_autofree char *clean = miyin_table_clean(text);
	g_autofree char *json = format(text, MIYIN_TABLE_JSON);
	g_autofree char *csv = format(text, MIYIN_TABLE_CSV);
	g_autofree char *lines = format(text, MIYIN_TABLE_PEOPLE);
	g_autoptr(JsonNode) node = json_from_string(json, NULL);

	if (at) {
		g_autoptr(GDateTime) read =
			g_date_time_new_from_iso8601(at, NULL);

		g_assert_nonnull(read);
	} else {
		fuzz_assert_error(error);
	}
	g_assert(g_utf8_validate(clean, -1, NULL) && !strchr(clean, '\033'));
	g_assert(g_utf8_validate(lines, -1, NULL) && !strchr(lines, '\033'));
	g_assert(g_utf8_validate(csv, -1, NULL));
	g_assert(node && JSON_NODE_HOLDS_ARRAY(node));
	return 0;
}
