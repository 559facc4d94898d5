/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/scheme.h>
#include <miyin/layout.h>
#include <miyin/text.h>
#include <glib/gi18n.h>
#include <string.h>

static const char *const uncut_variables[] = { "mark", "level", "period",
					       NULL };
/* A sign instead of a character would make another level of it. */
static const char *const level_variables[] = { "mark", "level", NULL };

char *miyin_level_format_typed(const miyin_level *level)
{
	/* TRANSLATORS: the id of a level, then its text; show one of them. */
	g_autofree char *typed =
		g_strdup_printf(_("%1$s%2$.0s"), level->id, level->text);

	/* A command line would part it. */
	return g_strdup(strchr(typed, ' ') ? level->id : typed);
}

char *miyin_level_format_choice(const miyin_level *level)
{
	g_autofree char *typed = miyin_level_format_typed(level);

	return g_str_equal(typed, level->id)
		       ? g_strdup_printf(_("%s (%s)"), level->id, level->text)
		       : g_steal_pointer(&typed);
}

char *miyin_level_format_mark(const miyin_level *level, const char *period)
{
	g_autoptr(GString) mark = g_string_new(level->mark);
	const char *start = strstr(mark->str, "{level}");
	const char *end = strstr(mark->str, "{period}");

	/* The rule's default period holds for a mark without one, but a bare
	 * star, or what else stands before the period, would say nothing. */
	if (!*period && start && end && start < end)
		g_string_erase(mark, start + strlen("{level}") - mark->str,
			       end - start - strlen("{level}"));
	g_string_replace(mark, "{level}", level->text, 0);
	g_string_replace(mark, "{period}", period, 0);
	return g_strchomp(g_strdup(mark->str));
}

static char *word_of(const char *variable, const miyin_words *words)
{
	g_autofree char *copy = g_strdup_printf("%u", words->copy_no);
	g_autofree char *copies = g_strdup_printf("%u", words->n_copies);
	g_autofree char *pages = g_strdup_printf("%u", words->n_pages);
	const struct {
		const char *name, *word;
	} table[] = {
		{ "copy", copy },
		{ "copies", copies },
		{ "pages", pages },
		{ "mark", words->mark },
		{ "level", words->level },
		{ "period", words->period },
		{ "serial", words->serial },
		{ "holder", words->holder },
		{ "date", words->date },
		{ "document", words->document },
		{ "title", words->title },
		{ "unit", words->unit },
		{ "user", words->user },
		{ "original", words->original },
		{ "page", MIYIN_PAGE_MARK },
		{ "code", MIYIN_CODE_MARK },
		{ "approver", words->approver },
		{ "scope", words->scope },
	};

	for (unsigned i = 0; i < G_N_ELEMENTS(table); i++) {
		if (!g_str_equal(variable, table[i].name))
			continue;
		return miyin_text_substitute(
			table[i].word,
			g_strv_contains(level_variables, variable)
				? NULL
				: words->missing);
	}
	g_assert_not_reached(); /* the scheme's file was checked for it */
}

/* Once from left to right, so that a holder called {code} stays that. Nothing
 * when there are variables and none has a word: an approver's line on a copy
 * that nobody approved would say that somebody did. All up to the end of the
 * level and its period must not be cut. */
static char *expand(const char *text, const miyin_words *words,
		    unsigned *n_whole)
{
	GString *out = g_string_new(NULL);
	gboolean asks = FALSE, has_word = FALSE;

	while (*text) {
		const char *end = *text == '{' ? strchr(text, '}') : NULL;

		if (end) {
			g_autofree char *name =
				g_strndup(text + 1, end - text - 1);
			g_autofree char *word = word_of(name, words);

			asks = TRUE;
			has_word = has_word || *word;
			g_string_append(out, word);
			if (n_whole && *word &&
			    g_strv_contains(uncut_variables, name))
				*n_whole = g_utf8_strlen(out->str, -1);
			text = end + 1;
		} else {
			g_string_append_c(out, *text++);
		}
	}
	if (asks && !has_word)
		g_string_truncate(out, 0);
	return g_string_free(out, FALSE);
}

static unsigned classes_of(const miyin_scheme *scheme, const miyin_level *level,
			   const char *line)
{
	const struct {
		char **names;
		miyin_page_class class;
	} table[] = {
		{ scheme->stamps_first ? level->first_stamp : level->first,
		  MIYIN_FIRST_PAGE },
		{ level->other, MIYIN_OTHER_PAGE },
		{ level->cover, MIYIN_COVER_PAGE },
	};
	unsigned classes = 0;

	for (unsigned i = 0; i < G_N_ELEMENTS(table); i++)
		if (g_strv_contains((const char *const *)table[i].names, line))
			classes |= table[i].class;
	return classes;
}

miyin_layout *miyin_scheme_layout(const miyin_scheme *scheme,
				  const miyin_level *level,
				  const miyin_words *words, gboolean reprint)
{
	miyin_layout *layout = miyin_layout_new();
	const miyin_layout *from = scheme->layout;

	for (unsigned i = 0; i < from->lines->len; i++) {
		const miyin_line *line = from->lines->pdata[i];
		unsigned classes = classes_of(scheme, level, line->name);
		miyin_line *copy;

		if (classes == 0 || (line->reprint_only && !reprint))
			continue;
		copy = miyin_line_copy(line);
		miyin_text_replace(&copy->text,
				   expand(line->text, words, &copy->n_whole));
		copy->classes = classes;
		if (*copy->text)
			g_ptr_array_add(layout->lines, copy);
		else
			miyin_line_free(copy);
	}
	if (level->codes)
		g_array_append_vals(layout->codes, from->codes->data,
				    from->codes->len);
	layout->watermark = level->watermark;
	miyin_text_replace(&layout->watermark_text,
			   expand(from->watermark_text, words, NULL));
	layout->swap_even = from->swap_even;
	return layout;
}
