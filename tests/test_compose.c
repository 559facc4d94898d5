/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From a scheme and the words of a copy to its order. The codes are read back
 * with the keys that signed them. Run in the source folder.
 */
#include <miyin/compose.h>

#include <check.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#define COPY_ID G_GUINT64_CONSTANT(0x123456789a)
#define SITE 42
#define SCHEMES "samples/schemes"

/* Two levels: one with a cover, one without codes. */
static const char scheme_text[] =
	"[scheme]\ntitle = T\nstate-secret = true\nswap-even = false\n"
	"watermark = {serial} {holder}\n"
	"[level top]\nrank = 2\ntext = 绝密\ntext[en] = Top\n"
	"abbreviation = T\nmark = {level}★{period}\nperiod = 30年\n"
	"period-max =\nfirst = mark, stamp, page\nother = mark, page, stamp\n"
	"cover = title, page\ncontrol = false\ncodes = true\nwatermark = tile\n"
	"[level low]\nrank = 1\ntext = 内部\ntext[en] = Low\n"
	"abbreviation = L\nmark = {level}\nperiod =\nperiod-max =\n"
	"first = mark, stamp\nother = mark, unused\ncover =\n"
	"control = false\ncodes = false\nwatermark = light\n"
	"[line mark]\ntext = {mark}\nat = top-left\nx = 28\ny = 9\n"
	"width = 60\nfont = sans\nweight = bold\nsize = 16\n"
	"colour = #c00000\nwhen = always\n"
	"[line page]\ntext = {code} {page}/{pages}\nat = bottom-right\n"
	"x = 10\ny = 10\nwidth = 90\nfont = mono\nweight = normal\n"
	"size = 9\ncolour = #000000\nwhen = always\n"
	"[line stamp]\ntext = {original} {serial} {copy}/{copies}\n"
	"at = top-left\nx = 28\ny = 20\nwidth = 90\nfont = sans\n"
	"weight = normal\nsize = 8\ncolour = #000000\nwhen = reprint\n"
	"[line title]\ntext = {title} {document}\nat = top-centre\nx = 0\n"
	"y = 80\nwidth = 150\nfont = serif\nweight = bold\nsize = 20\n"
	"colour = #000000\nwhen = always\n"
	"[line unused]\ntext = 批准 {approver}\nat = top-left\nx = 28\ny = 30\n"
	"width = 90\nfont = sans\nweight = normal\nsize = 8\n"
	"colour = #000000\nwhen = always\n"
	"[code 1]\nat = top-right\nx = 26\ny = 8.5\nsize = 17\n"
	"[code 2]\nat = bottom-left\nx = 8\ny = 8\nsize = 18\n";

