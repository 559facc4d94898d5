/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/text.h>

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define NOT_UTF8 "\xef\xbf\xbd" /* U+FFFD */

/* ---- one text --------------------------------------------------------- */

static const struct {
	const char *what, *text, *clean;
} texts[] = {
	{ "plain", "Plan B", "Plan B" },
	{ "nothing", "", "" },
	{ "no text at all", NULL, "" },
	{ "Chinese", "关于印发的通知", "关于印发的通知" },
	{ "beyond 16 bits", "𠮷野", "𠮷野" },
	{ "composed from parts (NFC)", "Mu\xcc\x88ller", "M\xc3\xbcller" },
	{ "Hangul from parts", "\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab",
	  "\xed\x95\x9c" },
	{ "parts with a joiner between", "u\xe2\x80\x8d\xcc\x88", "\xc3\xbc" },
	{ "spaces around", "  Plan  ", "Plan" },
	{ "runs of space", "Plan   \t B", "Plan B" },
	{ "a wide space", "张\xe3\x80\x80三", "张 三" },
	{ "a space that does not break",
	  "a\xc2\xa0"
	  "b",
	  "a b" },
	{ "only spaces", " \t\xe3\x80\x80 ", "" },
	{ "a line end", "a\nb", "a b" },
	{ "a return and a line end", "a\r\nb", "a b" },
	{ "a line separator",
	  "a\xe2\x80\xa8"
	  "b",
	  "a b" },
	{ "an escape sequence", "\x1b%-12345X@PJL", "%-12345X@PJL" },
	{ "a bell", "a\ab", "ab" },
	{ "a delete",
	  "a\x7f"
	  "b",
	  "ab" },
	{ "an escape of eight bits",
	  "a\xc2\x9b"
	  "2Jb",
	  "a2Jb" },
	{ "text turned round",
	  "a\xe2\x80\xae"
	  "fdp.exe",
	  "afdp.exe" },
	{ "isolated text",
	  "\xe2\x81\xa6"
	  "a\xe2\x81\xa9",
	  "a" },
	{ "a right-to-left mark",
	  "a\xe2\x80\x8f"
	  "b",
	  "ab" },
	{ "a zero-width space",
	  "a\xe2\x80\x8b"
	  "b",
	  "ab" },
	{ "a byte order mark",
	  "\xef\xbb\xbf"
	  "a",
	  "a" },
	{ "hidden tag letters",
	  "a\xf3\xa0\x81\x81"
	  "b",
	  "ab" },
	{ "a variation selector",
	  "a\xef\xb8\x8f"
	  "b",
	  "ab" },
	{ "an ideographic selector", "葛\xf3\xa0\x84\x80", "葛" },
	{ "a grapheme joiner",
	  "9\xcd\x8f"
	  "9",
	  "99" },
	{ "Hangul fillers alone", "\xe3\x85\xa4\xe1\x85\xa0\xef\xbe\xa0", "" },
	{ "an empty Braille cell", "\xe2\xa0\x80", "" },
	{ "private use",
	  "a\xee\x80\x80"
	  "b",
	  "ab" },
	{ "no character",
	  "a\xef\xbf\xbe"
	  "b",
	  "ab" },
	{ "a lone byte",
	  "a\xff"
	  "b",
	  "a" NOT_UTF8 "b" },
	{ "truncated in a character", "a\xe6\x9c", "a" NOT_UTF8 NOT_UTF8 },
	{ "an overlong slash",
	  "a\xc0\xaf"
	  "b",
	  "a" NOT_UTF8 NOT_UTF8 "b" },
	{ "an overlong NUL",
	  "a\xc0\x80"
	  "b",
	  "a" NOT_UTF8 NOT_UTF8 "b" },
	{ "an overlong escape", "\xe0\x80\x9b[2J",
	  NOT_UTF8 NOT_UTF8 NOT_UTF8 "[2J" },
	{ "half of a surrogate pair",
	  "a\xed\xa0\x80"
	  "b",
	  "a" NOT_UTF8 NOT_UTF8 NOT_UTF8 "b" },
	{ "GBK bytes", "\xbb\xfa\xc3\xdc",
	  NOT_UTF8 NOT_UTF8 NOT_UTF8 NOT_UTF8 },
	{ "quotes stay", "a \"b\" 'c' $(d) `e`", "a \"b\" 'c' $(d) `e`" },
};

