/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/deviceuri.h>
#include <string.h>

#define SCHEME_CHARS "abcdefghijklmnopqrstuvwxyz0123456789+-"

char *miyin_deviceuri_wrap(const char *uri)
{
	size_t n = strcspn(uri, ":");

	return g_strdup_printf(MIYIN_DEVICE_SCHEME "%s#%.*s", uri + n, (int)n,
			       uri);
}

char *miyin_deviceuri_unwrap(const char *uri)
{
	const char *rest = uri + strlen(MIYIN_DEVICE_SCHEME);
	const char *mark = strrchr(uri, '#');

	if (!g_str_has_prefix(uri, MIYIN_DEVICE_SCHEME ":") || !mark ||
	    !mark[1] || strspn(mark + 1, SCHEME_CHARS) != strlen(mark + 1))
		return NULL;
	return g_strdup_printf("%s%.*s", mark + 1, (int)(mark - rest), rest);
}
