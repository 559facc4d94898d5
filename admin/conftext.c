/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conftext.h"
#include "operations.h"
#include <miyin/text.h>
#include <string.h>

void miyin_confline_clear(miyin_confline *l)
{
	g_clear_pointer(&l->text, g_free);
	g_clear_pointer(&l->word, g_free);
	g_clear_pointer(&l->value, g_free);
}

gboolean miyin_conftext_next(const char **at, miyin_confline *l)
{
	const char *eol;
	char *p;

	miyin_confline_clear(l);
	if (!**at)
		return FALSE;
	l->start = *at;
	eol = strchr(*at, '\n');
	l->end = *at = eol ? eol + 1 : *at + strlen(*at);
	l->text = g_strstrip(g_strndup(l->start, l->end - l->start));
	l->word = g_strdup(l->text);
	p = strchr(l->word, '#');
	if (p && (p == l->word || p[-1] != '\\'))
		*p = '\0';
	p = l->word + strcspn(l->word, " \t");
	if (*p)
		*p++ = '\0';
	l->value = g_strstrip(g_strdup(p));
	if (l->word[0] == '<' && g_str_has_suffix(l->value, ">")) {
		l->value[strlen(l->value) - 1] = '\0';
		g_strchomp(l->value);
	}
	return TRUE;
}

char *miyin_conftext_get(const char *text, const char *directive)
{
	char *value = NULL;
	int depth = 0;
	g_auto(miyin_confline) l = { 0 };

	while (miyin_conftext_next(&text, &l)) {
		if (l.word[0] == '<')
			depth += l.word[1] == '/' ? -1 : 1;
		else if (depth == 0 &&
			 g_ascii_strcasecmp(l.word, directive) == 0) {
			g_free(value);
			value = g_strdup(l.value);
		}
	}
	return value;
}

char *miyin_conftext_policy(const char *text, const char *policy)
{
	g_autoptr(GString) body = g_string_new(NULL);
	const char *start = NULL;
	gboolean found = FALSE;
	g_auto(miyin_confline) l = { 0 };

	while (miyin_conftext_next(&text, &l)) {
		if (start && g_ascii_strncasecmp(l.word, "</Policy", 8) == 0) {
			g_string_append_len(body, start, l.start - start);
			start = NULL;
			found = TRUE;
		} else if (!start &&
			   g_ascii_strcasecmp(l.word, "<Policy") == 0 &&
			   g_ascii_strcasecmp(l.value, policy) == 0) {
			start = l.end;
		}
	}
	return found ? g_string_free(g_steal_pointer(&body), FALSE) : NULL;
}

char *miyin_conftext_default_policy(const char *text)
{
	char *name = miyin_conftext_get(text, "DefaultPolicy");

	return name ? name : g_strdup("default");
}

static gboolean is_same_name(gconstpointer a, gconstpointer b)
{
	return g_ascii_strcasecmp(a, b) == 0;
}

GPtrArray *miyin_conftext_policies(const char *base)
{
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	g_auto(miyin_confline) l = { 0 };

	g_ptr_array_add(names, miyin_conftext_default_policy(base));
	while (miyin_conftext_next(&base, &l)) {
		if (g_ascii_strcasecmp(l.word, "<Policy") == 0 &&
		    !g_ptr_array_find_with_equal_func(names, l.value,
						      is_same_name, NULL))
			g_ptr_array_add(names, g_strdup(l.value));
	}
	return names;
}

/* A Listen that only this machine reaches: a socket or the loopback address. */
static gboolean is_local(const char *address)
{
	static const char *const local[] = { "/", "localhost:", "127.",
					     "[::1]" };

	for (unsigned i = 0; i < G_N_ELEMENTS(local); i++)
		if (g_ascii_strncasecmp(address, local[i], strlen(local[i])) ==
		    0)
			return TRUE;
	return g_ascii_strcasecmp(address, "localhost") == 0;
}

char *miyin_conftext_in_clear(const char *text)
{
	char *found = NULL;
	g_auto(miyin_confline) l = { 0 };

	while (!found && miyin_conftext_next(&text, &l)) {
		if (g_ascii_strcasecmp(l.word, "Port") == 0 ||
		    (g_ascii_strcasecmp(l.word, "Listen") == 0 &&
		     !is_local(l.value)))
			found = g_strdup_printf("%s %s", l.word, l.value);
	}
	return found;
}

gboolean miyin_conftext_is_off(const char *value)
{
	g_autofree char *small = g_ascii_strdown(value, -1);

	return miyin_text_has_name("no off false disabled 0", small);
}

/* "All" is IPP_OP_CUPS_INVALID here. */
static gboolean limit_names(const char *value, ipp_op_t operation)
{
	g_auto(GStrv) names = g_strsplit_set(value, " \t", -1);

	for (int i = 0; names[i]; i++)
		if (operation == IPP_OP_CUPS_INVALID
			    ? g_ascii_strcasecmp(names[i], "All") == 0
			    : *names[i] && miyin_operations_parse(names[i]) ==
						   operation)
			return TRUE;
	return FALSE;
}

/* Collect the directives of all Limits that name the operation, one a line in
 * small letters; *found when there is such a Limit. */
static char *collect_limit(const char *body, ipp_op_t operation,
			   gboolean *found)
{
	GString *limit = g_string_new("\n");
	gboolean inside = FALSE;
	g_auto(miyin_confline) l = { 0 };

	*found = FALSE;
	while (miyin_conftext_next(&body, &l)) {
		g_autofree char *word = g_ascii_strdown(l.word, -1);

		if (g_str_equal(word, "<limit")) {
			inside = limit_names(l.value, operation);
			*found |= inside;
		} else if (*word == '<') {
			inside = FALSE;
		} else if (inside && *word) {
			g_string_append_printf(limit, "%s %s\n", word, l.value);
		}
	}
	return g_string_free(limit, FALSE);
}

char *miyin_conftext_limit(const char *text, const char *policy,
			   ipp_op_t operation)
{
	g_autofree char *body = miyin_conftext_policy(text, policy);
	g_autofree char *named = NULL, *all = NULL;
	gboolean found;

	if (!body)
		return NULL;
	named = collect_limit(body, operation, &found);
	if (found)
		return g_steal_pointer(&named);
	all = collect_limit(body, IPP_OP_CUPS_INVALID, &found);
	return found ? g_steal_pointer(&all) : NULL;
}