START_TEST(cleans)
{
	g_autofree char *clean =
		miyin_text_clean(texts[_i].text, MIYIN_TEXT_MAX);
	g_autofree char *again = miyin_text_clean(clean, MIYIN_TEXT_MAX);

	ck_assert_msg(g_str_equal(clean, texts[_i].clean), "%s: \"%s\"",
		      texts[_i].what, clean);
	ck_assert_str_eq(again, clean);
}
END_TEST

#ifdef UNDER_VALGRIND
#define N_TEXTS 1000
#else
#define N_TEXTS 30000
#endif

/* Any two characters: valid, NFC, none that is forbidden, and clean text
 * stays as it is. */
START_TEST(any_pair)
{
	g_autoptr(GRand) rand = g_rand_new_with_seed(4);

	for (int i = 0; i < N_TEXTS; i++) {
		char text[16] = "a";
		int n = 1;
		g_autofree char *clean = NULL, *again = NULL, *nfc = NULL;

		for (int k = 0; k < 2; k++) {
			gunichar c = g_rand_int_range(
				rand, 1, i % 2 ? 0x3100 : 0x110000);

			if (c < 0xd800 || c > 0xdfff)
				n += g_unichar_to_utf8(c, text + n);
		}
		text[n] = '\0';
		clean = miyin_text_clean(text, MIYIN_TEXT_MAX);
		again = miyin_text_clean(clean, MIYIN_TEXT_MAX);
		nfc = g_utf8_normalize(clean, -1, G_NORMALIZE_NFC);
		ck_assert_msg(g_str_equal(clean, again), "%s: %s", text, clean);
		ck_assert_msg(g_strcmp0(clean, nfc) == 0, "%s: %s", text,
			      clean);
		for (const char *at = clean; *at; at = g_utf8_next_char(at))
			ck_assert(g_unichar_isprint(g_utf8_get_char(at)) ||
				  g_unichar_ismark(g_utf8_get_char(at)));
	}
}
END_TEST

/* Bytes of every kind: what comes out can be printed. */
START_TEST(any_bytes)
{
	g_autoptr(GRand) rand = g_rand_new_with_seed(5);

	for (int i = 0; i < N_TEXTS; i++) {
		char bytes[9] = "";
		g_autofree char *clean = NULL;

		for (int k = 0; k < 8; k++)
			bytes[k] = g_rand_int_range(rand, 1, 256);
		clean = miyin_text_clean(bytes, MIYIN_TEXT_MAX);
		ck_assert(g_utf8_validate(clean, -1, NULL));
		for (const char *at = clean; *at; at++)
			ck_assert((guint8)*at >= ' ' && *at != 0x7f);
	}
}
END_TEST

/* ---- length ----------------------------------------------------------- */

static const struct {
	const char *what;
	unsigned max;
	const char *text, *clean;
} cuts[] = {
	{ "shorter stays", 5, "Plan", "Plan" },
	{ "as long stays", 4, "Plan", "Plan" },
	{ "longer is cut", 3, "Plan", "Pla" },
	{ "characters count, not bytes", 2, "机密件", "机密" },
	{ "no space is left at the end", 5, "Plan B", "Plan" },
	{ "the next word does not join", 5, "Plan Beta", "Plan" },
	{ "spaces around do not count", 4, "   Plan   ", "Plan" },
	{ "what is dropped does not count", 4,
	  "\x1bP\x1bl\x1b"
	  "a\x1bn",
	  "Plan" },
	{ "nothing fits", 0, "Plan", "" },
};

