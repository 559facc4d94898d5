/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "note.h"
#include <glib/gi18n.h>
#include <miyin/refusal.h>
#include <miyin/text.h>
#include <string.h>

/* What the programs enter, the longer of two that begin alike first. Each %s is
 * a value; one that is in the list of words has a word, too. */
static const char *const phrases[] = {
	N_("verified every-page %s"),
	N_("verified sampled %s"),
	N_("verified structural %s"),
	N_("the backend ended with signal %s"),
	N_("the backend ended with %s"),
	N_("the backend failed and stopped the queue"),
	N_("the backend failed"),
	N_("the printer asks for a name and a password"),
	N_("the printer does not take this account's jobs"),
	N_("the printer canceled it"),
	N_("the printer did not take it to the end"),
	N_("the backend ended before the whole copy was with it"),
	N_("the printer broke off the connection"),
	N_("the printer neither went on nor ended for three hours"),
	N_("the server could not start what it needs"),
	N_("the driver of the printer needed too much space for it"),
	N_("the driver of the printer failed"),
	N_("the driver of the printer took too long over it"),
	N_("it was canceled"),
	N_("the register has no copy for this job"),
	N_("there is no backend for its device"),
	N_("this kernel cannot shut its driver in"),
	N_("this server cannot take the network from its driver"),
	N_("what came for the device is no marked copy"),
	N_("the printer has no driver"),
	N_("the driver of this printer takes no marked page as it is"),
	N_("the guard of the device was killed"),
	N_("the gate's process was killed"),
	N_("another document of the job was refused"),
	N_("the control sheet cannot be made"),
	N_("printing ended before the copy was sent"),
	N_("the register is older than what was printed: events %s to "
	   "%s, until %s, are missing"),
	N_("events %s to %s, until %s, are missing"),
	N_("the register was restored"),
	N_("the register was busy"),
	N_("printing ended while the copy was sent"),
	N_("repaired"),
	N_("body moved"),
	N_("body at %s %%"),
	N_("body as pictures of %s dpi"),
	N_("〓 stands for %s"),
	N_("the document itself says %s"),
	N_("the document itself bears the period %s"),
	N_("the text of page %s is not what it shows"),
	N_("page %s shows the code of a marked copy"),
	N_("control sheet of serials %s"),
	N_("approver %s"),
	N_("scope %s"),
	N_("first reading"),
	N_("other content than before"),
	N_("same words as %s of %s, %s (%s in all)"),
	N_("same content as %s of %s, %s (%s in all)"),
	N_("copies are with %s"),
	N_("%s before"),
	N_("%s pages in the register since"),
	N_("owner %s, was %s"),
	N_("content is everybody's"),
	N_("content is its own"),
	N_("scheme %s, the user chooses the level, options allowed: %s"),
	N_("scheme %s, the user chooses the level"),
	N_("scheme %s, level %s, options allowed: %s"),
	N_("scheme %s, level %s"),
	N_("it belongs to %s, %s, the same content"),
	N_("it belongs to %s, %s, other content"),
	N_("%s of %s is registered as %s"),
	N_("found: page %s sheet %s of %s"),
	N_("found: page %s sheet %s with several copies, outermost of %s"),
	N_("found: page %s sheet %s with several copies, within another of %s"),
	N_("found: page %s sheet %s with several copies of %s"),
	N_("found: page %s typed %s"),
	N_("found: typed %s"),
	N_("forged: page %s sheet %s of %s"),
	N_("forged: page %s typed %s"),
	N_("unknown: page %s sheet %s of %s"),
	N_("unknown: page %s typed %s"),
	N_("unknown: typed %s"),
	N_("specimen: page %s sheet %s of %s"),
	N_("nothing: sheet %s of %s"),
	N_("nothing: typed %s"),
	N_("nothing: %s"),
};

static gboolean has_level(const char *phrase)
{
	return g_str_has_prefix(phrase, "scheme %s, level") ||
	       g_str_has_prefix(phrase, "it belongs to") ||
	       g_str_has_prefix(phrase, "%s of %s is registered");
}

