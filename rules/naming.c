/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/naming.h>
#include <miyin/period.h>
#include <miyin/levelperiod.h>
#include <miyin/numerals.h>
#include <miyin/skeleton.h>
#include <string.h>

#define ACCENTS_MAX 2 /* on one letter, as in Vietnamese */

/* A mark on a letter that takes none is seen by nobody who reads in haste, and
 * makes another name of it. */
static gboolean has_odd_accents(const char *text)
{
	gunichar base = 0;
	unsigned n = 0;

	for (; *text; text = g_utf8_next_char(text)) {
		gunichar c = g_utf8_get_char(text);

		if (!g_unichar_ismark(c)) {
			base = c;
			n = 0;
			continue;
		}
		if (!g_unichar_isalpha(base) ||
		    g_unichar_get_script(base) == G_UNICODE_SCRIPT_HAN ||
		    ++n > ACCENTS_MAX)
			return TRUE;
	}
	return FALSE;
}

static gboolean has_sign_of_names_only(const char *text)
{
	for (; *text; text = g_utf8_next_char(text)) {
		gunichar c = g_utf8_get_char(text);

		if (!g_unichar_isalnum(c) && !g_unichar_ismark(c) &&
		    !g_utf8_strchr(" .-'&()·_@/（）•・’", -1, c))
			return FALSE;
	}
	return TRUE;
}

static gboolean has_letter(const char *text)
{
	for (; *text; text = g_utf8_next_char(text))
		if (g_unichar_isalpha(g_utf8_get_char(text)))
			return TRUE;
	return FALSE;
}

/* Nobody, and who is no person. */
static gboolean is_reserved(const char *look)
{
	static const char words[] =
		"系统 管理员 样张 匿名 未知 无 公开 已解密 全体 所有人 解密"
		" everybody everyone system miyin none unknown specimen"
		" anonymous unclassified declassified";
	g_auto(GStrv) all = g_strsplit(words, " ", -1);

	for (char **one = all; *one; one++) {
		g_autofree char *word = miyin_text_skeleton(*one);

		if (g_str_equal(look, word))
			return TRUE;
	}
	return FALSE;
}

#define NUMBER "[\\dIVXLC一二三四五六七八九十百〇零两壹贰叁肆伍陆柒捌玖拾佰]"

/* A trace code typed without its hyphens (doc/format-payload.md). */
static gboolean is_code(const char *name)
{
	g_autoptr(GString) bare = g_string_new(NULL);
	gboolean digit = FALSE;

	for (; *name; name++)
		if (g_ascii_isalnum(*name))
			g_string_append_c(bare, *name);
		else if (*name != ' ' && *name != '-')
			return FALSE;
	for (const char *at = bare->str; *at; at++)
		digit |= g_ascii_isdigit(*at);
	return bare->len == 12 && digit;
}

/* Words that only our lines have. */
static gboolean has_words_of_marks(const char *name)
{
	static const char form[] =
		"[第共]\\s*" NUMBER "+\\s*[份页]|" NUMBER "份第|"
		"份\\s*号|持\\s*有\\s*人|打\\s*印\\s*人|密\\s*级|"
		"保\\s*密\\s*期|溯\\s*源\\s*码|复\\s*制\\s*件|样\\s*张|"
		"\\bcop(y|ies)\\s*(no\\.?\\s*)?\\d|\\bcopy\\s+\\w+\\s+of\\b|"
		"\\bpage\\s*\\d|\\d\\s*of\\s*"
		"\\d|"
		"\\bno\\.?\\s*\\d|\\bholder\\b|\\bserial\\b|"
		"^\\W*\\d{6}\\b|\\b0\\d{5}\\b|"
		"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}";
	g_autofree char *plain =
		g_utf8_normalize(name, -1, G_NORMALIZE_ALL_COMPOSE);

	return is_code(plain) ||
	       g_regex_match_simple(form, plain, G_REGEX_CASELESS, 0);
}

/* What is written on a copy, or beside a name; a distribution may say 不得翻印. */
static gboolean has_words_of_copies(const char *name)
{
	static const char form[] =
		"副\\s*本|复\\s*印\\s*件|原\\s*件|作\\s*废|翻\\s*印|"
		"页\\s*" NUMBER "|\\bapproved\\b";

	return g_regex_match_simple(form, name, G_REGEX_CASELESS, 0);
}

