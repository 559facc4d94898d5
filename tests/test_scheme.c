/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/error.h>
#include <miyin/period.h>
#include <miyin/policy.h>
#include <miyin/scheme.h>
#include "filter/mark/place.h"

#include <check.h>
#include <pango/pangocairo.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SCHEMES "samples/schemes"
#define POLICY "samples/policies/default.conf"
#define SHRINK_FLOOR 0.7 /* of filter/mark/marks.c: below it a text is cut */

/* "NAME stamp" is NAME with first-page = stamp. */
static const char *const shipped[] = {
	"cn-gb9704", "cn-gb9704 stamp",
	"cn-work",   "cn-company",
	"cn-trade",  "us",
	"uk",	     "nato",
	"eu",	     "tlp",
};

/* The top mark of each level, highest first, with the level's own period. */
static const struct {
	const char *scheme, *marks;
} marks[] = {
	{ "cn-gb9704", "绝密★30年|机密★20年|秘密★10年|内部" },
	{ "cn-gb9704 stamp", "绝密★30年|机密★20年|秘密★10年|内部" },
	{ "cn-work", "内部事项　注意保管" },
	{ "cn-company", "绝密|机密|秘密|内部资料|公开资料" },
	{ "cn-trade", "核心商密　长期|普通商密　公布前" },
	{ "us", "TOP SECRET|SECRET|CONFIDENTIAL" },
	{ "uk", "TOP SECRET|SECRET|OFFICIAL-SENSITIVE|OFFICIAL" },
	{ "nato", "COSMIC TOP SECRET|NATO SECRET|NATO CONFIDENTIAL|"
		  "NATO RESTRICTED" },
	{ "eu", "TRÈS SECRET UE/EU TOP SECRET|SECRET UE/EU SECRET|"
		"CONFIDENTIEL UE/EU CONFIDENTIAL|RESTREINT UE/EU RESTRICTED" },
	{ "tlp", "TLP:RED|TLP:AMBER+STRICT|TLP:AMBER|TLP:GREEN|TLP:CLEAR" },
};

static const struct {
	const char *name;
	double w_mm, h_mm;
} sheets[] = {
	{ "A6", 105, 148 },	    { "A6 landscape", 148, 105 },
	{ "A5", 148, 210 },	    { "A5 landscape", 210, 148 },
	{ "A4", 210, 297 },	    { "A4 landscape", 297, 210 },
	{ "A3", 297, 420 },	    { "A3 landscape", 420, 297 },
	{ "Letter", 215.9, 279.4 }, { "Letter landscape", 279.4, 215.9 },
};

static miyin_scheme *open_shipped(const char *name)
{
	g_autoptr(GError) error = NULL;
	g_auto(GStrv) words = g_strsplit(name, " ", 2);
	miyin_scheme *scheme = miyin_scheme_open(SCHEMES, words[0], &error);

	ck_assert_msg(scheme != NULL, "%s", error ? error->message : "");
	scheme->stamps_first = words[1] != NULL;
	return scheme;
}

static miyin_words some_words(const miyin_level *level, const char *mark)
{
	return (miyin_words){
		.mark = mark,
		.level = level->text,
		.period = level->period,
		.serial = "000012",
		.holder = "张三",
		.date = "2026-11-21",
		.document = "JM-2026-0123",
		.title = "a title",
		.unit = "某某中心",
		.user = "wang",
		.original = "000003",
		.copy_no = 2,
		.n_copies = 5,
		.n_pages = 128,
	};
}

/* ---- words --------------------------------------------------------------- */

static const struct {
	const char *name, *word;
} each[] = {
	{ "mark", "the mark" },
	{ "level", "a level" },
	{ "period", "a period" },
	{ "serial", "000012" },
	{ "holder", "张三" },
	{ "date", "2026-11-21" },
	{ "document", "JM-2026-0123" },
	{ "title", "a title" },
	{ "unit", "某某中心" },
	{ "user", "wang" },
	{ "original", "000003" },
	{ "copy", "2" },
	{ "copies", "5" },
	{ "pages", "128" },
	{ "page", MIYIN_PAGE_MARK },
	{ "code", MIYIN_CODE_MARK },
	{ "approver", "李四" },
	{ "scope", "各处室" },
};

