/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/outcome.h>
#include <miyin/refusal.h>
#include <glib/gi18n.h>
#include <string.h>

#define SERIALS_MAX_CHARS 200

/* The formats are translations, checked by msgfmt --check-format. */
#pragma GCC diagnostic ignored "-Wformat-nonliteral"

/* 1 of 3 copies was printed, 1 may be on paper in part, 1 was not */
static char *count_in_words(const miyin_outcome *o)
{
	unsigned missing = o->wanted - MIN(o->wanted, o->printed + o->unclear);
	GString *words = g_string_new(NULL);

	g_string_append_printf(words,
			       ngettext("%u of %u copies was printed",
					"%u of %u copies were printed",
					o->printed),
			       o->printed, o->wanted);
	if (o->unclear > 0)
		g_string_append_printf(words, _(", %u may be on paper in part"),
				       o->unclear);
	if (missing > 0)
		g_string_append_printf(
			words,
			ngettext(", %u was not", ", %u were not", missing),
			missing);
	return g_string_free(words, FALSE);
}

/* Every refusal begins with the same words, in any language. */
static const char *cut_head(const char *sentence)
{
	const char *head = _("Not printed: ");

	return g_str_has_prefix(sentence, head) ? sentence + strlen(head)
						: sentence;
}

GError *miyin_outcome_refusal(const miyin_outcome *outcome,
			      const GError *reason)
{
	gboolean canceled =
		g_error_matches(reason, MIYIN_REFUSAL, MIYIN_REFUSAL_CANCELED);
	g_autofree char *words = NULL;

	if (outcome->wanted == 0 ||
	    (!canceled && outcome->printed + outcome->unclear == 0))
		return g_error_copy(reason);
	words = count_in_words(outcome);
	return canceled ? g_error_new(reason->domain, reason->code,
				      _("Canceled: %s."), words)
			: g_error_new(reason->domain, reason->code, _("%s: %s"),
				      words, cut_head(reason->message));
}

/* A scheduler's line ends somewhere; half a serial would be another one. */
static char *shorten(const char *serials)
{
	g_autofree char *head = NULL;
	char *last;

	if (g_utf8_strlen(serials, -1) <= SERIALS_MAX_CHARS)
		return g_strdup(serials);
	head = g_utf8_substring(serials, 0, SERIALS_MAX_CHARS);
	for (last = head + strlen(head); last > head;) {
		const char *end = last;

		last = g_utf8_prev_char(last);
		if (g_utf8_strchr(" 、；", -1, g_utf8_get_char(last)))
			return g_strdup_printf("%.*s…", (int)(end - head),
					       head);
	}
	return g_strconcat(head, "…", NULL);
}

char *miyin_outcome_success(const miyin_outcome *outcome, const char *serials)
{
	g_autofree char *some = shorten(serials);

	return g_strdup_printf(ngettext("Printed: %u copy, serial %s.",
					"Printed: %u copies, serials %s.",
					outcome->printed),
			       outcome->printed, some);
}
