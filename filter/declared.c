/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "declared.h"

#define TOP_LINES 15	 /* a level alone in a line is a heading up here */
#define SERIAL_LENGTH 16 /* what may stand before 机密★10年: 份号：000012 */
#define JOINED_LENGTH 24 /* of a line whose value may be the next line */
#define STAR 0x2605	 /* ★ */

typedef struct {
	gunichar c;
	gboolean gap; /* space stood before it */
} glyph;

typedef GArray line; /* of glyph, without spaces */

typedef struct {
	line *text;	/* in capitals */
	gboolean cased; /* has letters that have capitals */
	unsigned level;
} word;

typedef struct {
	const miyin_order_level *levels;
	GArray *words;
	line *column;	  /* of lines of one character */
	line *before;	  /* the line before, or empty */
	unsigned n_lines; /* so far */
	int found;
} search;

typedef enum { WHOLE, JOINED } reading;

static void add_words(GArray *words, const miyin_order_level *level,
		      unsigned i);
static void add_word(GArray *words, const char *text, unsigned level);
static void word_clear(gpointer data);
static void read_lines(search *s, const char *text);
static gboolean ends_line(gunichar c);
static void add_glyph(line *l, gunichar c, gboolean *gap);
static gunichar unify(gunichar c);
static void take_line(search *s, const line *l);
static void end_column(search *s, const line *next);
static void append(line *l, const line *more);
static void judge(search *s, const line *l, reading how);
static void take_level(search *s, const word *w);
static gboolean declares(const line *l, const word *w, reading how,
			 gboolean top);
static gboolean is_alone(const line *l, const word *w, gboolean top);
static gboolean is_mark(const line *l, const word *w, gboolean top);
static gboolean starts_mark(const line *l, guint first, guint at);
static gboolean has_caveats(const line *l, const word *w);
static guint after_label(const line *l, guint at);
static guint skip_label(const line *l, guint at, const char *label);
static gboolean is_value(const line *l, guint from, const word *w);
static gboolean is_period(const line *l, guint from, guint to);
static gboolean has_word(const line *l, guint at, const word *w,
			 gboolean folded);
static guint skip_frame(const line *l, guint at);
static guint trim_frame(const line *l);
static gboolean is_frame(gunichar c);
static gboolean is_box(gunichar c); /* □ ☐ ○ ◯, to tick */
static gunichar char_at(const line *l, guint at);
static gboolean gap_at(const line *l, guint at);

int miyin_declared_find(const char *page_text, const miyin_order_level *levels,
			unsigned n_levels)
{
	g_autofree char *valid = g_utf8_make_valid(page_text, -1);
	/* ＳＥＣＲＥＴ, ：, compatibility ideographs */
	g_autofree char *text =
		g_utf8_normalize(valid, -1, G_NORMALIZE_ALL_COMPOSE);
	g_autoptr(GArray) words = g_array_new(FALSE, FALSE, sizeof(word));
	g_autoptr(GArray) column = g_array_new(FALSE, FALSE, sizeof(glyph));
	g_autoptr(GArray) before = g_array_new(FALSE, FALSE, sizeof(glyph));
	search s = { .levels = levels,
		     .words = words,
		     .column = column,
		     .before = before,
		     .found = -1 };

	g_array_set_clear_func(words, word_clear);
	for (unsigned i = 0; i < n_levels; i++)
		add_words(words, &levels[i], i);
	read_lines(&s, text);
	return s.found;
}

static void add_words(GArray *words, const miyin_order_level *level, unsigned i)
{
	add_word(words, level->text, i);
	add_word(words, level->text_en, i);
}

static void add_word(GArray *words, const char *text, unsigned level)
{
	g_autofree char *plain =
		g_utf8_normalize(text, -1, G_NORMALIZE_ALL_COMPOSE);
	g_autofree char *capitals = plain ? g_utf8_strup(plain, -1) : NULL;
	word w = { .level = level };
	gboolean gap = FALSE;

	if (!capitals)
		return;
	w.text = g_array_new(FALSE, FALSE, sizeof(glyph));
	for (const char *at = capitals; *at; at = g_utf8_next_char(at)) {
		add_glyph(w.text, g_utf8_get_char(at), &gap);
		w.cased |= g_unichar_isupper(g_utf8_get_char(at));
	}
	if (w.text->len > 0)
		g_array_append_val(words, w);
	else
		g_array_unref(w.text);
}

static void word_clear(gpointer data)
{
	g_array_unref(((word *)data)->text);
}

static void read_lines(search *s, const char *text)
{
	g_autoptr(GArray) l = g_array_new(FALSE, FALSE, sizeof(glyph));
	gboolean gap = FALSE;

	for (const char *at = text; *at; at = g_utf8_next_char(at)) {
		gunichar c = g_utf8_get_char(at);

		if (!ends_line(c)) {
			add_glyph(l, c, &gap);
			continue;
		}
		take_line(s, l);
		g_array_set_size(l, 0);
		gap = FALSE;
	}
	take_line(s, l);
	end_column(s, NULL);
}

