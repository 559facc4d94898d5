/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The last line of miyinmark: a refusal's id and its arguments. */
#include "fuzz.h"
#include "filter/mark/fault.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
	g_autofree char *line = fuzz_text(data, length);
	g_auto(GStrv) words = g_strsplit(line, "\t", -1);
	int refusal = words[0] ? miyin_refusal_find(words[0]) : -1;
	g_autoptr(GError) error = NULL, fault = NULL;
	g_autofree char *again = NULL;

	if (refusal < 0)
		return 0;
	g_assert_cmpstr(miyin_refusal_id(refusal), ==, words[0]);
	error = miyin_refusal_new_list(refusal, words + 1);
	g_assert(g_error_matches(error, MIYIN_REFUSAL, refusal));
	g_assert(*error->message);
	miyin_fault_set(&fault, refusal, words[1], NULL);
	again = miyin_fault_format(fault);
	g_assert(g_str_has_prefix(again, words[0]));
	return 0;
}
