/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "declared.h"
#include "glyphs.h"
#include "markperiod.h"
#include "markwords.h"
#include <miyin/skeleton.h>
#include <string.h>

#define TOP_LINES 15	 /* a level alone in a line is a heading up here */
#define SERIAL_LENGTH 16 /* what may stand before 机密★10年: 份号：000012 */
#define UNIT_LENGTH 12	 /* of a name before 机密★10年 */
#define JOINED_LENGTH 24 /* of a line whose value may be the next line */

typedef struct {
	miyin_glyphs *text; /* in capitals */
	gboolean cased;	    /* has letters that have capitals */
	unsigned level;
} word;

typedef struct {
	const miyin_order_level *levels;
	GArray *words;
	miyin_glyphs *column; /* of lines of one character */
	miyin_glyphs *before; /* the line before, or empty */
	unsigned n_lines;     /* so far */
	int found;
	char *period; /* behind it, or NULL */
	char *field;  /* 保密期限：10年, a line of its own, or NULL */
} search;

typedef enum { WHOLE, JOINED } reading;

static void add_word(search *s, const char *text, unsigned level)
{
	g_autofree char *plain =
		g_utf8_normalize(text, -1, G_NORMALIZE_ALL_COMPOSE);
	g_autofree char *simple = plain ? miyin_text_simplify(plain) : NULL;
	g_autofree char *capitals = simple ? g_utf8_strup(simple, -1) : NULL;
	word w = { .level = level };
	gboolean gap = FALSE;

	if (!capitals)
		return;
	w.text = g_array_new(FALSE, FALSE, sizeof(miyin_glyph));
	for (const char *at = capitals; *at; at = g_utf8_next_char(at)) {
		miyin_glyphs_add(w.text, g_utf8_get_char(at), &gap);
		w.cased |= g_unichar_isupper(g_utf8_get_char(at));
	}
	if (w.text->len > 0)
		g_array_append_val(s->words, w);
	else
		g_array_unref(w.text);
}

/* 机·密, TOP-SECRET: by is between all characters of a word of two or three
 * without letters, and in place of blanks in others. */
static void add_parted(search *s, const char *text, const char *by,
		       unsigned level)
{
	const glong n = g_utf8_strlen(text, -1);
	g_autoptr(GString) parted = g_string_new(NULL);

	if (g_ascii_isalpha(*text)) {
		g_string_append(parted, text);
		g_string_replace(parted, " ", by, 0);
	} else if (n == 2 || n == 3) {
		for (const char *at = text; *at; at = g_utf8_next_char(at)) {
			if (at > text)
				g_string_append(parted, by);
			g_string_append_unichar(parted, g_utf8_get_char(at));
		}
	}
	if (parted->len > 0 && !g_str_equal(parted->str, text))
		add_word(s, parted->str, level);
}

static void add_words(search *s, const miyin_order_level *level, unsigned i)
{
	static const char *const signs[] = { "·", "•", "・", "-", "—",
					     "–", "/", "_",  "." };

	add_word(s, level->text, i);
	add_word(s, level->text_en, i);
	for (unsigned j = 0; j < G_N_ELEMENTS(signs); j++) {
		add_parted(s, level->text, signs[j], i);
		add_parted(s, level->text_en, signs[j], i);
	}
}

static void word_clear(gpointer data)
{
	g_array_unref(((word *)data)->text);
}

static gboolean ends_line(gunichar c)
{
	return (c >= '\n' && c <= '\r') || c == 0x85 || c == 0x2028 ||
	       c == 0x2029;
}

/* The end of a sentence that was broken: 公民应当保守国家, 秘密。 */
static gboolean goes_on(const search *s, const miyin_glyphs *l)
{
	const gunichar last = miyin_glyphs_at(l, l->len - 1);
	const guint n = s->before->len;

	return (last == 0x3002 || last == '.' || last == ',') && n > 0 &&
	       g_unichar_isalpha(miyin_glyphs_at(s->before, n - 1));
}

static gboolean has_word(const miyin_glyphs *l, guint at, const word *w,
			 gboolean folded)
{
	if (at + w->text->len > l->len)
		return FALSE;
	for (guint i = 0; i < w->text->len; i++) {
		gunichar c = miyin_glyphs_at(l, at + i);

		if ((folded ? g_unichar_toupper(c) : c) !=
		    miyin_glyphs_at(w->text, i))
			return FALSE;
	}
	return TRUE;
}