START_TEST(each_word)
{
	g_autoptr(miyin_scheme) scheme = open_shipped("cn-gb9704");
	const miyin_level *level = scheme->levels->pdata[0];
	miyin_words words = some_words(level, "the mark");
	g_autofree char *text = g_strdup_printf("<{%s}>", each[_i].name);
	g_autofree char *wanted = g_strdup_printf("<%s>", each[_i].word);
	g_autoptr(GString) seen = g_string_new(NULL);
	miyin_layout *layout;

	words.level = "a level";
	words.period = "a period";
	words.approver = "李四";
	words.scope = "各处室";
	for (unsigned i = 0; i < scheme->layout->lines->len; i++) {
		miyin_line *line = scheme->layout->lines->pdata[i];

		g_free(line->text);
		line->text = g_strdup(text);
	}
	layout = miyin_scheme_layout(scheme, level, &words, FALSE);
	for (unsigned i = 0; i < layout->lines->len; i++)
		g_string_append(seen,
				((miyin_line *)layout->lines->pdata[i])->text);
	miyin_layout_free(layout);
	ck_assert_msg(strstr(seen->str, wanted) != NULL, "%s: %s",
		      each[_i].name, seen->str);
}
END_TEST

/* ---- shipped schemes ---------------------------------------------------- */

START_TEST(shipped_marks)
{
	g_autoptr(miyin_scheme) scheme = open_shipped(marks[_i].scheme);
	g_autoptr(GString) seen = g_string_new(NULL);

	ck_assert_int_eq(scheme->state_secret,
			 g_str_has_prefix(marks[_i].scheme, "cn-gb9704"));
	for (unsigned i = 0; i < scheme->levels->len; i++) {
		const miyin_level *level = scheme->levels->pdata[i];
		g_autofree char *mark =
			miyin_level_format_mark(level, level->period);

		g_string_append_printf(seen, "%s%s", i > 0 ? "|" : "", mark);
		ck_assert_ptr_eq(miyin_scheme_find_level(scheme, level->id),
				 level);
		ck_assert_ptr_eq(miyin_scheme_find_level(scheme, level->text),
				 level);
		ck_assert_ptr_eq(
			miyin_scheme_find_level(scheme, level->text_en), level);
	}
	ck_assert_str_eq(seen->str, marks[_i].marks);
}
END_TEST

/* A folder file that is not in the tables above would go untested. */
START_TEST(shipped_are_listed)
{
	g_autoptr(GDir) dir = g_dir_open(SCHEMES, 0, NULL);
	unsigned n = 1; /* one has two first pages */

	ck_assert_ptr_nonnull(dir);
	while (g_dir_read_name(dir))
		n++;
	ck_assert_uint_eq(n, G_N_ELEMENTS(shipped));
	ck_assert_uint_eq(n, G_N_ELEMENTS(marks));
}
END_TEST

START_TEST(shipped_have_policy)
{
	g_autoptr(miyin_scheme) scheme = open_shipped(shipped[_i]);
	g_autoptr(GError) error = NULL;
	g_autoptr(miyin_policy) policy = miyin_policy_open(POLICY, &error);

	ck_assert_msg(policy != NULL, "%s", error ? error->message : "");
	for (unsigned i = 0; i < scheme->levels->len; i++) {
		const miyin_level *level = scheme->levels->pdata[i];

		ck_assert_msg(miyin_policy_find(policy, level->id) != NULL,
			      "%s has no limits for %s", POLICY, level->id);
	}
}
END_TEST

