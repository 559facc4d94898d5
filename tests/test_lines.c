/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a text breaks, and that each of its characters leaves ink. */
#include "filter/collect/lines.h"
#include "filter/mark/canvas.h"
#include <miyin/memfile.h>
#include <miyin/refusal.h>

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* 10 cells of 7.2 points and 4 lines of 12. */
static const miyin_lines small = {
	.width_pt = 92,
	.height_pt = 68,
	.left_pt = 10,
	.right_pt = 10,
	.top_pt = 10,
	.bottom_pt = 10,
	.cpi = 10,
	.lpi = 6,
	.columns = 1,
	.wrap = TRUE,
};

static PopplerDocument *set_form(const char *text, const miyin_lines *form,
				 const miyin_budget *budget, GError **error)
{
	int file = miyin_memfile_new_text("text", text, NULL);
	int pdf = miyin_lines_set(file, form, budget, error);
	g_autoptr(GBytes) bytes = NULL;

	close(file);
	if (pdf < 0)
		return NULL;
	bytes = miyin_memfile_map(pdf, NULL);
	close(pdf);
	return poppler_document_new_from_bytes(bytes, NULL, NULL);
}

static PopplerDocument *set(const char *text, const miyin_lines *form)
{
	g_autoptr(GError) error = NULL;
	PopplerDocument *set =
		set_form(text, form, &miyin_budget_default, &error);

	ck_assert_msg(set != NULL, "%s: %s", text, error ? error->message : "");
	return set;
}

static char *read_page(PopplerDocument *document, int i)
{
	g_autoptr(PopplerPage) page = poppler_document_get_page(document, i);

	return g_strchomp(poppler_page_get_text(page));
}

static const struct {
	const char *name, *text;
	const char *first; /* NULL: Poppler reads it otherwise */
	int n_pages;
} texts[] = {
	{ "a line", "one\n", "one", 1 },
	{ "a line without an end", "one", "one", 1 },
	{ "a full line", "0123456789\nnext\n", "0123456789\nnext", 1 },
	{ "a line too long", "0123456789abc", "0123456789\nabc", 1 },
	{ "a long word behind a short one", "a 0123456789", "a 01234567\n89",
	  1 },
	{ "Chinese", "机密文件共十份", "机密文件共\n十份", 1 },
	{ "half a character has no room", "a机密文件共\n3\n4\n5", NULL, 2 },
	{ "no full stop begins a line", "机密文件共。", "机密文件\n共。", 1 },
	{ "no full stop leaves an accent behind", "机密文件共\xcc\x81。",
	  "机密文件\n共\xcc\x81。", 1 },
	{ "one that ends a line", "机密文件。共", "机密文件。\n共", 1 },
	{ "a tab", "a\tbcd\n3\n4\n5", NULL, 2 },
	{ "a short tab", "a\tbc\n2\n3\n4", NULL, 1 },
	{ "a line end of old", "a\rb", "a\nb", 1 },
	{ "a separator of lines",
	  "a\xe2\x80\xa8"
	  "b",
	  "a\nb", 1 },
	{ "what nobody sees",
	  "a\a\v\xc2\x90"
	  "b",
	  "ab", 1 },
	{ "an accent of its own",
	  "e\xcc\x81"
	  "123456789x",
	  "e\xcc\x81"
	  "123456789\nx",
	  1 },
	{ "four lines", "a\nb\nc\nd\n", "a\nb\nc\nd", 1 },
	{ "five lines", "a\nb\nc\nd\ne", "a\nb\nc\nd", 2 },
	{ "a page feed", "a\fb", "a", 2 },
	{ "a page feed on a line", "a\n\fb", "a", 2 },
	{ "an empty page", "a\f\fb", "a", 3 },
	{ "a blank text", "\n", "", 1 },
};

/* Poppler joins accents, and so on, in ways of its own. */
static char *fold(const char *text)
{
	return g_utf8_normalize(text, -1, G_NORMALIZE_ALL_COMPOSE);
}

static char *squeeze(const char *text)
{
	g_autoptr(GRegex) blanks = g_regex_new(" +", 0, 0, NULL);
	g_autofree char *folded = fold(text);

	return g_regex_replace_literal(blanks, folded, -1, 0, "", 0, NULL);
}

START_TEST(text_in_lines)
{
	PopplerDocument *document = set(texts[_i].text, &small);
	g_autofree char *read = read_page(document, 0);
	g_autofree char *seen = squeeze(read);
	g_autofree char *wanted =
		squeeze(texts[_i].first ? texts[_i].first : read);

	ck_assert_msg(g_str_equal(seen, wanted), "%s: %s", texts[_i].name,
		      seen);
	ck_assert_msg(poppler_document_get_n_pages(document) ==
			      texts[_i].n_pages,
		      "%s: %d pages", texts[_i].name,
		      poppler_document_get_n_pages(document));
	g_object_unref(document);
}
END_TEST

/* 30 on one letter, and the next 31 are set as another: 10 of them are a line,
 * so that none is too long to be set. */
