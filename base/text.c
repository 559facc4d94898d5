/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/text.h>
#include <miyin/skeleton.h>
#include <libintl.h>
#include <locale.h>
#include <string.h>

/* What nobody sees would make two texts of one. */
static gboolean is_allowed(gunichar c)
{
	if (miyin_text_is_invisible(c))
		return FALSE;
	switch (g_unichar_type(c)) {
	case G_UNICODE_CONTROL:
	case G_UNICODE_FORMAT:
	case G_UNICODE_PRIVATE_USE:
	case G_UNICODE_SURROGATE:
	case G_UNICODE_UNASSIGNED:
	case G_UNICODE_LINE_SEPARATOR:
	case G_UNICODE_PARAGRAPH_SEPARATOR:
		return FALSE;
	default:
		return TRUE;
	}
}

/* Runs of space become one, none at the start. */
static char *drop_forbidden(const char *text)
{
	GString *kept = g_string_new(NULL);
	gboolean space = FALSE;

	for (; *text; text = g_utf8_next_char(text)) {
		gunichar c = g_utf8_get_char(text);

		if (g_unichar_isspace(c)) {
			space = kept->len > 0;
			continue;
		}
		if (!is_allowed(c))
			continue;
		if (space)
			g_string_append_c(kept, ' ');
		space = FALSE;
		g_string_append_unichar(kept, c);
	}
	return g_string_free(kept, FALSE);
}

/* Composed only when all is dropped that will be: a joiner between two parts
 * would else leave them apart, and clean text would not stay as it is. */
char *miyin_text_clean(const char *text, unsigned max)
{
	g_autofree char *valid = g_utf8_make_valid(text ? text : "", -1);
	g_autofree char *allowed = drop_forbidden(valid);
	char *clean = g_utf8_normalize(allowed, -1, G_NORMALIZE_NFC);

	if (g_utf8_strlen(clean, -1) > (glong)max)
		*g_utf8_offset_to_pointer(clean, max) = '\0';
	return g_strchomp(clean);
}

char *miyin_text_typed(const char *value, unsigned max)
{
	if (!value || g_str_equal(value, "None"))
		return g_strdup("");
	if (g_str_has_prefix(value, "Custom."))
		value += strlen("Custom.");
	return miyin_text_clean(value, max);
}

char *miyin_text_substitute(const char *text, const char *missing)
{
	GString *out = g_string_new(text);

	for (; missing && *missing; missing = g_utf8_next_char(missing)) {
		char c[7] = "";

		g_unichar_to_utf8(g_utf8_get_char(missing), c);
		g_string_replace(out, c, MIYIN_TEXT_SIGN, 0);
	}
	return g_string_free(out, FALSE);
}

void miyin_text_replace(char **text, char *take_text)
{
	g_free(*text);
	*text = take_text;
}

static gboolean is_separator(gunichar c)
{
	return c == ',' || c == ';' || c == 0xff0c || c == 0x3001 ||
	       c == 0xff1b;
}

gboolean miyin_text_to_number(const char *text, unsigned least,
			      unsigned greatest, unsigned *number)
{
	guint64 value;

	if (!text || !g_ascii_string_to_unsigned(text, 10, least, greatest,
						 &value, NULL))
		return FALSE;
	*number = (unsigned)value;
	return TRUE;
}

gboolean miyin_text_to_measure(const char *text, double least, double greatest,
			       double *measure)
{
	char *end;
	double value;

	if (!text)
		return FALSE;
	value = g_ascii_strtod(text, &end);
	/* What is no number is not in any range. */
	if (end == text || *end || !(value >= least && value <= greatest))
		return FALSE;
	*measure = value;
	return TRUE;
}

gboolean miyin_text_is_hash(const char *text)
{
	return strlen(text) == 64 && strspn(text, "0123456789abcdef") == 64;
}

static int by_bytes(gconstpointer one, gconstpointer other)
{
	return strcmp(*(char *const *)one, *(char *const *)other);
}

gboolean miyin_text_has_name(const char *list, const char *name)
{
	g_auto(GStrv) names = g_strsplit(list, " ", -1);

	return g_strv_contains((const char *const *)names, name);
}