/* Every page says its level, who has it is on it, and codes can be typed. */
START_TEST(shipped_pages_say)
{
	g_autoptr(miyin_scheme) scheme = open_shipped(shipped[_i]);

	for (unsigned i = 0; i < scheme->levels->len; i++) {
		const miyin_level *level = scheme->levels->pdata[i];
		g_autofree char *mark =
			miyin_level_format_mark(level, level->period);
		miyin_words words = some_words(level, mark);
		g_autoptr(miyin_layout) layout =
			miyin_scheme_layout(scheme, level, &words, FALSE);
		unsigned has_mark = 0, has_serial = 0, has_holder = 0,
			 has_code = 0, has_page = 0;

		for (unsigned n = 0; n < layout->lines->len; n++) {
			const miyin_line *line = layout->lines->pdata[n];

			if (strstr(line->text, mark))
				has_mark |= line->classes;
			if (strstr(line->text, "000012"))
				has_serial |= line->classes;
			if (strstr(line->text, "张三"))
				has_holder |= line->classes;
			if (strstr(line->text, MIYIN_CODE_MARK))
				has_code |= line->classes;
			if (strstr(line->text, MIYIN_PAGE_MARK))
				has_page |= line->classes;
		}
		ck_assert_msg(has_mark ==
				      (miyin_level_has_cover(level) ? 7u : 3u),
			      "%s: a page without its mark", level->id);
		if (!level->codes) {
			ck_assert_uint_eq(layout->codes->len, 0);
			continue;
		}
		ck_assert_uint_eq(layout->codes->len, 2);
		ck_assert_msg((has_serial & has_holder & has_code & has_page &
			       3) == 3,
			      "%s: a page lacks serial, holder, code or number",
			      level->id);
	}
}
END_TEST

