/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "claims.h"
#include <miyin/error.h>
#include <miyin/payload.h>
#include <miyin/refusal.h>
#include <miyin/text.h>
#include <glib/gi18n.h>
#include <string.h>

#define HOLDERS_MAX 8192 /* characters; 999 names are no more */
#define WORDS_MAX 32768	 /* of a plain text */
#define SENTENCE_MAX 1000
#define DEVICE_MAX 100 /* options */
#define NUMBER_MAX 10  /* digits */

typedef enum {
	TEXT,	/* of a user: cleaned */
	LINES,	/* the same, U+2028 where a line ends */
	NUMBER, /* digits */
	HASH,	/* 64 hexadecimal digits, or nothing */
	TRUTH,	/* true, or nothing */
	TURNS,	/* digits from 0 to 3, or nothing */
	SIDES,
	WORD,	/* a name of the PPD or of the PWG, or nothing */
	OPTION, /* NAME=VALUE, both such names */
	ID,	/* of a refusal */
} claim_kind;

typedef struct {
	const char *name;
	miyin_frame_type type;
	claim_kind kind;
	unsigned most;	 /* how often */
	unsigned length; /* in characters */
} claim_rule;

static const claim_rule rules[] = {
	{ "version", MIYIN_FRAME_DOCUMENT, NUMBER, 1, 1 },
	{ "job", MIYIN_FRAME_DOCUMENT, NUMBER, 1, NUMBER_MAX },
	{ "title", MIYIN_FRAME_DOCUMENT, TEXT, 1, MIYIN_TEXT_MAX },
	{ "copies", MIYIN_FRAME_DOCUMENT, NUMBER, 1, NUMBER_MAX },
	{ "level", MIYIN_FRAME_DOCUMENT, TEXT, 1, MIYIN_TEXT_MAX },
	{ "period", MIYIN_FRAME_DOCUMENT, TEXT, 1, MIYIN_TEXT_MAX },
	{ "document", MIYIN_FRAME_DOCUMENT, TEXT, 1, MIYIN_TEXT_MAX },
	{ "holders", MIYIN_FRAME_DOCUMENT, TEXT, 1, HOLDERS_MAX },
	{ "approver", MIYIN_FRAME_DOCUMENT, TEXT, 1, MIYIN_TEXT_MAX },
	{ "scope", MIYIN_FRAME_DOCUMENT, TEXT, 1, MIYIN_TEXT_MAX },
	{ "control", MIYIN_FRAME_DOCUMENT, TRUTH, 1, 4 },
	{ "media", MIYIN_FRAME_DOCUMENT, WORD, 1, MIYIN_TEXT_MAX },
	{ "page-size", MIYIN_FRAME_DOCUMENT, WORD, 1, MIYIN_TEXT_MAX },
	{ "edge", MIYIN_FRAME_DOCUMENT, NUMBER, 1, 4 },
	{ "sides", MIYIN_FRAME_DOCUMENT, SIDES, 1, 20 },
	{ "content-hash", MIYIN_FRAME_DOCUMENT, HASH, 1, 64 },
	{ "repaired", MIYIN_FRAME_DOCUMENT, TRUTH, 1, 4 },
	{ "turns", MIYIN_FRAME_DOCUMENT, TURNS, 1, MIYIN_PAGES_MAX },
	{ "words", MIYIN_FRAME_DOCUMENT, LINES, 1, WORDS_MAX },
	{ "device", MIYIN_FRAME_DOCUMENT, OPTION, DEVICE_MAX, 200 },
	{ "version", MIYIN_FRAME_REJECT, NUMBER, 1, 1 },
	{ "job", MIYIN_FRAME_REJECT, NUMBER, 1, NUMBER_MAX },
	{ "title", MIYIN_FRAME_REJECT, TEXT, 1, MIYIN_TEXT_MAX },
	{ "reason", MIYIN_FRAME_REJECT, ID, 1, 40 },
	{ "detail", MIYIN_FRAME_REJECT, TEXT, 1, SENTENCE_MAX },
	{ "job", MIYIN_FRAME_TRAILER, NUMBER, 1, NUMBER_MAX },
};

/* What a collector may refuse for; it knows nothing of copies or levels. */
static const miyin_refusal refusals[] = {
	MIYIN_REFUSAL_RAW_DATA,	   MIYIN_REFUSAL_FORMAT,
	MIYIN_REFUSAL_ENCODING,	   MIYIN_REFUSAL_PASSWORD,
	MIYIN_REFUSAL_ENCRYPTED,   MIYIN_REFUSAL_FORBIDDEN,
	MIYIN_REFUSAL_NO_PAGES,	   MIYIN_REFUSAL_TOO_MANY_PAGES,
	MIYIN_REFUSAL_TOO_LARGE,   MIYIN_REFUSAL_PAGE_TOO_SMALL,
	MIYIN_REFUSAL_DAMAGED,	   MIYIN_REFUSAL_BAD_OPTION,
	MIYIN_REFUSAL_BANNER,	   MIYIN_REFUSAL_CONFIG,
	MIYIN_REFUSAL_SERVER,	   MIYIN_REFUSAL_BUDGET,
	MIYIN_REFUSAL_PAPER,	   MIYIN_REFUSAL_UNKNOWN_OPTION,
	MIYIN_REFUSAL_SPLIT_VALUE, MIYIN_REFUSAL_BAD_GLYPH,
};