START_TEST(cut)
{
	g_autofree char *clean = miyin_text_clean(cuts[_i].text, cuts[_i].max);

	ck_assert_msg(g_str_equal(clean, cuts[_i].clean), "%s: \"%s\"",
		      cuts[_i].what, clean);
}
END_TEST

START_TEST(at_most_127)
{
	g_autoptr(GString) text = g_string_new(NULL);
	g_autofree char *fits = NULL, *clean = NULL;

	for (int i = 0; i < MIYIN_TEXT_MAX; i++)
		g_string_append(text, "密");
	fits = miyin_text_clean(text->str, MIYIN_TEXT_MAX);
	ck_assert_str_eq(fits, text->str);
	g_string_append(text, "密");
	clean = miyin_text_clean(text->str, MIYIN_TEXT_MAX);
	ck_assert_str_eq(clean, fits);
	ck_assert_int_eq(g_utf8_strlen(clean, -1), 127);
}
END_TEST

/* ---- characters that no font has -------------------------------------- */

static const struct {
	const char *what, *text, *missing, *becomes;
} signs[] = {
	{ "one", "张三", "三", "张〓" },
	{ "each time", "三张三", "三", "〓张〓" },
	{ "two kinds", "张\U00012000三", "\U00012000三", "张〓〓" },
	{ "none of them", "张三", "四", "张三" },
	{ "nothing is missing", "张三", "", "张三" },
	{ "nothing is known", "张三", NULL, "张三" },
	{ "no text", NULL, "三", "" },
};

START_TEST(signs_stand_for)
{
	g_autofree char *text =
		miyin_text_substitute(signs[_i].text, signs[_i].missing);

	ck_assert_msg(g_str_equal(text, signs[_i].becomes), "%s: %s",
		      signs[_i].what, text);
}
END_TEST

/* ---- lists ------------------------------------------------------------ */

static const struct {
	const char *what, *list;
	const char *names[5];
} lists[] = {
	{ "one", "张三", { "张三" } },
	{ "a comma", "张三,李四", { "张三", "李四" } },
	{ "a Chinese comma", "张三，李四", { "张三", "李四" } },
	{ "a Chinese list comma",
	  "张三、李四、王五",
	  { "张三", "李四", "王五" } },
	{ "semicolons of both kinds",
	  "张三;李四；王五",
	  { "张三", "李四", "王五" } },
	{ "spaces after commas",
	  "Li Si, Zhang San ,Wang",
	  { "Li Si", "Zhang San", "Wang" } },
	{ "nobody", "", { NULL } },
	{ "only commas", ",，、;；", { NULL } },
	{ "an empty name between", "张三,,李四", { "张三", "李四" } },
	{ "a blank name between", "张三, \t,李四", { "张三", "李四" } },
	{ "a comma at the end", "张三,李四,", { "张三", "李四" } },
	{ "a name of controls alone",
	  "张三,\x1b\x07,李四",
	  { "张三", "李四" } },
	{ "a line end is no comma", "张三\n李四", { "张三 李四" } },
	{ "bytes that are no text", "\xff,b", { NOT_UTF8, "b" } },
	{ "truncated in a comma", "a\xef\xbc", { "a" NOT_UTF8 NOT_UTF8 } },
	{ "the same name twice", "张三,张三", { "张三", "张三" } },
};

START_TEST(splits)
{
	g_auto(GStrv) names = miyin_text_split(lists[_i].list);
	unsigned n;

	for (n = 0; lists[_i].names[n]; n++)
		ck_assert_msg(g_strcmp0(names[n], lists[_i].names[n]) == 0,
			      "%s: name %u is \"%s\"", lists[_i].what, n,
			      names[n]);
	ck_assert_msg(!names[n], "%s: one more, \"%s\"", lists[_i].what,
		      names[n]);
}
END_TEST

