/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/crockford.h>
#include <miyin/error.h>
#include <miyin/humancode.h>

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define N_CODE 12
#define UNTOUCHED_ID G_GUINT64_CONSTANT(0x5555555555)
#define UNTOUCHED_PAGE 777

/* Made by a long division in Python, not by this code. */
static const struct {
	const char *what;
	guint64 copy_id;
	unsigned page;
	const char *text;
} codes[] = {
	{ "the least", 0, 1, "0000-0000-0168" },
	{ "one", 1, 1, "0000-0001-01HK" },
	{ "the greatest", G_GUINT64_CONSTANT(0xffffffffff), 1023,
	  "ZZZZ-ZZZZ-ZZQ3" },
	{ "some page", G_GUINT64_CONSTANT(0x123456789a), 3, "28T5-CY4T-031J" },
	{ "a far page", G_GUINT64_CONSTANT(0xfedcba9876), 512,
	  "ZVEB-N63P-G06D" },
	{ "one bit", G_GUINT64_CONSTANT(0x8000000000), 7, "G000-0000-07DS" },
};

/* The twelve characters without hyphens. */
static void get_letters(int i, char letters[N_CODE + 1])
{
	char text[MIYIN_HUMANCODE_LENGTH + 1];
	int n = 0;

	miyin_humancode_format(codes[i].copy_id, codes[i].page, text);
	for (char *at = text; *at; at++)
		if (*at != '-')
			letters[n++] = *at;
	ck_assert_int_eq(n, N_CODE);
	letters[n] = '\0';
}

static void assert_refused(const char *text, const char *why, char **hint)
{
	guint64 copy_id = UNTOUCHED_ID;
	unsigned page = UNTOUCHED_PAGE;
	g_autoptr(GError) error = NULL;

	ck_assert_msg(
		!miyin_humancode_parse(text, &copy_id, &page, hint, &error),
		"\"%s\" was read", text);
	ck_assert(g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_INPUT));
	ck_assert_msg(strstr(error->message, why) != NULL, "\"%s\": %s", text,
		      error->message);
	ck_assert_uint_eq(copy_id, UNTOUCHED_ID);
	ck_assert_uint_eq(page, UNTOUCHED_PAGE);
}

START_TEST(known)
{
	char text[MIYIN_HUMANCODE_LENGTH + 1];
	guint64 copy_id;
	unsigned page;

	miyin_humancode_format(codes[_i].copy_id, codes[_i].page, text);
	ck_assert_str_eq(text, codes[_i].text);
	ck_assert(miyin_humancode_parse(text, &copy_id, &page, NULL, NULL));
	ck_assert_uint_eq(copy_id, codes[_i].copy_id);
	ck_assert_uint_eq(page, codes[_i].page);
}
END_TEST

START_TEST(round_trips)
{
	g_autoptr(GRand) rand = g_rand_new_with_seed(1);

	for (int i = 0; i < 20000; i++) {
		guint64 is_id = (guint64)g_rand_int(rand) << 8 |
				(g_rand_int(rand) & 255);
		unsigned is_page = g_rand_int_range(rand, 1, 1024);
		char text[MIYIN_HUMANCODE_LENGTH + 1];
		guint64 copy_id;
		unsigned page;

		miyin_humancode_format(is_id, is_page, text);
		ck_assert_uint_eq(strlen(text), MIYIN_HUMANCODE_LENGTH);
		ck_assert(miyin_humancode_parse(text, &copy_id, &page, NULL,
						NULL));
		ck_assert_uint_eq(copy_id, is_id);
		ck_assert_uint_eq(page, is_page);
	}
}
END_TEST

START_TEST(copy_code)
{
	static const char *const wrong[] = { "", "0000000", "000000010",
					     "0000000U", "0000-0001-01HK" };
	char text[MIYIN_COPYCODE_LENGTH + 1];
	guint64 copy_id = 9;

	miyin_copycode_format(G_GUINT64_CONSTANT(0xffffffffff), text);
	ck_assert_str_eq(text, "ZZZZ-ZZZZ");
	miyin_copycode_format(1, text);
	ck_assert_str_eq(text, "0000-0001");
	for (unsigned i = 0; i < G_N_ELEMENTS(wrong); i++) {
		ck_assert(!miyin_copycode_parse(wrong[i], &copy_id));
		ck_assert_uint_eq(copy_id, 9);
	}
	ck_assert(miyin_copycode_parse("oooo ooo1", &copy_id));
	ck_assert_uint_eq(copy_id, 1);
	ck_assert(miyin_copycode_parse("zzzz-zzzz", &copy_id));
	ck_assert_uint_eq(copy_id, G_GUINT64_CONSTANT(0xffffffffff));
}
END_TEST

/* ---- what people type ------------------------------------------------- */

/* All of them are copy 1, page 1: 0000-0001-01HK. */
static const struct {
	const char *what, *text;
} forgiven[] = {
	{ "as printed", "0000-0001-01HK" },
	{ "lower case", "0000-0001-01hk" },
	{ "without hyphens", "0000000101HK" },
	{ "spaces for hyphens", "0000 0001 01HK" },
	{ "a hyphen after each", "0-0-0-0-0-0-0-1-0-1-H-K" },
	{ "spaces around", "  0000-0001-01HK " },
	{ "letters O for zeros", "OOOO-OOO1-O1HK" },
	{ "small letters o for zeros", "oooo-ooo1-o1hk" },
	{ "the letter I for one", "0000-000I-0IHK" },
	{ "the letter L for one", "0000-000L-0lHK" },
};