static double width_of(const miyin_line *line)
{
	PangoFontMap *map = pango_cairo_font_map_get_default();
	PangoContext *context = pango_font_map_create_context(map);
	g_autoptr(PangoLayout) layout = pango_layout_new(context);
	PangoFontDescription *font = pango_font_description_new();
	g_autoptr(GString) text = g_string_new(line->text);
	PangoRectangle logical;

	g_string_replace(text, MIYIN_PAGE_MARK, "128", 0);
	g_string_replace(text, MIYIN_CODE_MARK, "0000-0001-01HK", 0);
	pango_font_description_set_family(
		font, g_str_equal(line->font, "mono") ? "Noto Sans Mono CJK SC"
						      : "Noto Sans CJK SC");
	pango_font_description_set_weight(
		font, line->bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
	pango_font_description_set_absolute_size(font,
						 line->size_pt * PANGO_SCALE);
	pango_layout_set_font_description(layout, font);
	pango_layout_set_text(layout, text->str, -1);
	pango_layout_get_extents(layout, NULL, &logical);
	pango_font_description_free(font);
	g_object_unref(context);
	return (double)logical.width / PANGO_SCALE;
}

static void assert_fits(const miyin_scheme *scheme, const miyin_level *level,
			unsigned s, gboolean reprint)
{
	static const miyin_page_class classes[] = { MIYIN_FIRST_PAGE,
						    MIYIN_OTHER_PAGE,
						    MIYIN_COVER_PAGE };
	g_autofree char *mark = miyin_level_format_mark(level, level->period);
	miyin_words words = some_words(level, mark);
	g_autoptr(miyin_layout) layout =
		miyin_scheme_layout(scheme, level, &words, reprint);

	for (unsigned c = 0; c < (miyin_level_has_cover(level) ? 3 : 2); c++) {
		miyin_place place;

		ck_assert_msg(miyin_place_page(sheets[s].w_mm * MIYIN_PT_PER_MM,
					       sheets[s].h_mm * MIYIN_PT_PER_MM,
					       layout, classes[c], FALSE,
					       &place),
			      "%s, page class %d, does not go on %s", level->id,
			      classes[c], sheets[s].name);
		for (unsigned n = 0; n < layout->lines->len; n++) {
			const miyin_line *line = layout->lines->pdata[n];
			double w = place.lines[n].w;

			ck_assert_msg(w <= 0 || width_of(line) * SHRINK_FLOOR <=
							w,
				      "%s on %s: [line %s] is cut: %.0f pt in "
				      "%.0f",
				      level->id, sheets[s].name, line->name,
				      width_of(line), w);
		}
		miyin_place_clear(&place);
	}
}

/* They leave no room for a body. */
static gboolean is_too_small(const char *scheme, const char *sheet)
{
	return g_str_equal(sheet, "A6 landscape") &&
	       (g_str_equal(scheme, "cn-gb9704 stamp") ||
		g_str_equal(scheme, "nato"));
}

/* No sheet of the trade is refused, no word of a mark is cut. The stamps of
 * reprints, long as they are, need A5. */
START_TEST(shipped_fit)
{
	g_autoptr(miyin_scheme) scheme = open_shipped(shipped[_i]);

	for (unsigned i = 0; i < scheme->levels->len; i++)
		for (unsigned s = 0; s < G_N_ELEMENTS(sheets); s++) {
			if (is_too_small(shipped[_i], sheets[s].name))
				continue;
			assert_fits(scheme, scheme->levels->pdata[i], s, FALSE);
			if (s >= 2)
				assert_fits(scheme, scheme->levels->pdata[i], s,
					    TRUE);
		}
}
END_TEST

/* ---- marks -------------------------------------------------------------- */

static const struct {
	const char *what, *scheme, *level, *period, *mark;
} periods_in_marks[] = {
	{ "years", "cn-gb9704", "jimi", "5年", "机密★5年" },
	{ "a date", "cn-gb9704", "mimi", "2027年1月1日", "秘密★2027年1月1日" },
	{ "a condition", "cn-gb9704", "jimi", "会议开始前", "机密★会议开始前" },
	{ "none: no bare star", "cn-gb9704", "juemi", "", "绝密" },
	{ "none: no bare dot", "cn-company", "gs-jimi", "", "机密" },
	{ "a dot", "cn-company", "gs-jimi", "5年", "机密·5年" },
	{ "a level without periods", "cn-work", "neibu", "5年",
	  "内部事项　注意保管" },
	{ "a period named {level} stays that", "us", "us-s", "{level}",
	  "SECRET" },
};

START_TEST(mark_text)
{
	g_autoptr(miyin_scheme) scheme =
		open_shipped(periods_in_marks[_i].scheme);
	const miyin_level *level =
		miyin_scheme_find_level(scheme, periods_in_marks[_i].level);
	g_autofree char *mark =
		miyin_level_format_mark(level, periods_in_marks[_i].period);

	ck_assert_msg(g_str_equal(mark, periods_in_marks[_i].mark), "%s: %s",
		      periods_in_marks[_i].what, mark);
}
END_TEST

/* ---- broken files ------------------------------------------------------- */

#define HEAD                                                                   \
	"[scheme]\ntitle = T\nstate-secret = false\nswap-even = false\n"       \
	"watermark = {serial}\n"
#define LEVEL                                                                  \
	"[level a]\nrank = 1\ntext = A\ntext[en] = A\nabbreviation = A\n"      \
	"mark = {level}\nperiod =\nperiod-max =\nfirst = m\nother = m\n"       \
	"cover =\ncontrol = false\ncodes = true\nwatermark = off\n"
#define LINE                                                                   \
	"[line m]\ntext = {mark}\nat = top-left\nx = 10\ny = 10\nwidth = 50\n" \
	"font = sans\nweight = bold\nsize = 12\ncolour = #000000\n"            \
	"when = always\n"
#define CODE "[code 1]\nat = top-right\nx = 8\ny = 8\nsize = 17\n"
#define CONTROL                                                                \
	"[control]\nform = F\nserial = S\nreference = R\ntitle = I\n"          \
	"mark = M\nscope = O\nmade = N\npages = P\nserials = E\nkind = K\n"    \
	"first = 1\nagain = 2\napprover = V\nuser = U\njob = J\ndate = D\n"    \
	"holders = a, b, c, d, e\nspoilt = t, u, v, w, x, y, z\n"
#define WHOLE HEAD LEVEL LINE CODE CONTROL

/* Of the whole file one text is replaced by another. */
static const struct {
	const char *what, *is, *becomes, *says;
} broken[] = {
	{ "a star in a mark that is no state secret's", "mark = {level}",
	  "mark = {level}★",
	  "[level a] mark: the star belongs to state secrets" },
	{ "a star in a line", "text = {mark}", "text = ★{mark}",
	  ":21: [line m] text: the star belongs to state secrets" },
	{ "a star as the level's name", "text = A", "text = ★",
	  "[level a] text: the star belongs to state secrets" },
	{ "a star in the watermark", "watermark = {serial}", "watermark = ★",
	  ":5: [scheme] watermark: the star belongs to state secrets" },
	{ "an unknown variable in a line", "text = {mark}", "text = {secret}",
	  "[line m] text: {secret} may not stand here; these may: mark, level" },
	{ "an unknown variable in the watermark", "watermark = {serial}",
	  "watermark = {nobody}", "[scheme] watermark: {nobody} may not" },
	{ "a variable without an end", "text = {mark}", "text = {mark",
	  "[line m] text: {} may not" },
	{ "a variable that a mark cannot have", "mark = {level}",
	  "mark = {level} {serial}",
	  "[level a] mark: {serial} may not stand here; these may: level, period" },
	{ "two levels of one abbreviation", LINE,
	  "[level b]\nrank = 2\ntext = B\ntext[en] = B\nabbreviation = a\n"
	  "mark = {level}\nperiod =\nperiod-max =\nfirst = m\nother = m\n"
	  "cover =\ncontrol = false\ncodes = true\nwatermark = off\n" LINE,
	  "[level b]: [level a] is called \"a\" too" },
	{ "a level without an abbreviation", "abbreviation = A",
	  "abbreviation =", "[level a] abbreviation is empty" },
	{ "a variable in a level's name", "text = A", "text = {holder}",
	  "[level a] text: {holder} may not stand here; these may: none" },
	{ "an unknown line", "first = m", "first = m, stamp",
	  "[level a] first: there is no [line stamp]" },
	{ "a line beside a code that is not there", "at = top-left",
	  "at = left-of-code-2",
	  "[level a] first: [line m] stands beside code 2" },
	{ "a line beside a code that is off",
	  "codes = true\nwatermark = off\n[line m]\ntext = {mark}\n"
	  "at = top-left",
	  "codes = false\nwatermark = off\n[line m]\ntext = {mark}\n"
	  "at = left-of-code-1",
	  "[level a] first: [line m] stands beside code 1" },
	{ "code 2 without code 1", "[code 1]", "[code 2]",
	  "[code 2]: [code 1] must come first" },
	{ "a code 3", "[code 1]", "[code 3]",
	  "[code 3]: there is no such group; [scheme], [level ID]" },
	{ "an unknown group", "[line m]", "[lines m]",
	  "[lines m]: there is no such group" },
	{ "a level without an id", "[level a]", "[level ]",
	  "[level ]: there is no such group" },
	{ "no level", LEVEL, "", "there is no [level ID]" },
	{ "no [scheme]", HEAD, "", "scheme" },
	{ "a missing key of a level", "rank = 1\n", "",
	  ":6: [level a] rank is missing" },
	{ "a missing key of a line", "colour = #000000\n", "",
	  "[line m] colour is missing" },
	{ "a missing key of the scheme", "title = T\n", "",
	  "[scheme] title is missing" },
	{ "a missing key of a code", "size = 17\n", "",
	  "[code 1] size is missing" },
	{ "an unknown key", "rank = 1\n", "rank = 1\nhue = 2\n",
	  "[level a] hue: there is no such setting" },
	{ "a level without a word", "text = A",
	  "text =", "[level a] text is empty" },
	{ "a level without a mark", "mark = {level}",
	  "mark =", "[level a] mark is empty" },
	{ "rank 0", "rank = 1", "rank = 0",
	  "[level a] rank must be a number from 1 to 99" },
	{ "a rank in words", "rank = 1", "rank = one",
	  "[level a] rank must be a number from 1 to 99" },
	{ "a colour by name", "#000000", "black",
	  "[line m] colour must be like #000000" },
	{ "half a colour", "#000000", "#000",
	  "[line m] colour must be like #000000" },
	{ "a colour that is no number", "#000000", "#00000g",
	  "[line m] colour must be like #000000" },
	{ "a comma for the point", "x = 10", "x = 10,5",
	  "[line m] x must be a number from 0 to 500" },
	{ "a place off the sheet", "y = 10", "y = -1",
	  "[line m] y must be a number from 0 to 500" },
	{ "no number", "y = 10", "y = nan",
	  "[line m] y must be a number from 0 to 500" },
	{ "letters too small to read", "size = 12", "size = 3",
	  "[line m] size must be a number from 4 to 500" },
	{ "a code too small to read", "size = 17", "size = 9",
	  "[code 1] size must be a number from 10 to 500" },
	{ "an unknown place", "at = top-left", "at = above",
	  "[line m] at must be one of top-left, top-centre" },
	{ "a code beside a code", "at = top-right", "at = left-of-code-1",
	  "[code 1] at must be a corner of the sheet" },
	{ "an unknown weight", "weight = bold", "weight = fat",
	  "[line m] weight must be one of normal, bold" },
	{ "an unknown time", "when = always", "when = often",
	  "[line m] when must be one of always, reprint" },
	{ "an unknown watermark", "watermark = off", "watermark = dark",
	  "[level a] watermark must be one of off, light, tile" },
	{ "a wrong answer", "codes = true", "codes = yes",
	  "[level a] codes must be one of false, true" },
	{ "a state that is no answer", "state-secret = false",
	  "state-secret = perhaps",
	  "[scheme] state-secret must be one of false, true" },
	{ "two first pages and no choice", "first = m\n",
	  "first = m\nfirst-stamp = m\n", "[scheme] first-page is missing" },
	{ "a choice without two first pages", "title = T\n",
	  "title = T\nfirst-page = leave\n",
	  "[level a] first-stamp is missing" },
	{ "an unknown first page", LEVEL,
	  "first-page = inside\n" LEVEL "first-stamp = m\n",
	  "[scheme] first-page must be one of leave, stamp" },
	{ "an unknown line of the first page that is not printed", LEVEL,
	  "first-page = leave\n" LEVEL "first-stamp = n\n",
	  "[level a] first-stamp: there is no [line n]" },
	{ "a control sheet without one of its words", "made = N\n", "",
	  "[control] made is missing" },
	{ "an empty word of it", "made = N",
	  "made =", "[control] made is empty" },
	{ "a column too few", "holders = a, b,", "holders = a,",
	  "[control] holders must be 5 words with \",\" between them" },
	{ "full-width commas", "spoilt = t, u, v, w, x, y, z",
	  "spoilt = t，u，v，w，x，y，z",
	  "[control] spoilt must be 7 words with \",\" between them" },
	{ "a column without a word", "a, b, c,", "a, , c,",
	  "[control] holders must be 5 words" },
	{ "a star in a word of it", "made = N", "made = ★",
	  "[control] made: the star belongs to state secrets" },
	{ "a variable in it", "made = N", "made = {copies}",
	  "[control] made: {copies} may not stand here" },
	{ "no key file at all", "[scheme]", "scheme", "bad.scheme:1: " },
	{ "an empty file", WHOLE, "", "bad.scheme: " },
};

static miyin_scheme *open_text(const char *text, char **path, GError **error)
{
	g_autofree char *dir = g_dir_make_tmp("miyin-scheme-XXXXXX", NULL);
	miyin_scheme *scheme;

	*path = g_build_filename(dir, "bad.scheme", NULL);
	ck_assert(g_file_set_contents(*path, text, -1, NULL));
	scheme = miyin_scheme_open(dir, "bad", error);
	unlink(*path);
	rmdir(dir);
	return scheme;
}

START_TEST(broken_file)
{
	g_autoptr(GString) text = g_string_new(WHOLE);
	g_autofree char *path = NULL;
	g_autoptr(GError) error = NULL;

	ck_assert_msg(g_string_replace(text, broken[_i].is, broken[_i].becomes,
				       1) == 1,
		      "%s: the row changes nothing", broken[_i].what);
	ck_assert_msg(open_text(text->str, &path, &error) == NULL,
		      "%s was read", broken[_i].what);
	ck_assert(g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_INPUT));
	ck_assert_msg(g_str_has_prefix(error->message, path) &&
			      strstr(error->message, broken[_i].says),
		      "%s: %s", broken[_i].what, error->message);
}
END_TEST