static gboolean ends_line(gunichar c)
{
	return (c >= '\n' && c <= '\r') || c == 0x85 || c == 0x2028 ||
	       c == 0x2029;
}

/* Formatting characters such as the zero-width space are seen by nobody. */
static void add_glyph(line *l, gunichar c, gboolean *gap)
{
	GUnicodeType type = g_unichar_type(c);
	glyph g = { unify(c), *gap };

	if (g_unichar_isspace(c)) {
		*gap = TRUE;
	} else if (type != G_UNICODE_CONTROL && type != G_UNICODE_FORMAT) {
		g_array_append_val(l, g);
		*gap = FALSE;
	}
}

/* What fonts and input methods give for a star and a colon. */
static gunichar unify(gunichar c)
{
	static const gunichar stars[] = { '*',	   0x2217, 0x22c6, 0x2606,
					  0x2b50,  0x2b51, 0x2b52, 0x1f7c9,
					  0x1f7ca, 0x1f31f };

	for (unsigned i = 0; i < G_N_ELEMENTS(stars); i++)
		if (c == stars[i])
			return STAR;
	if (c >= 0x2729 && c <= 0x273d) /* ✩ to ✽, the dingbats */
		return STAR;
	return c == 0x2236 || c == 0xa789 ? ':' : c;
}

/*
 * Poppler makes lines of what is far apart: of the characters of a letter-
 * spaced word (and of a vertical one), of the halves of TOP  SECRET, of a
 * field and its value.
 */
static void take_line(search *s, const line *l)
{
	if (l->len == 0)
		return;
	if (l->len == 1) {
		append(s->column, l);
		return;
	}
	end_column(s, l);
	s->n_lines++;
	judge(s, l, WHOLE);
	if (s->before->len <= JOINED_LENGTH) {
		append(s->before, l);
		judge(s, s->before, JOINED);
	}
	g_array_set_size(s->before, 0);
	append(s->before, l);
}

/* 机, and 密★10年 next to it */
static void end_column(search *s, const line *next)
{
	if (s->column->len == 0)
		return;
	s->n_lines++;
	judge(s, s->column, WHOLE);
	if (next) {
		append(s->column, next);
		judge(s, s->column, WHOLE);
	}
	g_array_set_size(s->column, 0);
	g_array_set_size(s->before, 0);
}

static void append(line *l, const line *more)
{
	guint end = l->len;

	g_array_append_vals(l, more->data, more->len);
	g_array_index(l, glyph, end).gap = TRUE;
}

static void judge(search *s, const line *l, reading how)
{
	for (unsigned i = 0; i < s->words->len; i++) {
		const word *w = &g_array_index(s->words, word, i);

		if (declares(l, w, how, s->n_lines <= TOP_LINES))
			take_level(s, w);
	}
	for (guint at = 0; at < l->len; at++) {
		guint from = after_label(l, at);

		for (unsigned i = 0; from > 0 && i < s->words->len; i++) {
			const word *w = &g_array_index(s->words, word, i);

			if (is_value(l, from, w))
				take_level(s, w);
		}
	}
}

static void take_level(search *s, const word *w)
{
	if (s->found < 0 || s->levels[w->level].rank > s->levels[s->found].rank)
		s->found = (int)w->level;
}

static gboolean declares(const line *l, const word *w, reading how,
			 gboolean top)
{
	if (how == JOINED)
		return w->cased && is_alone(l, w, top);
	return is_alone(l, w, top) || is_mark(l, w, top) || has_caveats(l, w);
}

/* English prose is not in capitals; Chinese has none, so only the top counts,
 * where no sentence ends with the word. */
static gboolean is_alone(const line *l, const word *w, gboolean top)
{
	guint from = skip_frame(l, 0);

	return from + w->text->len == trim_frame(l) &&
	       has_word(l, from, w, FALSE) && (w->cased || top);
}

/* A star is seldom anything else; a period must end the line: 秘密·3年. */
static gboolean is_mark(const line *l, const word *w, gboolean top)
{
	guint first = skip_frame(l, 0);

	for (guint at = first; at < l->len && at <= SERIAL_LENGTH; at++) {
		guint end = at + w->text->len;

		if (has_word(l, at, w, FALSE) && starts_mark(l, first, at) &&
		    (char_at(l, end) == STAR ||
		     (top && !w->cased && is_period(l, end, trim_frame(l)))))
			return TRUE;
	}
	return FALSE;
}

/* After a serial (份号：000012) or the name of a unit, if anything. */
static gboolean starts_mark(const line *l, guint first, guint at)
{
	return at == first || gap_at(l, at) || char_at(l, at - 1) == ':' ||
	       g_unichar_isdigit(char_at(l, at - 1));
}

