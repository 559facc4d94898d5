/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "asked.h"
#include <miyin/text.h>
#include <cups/cups.h>

#define NAME_OPTION "document-name-supplied"

static char *get(int n, cups_option_t *options, const char *name)
{
	return miyin_text_typed(cupsGetOption(name, n, options),
				MIYIN_TEXT_MAX);
}

void miyin_asked_read(miyin_asked *asked, const char *text)
{
	cups_option_t *options = NULL;
	int n = cupsParseOptions(text, 0, &options);

	*asked = (miyin_asked){
		.level = get(n, options, "MiyinLevel"),
		.period = get(n, options, "MiyinPeriod"),
		.reference = get(n, options, "MiyinDocument"),
	};
	if (g_str_equal(asked->level, "Unset"))
		asked->level[0] = '\0';
	cupsFreeOptions(n, options);
}

/* The scheduler puts a backslash before each blank and quote of a value. */
static const char *end_of_option(const char *text)
{
	for (; *text && !g_ascii_isspace(*text); text++)
		if (*text == '\\' && text[1])
			text++;
	return text;
}

/* cupsParseOptions keeps the last of several options of a name only. */
static GPtrArray *read_names(const char *text)
{
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);

	for (const char *end; *text; text = end) {
		g_autofree char *one = NULL;
		cups_option_t *options = NULL;
		int n;

		while (g_ascii_isspace(*text))
			text++;
		end = end_of_option(text);
		if (!g_str_has_prefix(text, NAME_OPTION "="))
			continue;
		one = g_strndup(text, end - text);
		n = cupsParseOptions(one, 0, &options);
		g_ptr_array_add(
			names,
			miyin_text_clean(cupsGetOption(NAME_OPTION, n, options),
					 MIYIN_TEXT_MAX));
		cupsFreeOptions(n, options);
	}
	return names;
}

static gboolean are_for_all(const GPtrArray *names, unsigned n)
{
	for (unsigned i = 0; i < names->len; i++)
		if (!*(const char *)names->pdata[i])
			return FALSE;
	return names->len == n;
}

char **miyin_asked_titles(const char *options, const char *title, unsigned n)
{
	g_autofree char *clean = miyin_text_clean(title, MIYIN_TEXT_MAX);
	g_autoptr(GPtrArray) names = read_names(options);
	gboolean named = are_for_all(names, n);
	char **titles = g_new0(char *, n + 1);

	for (unsigned i = 0; i < n; i++) {
		const char *name = named ? names->pdata[i] : NULL;

		if (n == 1)
			titles[i] = g_strdup(clean);
		else if (!name)
			titles[i] =
				g_strdup_printf("%s (%u/%u)", clean, i + 1, n);
		else if (!*clean || g_strcmp0(clean, names->pdata[0]) == 0)
			titles[i] = g_strdup(name);
		else
			titles[i] = g_strdup_printf("%s (%s)", clean, name);
	}
	return titles;
}