/* Else the rows above might fail for another reason. */
START_TEST(whole_file)
{
	g_autofree char *path = NULL;
	g_autoptr(GError) error = NULL;
	g_autoptr(miyin_scheme) scheme = open_text(WHOLE, &path, &error);

	ck_assert_msg(scheme != NULL, "%s", error ? error->message : "");
}
END_TEST

static const struct {
	const char *what, *name;
} not_there[] = {
	{ "no such file", "cn-gb9705" },
	{ "a way out of the folder", "../policies/default" },
	{ "an absolute path", "/etc/passwd" },
	{ "no name", "" },
	{ "a dot", "us.scheme" },
};

START_TEST(missing_scheme)
{
	g_autoptr(GError) error = NULL;

	ck_assert_ptr_null(
		miyin_scheme_open(SCHEMES, not_there[_i].name, &error));
	ck_assert_msg(g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_MISSING),
		      "%s: %s", not_there[_i].what, error->message);
}
END_TEST

/* ---- first pages -------------------------------------------------------- */

static const struct {
	const char *choice, *printed, *left_out;
} first_pages[] = {
	{ "\nfirst-page = leave\n", "level", "level-in" },
	{ "\nfirst-page = stamp\n", "level-in", "level" },
};

static unsigned classes_in(const miyin_layout *layout, const char *name)
{
	for (unsigned i = 0; i < layout->lines->len; i++) {
		const miyin_line *line = layout->lines->pdata[i];

		if (g_str_equal(line->name, name))
			return line->classes;
	}
	return 0;
}