static gboolean consists_of(const char *text, const char *signs)
{
	for (; *text; text++)
		if (!g_ascii_isalnum(*text) && !strchr(signs, *text))
			return FALSE;
	return TRUE;
}

static gboolean is_option(const char *text)
{
	const char *value = strchr(text, '=');
	g_autofree char *name = value ? g_strndup(text, value - text) : NULL;

	return name && *name && value[1] && consists_of(name, "-_.+") &&
	       consists_of(value + 1, "-_.+,:%/#*()@=");
}

static gboolean is_sides(const char *text)
{
	return !*text || miyin_text_has_name("one-sided two-sided-long-edge"
					     " two-sided-short-edge",
					     text);
}

static gboolean is_made_well(claim_kind kind, const char *value)
{
	switch (kind) {
	case NUMBER:
		return *value && strspn(value, "0123456789") == strlen(value);
	case HASH:
		return miyin_text_is_hash(value);
	case TRUTH:
		return !*value || g_str_equal(value, "true");
	case TURNS:
		return strspn(value, "0123") == strlen(value);
	case SIDES:
		return is_sides(value);
	case WORD:
		return consists_of(value, "-_.+,:%/#*()@");
	case OPTION:
		return is_option(value);
	case ID:
		return miyin_refusal_find(value) >= 0;
	default:
		return g_utf8_validate(value, -1, NULL);
	}
}

/* A line end is what miyin_text_clean makes a space of. */
static char *clean_lines(const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\xe2\x80\xa8", -1);

	for (int i = 0; lines[i]; i++)
		miyin_text_replace(&lines[i],
				   miyin_text_clean(lines[i], WORDS_MAX));
	return g_strjoinv("\xe2\x80\xa8", lines);
}

static const claim_rule *find_rule(miyin_frame_type type, const char *field)
{
	const char *value = strchr(field, '=');

	for (unsigned i = 0; value && i < G_N_ELEMENTS(rules); i++)
		if (rules[i].type == type &&
		    strlen(rules[i].name) == (size_t)(value - field) &&
		    g_str_has_prefix(field, rules[i].name))
			return &rules[i];
	return NULL;
}

/* The field as it may be read, or NULL. */
static char *clean_field(const claim_rule *rule, const char *value)
{
	g_autofree char *clean = NULL;

	if (!is_made_well(rule->kind, value))
		return NULL;
	if (rule->kind == TEXT)
		clean = miyin_text_clean(value, rule->length);
	else if (rule->kind == LINES)
		clean = clean_lines(value);
	else
		clean = g_strdup(value);
	if (g_utf8_strlen(value, -1) > (glong)rule->length)
		return NULL;
	return g_strdup_printf("%s=%s", rule->name, clean);
}

static gboolean fail(GError **error, const char *field, const char *what)
{
	g_autofree char *name = g_strndup(field, strcspn(field, "="));
	g_autofree char *clean = miyin_text_clean(name, 40);

	return miyin_fail(error, MIYIN_ERROR_INPUT, _("its field \"%s\" %s"),
			  clean, what);
}

gboolean miyin_claims_check(miyin_frame *frame, GError **error)
{
	unsigned seen[G_N_ELEMENTS(rules)] = { 0 };

	for (unsigned i = 0; i < frame->fields->len; i++) {
		char *field = frame->fields->pdata[i];
		const claim_rule *rule = find_rule(frame->type, field);
		char *clean;

		if (!rule)
			return fail(error, field, _("is none of a record's"));
		if (++seen[rule - rules] > rule->most)
			return fail(error, field, _("comes too often"));
		clean = clean_field(rule, strchr(field, '=') + 1);
		if (!clean)
			return fail(error, field,
				    _("is not made as it must be"));
		g_free(field);
		frame->fields->pdata[i] = clean;
	}
	if (frame->type == MIYIN_FRAME_DOCUMENT &&
	    !miyin_frame_get(frame, "content-hash"))
		return fail(error, "content-hash", _("is missing"));
	return TRUE;
}

GError *miyin_claims_refusal(const miyin_frame *frame)
{
	const char *id = miyin_frame_get(frame, "reason");
	const char *detail = miyin_frame_get(frame, "detail");
	int refusal = id ? miyin_refusal_find(id) : -1;
	g_auto(GStrv) arguments =
		detail && miyin_refusal_is_among(refusal, refusals,
						 G_N_ELEMENTS(refusals))
			? miyin_text_match(miyin_refusal_sentence(refusal),
					   detail)
			: NULL;

	if (!arguments)
		return miyin_refusal_new(MIYIN_REFUSAL_STREAM,
					 _("an unknown refusal"));
	return g_error_new_literal(MIYIN_REFUSAL, refusal, detail);
}