/* The longest: 绝密 TOP SECRET is not SECRET. */
static const word *find_word(const search *s, const miyin_glyphs *l, guint at)
{
	const word *found = NULL;

	for (unsigned i = 0; i < s->words->len; i++) {
		const word *w = &g_array_index(s->words, word, i);
		const guint end = at + w->text->len;

		if (has_word(l, at, w, FALSE) &&
		    (!w->cased || miyin_glyphs_gap(l, end) ||
		     !g_unichar_isalpha(miyin_glyphs_at(l, end))) &&
		    (!found || w->text->len > found->text->len))
			found = w;
	}
	return found;
}

static guint level_at(const miyin_glyphs *l, guint at, unsigned *level,
		      gboolean *cased, gpointer data)
{
	const word *w = find_word(data, l, at);

	if (!w)
		return 0;
	*level = w->level;
	*cased = w->cased;
	return at + w->text->len;
}

/* 机密/10年, 机密，10年, 机密●10年 */
static gboolean is_separator(gunichar c)
{
	return c != MIYIN_STAR && g_unichar_ispunct(c);
}

/* What stands behind the level to the end of the line, or NULL. */
static char *period_after(const miyin_glyphs *l, const word *w)
{
	for (guint at = 0; at + w->text->len < l->len; at++) {
		guint end = miyin_glyphs_skip_close(l, at + w->text->len);

		if (!has_word(l, at, w, TRUE))
			continue;
		if (is_separator(miyin_glyphs_at(l, end)) &&
		    miyin_markperiod_is(l, end + 1, miyin_glyphs_trim(l)))
			end++;
		if (miyin_glyphs_at(l, end) == MIYIN_STAR)
			return end + 1 < l->len
				       ? miyin_markperiod_likely(
						 miyin_markperiod_write(
							 l, end + 1))
				       : NULL;
		if (miyin_markperiod_is(l, end, miyin_glyphs_trim(l)))
			return miyin_markperiod_certain(
				miyin_markperiod_write(l, end));
	}
	return NULL;
}

static void take_level(search *s, const word *w, const miyin_glyphs *l)
{
	gboolean higher = s->found < 0 ||
			  s->levels[w->level].rank > s->levels[s->found].rank;

	if (!higher && s->levels[w->level].rank != s->levels[s->found].rank)
		return;
	if (higher)
		g_clear_pointer(&s->period, g_free);
	s->found = (int)w->level;
	if (!s->period)
		s->period = period_after(l, w);
}

static void take_levels(search *s, const miyin_glyphs *l)
{
	for (guint at = 0; at < l->len; at++) {
		const word *w = find_word(s, l, at);

		if (!w)
			continue;
		take_level(s, w, l);
		at += w->text->len - 1;
	}
}

/* English prose is not in capitals; Chinese has none, so only the top counts,
 * where no sentence ends with the word. */
static gboolean is_alone(const miyin_glyphs *l, const word *w, gboolean top)
{
	guint from = miyin_glyphs_skip_frame(l, 0);

	return has_word(l, from, w, FALSE) && (w->cased || top) &&
	       miyin_glyphs_skip_grade(l, from + w->text->len) ==
		       miyin_glyphs_trim(l);
}

/* 某市委机密★10年 */
static gboolean is_unit(const miyin_glyphs *l, guint first, guint at)
{
	if (at <= first || at - first > UNIT_LENGTH)
		return FALSE;
	for (guint i = first; i < at; i++)
		if (g_unichar_type(miyin_glyphs_at(l, i)) !=
		    G_UNICODE_OTHER_LETTER)
			return FALSE;
	return TRUE;
}

/* After a serial (份号：000012) or the name of a unit, if anything. */
static gboolean starts_mark(const miyin_glyphs *l, guint first, guint at)
{
	return at == first || miyin_glyphs_gap(l, at) ||
	       miyin_glyphs_at(l, at - 1) == ':' ||
	       g_unichar_isdigit(miyin_glyphs_at(l, at - 1));
}