/* Letters, marks and digits alone: 机 密, TOP-SECRET, （绝密）. */
static char *condense(const char *text)
{
	GString *out = g_string_new(NULL);

	for (; *text; text = g_utf8_next_char(text)) {
		gunichar c = g_utf8_get_char(text);

		if (g_unichar_isalnum(c) || g_unichar_ismark(c))
			g_string_append_unichar(out, c);
	}
	return g_string_free(out, FALSE);
}

/* 机密, SECRET, 机密10年, 机密 长期, ·TOP-SECRET· */
static gboolean is_level_line(const char *bare, const char *level)
{
	g_autofree char *word = condense(level);
	g_autofree char *look = miyin_text_skeleton(word);
	glong n = g_utf8_strlen(word, -1);
	GDate today = miyin_period_today();
	g_autofree char *start = NULL, *like = NULL;
	const char *rest;

	if (!*look || g_utf8_strlen(bare, -1) < n)
		return FALSE;
	rest = g_utf8_offset_to_pointer(bare, n);
	start = g_strndup(bare, rest - bare);
	like = miyin_text_skeleton(start);
	return g_str_equal(like, look) &&
	       (!*rest || miyin_period_judge(rest, "", NULL, &today, NULL) !=
				  MIYIN_PERIOD_UNKNOWN);
}

/* 张三（绝密）, 绝密件, 国家秘密, SECRET//NOFORN: no person is called so. The
 * lowest level may be part of a name: 内部审计处, Internal Audit. */
static gboolean has_level(const char *name, const char *bare, const char *level)
{
	g_autofree char *word = condense(level);
	g_autofree char *plain = g_regex_escape_string(level, -1);
	g_autofree char *form = NULL;

	if (!g_ascii_isalpha(*level))
		return *word && strstr(bare, word) != NULL;
	form = g_strdup_printf("^\\W*%s\\W*(//|noforn|$)", plain);
	return g_regex_match_simple(form, name, G_REGEX_CASELESS, 0);
}

/* Both simplified, as a scheme may be written in traditional characters. */
static gboolean looks_like(const char *name, const char *bare,
			   const char *level, gboolean lowest)
{
	g_autofree char *simple = miyin_text_simplify(level);

	return is_level_line(bare, simple) ||
	       (!lowest && has_level(name, bare, simple));
}

static gboolean is_lowest(const miyin_scheme *scheme, const miyin_level *level)
{
	for (unsigned i = 0; i < scheme->levels->len; i++) {
		const miyin_level *other = scheme->levels->pdata[i];

		if (other->rank < level->rank)
			return FALSE;
	}
	return TRUE;
}

static gboolean has_level_of(const char *simple, const miyin_scheme *scheme)
{
	g_autofree char *bare = condense(simple);

	for (unsigned i = 0; scheme && i < scheme->levels->len; i++) {
		const miyin_level *level = scheme->levels->pdata[i];
		gboolean lowest = is_lowest(scheme, level);

		if (looks_like(simple, bare, level->text, lowest) ||
		    looks_like(simple, bare, level->text_en, lowest))
			return TRUE;
	}
	return FALSE;
}

gboolean miyin_holder_is_allowed(const char *name, const miyin_scheme *scheme)
{
	g_autofree char *simple = miyin_text_simplify(name);
	g_autofree char *look = miyin_text_skeleton(simple);

	return *look && g_utf8_strlen(name, -1) <= MIYIN_HOLDER_MAX &&
	       has_sign_of_names_only(name) && has_letter(name) &&
	       !has_odd_accents(name) && !is_reserved(look) &&
	       !has_words_of_marks(simple) && !has_words_of_copies(simple) &&
	       !has_level_of(simple, scheme);
}

/* Levels of Latin letters are words of every day in small ones. */
static gboolean has_capitals(const char *text, const char *level)
{
	g_autofree char *capitals = g_utf8_strup(level, -1);
	g_autofree char *word = g_regex_escape_string(capitals, -1);
	g_autofree char *form = g_strdup_printf("(?<!\\w)%s(?!\\w)", word);

	if (!g_ascii_isalpha(*level))
		return FALSE;
	return g_regex_match_simple(form, text, 0, 0);
}