static miyin_scheme *open_text(const char *text)
{
	g_autofree char *dir = g_dir_make_tmp("miyin-test-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(dir, "a.scheme", NULL);
	g_autoptr(GError) error = NULL;
	miyin_scheme *scheme;

	ck_assert(g_file_set_contents(path, text, -1, NULL));
	scheme = miyin_scheme_open(dir, "a", &error);
	g_remove(path);
	g_rmdir(dir);
	ck_assert_msg(scheme != NULL, "%s", error ? error->message : "");
	return scheme;
}

static miyin_composition some_copy(const miyin_scheme *scheme,
				   const char *level, unsigned n_pages)
{
	return (miyin_composition){
		.scheme = scheme,
		.level = miyin_scheme_find_level(scheme, level),
		.words = { .mark = "绝密★30年",
			   .level = "绝密",
			   .period = "30年",
			   .serial = "000012",
			   .holder = "张三",
			   .date = "2026-11-21",
			   .document = "JM-2026-0123",
			   .title = "通知",
			   .unit = "",
			   .user = "wang",
			   .original = "000003",
			   .copy_no = 2,
			   .n_copies = 5,
			   .n_pages = n_pages },
		.copy_id = COPY_ID,
		.site = SITE,
	};
}

static const miyin_line *find_line(const miyin_order *order, const char *name)
{
	for (unsigned i = 0; i < order->layout->lines->len; i++) {
		const miyin_line *line = order->layout->lines->pdata[i];

		if (g_str_equal(line->name, name))
			return line;
	}
	return NULL;
}

/* ---- pages ---------------------------------------------------------------- */

static const struct {
	const char *what, *level;
	unsigned n_pages;
	gboolean cover;
} copies[] = {
	{ "one page", "low", 1, FALSE },
	{ "three pages", "low", 3, FALSE },
	{ "one page and a cover", "top", 2, TRUE },
	{ "three pages and a cover", "top", 4, TRUE },
	{ "as many as a code can count", "top", MIYIN_PAGES_MAX, TRUE },
};

/* Each page has its own codes, the cover counted and first. */
START_TEST(every_page_is_numbered)
{
	g_autoptr(miyin_scheme) scheme = open_text(scheme_text);
	g_autoptr(miyin_keys) keys = miyin_keys_specimen();
	miyin_composition c =
		some_copy(scheme, copies[_i].level, copies[_i].n_pages);
	g_autoptr(miyin_order) order = miyin_compose(&c, keys, NULL);

	ck_assert_ptr_nonnull(order);
	ck_assert_int_eq(order->cover, copies[_i].cover);
	ck_assert_uint_eq(order->n_pages, copies[_i].n_pages);
	for (unsigned i = 0; i < order->n_pages; i++) {
		miyin_payload payload;
		guint64 copy_id;
		unsigned page;

		ck_assert_msg(
			miyin_code_parse(MIYIN_CODE_QR,
					 order->pages[i].codes[MIYIN_CODE_QR],
					 keys, &payload, NULL),
			"%s, page %u", copies[_i].what, i + 1);
		ck_assert(payload.copy_id == COPY_ID);
		ck_assert_uint_eq(payload.page, i + 1);
		ck_assert_uint_eq(payload.pages, copies[_i].n_pages);
		ck_assert_uint_eq(payload.site, SITE);
		ck_assert_uint_eq(payload.key_id, miyin_keys_current(keys));
		ck_assert(miyin_humancode_parse(order->pages[i].human, &copy_id,
						&page, NULL, NULL));
		ck_assert(copy_id == COPY_ID);
		ck_assert_uint_eq(page, i + 1);
	}
	ck_assert_int_eq(miyin_order_class(order, 0),
			 copies[_i].cover ? MIYIN_COVER_PAGE
					  : MIYIN_FIRST_PAGE);
	if (order->cover)
		ck_assert_int_eq(miyin_order_class(order, 1), MIYIN_FIRST_PAGE);
}
END_TEST

/* ---- lines ---------------------------------------------------------------- */

#define FIRST MIYIN_FIRST_PAGE
#define OTHER MIYIN_OTHER_PAGE
#define COVER MIYIN_COVER_PAGE

static const struct {
	const char *what, *level, *line;
	gboolean reprint;
	unsigned classes; /* 0: not there */
	const char *text;
	unsigned n_whole;
} lines[] = {
	{ "a mark on all pages but the cover", "top", "mark", FALSE,
	  FIRST | OTHER, "绝密★30年", 6 },
	{ "a line of the cover alone", "top", "title", FALSE, COVER,
	  "通知 JM-2026-0123", 0 },
	{ "page and code, filled in page by page", "top", "page", FALSE,
	  FIRST | OTHER | COVER, MIYIN_CODE_MARK " " MIYIN_PAGE_MARK "/3", 0 },
	{ "no stamp on the first prints", "top", "stamp", FALSE, 0, NULL, 0 },
	{ "a stamp on reprints", "top", "stamp", TRUE, FIRST | OTHER,
	  "000003 000012 2/5", 0 },
	{ "a stamp on the first page alone", "low", "stamp", TRUE, FIRST,
	  "000003 000012 2/5", 0 },
	{ "a mark on reprints too", "top", "mark", TRUE, FIRST | OTHER,
	  "绝密★30年", 6 },
	{ "a line of another level", "low", "page", FALSE, 0, NULL, 0 },
	{ "a line of no words", "low", "unused", FALSE, 0, NULL, 0 },
};

START_TEST(line_of_a_level)
{
	g_autoptr(miyin_scheme) scheme = open_text(scheme_text);
	g_autoptr(miyin_keys) keys = miyin_keys_specimen();
	miyin_composition c = some_copy(scheme, lines[_i].level, 3);
	g_autoptr(miyin_order) order = NULL;
	const miyin_line *line;

	c.reprint = lines[_i].reprint;
	order = miyin_compose(&c, keys, NULL);
	ck_assert_ptr_nonnull(order);
	line = find_line(order, lines[_i].line);
	ck_assert_msg((line != NULL) == (lines[_i].classes != 0), "%s",
		      lines[_i].what);
	if (!line)
		return;
	ck_assert_msg(line->classes == lines[_i].classes, "%s: %u",
		      lines[_i].what, line->classes);
	ck_assert_str_eq(line->text, lines[_i].text);
	ck_assert_uint_eq(line->n_whole, lines[_i].n_whole);
	ck_assert_int_eq(miyin_line_is_dynamic(line),
			 g_str_equal(lines[_i].line, "page"));
}
END_TEST

START_TEST(approver_when_known)
{
	g_autoptr(miyin_scheme) scheme = open_text(scheme_text);
	g_autoptr(miyin_keys) keys = miyin_keys_specimen();
	miyin_composition c = some_copy(scheme, "low", 3);
	g_autoptr(miyin_order) order = NULL;

	c.words.approver = "李主任";
	order = miyin_compose(&c, keys, NULL);
	ck_assert_str_eq(find_line(order, "unused")->text, "批准 李主任");
}
END_TEST

/* A line is as the scheme has it but for its words. */
START_TEST(line_keeps_its_look)
{
	g_autoptr(miyin_scheme) scheme = open_text(scheme_text);
	g_autoptr(miyin_keys) keys = miyin_keys_specimen();
	miyin_composition c = some_copy(scheme, "top", 2);
	g_autoptr(miyin_order) order = miyin_compose(&c, keys, NULL);
	const miyin_line *line = find_line(order, "mark");

	ck_assert_ptr_nonnull(line);
	ck_assert_int_eq(line->at, MIYIN_AT_TOP_LEFT);
	ck_assert_double_eq_tol(line->x_mm, 28, 1e-9);
	ck_assert_double_eq_tol(line->y_mm, 9, 1e-9);
	ck_assert_double_eq_tol(line->width_mm, 60, 1e-9);
	ck_assert_double_eq_tol(line->size_pt, 16, 1e-9);
	ck_assert_str_eq(line->font, "sans");
	ck_assert(line->bold);
	ck_assert_uint_eq(line->colour, 0xc00000);
}
END_TEST

/* A holder who calls himself as our marks do. */
START_TEST(words_are_no_variables)
{
	g_autoptr(miyin_scheme) scheme = open_text(scheme_text);
	g_autoptr(miyin_keys) keys = miyin_keys_specimen();
	miyin_composition c = some_copy(scheme, "top", 2);
	g_autoptr(miyin_order) order = NULL;

	c.words.title = "{code}";
	c.words.holder = "{serial}{";
	order = miyin_compose(&c, keys, NULL);
	ck_assert_str_eq(find_line(order, "title")->text,
			 "{code} JM-2026-0123");
	ck_assert_str_eq(order->layout->watermark_text, "000012 {serial}{");
}
END_TEST

/* The level stays what it is, whatever else cannot be written. */
START_TEST(sign_for_a_missing_character)
{
	g_autoptr(miyin_scheme) scheme = open_text(scheme_text);
	g_autoptr(miyin_keys) keys = miyin_keys_specimen();
	miyin_composition c = some_copy(scheme, "top", 2);
	g_autoptr(miyin_order) order = NULL;

	c.words.missing = "三绝通";
	order = miyin_compose(&c, keys, NULL);
	ck_assert_str_eq(find_line(order, "title")->text, "〓知 JM-2026-0123");
	ck_assert_str_eq(find_line(order, "mark")->text, "绝密★30年");
	ck_assert_str_eq(order->layout->watermark_text, "000012 张〓");
}
END_TEST

/* ---- the rest of the layout ------------------------------------------------ */

START_TEST(layout_of_a_level)
{
	g_autoptr(miyin_scheme) scheme = open_text(scheme_text);
	g_autoptr(miyin_keys) keys = miyin_keys_specimen();
	miyin_composition c = some_copy(scheme, "top", 2);
	miyin_composition without = some_copy(scheme, "low", 2);
	g_autoptr(miyin_order) order = miyin_compose(&c, keys, NULL);
	g_autoptr(miyin_order) low = miyin_compose(&without, keys, NULL);

	ck_assert_uint_eq(order->layout->codes->len, 2);
	ck_assert_double_eq_tol(
		g_array_index(order->layout->codes, miyin_codeplace, 1).size_mm,
		18, 1e-9);
	ck_assert_int_eq(order->layout->watermark, MIYIN_WATERMARK_TILE);
	ck_assert_str_eq(order->layout->watermark_text, "000012 张三");
	ck_assert_uint_eq(low->layout->codes->len, 0);
	ck_assert_int_eq(low->layout->watermark, MIYIN_WATERMARK_LIGHT);
}
END_TEST

START_TEST(even_pages_swap)
{
	g_autoptr(GString) text = g_string_new(scheme_text);
	g_autoptr(miyin_scheme) scheme = NULL;
	g_autoptr(miyin_keys) keys = miyin_keys_specimen();
	g_autoptr(miyin_order) order = NULL;
	miyin_composition c;

	if (_i)
		g_string_replace(text, "swap-even = false", "swap-even = true",
				 1);
	scheme = open_text(text->str);
	c = some_copy(scheme, "top", 2);
	order = miyin_compose(&c, keys, NULL);
	ck_assert_int_eq(order->layout->swap_even, _i);
}
END_TEST

START_TEST(job_decides_body_and_specimen)
{
	g_autoptr(miyin_scheme) scheme = open_text(scheme_text);
	g_autoptr(miyin_keys) keys = miyin_keys_specimen();
	miyin_composition c = some_copy(scheme, "top", 2);
	g_autoptr(miyin_order) order = NULL;

	c.body = _i & 1 ? MIYIN_BODY_FIT : MIYIN_BODY_RASTER;
	c.specimen = _i >> 1 & 1;
	order = miyin_compose(&c, keys, NULL);
	ck_assert_int_eq(order->body, c.body);
	ck_assert_int_eq(order->specimen, _i >> 1 & 1);
}
END_TEST

/* ---- without keys ----------------------------------------------------------- */

START_TEST(to_inspect)
{
	g_autoptr(miyin_scheme) scheme = open_text(scheme_text);
	g_autoptr(miyin_keys) keys = miyin_keys_specimen();
	miyin_composition c = some_copy(scheme, "top", 3);
	g_autoptr(miyin_order) order = miyin_compose(&c, NULL, NULL);
	g_autoptr(miyin_order) with = miyin_compose(&c, keys, NULL);

	ck_assert_uint_eq(order->n_pages, 0);
	ck_assert(order->cover);
	ck_assert_uint_eq(order->layout->lines->len, with->layout->lines->len);
	ck_assert_uint_eq(order->layout->codes->len, 2);
	ck_assert_uint_eq(order->n_levels, 2);
	ck_assert_str_eq(order->levels[0].id, "top");
	ck_assert_uint_eq(order->levels[0].rank, 2);
	ck_assert_str_eq(order->levels[0].text, "绝密");
	ck_assert_str_eq(order->levels[0].text_en, "Top");
	ck_assert_str_eq(order->levels[1].id, "low");
	/* A copy's order does not have them. */
	ck_assert_uint_eq(with->n_levels, 0);
}
END_TEST

/* ---- the way to miyinmark ------------------------------------------------- */

static const struct {
	const char *scheme, *level;
	gboolean reprint;
} shipped[] = {
	{ "cn-gb9704", "jimi", FALSE },	   { "cn-gb9704", "juemi", TRUE },
	{ "cn-gb9704", "mimi", TRUE },	   { "cn-work", "neibu", FALSE },
	{ "cn-company", "gs-jimi", TRUE }, { "cn-trade", "core_ts", FALSE },
	{ "us", "us-ts", FALSE },	   { "uk", "uk-s", FALSE },
	{ "nato", "nato-cts", TRUE },	   { "eu", "eu-ts", TRUE },
	{ "tlp", "tlp-red", FALSE },
};

/* With keys and without: what arrives is what was composed. */
START_TEST(arrives)
{
	g_autoptr(miyin_scheme) scheme =
		miyin_scheme_open(SCHEMES, shipped[_i].scheme, NULL);
	g_autoptr(miyin_keys) keys = miyin_keys_specimen();
	miyin_composition c;

	ck_assert_ptr_nonnull(scheme);
	c = some_copy(scheme, shipped[_i].level, 3);
	ck_assert_ptr_nonnull(c.level);
	c.reprint = shipped[_i].reprint;
	for (int i = 0; i < 2; i++) {
		g_autoptr(miyin_order) order =
			miyin_compose(&c, i ? keys : NULL, NULL);
		g_autofree char *text = miyin_order_format(order);
		g_autoptr(GError) error = NULL;
		g_autoptr(miyin_order) read =
			miyin_order_parse(text, strlen(text), &error);
		g_autofree char *again = NULL;

		ck_assert_msg(read != NULL, "%s: %s", shipped[_i].level,
			      error ? error->message : "");
		ck_assert_uint_eq(read->n_pages, i ? 3 : 0);
		ck_assert_mem_eq(read->pages, order->pages,
				 order->n_pages * sizeof(*order->pages));
		ck_assert_uint_eq(read->n_levels, i ? 0 : scheme->levels->len);
		again = miyin_order_format(read);
		ck_assert_str_eq(again, text);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("compose");
	TCase *tcase = tcase_create("compose");
	SRunner *runner;
	int n_failed;

	tcase_set_timeout(tcase, 20);
	tcase_add_loop_test(tcase, every_page_is_numbered, 0,
			    G_N_ELEMENTS(copies));
	tcase_add_loop_test(tcase, line_of_a_level, 0, G_N_ELEMENTS(lines));
	tcase_add_test(tcase, approver_when_known);
	tcase_add_test(tcase, line_keeps_its_look);
	tcase_add_test(tcase, words_are_no_variables);
	tcase_add_test(tcase, sign_for_a_missing_character);
	tcase_add_test(tcase, layout_of_a_level);
	tcase_add_loop_test(tcase, even_pages_swap, 0, 2);
	tcase_add_loop_test(tcase, job_decides_body_and_specimen, 0, 4);
	tcase_add_test(tcase, to_inspect);
	tcase_add_loop_test(tcase, arrives, 0, G_N_ELEMENTS(shipped));
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
