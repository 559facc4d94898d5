/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The URI of a device queue. */
#include "fuzz.h"
#include "admin/queue.h"

#include <miyin/deviceuri.h>

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
	g_autofree char *uri = fuzz_text(data, length);
	g_autofree char *inner = miyin_deviceuri_unwrap(uri);
	g_autofree char *bare = miyin_deviceuri_bare(uri);
	g_autofree char *wrapped = NULL, *again = NULL;

	g_assert_cmpuint(strlen(bare), <=, strlen(uri));
	if (!inner && g_ascii_islower(*uri) && strchr(uri, ':') &&
	    strspn(uri, "abcdefghijklmnopqrstuvwxyz0123456789+-") ==
		    strcspn(uri, ":"))
		inner = g_strdup(uri);
	if (inner) {
		wrapped = miyin_deviceuri_wrap(inner);
		again = miyin_deviceuri_unwrap(wrapped);
		g_assert_cmpstr(again, ==, inner);
	}
	return 0;
}