/* A star is seldom anything else; a period must end the line: 秘密·3年. */
static gboolean is_mark(const miyin_glyphs *l, const word *w, gboolean top)
{
	guint first = miyin_glyphs_skip_frame(l, 0);

	for (guint at = first; at < l->len; at++) {
		guint end = miyin_glyphs_skip_close(l, at + w->text->len);

		if (!has_word(l, at, w, FALSE))
			continue;
		if (top && is_unit(l, first, at) &&
		    miyin_glyphs_at(l, end) == MIYIN_STAR &&
		    miyin_markperiod_is(l, end + 1, miyin_glyphs_trim(l)))
			return TRUE;
		if (starts_mark(l, first, at) &&
		    (miyin_glyphs_at(l, end) == MIYIN_STAR ||
		     (top && !w->cased && at <= SERIAL_LENGTH &&
		      miyin_markperiod_is(l, end, miyin_glyphs_trim(l)))))
			return TRUE;
	}
	return FALSE;
}

static gboolean has_caveats(const miyin_glyphs *l, const word *w)
{
	static const char *const caveats[] = {
		"NOFORN", "EYESONLY", "RELTO", "ORCON", "UKEYESONLY",
	};
	guint from = miyin_glyphs_skip_frame(l, 0), end = from + w->text->len;
	guint next = miyin_glyphs_skip_frame(l, end);

	if (!has_word(l, from, w, FALSE))
		return FALSE;
	if (miyin_glyphs_at(l, end) == '/' &&
	    miyin_glyphs_at(l, end + 1) == '/')
		return TRUE;
	next += miyin_glyphs_at(l, next) == '/' ||
		miyin_glyphs_at(l, next) == ',';
	for (unsigned i = 0; w->cased && i < G_N_ELEMENTS(caveats); i++)
		if (miyin_glyphs_start_with(l, next, caveats[i]))
			return TRUE;
	return FALSE;
}

static const char *const labels[] = {
	"密级",		  "秘密等级",	    "保密等级",
	"涉密等级",	  "保密级别",	    "涉密级别",
	"密级和保密期限", "CLASSIFICATION", "CLASSIFICATIONLEVEL",
	"SECURITYLEVEL",
};

/* Two cells of a table and no more: 密级  机密. */
static gboolean is_cell(const miyin_glyphs *l, const word *w)
{
	const guint first = miyin_glyphs_skip_frame(l, 0),
		    last = miyin_glyphs_trim(l);

	for (unsigned i = 0; i < G_N_ELEMENTS(labels); i++) {
		guint end = miyin_glyphs_skip_label(l, first, labels[i]);
		guint from = miyin_glyphs_skip_frame(l, end);
		guint to = miyin_glyphs_skip_grade(l, from + w->text->len);

		if (end > 0 && miyin_glyphs_gap(l, end) &&
		    has_word(l, from, w, TRUE) &&
		    (to == last || miyin_glyphs_at(l, to) == MIYIN_STAR ||
		     miyin_markperiod_is(l, to, last)))
			return TRUE;
	}
	return FALSE;
}

static gboolean declares(const miyin_glyphs *l, const word *w, reading how,
			 gboolean top)
{
	if (how == JOINED)
		return w->cased && is_alone(l, w, top);
	return is_alone(l, w, top) || is_mark(l, w, top) || has_caveats(l, w) ||
	       is_cell(l, w);
}

/* Where the value of a field that starts here stands; 0: none starts. */
static guint after_label(const miyin_glyphs *l, guint at)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(labels); i++) {
		guint end = miyin_glyphs_skip_label(l, at, labels[i]);
		gunichar sign = end > 0 ? miyin_glyphs_at(l, end) : 0;

		if (sign == ':' || sign == ']' || sign == 0x3011 /* 】 */)
			return miyin_glyphs_skip_frame(l, end + 1);
	}
	return 0;
}

/* A list of levels, boxes to tick and a sentence that goes on are no value. */
static gboolean is_value(const miyin_glyphs *l, guint from, const word *w)
{
	guint to = from + w->text->len;
	gunichar next;

	if (!has_word(l, from, w, TRUE))
		return FALSE;
	to = miyin_glyphs_skip_grade(l, to);
	next = miyin_glyphs_at(l, to);
	if (next == 0 || (next == '/' && miyin_glyphs_at(l, to + 1) == '/'))
		return TRUE;
	if (w->cased && !has_word(l, from, w, FALSE))
		return miyin_glyphs_skip_frame(l, to) == l->len;
	if (miyin_glyphs_is_box(next))
		return FALSE;
	return next == ';' || next == 0x3002 /* 。 */ || next == MIYIN_STAR ||
	       g_unichar_isdigit(next) || miyin_glyphs_skip_frame(l, to) > to ||
	       miyin_glyphs_gap(l, to);
}