START_TEST(splits_many)
{
	g_autoptr(GString) list = g_string_new("0");
	g_auto(GStrv) names = NULL;

	for (int i = 1; i < 999; i++)
		g_string_append_printf(list, "、%d", i);
	names = miyin_text_split(list->str);
	ck_assert_uint_eq(g_strv_length(names), 999);
	ck_assert_str_eq(names[998], "998");
}
END_TEST

START_TEST(parts)
{
	g_auto(GStrv) some = miyin_text_parts(" a b ,c,, ");
	g_auto(GStrv) none = miyin_text_parts(NULL);
	const char *const expected[] = { "a b", "c", "", "", NULL };

	ck_assert(g_strv_equal((const char *const *)some, expected));
	ck_assert_ptr_null(*none);
}
END_TEST

/* ---- numbers ---------------------------------------------------------- */

static const struct {
	const char *text;
	gboolean is_number, is_measure; /* from 1 to 20 */
} numbers[] = {
	{ "1", TRUE, TRUE },	   { "20", TRUE, TRUE },
	{ "0", FALSE, FALSE },	   { "21", FALSE, FALSE },
	{ "1.5", FALSE, TRUE },	   { "1,5", FALSE, FALSE },
	{ "+2", FALSE, TRUE },	   { "-2", FALSE, FALSE },
	{ "2 ", FALSE, FALSE },	   { "2mm", FALSE, FALSE },
	{ "", FALSE, FALSE },	   { "nan", FALSE, FALSE },
	{ "1e400", FALSE, FALSE }, { "99999999999999999999", FALSE, FALSE },
	{ NULL, FALSE, FALSE },
};

START_TEST(counts)
{
	const char *text = numbers[_i].text;
	unsigned number = 99;
	double measure = 99;

	ck_assert_int_eq(miyin_text_to_number(text, 1, 20, &number),
			 numbers[_i].is_number);
	ck_assert_int_eq(number == 99, !numbers[_i].is_number);
	ck_assert_int_eq(miyin_text_to_measure(text, 1, 20, &measure),
			 numbers[_i].is_measure);
	ck_assert_int_eq(measure == 99, !numbers[_i].is_measure);
}
END_TEST

/* ---- languages -------------------------------------------------------- */

static const struct {
	const char *lang, *language;
} languages[] = {
	{ "zh_CN.UTF-8", "zh_CN" },
	{ "zh_CN", "zh_CN" },
	{ "zh-cn", "zh_CN" },
	{ "zh", "zh_CN" },
	{ "zh_SG", "zh_CN" },
	{ "zh-tw", "zh_TW" },
	{ "zh_HK.UTF-8", "zh_HK" },
	{ "en", "en" },
	{ "", "en" },
	{ NULL, "en" },
	{ "de_DE@euro", "de_DE" },
	{ ".UTF-8", "en" },
};

START_TEST(speaks)
{
	miyin_text_set_language(languages[_i].lang, "/nowhere");
	ck_assert_msg(g_strcmp0(g_getenv("LANGUAGE"), languages[_i].language) ==
			      0,
		      "%s: %s", languages[_i].lang, g_getenv("LANGUAGE"));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("text");
	TCase *tcase = tcase_create("text");
	SRunner *runner;
	int n_failed;

	tcase_add_loop_test(tcase, cleans, 0, G_N_ELEMENTS(texts));
	tcase_add_test(tcase, any_pair);
	tcase_add_test(tcase, any_bytes);
	tcase_add_loop_test(tcase, cut, 0, G_N_ELEMENTS(cuts));
	tcase_add_test(tcase, at_most_127);
	tcase_add_loop_test(tcase, signs_stand_for, 0, G_N_ELEMENTS(signs));
	tcase_add_loop_test(tcase, splits, 0, G_N_ELEMENTS(lists));
	tcase_add_test(tcase, splits_many);
	tcase_add_test(tcase, parts);
	tcase_add_loop_test(tcase, counts, 0, G_N_ELEMENTS(numbers));
	tcase_add_loop_test(tcase, speaks, 0, G_N_ELEMENTS(languages));
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
