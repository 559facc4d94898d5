/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/skeleton.h>

#include <check.h>
#include <stdlib.h>
#include <string.h>

/* ---- alike on paper ----------------------------------------------------- */

static const struct {
	const char *what, *one, *other;
} alike[] = {
	{ "the same", "甲2026-1", "甲2026-1" },
	{ "case", "ABC-1", "abc-1" },
	{ "full-width forms", "ＡＢＣ－１", "ABC-1" },
	{ "a variation selector", "甲1", "甲1\xef\xb8\x8f" },
	{ "an ideographic selector", "甲1",
	  "甲\xf3\xa0\x87\xaf"
	  "1" },
	{ "a grapheme joiner", "甲1",
	  "甲\xcd\x8f"
	  "1" },
	{ "a Hangul filler", "甲1", "甲1\xe3\x85\xa4" },
	{ "a half-width filler", "甲1", "甲1\xef\xbe\xa0" },
	{ "Hangul's own fillers", "甲1",
	  "甲\xe1\x85\x9f\xe1\x85\xa0"
	  "1" },
	{ "an empty Braille cell", "甲1", "甲1\xe2\xa0\x80" },
	{ "a Mongolian selector", "甲1",
	  "甲\xe1\xa0\x8b"
	  "1" },
	{ "a zero-width space", "甲1",
	  "甲\xe2\x80\x8b"
	  "1" },
	{ "a soft hyphen", "ab1",
	  "a\xc2\xad"
	  "b1" },
	{ "a Khmer vowel that nobody sees", "甲1",
	  "甲\xe1\x9e\xb4"
	  "1" },
	{ "a tag letter", "甲1", "甲1\xf3\xa0\x81\x81" },
	{ "a space", "甲 1", "甲1" },
	{ "a wide space",
	  "甲\xe3\x80\x80"
	  "1",
	  "甲1" },
	{ "a line end", "甲\n1", "甲1" },
	{ "Russian letters", "\xd0\xa1\xd0\x90-1", "CA-1" },
	{ "Greek letters", "\xce\x91\xce\x92-1", "AB-1" },
	{ "nought and O", "A0", "AO" },
	{ "nought and o", "A0", "Ao" },
	{ "one and l", "A1", "Al" },
	{ "one and I", "A1", "AI" },
	{ "one and i", "A1", "Ai" },
	{ "rn and m", "form", "forrn" },
	{ "letters of mathematics", "\xf0\x9d\x90\x80\xf0\x9d\x9f\x8f", "A1" },
	{ "a letter in a circle",
	  "\xe2\x92\xb6"
	  "1",
	  "A1" },
	{ "brackets of a document number", "国发〔2026〕1号", "国发[2026]1号" },
	{ "other brackets", "国发〔2026〕1号", "国发（2026）1号" },
	{ "lenses", "国发〔2026〕1号", "国发【2026】1号" },
	{ "an en dash", "A-1",
	  "A\xe2\x80\x93"
	  "1" },
	{ "an em dash", "A-1",
	  "A\xe2\x80\x94"
	  "1" },
	{ "a hyphen that does not break", "A-1",
	  "A\xe2\x80\x91"
	  "1" },
	{ "a minus sign", "A-1",
	  "A\xe2\x88\x92"
	  "1" },
	{ "a compatibility ideograph", "金1",
	  "\xef\xa4\x8a"
	  "1" },
	{ "a radical", "金1",
	  "\xe2\xbe\xa6"
	  "1" },
	{ "accents apart", "M\xc3\xbcller", "Mu\xcc\x88ller" },
	{ "dots in a name", "买买提·江", "买买提\xe2\x80\xa2江" },
	{ "Katakana's dot in a name", "买买提·江", "买买提\xe3\x83\xbb江" },
	{ "nothing that is seen", "", "\xe3\x85\xa4\xe2\xa0\x80\xef\xb8\x8f " },
	{ "no text at all", "", NULL },
};

START_TEST(look_alike)
{
	g_autofree char *one = miyin_text_skeleton(alike[_i].one);
	g_autofree char *other = miyin_text_skeleton(alike[_i].other);
	g_autofree char *again = miyin_text_skeleton(one);

	ck_assert_msg(g_str_equal(one, other), "%s: %s, %s", alike[_i].what,
		      one, other);
	ck_assert_msg(g_str_equal(one, again), "%s: %s, then %s",
		      alike[_i].what, one, again);
}
END_TEST

/* ---- not alike ---------------------------------------------------------- */

static const struct {
	const char *what, *one, *other;
} different[] = {
	{ "another number", "甲2026-1", "甲2026-2" },
	{ "another year", "国发〔2026〕1号", "国发〔2025〕1号" },
	{ "another name", "张三", "张四" },
	{ "names of two signs that are near", "王二", "王三" },
	{ "without its dash", "A-11", "A11" },
	{ "characters in another order", "12", "21" },
	{ "another accent", "M\xc3\xbcller", "Muller" },
	{ "half of it", "甲2026", "甲2026-1" },
	{ "something and nothing", "甲", "" },
};

START_TEST(look_different)
{
	g_autofree char *one = miyin_text_skeleton(different[_i].one);
	g_autofree char *other = miyin_text_skeleton(different[_i].other);

	ck_assert_msg(!g_str_equal(one, other), "%s: %s", different[_i].what,
		      one);
}
END_TEST

/* ---- any text ------------------------------------------------------------ */

/* No character that adds no ink changes the skeleton, wherever it stands. */
START_TEST(ignorables)
{
	g_autofree char *plain = miyin_text_skeleton("甲A1");

	for (gunichar c = 1; c < 0x110000; c++) {
		g_autofree char *found = NULL;
		char text[32] = "甲", one[7] = "";

		if ((c >= 0xd800 && c < 0xe000) || !miyin_text_is_invisible(c))
			continue;
		g_unichar_to_utf8(c, one);
		g_strlcat(text, one, sizeof(text));
		g_strlcat(text, "A1", sizeof(text));
		g_strlcat(text, one, sizeof(text));
		found = miyin_text_skeleton(text);
		ck_assert_msg(g_str_equal(found, plain), "U+%04X: %s", c,
			      found);
	}
}
END_TEST

/* Bytes that are no UTF-8, and the character that grows most. */
START_TEST(any_bytes)
{
	g_autofree char *broken = miyin_text_skeleton("\xff\xe6\x9c甲");
	g_autofree char *long_text = g_strnfill(3000, 'x');
	g_autofree char *much = NULL;

	for (int i = 0; i + 3 <= 3000; i += 3)
		memcpy(long_text + i, "\xef\xb7\xba", 3);
	much = miyin_text_skeleton(long_text);
	ck_assert(g_utf8_validate(broken, -1, NULL));
	ck_assert(g_utf8_validate(much, -1, NULL));
	ck_assert_uint_gt(g_utf8_strlen(much, -1), 1000);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("skeleton");
	TCase *tcase = tcase_create("skeleton");
	SRunner *runner;
	int n_failed;

	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, look_alike, 0, G_N_ELEMENTS(alike));
	tcase_add_loop_test(tcase, look_different, 0, G_N_ELEMENTS(different));
	tcase_add_test(tcase, ignorables);
	tcase_add_test(tcase, any_bytes);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
