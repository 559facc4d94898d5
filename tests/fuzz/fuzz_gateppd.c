/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A printer's PPD: whatever it holds, its gate lets nothing past. */
#include "fuzz.h"
#include "admin/gateppd.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
	static miyin_scheme *scheme;
	g_autofree char *ppd = fuzz_text(data, length);
	g_autofree char *gate = NULL, *hole = NULL;
	g_autoptr(GError) error = NULL;

	if (!scheme)
		scheme = miyin_scheme_open(FUZZ_SCHEMES, "cn-gb9704", NULL);
	gate = miyin_gateppd_make(ppd, scheme, length % 2 ? "jimi" : NULL, NULL,
				  NULL, &error);
	if (!gate) {
		fuzz_assert_error(error);
		return 0;
	}
	g_assert(g_utf8_validate(gate, -1, NULL));
	g_assert(!strchr(gate, '\r'));
	g_assert(miyin_gateppd_is_gate(gate));
	if (!miyin_gateppd_is_tight(gate, &hole))
		g_error("%s", hole);
	return 0;
}
