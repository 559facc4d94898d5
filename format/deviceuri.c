/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/deviceuri.h>
#include <string.h>

#define SCHEME_CHARS "abcdefghijklmnopqrstuvwxyz0123456789+-"

char *miyin_deviceuri_wrap(const char *uri)
{
	size_t n = strcspn(uri, ":");
	gboolean bare = g_str_has_prefix(uri + n, "://") &&
			!strpbrk(uri + n + strlen("://"), "/?");

	return g_strdup_printf(MIYIN_DEVICE_SCHEME "%s%s%.*s", uri + n,
			       bare ? "/#/" : "#", (int)n, uri);
}

char *miyin_deviceuri_unwrap(const char *uri)
{
	const char *rest = uri + strlen(MIYIN_DEVICE_SCHEME);
	const char *mark = strrchr(uri, '#'), *scheme, *end;

	if (!g_str_has_prefix(uri, MIYIN_DEVICE_SCHEME ":") || !mark)
		return NULL;
	scheme = mark[1] == '/' ? mark + 2 : mark + 1;
	end = mark[1] == '/' ? mark - 1 : mark;
	if (!*scheme || strspn(scheme, SCHEME_CHARS) != strlen(scheme) ||
	    (end < mark && *end != '/'))
		return NULL;
	return g_strdup_printf("%s%.*s", scheme, (int)(end - rest), rest);
}

char *miyin_deviceuri_bare(const char *uri)
{
	const char *host = strstr(uri, "://");
	const char *at;

	if (!host)
		return g_strdup(uri);
	host += 3;
	at = memrchr(host, '@', strcspn(host, "/"));
	if (!at)
		return g_strdup(uri);
	return g_strdup_printf("%.*s%s", (int)(host - uri), uri, at + 1);
}