START_TEST(typed)
{
	guint64 copy_id = 0;
	unsigned page = 0;
	char *hint = (char *)"not set";
	g_autoptr(GError) error = NULL;

	ck_assert_msg(miyin_humancode_parse(forgiven[_i].text, &copy_id, &page,
					    &hint, &error),
		      "%s: %s", forgiven[_i].what, error ? error->message : "");
	ck_assert_uint_eq(copy_id, 1);
	ck_assert_uint_eq(page, 1);
	ck_assert_ptr_null(hint);
}
END_TEST

static const struct {
	const char *what, *text, *why;
} refused[] = {
	{ "nothing", "", "twelve letters" },
	{ "hyphens alone", "----", "twelve letters" },
	{ "torn off end", "0000-0001", "twelve letters" },
	{ "torn off last character", "0000-0001-01H", "twelve letters" },
	{ "one too many", "0000-0001-01HKK", "twelve letters" },
	{ "the letter U, which we never print", "0000-0001-01HU",
	  "twelve letters" },
	{ "a full stop", "0000.0001.01HK", "twelve letters" },
	{ "a wide digit", "0000-0001-01H\xef\xbc\xab", "twelve letters" },
	{ "a line end inside", "0000-0001\n-01HK", "twelve letters" },
	{ "a whole payload", "M01234567890123456789012345678901234",
	  "twelve letters" },
	{ "one letter mistyped", "0000-0001-01HN", "mistyped" },
	{ "two letters swapped", "0000-0001-10HK", "mistyped" },
	{ "page 0, which no copy has", "0000-0000-0000", "page" },
};

START_TEST(not_typed)
{
	char *hint = (char *)"not set";

	assert_refused(refused[_i].text, refused[_i].why, &hint);
	if (hint)
		ck_assert_str_eq(refused[_i].why, "mistyped");
	g_free(hint);
}
END_TEST

/* ---- every error ------------------------------------------------------ */

START_TEST(every_single_error)
{
	char right[MIYIN_HUMANCODE_LENGTH + 1], letters[N_CODE + 1];

	miyin_humancode_format(codes[_i].copy_id, codes[_i].page, right);
	get_letters(_i, letters);
	for (int at = 0; at < N_CODE; at++) {
		char is = letters[at];

		for (unsigned value = 0; value < 32; value++) {
			g_autofree char *hint = NULL;

			letters[at] = miyin_crockford_char(value);
			if (letters[at] == is)
				continue;
			assert_refused(letters, "mistyped", &hint);
			ck_assert_msg(g_strcmp0(hint, right) == 0,
				      "%s suggests %s, not %s", letters, hint,
				      right);
		}
		letters[at] = is;
	}
}
END_TEST

START_TEST(every_swap)
{
	char letters[N_CODE + 1];

	get_letters(_i, letters);
	for (int a = 0; a < N_CODE; a++)
		for (int b = a + 1; b < N_CODE; b++) {
			char at_a = letters[a], at_b = letters[b];

			if (at_a == at_b)
				continue;
			letters[a] = at_b;
			letters[b] = at_a;
			assert_refused(letters, "mistyped", NULL);
			letters[a] = at_a;
			letters[b] = at_b;
		}
}
END_TEST

/* 66 pairs of places by 31 by 31 characters. */
START_TEST(every_double_error)
{
	char letters[N_CODE + 1];
	unsigned n_read = 0, n_tried = 0;

	get_letters(3, letters);
	for (int a = 0; a < N_CODE; a++)
		for (int b = a + 1; b < N_CODE; b++) {
			char at_a = letters[a], at_b = letters[b];

			for (unsigned value = 0; value < 32 * 32; value++) {
				guint64 copy_id;
				unsigned page;

				letters[a] = miyin_crockford_char(value / 32);
				letters[b] = miyin_crockford_char(value % 32);
				if (letters[a] == at_a || letters[b] == at_b)
					continue;
				n_tried++;
				n_read += miyin_humancode_parse(
					letters, &copy_id, &page, NULL, NULL);
			}
			letters[a] = at_a;
			letters[b] = at_b;
		}
	ck_assert_uint_eq(n_tried, 66 * 31 * 31);
	ck_assert_uint_eq(n_read, 0);
}
END_TEST

/* A hint is a code that itself can be read. */
START_TEST(hint_is_a_code)
{
	g_autoptr(GRand) rand = g_rand_new_with_seed(2);
	unsigned n_hints = 0;

	for (int i = 0; i < 500; i++) {
		char letters[N_CODE + 1] = "";
		g_autofree char *hint = NULL;
		guint64 copy_id;
		unsigned page;

		for (int k = 0; k < N_CODE; k++)
			letters[k] = miyin_crockford_char(
				g_rand_int_range(rand, 0, 32));
		if (miyin_humancode_parse(letters, &copy_id, &page, &hint,
					  NULL) ||
		    !hint)
			continue;
		n_hints++;
		ck_assert_msg(miyin_humancode_parse(hint, &copy_id, &page, NULL,
						    NULL),
			      "%s suggests %s, which is no code", letters,
			      hint);
	}
	ck_assert_uint_gt(n_hints, 50);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("humancode");
	TCase *tcase = tcase_create("humancode");
	SRunner *runner;
	int n_failed;

	tcase_set_timeout(tcase, 30);
	tcase_add_loop_test(tcase, known, 0, G_N_ELEMENTS(codes));
	tcase_add_test(tcase, round_trips);
	tcase_add_test(tcase, copy_code);
	tcase_add_loop_test(tcase, typed, 0, G_N_ELEMENTS(forgiven));
	tcase_add_loop_test(tcase, not_typed, 0, G_N_ELEMENTS(refused));
	tcase_add_loop_test(tcase, every_single_error, 0, G_N_ELEMENTS(codes));
	tcase_add_loop_test(tcase, every_swap, 0, G_N_ELEMENTS(codes));
	tcase_add_test(tcase, every_double_error);
	tcase_add_test(tcase, hint_is_a_code);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
