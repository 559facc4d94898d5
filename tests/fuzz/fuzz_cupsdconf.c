/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The scheduler's configuration, with our block and without it again. */
#include "fuzz.h"
#include "admin/conftext.h"
#include "admin/cupsdconf.h"
#include "../forbids.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
	g_autofree char *text = fuzz_text(data, length);
	g_autofree char *base = miyin_cupsdconf_remove(text);
	g_autofree char *added = miyin_cupsdconf_add(text, "miyin");
	g_autofree char *twice = miyin_cupsdconf_add(added, "miyin");
	g_autofree char *removed = miyin_cupsdconf_remove(added);
	g_autofree char *block = miyin_cupsdconf_block(added);
	g_autofree char *listen = miyin_conftext_get(text, "Listen");

	g_assert_cmpstr(removed, ==, base);
	g_assert_cmpstr(twice, ==, added);
	g_assert(!listen || strstr(text, listen));
	g_assert_nonnull(block);
	g_assert(forbids(added, MIYIN_POLICY_GATE, "Restart-Job"));
	g_assert(forbids(added, MIYIN_POLICY_DEFAULT, "CUPS-Get-Document"));
	return 0;
}