gboolean miyin_scope_is_allowed(const char *scope, const miyin_scheme *scheme)
{
	g_autofree char *plain =
		g_utf8_normalize(scope, -1, G_NORMALIZE_ALL_COMPOSE);
	g_autofree char *simple = miyin_text_simplify(plain);
	g_auto(GStrv) parts = g_regex_split_simple(
		"[,;:，；：、。()（）\\[\\]]+", simple, 0, 0);

	if (has_odd_accents(scope) || has_words_of_marks(simple) ||
	    has_level_of(simple, scheme) ||
	    g_regex_match_simple("[★☆✦✧✩-✰⭐]", simple, 0, 0))
		return FALSE;
	for (char **part = parts; *part; part++)
		if (has_level_of(*part, scheme))
			return FALSE;
	for (unsigned i = 0; scheme && i < scheme->levels->len; i++) {
		const miyin_level *level = scheme->levels->pdata[i];

		if (has_capitals(simple, level->text) ||
		    has_capitals(simple, level->text_en))
			return FALSE;
	}
	return TRUE;
}

gboolean miyin_reference_is_allowed(const char *reference)
{
	gboolean ink = FALSE;

	for (const char *at = reference; *at; at = g_utf8_next_char(at))
		ink |= g_unichar_isalnum(g_utf8_get_char(at));
	return ink && !has_odd_accents(reference);
}

static char *replace(const char *text, const char *form, const char *by)
{
	g_autoptr(GRegex) regex = g_regex_new(form, 0, 0, NULL);
	char *out = g_regex_replace(regex, text, -1, 0, by, 0, NULL);

	return out ? out : g_strdup(text);
}

/* 二三 may be two or three of years, but in a reference it is 23. */
static gboolean write_digits(const GMatchInfo *match, GString *out,
			     gpointer data)
{
	g_autofree char *run = g_match_info_fetch(match, 0);
	g_autofree char *number = miyin_numerals_to_digits(run);

	(void)data;
	if (!g_str_equal(number, run)) {
		g_string_append(out, number);
		return FALSE;
	}
	for (const char *at = run; *at; at = g_utf8_next_char(at)) {
		g_autofree char *one =
			g_strndup(at, (gsize)(g_utf8_next_char(at) - at));
		g_autofree char *digit = miyin_numerals_to_digits(one);

		g_string_append(out, digit);
	}
	return FALSE;
}

#define HAN "[〇零一二三四五六七八九十百千廿卅卌两壹贰叁肆伍陆柒捌玖拾佰仟]"

/* Only there: elsewhere 一 is a word, or stands for a dash. */
static char *write_numbers(const char *text)
{
	static const char form[] = "(?<!\\d)" HAN "+(?=号)|"
				   "(?<=\\p{Ps})" HAN "{4}(?=年?\\p{Pe})";
	g_autoptr(GRegex) regex = g_regex_new(form, 0, 0, NULL);
	char *out = g_regex_replace_eval(regex, text, -1, 0, 0, write_digits,
					 NULL, NULL);

	return out ? out : g_strdup(text);
}

/* In a skeleton, o and l are 0 and 1, too. */
char *miyin_reference_skeleton(const char *reference)
{
	g_autofree char *valid = g_utf8_make_valid(reference, -1);
	g_autofree char *bare = miyin_text_drop_invisible(valid);
	g_autofree char *plain =
		g_utf8_normalize(bare, -1, G_NORMALIZE_ALL_COMPOSE);
	g_autofree char *simple = miyin_text_simplify(plain);
	g_autofree char *digits = write_numbers(simple);
	g_autofree char *ended = replace(digits, "[.。,，、;；:：]+$", "");
	g_autofree char *look = miyin_text_skeleton(ended);
	g_autofree char *bald = replace(look, "第(?=[ol2-9]+号)", "");

	return replace(bald, "(?<![a-z0-9.])o+(?=[ol2-9]+号)", "");
}