/* An administrator changes one word of the shipped file. */
START_TEST(first_page)
{
	g_autofree char *path = NULL, *text = NULL;
	g_autoptr(GString) changed = NULL;
	g_autoptr(miyin_scheme) scheme = NULL;

	ck_assert(g_file_get_contents(SCHEMES "/cn-gb9704.scheme", &text, NULL,
				      NULL));
	changed = g_string_new(text);
	ck_assert_uint_eq(g_string_replace(changed, "\nfirst-page = leave\n",
					   first_pages[_i].choice, 0),
			  1);
	scheme = open_text(changed->str, &path, NULL);
	ck_assert_ptr_nonnull(scheme);
	for (unsigned i = 0; i < scheme->levels->len; i++) {
		const miyin_level *level = scheme->levels->pdata[i];
		miyin_words words = some_words(level, "A");
		g_autoptr(miyin_layout) layout =
			miyin_scheme_layout(scheme, level, &words, FALSE);

		ck_assert(classes_in(layout, first_pages[_i].printed) &
			  MIYIN_FIRST_PAGE);
		ck_assert(!(classes_in(layout, first_pages[_i].left_out) &
			    MIYIN_FIRST_PAGE));
		ck_assert(classes_in(layout, "level") & MIYIN_OTHER_PAGE);
	}
}
END_TEST