START_TEST(many_accents)
{
	g_autoptr(GString) text = g_string_new("e");
	PopplerDocument *document;

	for (int i = 0; i < 2000; i++)
		g_string_append(text, "\xcc\x81");
	document = set(text->str, &small);
	ck_assert_int_eq(poppler_document_get_n_pages(document), 2);
	g_object_unref(document);
}
END_TEST

START_TEST(lines_cut)
{
	miyin_lines form = small;
	PopplerDocument *document;
	g_autofree char *read = NULL;

	form.wrap = FALSE;
	document = set("0123456789abc\nnext\n", &form);
	read = read_page(document, 0);
	ck_assert_str_eq(read, "0123456789\nnext");
	g_object_unref(document);
}
END_TEST

/* A gap of five cells is between columns. */
START_TEST(lines_in_columns)
{
	miyin_lines form = small;
	PopplerDocument *document;
	g_autofree char *second = NULL;

	form.columns = 2;
	form.width_pt = 20 + 25 * 7.2;
	ck_assert_uint_eq(miyin_lines_cells(&form), 10);
	ck_assert_uint_eq(miyin_lines_rows(&form), 4);
	document = set("a\nb\nc\nd\ne\nf\ng\nh\ni\n", &form);
	ck_assert_int_eq(poppler_document_get_n_pages(document), 2);
	second = read_page(document, 1);
	ck_assert_str_eq(second, "i");
	g_object_unref(document);
}
END_TEST

/* Each cell of characters, alone and with others, for what is taken out of a
 * font depends on these; 如 was without ink. */
static const char *const inked[] = {
	"如",
	"0123456789",
	"ABCDEFGHIJ",
	"现将情况报告如下",
	"如果标点王如意",
	"αβγδεζηθικ",
	"абвгдежзий",
	"あいうえおアイウエオ",
};

START_TEST(all_leave_ink)
{
	const char *text = inked[_i];
	const gboolean wide = g_unichar_iswide(g_utf8_get_char(text));
	const long n = g_utf8_strlen(text, -1);
	miyin_lines form = small;
	PopplerDocument *document;
	g_autoptr(PopplerPage) page = NULL;
	g_autoptr(cairo_surface_t) picture = NULL;

	form.width_pt = 20 + 20 * 7.2;
	document = set(text, &form);
	page = poppler_document_get_page(document, 0);
	picture = miyin_canvas_page(page, 4, NULL);
	for (long i = 0; i < n; i++) {
		const double cell = wide ? 14.4 : 7.2;
		g_autofree guint8 *grey =
			miyin_canvas_grey(picture, (int)(4 * (10 + i * cell)),
					  40, (int)(4 * cell), 48);
		unsigned dark = 0;

		for (int at = 0; at < (int)(4 * cell) * 48; at++)
			dark += grey[at] < 128;
		ck_assert_msg(dark > 20, "%s: %ld has %u", text, i, dark);
	}
	g_object_unref(document);
}
END_TEST

START_TEST(letters_without_font)
{
	g_autoptr(GError) error = NULL;

	ck_assert_ptr_null(set_form("plain\n\xf0\x92\x80\x80\n", &small,
				    &miyin_budget_default, &error));
	ck_assert(
		g_error_matches(error, MIYIN_REFUSAL, MIYIN_REFUSAL_BAD_GLYPH));
	ck_assert_ptr_nonnull(strstr(error->message, "\xf0\x92\x80\x80"));
}
END_TEST

/* A box is seen. */
START_TEST(symbol_without_font)
{
	PopplerDocument *document = set("\xf4\x80\x80\x80", &small);
	g_autoptr(PopplerPage) page = poppler_document_get_page(document, 0);
	g_autoptr(cairo_surface_t) picture = miyin_canvas_page(page, 4, NULL);

	ck_assert(miyin_canvas_has_ink(picture, 128));
	g_object_unref(document);
}
END_TEST

START_TEST(nothing_to_set)
{
	g_autoptr(GError) error = NULL;

	ck_assert_ptr_null(set_form("", &small, &miyin_budget_default, &error));
	ck_assert(
		g_error_matches(error, MIYIN_REFUSAL, MIYIN_REFUSAL_NO_PAGES));
}
END_TEST

/* Who counts them refuses it; one page more is enough for that. */
START_TEST(pages_end)
{
	miyin_budget few = miyin_budget_default;
	g_autofree char *text = g_strnfill(1000, '\f');
	PopplerDocument *document;

	few.pages = 3;
	document = set_form(text, &small, &few, NULL);
	ck_assert_int_eq(poppler_document_get_n_pages(document), 4);
	g_object_unref(document);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("lines");
	TCase *all = tcase_create("all");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_loop_test(all, text_in_lines, 0, G_N_ELEMENTS(texts));
	tcase_add_test(all, many_accents);
	tcase_add_test(all, lines_cut);
	tcase_add_test(all, lines_in_columns);
	tcase_add_loop_test(all, all_leave_ink, 0, G_N_ELEMENTS(inked));
	tcase_add_test(all, letters_without_font);
	tcase_add_test(all, symbol_without_font);
	tcase_add_test(all, nothing_to_set);
	tcase_add_test(all, pages_end);
	suite_add_tcase(suite, all);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed > 0;
}