gboolean miyin_text_is_among(const GPtrArray *texts, const char *text)
{
	return g_ptr_array_find_with_equal_func((GPtrArray *)texts, text,
						g_str_equal, NULL);
}

char **miyin_text_sort(GPtrArray *take_texts)
{
	g_ptr_array_sort(take_texts, by_bytes);
	g_ptr_array_add(take_texts, NULL);
	return (char **)g_ptr_array_free(take_texts, FALSE);
}

char **miyin_text_split(const char *list)
{
	g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
	g_autofree char *valid = g_utf8_make_valid(list, -1);
	const char *start = valid;

	for (const char *at = valid;; at = g_utf8_next_char(at)) {
		if (*at && !is_separator(g_utf8_get_char(at)))
			continue;
		g_autofree char *raw = g_strndup(start, at - start);
		g_autofree char *name = miyin_text_clean(raw, MIYIN_TEXT_MAX);

		if (*name)
			g_strv_builder_add(builder, name);
		if (!*at)
			break;
		start = g_utf8_next_char(at);
	}
	return g_strv_builder_end(builder);
}

char **miyin_text_parts(const char *list)
{
	char **parts = g_strsplit(list ? list : "", ",", -1);

	for (char **part = parts; *part; part++)
		g_strstrip(*part);
	return parts;
}

/* C.UTF-8 is always there, zh_CN not on most servers. glibc translates for
 * LANGUAGE in any locale but "C", since 2.39 in none whose name begins with
 * "C." either. For a territory that it does not have it takes the locale
 * without one: C_CN is C.UTF-8 under a name that it translates for. */
void miyin_text_set_language(const char *lang, const char *locale_dir)
{
	g_autofree char *name = g_strdup(lang ? lang : "");
	const char *const head = ""; /* of the catalogue */

	name[strcspn(name, ".@")] = '\0';
	g_strdelimit(name, "-", '_');
	for (char *at = strchr(name, '_'); at && *at; at++)
		*at = g_ascii_toupper(*at);
	if (g_ascii_strncasecmp(name, "zh", 2) == 0 && !strstr(name, "TW") &&
	    !strstr(name, "HK"))
		g_setenv("LANGUAGE", "zh_CN", TRUE);
	else
		g_setenv("LANGUAGE", *name ? name : "en", TRUE);
	setlocale(LC_ALL, "C.UTF-8");
	setlocale(LC_MESSAGES, "C_CN.UTF-8");
	bindtextdomain(GETTEXT_PACKAGE, locale_dir);
	bind_textdomain_codeset(GETTEXT_PACKAGE, "UTF-8");
	textdomain(GETTEXT_PACKAGE);
	/* Read it now: in a sandbox there is no file to open. */
	gettext(head);
}

char **miyin_text_match(const char *sentence, const char *text)
{
	g_autoptr(GRegex) place = g_regex_new("%(\\d\\\\\\$)?s", 0, 0, NULL);
	g_autofree char *words = g_regex_escape_string(sentence, -1);
	g_autofree char *form =
		g_regex_replace_literal(place, words, -1, 0, "(.*?)", 0, NULL);
	g_autoptr(GString) whole = g_string_new(form);
	g_autoptr(GRegex) regex = NULL;
	g_autoptr(GMatchInfo) found = NULL;

	g_string_replace(whole, "%%", "%", 0);
	g_string_prepend_c(whole, '^');
	g_string_append_c(whole, '$');
	regex = g_regex_new(whole->str, G_REGEX_DOLLAR_ENDONLY, 0, NULL);
	return regex && g_regex_match(regex, text, 0, &found)
		       ? g_match_info_fetch_all(found)
		       : NULL;
}

/* Translations are checked against their sentences by msgfmt --check-format. */
#pragma GCC diagnostic ignored "-Wformat-nonliteral"

char *miyin_text_fill(const char *sentence, char *const *values)
{
	const char *filled[] = { "", "", "", "" };

	for (unsigned i = 0; i < G_N_ELEMENTS(filled) && values[i]; i++)
		filled[i] = values[i];
	return g_strdup_printf(sentence, filled[0], filled[1], filled[2],
			       filled[3]);
}