/* ---- words -------------------------------------------------------------- */

static const struct {
	const char *what, *text, *holder;
	gboolean reprint_only, reprint;
	const char *becomes; /* NULL: no such line */
} expansions[] = {
	{ "plain words", "for {holder}, {serial}", "Wang", FALSE, FALSE,
	  "for Wang, 000012" },
	{ "a holder called {serial} stays that", "{holder}", "{serial}", FALSE,
	  FALSE, "{serial}" },
	{ "a holder called {code} gets no code", "{holder}", "{code}", FALSE,
	  FALSE, "{code}" },
	{ "a half variable is completed by no holder", "{holder}}", "{serial",
	  FALSE, FALSE, "{serial}" },
	{ "an empty word leaves the others", "{serial} {holder}", "", FALSE,
	  FALSE, "000012 " },
	{ "an empty text vanishes", "{holder}", "", FALSE, FALSE, NULL },
	{ "numbers", "{copy}/{copies}, {pages}", "", FALSE, FALSE, "2/5, 128" },
	{ "page and code wait for their page", "{page} {code}", "", FALSE,
	  FALSE, MIYIN_PAGE_MARK " " MIYIN_CODE_MARK },
	{ "a stamp is not on first prints", "{original}", "", TRUE, FALSE,
	  NULL },
	{ "a stamp is on reprints", "{original}", "", TRUE, TRUE, "000003" },
	{ "other lines are on reprints too", "{serial}", "", FALSE, TRUE,
	  "000012" },
};