/* A level's id is one for programs. */
static void name_levels(const miyin_levels *levels, const char *phrase,
			char **values)
{
	for (int i = 2; has_level(phrase) && values[i]; i++)
		miyin_text_replace(&values[i], g_strdup(miyin_levels_text(
						       levels, "", values[i])));
}

static char *format_phrase(const miyin_levels *levels, const char *said)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(phrases); i++) {
		g_auto(GStrv) values = miyin_text_match(phrases[i], said);

		if (!values)
			continue;
		name_levels(levels, phrases[i], values);
		return miyin_text_fill(_(phrases[i]), values + 1);
	}
	return g_strdup(said);
}

/* Notes of one event have semicolons between them. */
static char *format_phrases(const miyin_levels *levels, const char *detail)
{
	g_auto(GStrv) notes = g_strsplit(detail, "; ", -1);

	for (int i = 0; notes[i]; i++)
		miyin_text_replace(&notes[i], format_phrase(levels, notes[i]));
	return g_strjoinv(_("; "), notes);
}

/* Of "jimi (机密)" and of "jimi", as an English sentence has them, what people
 * type here. Takes the word. */
static char *name_level(const miyin_levels *levels, char *take_word)
{
	g_autofree char *word = take_word;
	g_autofree char *id = g_strndup(word, strcspn(word, " "));
	g_autofree char *typed = miyin_levels_typed(levels, "", id);
	g_autofree char *both = g_strdup_printf(
		"%s (%s)", id, miyin_levels_text(levels, "", id));

	return g_strdup(g_str_equal(word, id) || g_str_equal(word, both)
				? typed
				: word);
}

/* A list of levels is one value of a sentence. */
static void name_lists(const miyin_levels *levels, char **values)
{
	for (int i = 1; values[i]; i++) {
		g_auto(GStrv) words = g_strsplit(values[i], ", ", -1);

		for (int k = 0; words[k]; k++)
			words[k] = name_level(levels, words[k]);
		miyin_text_replace(&values[i], g_strjoinv(_(", "), words));
	}
}

/* It was entered as the user read it: in English, or in his language, which
 * then is the reader's or stays. */
static char *format_refusal(const miyin_levels *levels, int refusal,
			    const char *said)
{
	g_auto(GStrv) values =
		miyin_text_match(miyin_refusal_english(refusal), said);
	g_autoptr(GError) sentence = NULL;

	if (!values)
		return g_strdup(said);
	name_lists(levels, values);
	sentence = miyin_refusal_new_list(refusal, values + 1);
	return g_strdup(sentence->message);
}

/* "What the user read [what the register has]" */
static char *format_reasoned(const miyin_levels *levels, int refusal,
			     const char *detail)
{
	const char *more = g_strrstr(detail, " [");
	g_autofree char *said = NULL, *rest = NULL, *first = NULL,
			*second = NULL;

	if (!more || !g_str_has_suffix(detail, "]"))
		return format_refusal(levels, refusal, detail);
	said = g_strndup(detail, more - detail);
	rest = g_strndup(more + 2, strlen(more) - 3);
	first = format_refusal(levels, refusal, said);
	second = format_phrases(levels, rest);
	return g_strdup_printf(_("%s [%s]"), first, second);
}

const char *miyin_note_format_reason(const char *reason)
{
	static const char other[] = NC_("refusal", "unregistered");
	int refusal = miyin_refusal_find(reason);

	if (refusal < 0 && !g_str_equal(reason, other))
		return reason;
	return g_dpgettext2(NULL, "refusal", reason);
}

char *miyin_note_format_detail(const miyin_levels *levels, const char *reason,
			       const char *detail)
{
	int refusal = miyin_refusal_find(reason);

	return refusal >= 0 ? format_reasoned(levels, refusal, detail)
			    : format_phrases(levels, detail);
}

char *miyin_note_format(const miyin_levels *levels, const char *reason,
			const char *detail)
{
	g_autofree char *worded =
		miyin_note_format_detail(levels, reason, detail);

	if (!*reason)
		return g_steal_pointer(&worded);
	return g_strdup_printf(_("%s: %s"), miyin_note_format_reason(reason),
			       worded);
}
