/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ppdtext.h"
#include <string.h>

static gboolean is_language(const char *text, gsize length)
{
	return (length == 2 || (length == 5 && text[2] == '_')) &&
	       g_ascii_islower(text[0]) && g_ascii_islower(text[1]);
}

/* As libcups reads it: quotes count only after the colon. */
static gsize find_length(const char *text)
{
	gboolean comment = g_str_has_prefix(text, "*%");
	gboolean colon = FALSE, quote = FALSE;
	gsize i;

	for (i = 0; text[i]; i++) {
		if (text[i] == ':' && !comment)
			colon = TRUE;
		else if (text[i] == '"' && colon)
			quote = !quote;
		else if (!quote && text[i] == '\r' && text[i + 1] == '\n')
			return i + 2;
		else if (!quote && (text[i] == '\r' || text[i] == '\n'))
			return i + 1;
	}
	return i;
}

void miyin_statement_clear(miyin_statement *st)
{
	g_clear_pointer(&st->keyword, g_free);
	g_clear_pointer(&st->language, g_free);
	g_clear_pointer(&st->rest, g_free);
}

gboolean miyin_ppdtext_next(const char **at, miyin_statement *st)
{
	const char *p = *at, *dot;
	gsize length;

	miyin_statement_clear(st);
	if (!*p)
		return FALSE;
	st->text = p;
	st->length = find_length(p);
	*at += st->length;
	if (*p++ != '*' || *p == '%') {
		st->keyword = g_strdup("");
		st->rest = g_strdup("");
		return TRUE;
	}
	if (*p == '?')
		p++;
	length = strcspn(p, " \t:/\r\n");
	dot = memchr(p, '.', length);
	if (dot && is_language(p, dot - p)) {
		st->language = g_strndup(p, dot - p);
		length -= dot + 1 - p;
		p = dot + 1;
	}
	st->keyword = g_strndup(p, length);
	p += length;
	st->rest = g_strndup(p, st->text + st->length - p);
	return TRUE;
}

char *miyin_ppdtext_option_name(const char *rest)
{
	gsize length;

	rest += strspn(rest, " \t:*");
	length = strcspn(rest, " \t:/\"\r\n");
	return length ? g_strndup(rest, length) : NULL;
}

void miyin_ppdtext_split_choice(const char *rest, char **choice, char **text,
				char **code)
{
	gsize length;

	rest += strspn(rest, " \t");
	length = strcspn(rest, ":/\r\n");
	*choice = g_strchomp(g_strndup(rest, length));
	rest += length;
	length = strcspn(rest, ":\r\n");
	*text = g_strndup(*rest == '/' ? rest + 1 : "",
			  *rest == '/' && length > 0 ? length - 1 : 0);
	rest += length;
	*code = g_strdup(*rest == ':' ? rest + 1 : "");
}