START_TEST(expanded)
{
	g_autoptr(GString) text = g_string_new(WHOLE);
	g_autofree char *path = NULL;
	g_autofree char *becomes =
		g_strconcat("text = ", expansions[_i].text, NULL);
	g_autoptr(miyin_scheme) scheme = NULL;
	g_autoptr(miyin_layout) layout = NULL;
	const miyin_level *level;
	miyin_words words;

	g_string_replace(text, "text = {mark}", becomes, 1);
	if (expansions[_i].reprint_only)
		g_string_replace(text, "when = always", "when = reprint", 1);
	scheme = open_text(text->str, &path, NULL);
	ck_assert_ptr_nonnull(scheme);
	level = miyin_scheme_find_level(scheme, "a");
	words = some_words(level, "A");
	words.holder = expansions[_i].holder;
	layout = miyin_scheme_layout(scheme, level, &words,
				     expansions[_i].reprint);
	if (!expansions[_i].becomes) {
		ck_assert_uint_eq(layout->lines->len, 0);
		return;
	}
	ck_assert_uint_eq(layout->lines->len, 1);
	ck_assert_str_eq(((const miyin_line *)layout->lines->pdata[0])->text,
			 expansions[_i].becomes);
}
END_TEST

/* ---- periods ------------------------------------------------------------ */

/* A scheme whose own period is too long would refuse each job. */
START_TEST(shipped_periods)
{
	g_autoptr(miyin_scheme) scheme = open_shipped(shipped[_i]);
	GDate from;

	g_date_clear(&from, 1);
	g_date_set_dmy(&from, 21, 11, 2026);
	for (unsigned i = 0; i < scheme->levels->len; i++) {
		const miyin_level *level = scheme->levels->pdata[i];

		char *const own[] = { level->period, NULL };

		ck_assert_int_eq(*level->period
					 ? miyin_period_judge(level->period,
							      level->period_max,
							      own, &from, NULL)
					 : MIYIN_PERIOD_GOOD,
				 MIYIN_PERIOD_GOOD);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("scheme");
	TCase *tcase = tcase_create("scheme");
	SRunner *runner;
	int n_failed;

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, shipped_are_listed);
	tcase_add_loop_test(tcase, each_word, 0, G_N_ELEMENTS(each));
	tcase_add_loop_test(tcase, shipped_marks, 0, G_N_ELEMENTS(marks));
	tcase_add_loop_test(tcase, shipped_have_policy, 0,
			    G_N_ELEMENTS(shipped));
	tcase_add_loop_test(tcase, shipped_pages_say, 0, G_N_ELEMENTS(shipped));
	tcase_add_loop_test(tcase, shipped_fit, 0, G_N_ELEMENTS(shipped));
	tcase_add_loop_test(tcase, shipped_periods, 0, G_N_ELEMENTS(shipped));
	tcase_add_loop_test(tcase, mark_text, 0,
			    G_N_ELEMENTS(periods_in_marks));
	tcase_add_test(tcase, whole_file);
	tcase_add_loop_test(tcase, broken_file, 0, G_N_ELEMENTS(broken));
	tcase_add_loop_test(tcase, missing_scheme, 0, G_N_ELEMENTS(not_there));
	tcase_add_loop_test(tcase, first_page, 0, G_N_ELEMENTS(first_pages));
	tcase_add_loop_test(tcase, expanded, 0, G_N_ELEMENTS(expansions));
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