static gboolean has_caveats(const line *l, const word *w)
{
	guint from = skip_frame(l, 0), end = from + w->text->len;

	return has_word(l, from, w, FALSE) && char_at(l, end) == '/' &&
	       char_at(l, end + 1) == '/';
}

/* Where the value of a field that starts here stands; 0: none starts. */
static guint after_label(const line *l, guint at)
{
	static const char *const labels[] = {
		"密级",		  "秘密等级",	    "保密等级",
		"涉密等级",	  "保密级别",	    "涉密级别",
		"密级和保密期限", "CLASSIFICATION", "CLASSIFICATIONLEVEL",
	};

	for (unsigned i = 0; i < G_N_ELEMENTS(labels); i++) {
		guint end = skip_label(l, at, labels[i]);
		gunichar sign = end > 0 ? char_at(l, end) : 0;

		if (sign == ':' || sign == ']' || sign == 0x3011 /* 】 */)
			return skip_frame(l, end + 1);
	}
	return 0;
}

/* Security Classification is one, Declassification is another thing. */
static guint skip_label(const line *l, guint at, const char *label)
{
	if (*label == 'C' && at > 0 && !gap_at(l, at) &&
	    g_unichar_isalpha(char_at(l, at - 1)))
		return 0;
	for (; *label; label = g_utf8_next_char(label), at++)
		if (g_unichar_toupper(char_at(l, at)) != g_utf8_get_char(label))
			return 0;
	return at;
}

/* A list of levels, boxes to tick and a sentence that goes on are no value. */
static gboolean is_value(const line *l, guint from, const word *w)
{
	guint to = from + w->text->len;
	gunichar next;

	if (!has_word(l, from, w, TRUE))
		return FALSE;
	if (char_at(l, to) == 0x7ea7) /* 密级：机密级 */
		to++;
	next = char_at(l, to);
	if (next == 0 || (next == '/' && char_at(l, to + 1) == '/'))
		return TRUE;
	if (w->cased && !has_word(l, from, w, FALSE))
		return skip_frame(l, to) == l->len;
	if (is_box(next))
		return FALSE;
	return next == ';' || next == 0x3002 /* 。 */ || next == STAR ||
	       g_unichar_isdigit(next) || is_frame(next) || gap_at(l, to);
}

/* 10年, ·6个月, 长期, 2027年1月1日, 公布前 */
static gboolean is_period(const line *l, guint from, guint to)
{
	static const char signs[] = "年月日个天长期公布前";
	gunichar dot = char_at(l, from);

	if (dot == 0xb7 || dot == 0x2022 || dot == 0x30fb || dot == 0x25b2)
		from++; /* · • ・ ▲ */
	for (guint at = from; at < to; at++)
		if (!g_unichar_isdigit(char_at(l, at)) &&
		    !g_utf8_strchr(signs, -1, char_at(l, at)))
			return FALSE;
	return from < to;
}

static gboolean has_word(const line *l, guint at, const word *w,
			 gboolean folded)
{
	if (at + w->text->len > l->len)
		return FALSE;
	for (guint i = 0; i < w->text->len; i++) {
		gunichar c = char_at(l, at + i);

		if ((folded ? g_unichar_toupper(c) : c) != char_at(w->text, i))
			return FALSE;
	}
	return TRUE;
}

static guint skip_frame(const line *l, guint at)
{
	while (at < l->len && is_frame(char_at(l, at)))
		at++;
	return at;
}

/* The end of a line without its frame. */
static guint trim_frame(const line *l)
{
	guint to = l->len;

	while (to > 0 && is_frame(char_at(l, to - 1)))
		to--;
	return to;
}

/* 【机密】, - SECRET -, *** SECRET ***; but no box to tick, and nothing that
 * ends a sentence. */
static gboolean is_frame(gunichar c)
{
	switch (g_unichar_type(c)) {
	case G_UNICODE_OPEN_PUNCTUATION:
	case G_UNICODE_CLOSE_PUNCTUATION:
	case G_UNICODE_DASH_PUNCTUATION:
	case G_UNICODE_CONNECT_PUNCTUATION:
		return TRUE;
	case G_UNICODE_OTHER_SYMBOL:
		return !is_box(c);
	default:
		return c == '|' || c == '=' || c == '#';
	}
}

static gboolean is_box(gunichar c)
{
	return c == 0x25a1 || c == 0x2610 || c == 0x25cb || c == 0x25ef;
}

/* 0 beyond the end. */
static gunichar char_at(const line *l, guint at)
{
	return at < l->len ? g_array_index(l, glyph, at).c : 0;
}

static gboolean gap_at(const line *l, guint at)
{
	return at < l->len && g_array_index(l, glyph, at).gap;
}