static void judge(search *s, const miyin_glyphs *l, reading how)
{
	for (unsigned i = 0; i < s->words->len; i++) {
		const word *w = &g_array_index(s->words, word, i);

		if (declares(l, w, how, s->n_lines <= TOP_LINES))
			take_level(s, w, l);
	}
	if (how == WHOLE && s->n_lines <= TOP_LINES && !goes_on(s, l) &&
	    miyin_markwords_only(l, level_at, s))
		take_levels(s, l);
	for (guint at = 0; at < l->len; at++) {
		guint from = after_label(l, at);

		for (unsigned i = 0; from > 0 && i < s->words->len; i++) {
			const word *w = &g_array_index(s->words, word, i);

			if (is_value(l, from, w))
				take_level(s, w, l);
		}
	}
}

/* 机, and 密★10年 next to it */
static void end_column(search *s, const miyin_glyphs *next)
{
	if (s->column->len == 0)
		return;
	s->n_lines++;
	judge(s, s->column, WHOLE);
	if (next) {
		miyin_glyphs_append(s->column, next);
		judge(s, s->column, WHOLE);
	}
	g_array_set_size(s->column, 0);
	g_array_set_size(s->before, 0);
}

static void take_field(search *s, const miyin_glyphs *l)
{
	static const char *const names[] = { "保密期限", "保密期" };
	guint first = miyin_glyphs_skip_frame(l, 0);

	for (unsigned i = 0; !s->field && i < G_N_ELEMENTS(names); i++) {
		guint end = miyin_glyphs_skip_label(l, first, names[i]);

		if (end > 0 && miyin_glyphs_at(l, end) == ':' &&
		    end + 1 < l->len)
			s->field = miyin_markperiod_write(l, end + 1);
		else if (end > 0 && miyin_glyphs_gap(l, end))
			s->field = miyin_markperiod_write(l, end);
	}
}

/*
 * Poppler makes lines of what is far apart: of the characters of a letter-
 * spaced word (and of a vertical one), of the halves of TOP  SECRET, of a
 * field and its value.
 */
static void take_line(search *s, const miyin_glyphs *l)
{
	if (l->len == 0)
		return;
	if (l->len == 1) {
		miyin_glyphs_append(s->column, l);
		return;
	}
	end_column(s, l);
	s->n_lines++;
	judge(s, l, WHOLE);
	take_field(s, l);
	if (s->before->len <= JOINED_LENGTH) {
		miyin_glyphs_append(s->before, l);
		judge(s, s->before, JOINED);
	}
	g_array_set_size(s->before, 0);
	miyin_glyphs_append(s->before, l);
}

static void read_lines(search *s, const char *text)
{
	g_autoptr(GArray) l = g_array_new(FALSE, FALSE, sizeof(miyin_glyph));
	gboolean gap = FALSE;

	for (const char *at = text; *at; at = g_utf8_next_char(at)) {
		gunichar c = g_utf8_get_char(at);

		if (!ends_line(c)) {
			miyin_glyphs_add(l, c, &gap);
			continue;
		}
		take_line(s, l);
		g_array_set_size(l, 0);
		gap = FALSE;
	}
	take_line(s, l);
	end_column(s, NULL);
}

int miyin_declared_read(const char *page_text, const miyin_order_level *levels,
			unsigned n_levels, char **period)
{
	g_autofree char *valid = g_utf8_make_valid(page_text, -1);
	/* ＳＥＣＲＥＴ, ：, compatibility ideographs */
	g_autofree char *plain =
		g_utf8_normalize(valid, -1, G_NORMALIZE_ALL_COMPOSE);
	g_autofree char *text = miyin_text_simplify(plain);
	g_autoptr(GArray) words = g_array_new(FALSE, FALSE, sizeof(word));
	g_autoptr(GArray) column =
		g_array_new(FALSE, FALSE, sizeof(miyin_glyph));
	g_autoptr(GArray) before =
		g_array_new(FALSE, FALSE, sizeof(miyin_glyph));
	search s = { .levels = levels,
		     .words = words,
		     .column = column,
		     .before = before,
		     .found = -1 };

	g_array_set_clear_func(words, word_clear);
	for (unsigned i = 0; i < n_levels; i++)
		add_words(&s, &levels[i], i);
	read_lines(&s, text);
	if (period)
		*period = s.found < 0 ? NULL
			  : s.period  ? g_steal_pointer(&s.period)
				      : g_steal_pointer(&s.field);
	g_free(s.period);
	g_free(s.field);
	return s.found;
}
