/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/gateuri.h>
#include <string.h>

char *miyin_gateuri_start(const char *device)
{
	g_autofree char *escaped = g_uri_escape_string(device, NULL, FALSE);

	return g_strconcat(MIYIN_GATE_PREFIX, escaped, "?", NULL);
}

char *miyin_gateuri_format(const char *device, const char *scheme,
			   const char *level)
{
	g_autofree char *start = miyin_gateuri_start(device);

	return g_strconcat(start, "scheme=", scheme, level ? "&level=" : NULL,
			   level, NULL);
}

char *miyin_gateuri_device(const char *uri)
{
	const char *name = uri + strlen(MIYIN_GATE_PREFIX);

	return g_str_has_prefix(uri, MIYIN_GATE_PREFIX)
		       ? g_uri_unescape_segment(name, name + strcspn(name, "?"),
						NULL)
		       : NULL;
}

char *miyin_gateuri_setting(const char *uri, const char *key)
{
	const char *query = strchr(uri, '?');
	g_auto(GStrv) settings = g_strsplit(query ? query + 1 : "", "&", -1);

	for (int i = 0; settings[i]; i++)
		if (g_str_has_prefix(settings[i], key) &&
		    settings[i][strlen(key)] == '=')
			return g_strdup(settings[i] + strlen(key) + 1);
	return NULL;
}
