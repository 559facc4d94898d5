/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/error.h>
#include <miyin/order.h>
#include <miyin/sheets.h>

#include <check.h>
#include <glib/gstdio.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PAYLOAD "M00938NKRK80C140020PYBXJ226VCHTPF5E"
#define PAGE_1 "1=" HUMAN " qr:" PAYLOAD
#define PAYLOAD_2 "M000000000004040000XKJ9HR7EJCT67RG2"
#define HUMAN "28T5-CY4T-031J"
#define HUMAN_2 "0000-0001-01HK"

/* ---- orders ----------------------------------------------------------- */

#define PAGE_TEXT "第" MIYIN_PAGE_MARK "页 共2页 " MIYIN_CODE_MARK
#define WATERMARK "机密 000012 张三"

static const char order_text[] = "[order]\n"
				 "cover=true\n"
				 "body=fit\n"
				 "specimen=false\n"
				 "n-pages=2\n"
				 "turns=31\n"
				 "n-lines=2\n"
				 "n-codes=2\n"
				 "watermark=tile\n"
				 "watermark-text=" WATERMARK "\n"
				 "swap-even=true\n"
				 "edge=635\n"
				 "\n"
				 "[line 1]\n"
				 "text=机密★10年\n"
				 "at=top-left\n"
				 "x=28.0000\n"
				 "y=18.6000\n"
				 "width=135.0000\n"
				 "size=16.0000\n"
				 "font=sans\n"
				 "weight=bold\n"
				 "colour=#c00000\n"
				 "when=always\n"
				 "\n"
				 "[classes]\n"
				 "classes 1=7\n"
				 "whole 1=3\n"
				 "classes 2=2\n"
				 "whole 2=0\n"
				 "\n"
				 "[line 2]\n"
				 "text=" PAGE_TEXT "\n"
				 "at=left-of-code-1\n"
				 "x=1.0000\n"
				 "y=5.0500\n"
				 "width=32.0000\n"
				 "size=9.5000\n"
				 "font=mono\n"
				 "weight=normal\n"
				 "colour=#000000\n"
				 "when=reprint\n"
				 "\n"
				 "[code 1]\n"
				 "at=top-right\n"
				 "x=26.0000\n"
				 "y=8.5000\n"
				 "size=17.0000\n"
				 "\n"
				 "[code 2]\n"
				 "at=bottom-left\n"
				 "x=8.0000\n"
				 "y=9.0000\n"
				 "size=18.5000\n"
				 "\n"
				 "[pages]\n"
				 "1=" HUMAN " qr:" PAYLOAD "\n"
				 "2=" HUMAN_2 " qr:" PAYLOAD_2 "\n";

static void assert_line(const miyin_line *is, const miyin_line *want)
{
	ck_assert_str_eq(is->text, want->text);
	ck_assert_uint_eq(is->n_whole, want->n_whole);
	ck_assert_uint_eq(is->classes, want->classes);
	ck_assert_int_eq(is->reprint_only, want->reprint_only);
	ck_assert_int_eq(is->at, want->at);
	ck_assert_double_eq_tol(is->x_mm, want->x_mm, 1e-9);
	ck_assert_double_eq_tol(is->y_mm, want->y_mm, 1e-9);
	ck_assert_double_eq_tol(is->width_mm, want->width_mm, 1e-9);
	ck_assert_str_eq(is->font, want->font);
	ck_assert_int_eq(is->bold, want->bold);
	ck_assert_double_eq_tol(is->size_pt, want->size_pt, 1e-9);
	ck_assert_uint_eq(is->colour, want->colour);
}

static const miyin_line order_lines[] = {
	{ .text = "机密★10年",
	  .n_whole = 3,
	  .classes = MIYIN_FIRST_PAGE | MIYIN_OTHER_PAGE | MIYIN_COVER_PAGE,
	  .at = MIYIN_AT_TOP_LEFT,
	  .x_mm = 28,
	  .y_mm = 18.6,
	  .width_mm = 135,
	  .font = "sans",
	  .bold = TRUE,
	  .size_pt = 16,
	  .colour = 0xc00000 },
	{ .text = PAGE_TEXT,
	  .classes = MIYIN_OTHER_PAGE,
	  .reprint_only = TRUE,
	  .at = MIYIN_AT_LEFT_OF_1,
	  .x_mm = 1,
	  .y_mm = 5.05,
	  .width_mm = 32,
	  .font = "mono",
	  .size_pt = 9.5,
	  .colour = 0 },
};

static const miyin_codeplace order_codes[] = {
	{ MIYIN_AT_TOP_RIGHT, 26, 8.5, 17 },
	{ MIYIN_AT_BOTTOM_LEFT, 8, 9, 18.5 },
};

static void assert_layout(const miyin_layout *layout)
{
	ck_assert_int_eq(layout->watermark, MIYIN_WATERMARK_TILE);
	ck_assert_str_eq(layout->watermark_text, WATERMARK);
	ck_assert(layout->swap_even);
	ck_assert_uint_eq(layout->lines->len, G_N_ELEMENTS(order_lines));
	for (unsigned i = 0; i < layout->lines->len; i++)
		assert_line(layout->lines->pdata[i], &order_lines[i]);
	ck_assert_uint_eq(layout->codes->len, G_N_ELEMENTS(order_codes));
	for (unsigned i = 0; i < layout->codes->len; i++) {
		const miyin_codeplace *is =
			&g_array_index(layout->codes, miyin_codeplace, i);

		ck_assert_int_eq(is->at, order_codes[i].at);
		ck_assert_double_eq_tol(is->x_mm, order_codes[i].x_mm, 1e-9);
		ck_assert_double_eq_tol(is->y_mm, order_codes[i].y_mm, 1e-9);
		ck_assert_double_eq_tol(is->size_mm, order_codes[i].size_mm,
					1e-9);
	}
}

START_TEST(order_reads)
{
	g_autoptr(miyin_order) order =
		miyin_order_parse(order_text, strlen(order_text), NULL);
	g_autofree char *again = NULL;

	ck_assert_ptr_nonnull(order);
	assert_layout(order->layout);
	ck_assert(order->cover);
	ck_assert_int_eq(order->body, MIYIN_BODY_FIT);
	ck_assert_double_eq_tol(order->layout->edge_mm, 6.35, 1e-9);
	ck_assert(!order->specimen);
	ck_assert_str_eq(order->turns, "31");
	ck_assert_uint_eq(order->n_pages, 2);
	ck_assert_str_eq(order->pages[0].codes[MIYIN_CODE_QR], PAYLOAD);
	ck_assert_str_eq(order->pages[0].human, HUMAN);
	ck_assert_str_eq(order->pages[1].codes[MIYIN_CODE_QR], PAYLOAD_2);
	ck_assert_str_eq(order->pages[1].human, HUMAN_2);
	ck_assert_uint_eq(order->n_levels, 0);
	again = miyin_order_format(order);
	ck_assert_str_eq(again, order_text);
}
END_TEST

/* The first page of marks and body is the one after the cover. */
static const struct {
	const char *what;
	gboolean cover;
	unsigned page;
	miyin_page_class class;
} classes[] = {
	{ "the first page", FALSE, 0, MIYIN_FIRST_PAGE },
	{ "the second page", FALSE, 1, MIYIN_OTHER_PAGE },
	{ "a later page", FALSE, 7, MIYIN_OTHER_PAGE },
	{ "a cover", TRUE, 0, MIYIN_COVER_PAGE },
	{ "the first page after a cover", TRUE, 1, MIYIN_FIRST_PAGE },
	{ "the second page after a cover", TRUE, 2, MIYIN_OTHER_PAGE },
};

START_TEST(page_class)
{
	const miyin_order order = { .cover = classes[_i].cover, .n_pages = 9 };

	ck_assert_msg(miyin_order_class(&order, classes[_i].page) ==
			      classes[_i].class,
		      "%s", classes[_i].what);
}
END_TEST

/* Holders are whatever people typed. */
static const char *const holders[] = {
	"张三",
	"",
	"O'Brien \"Bob\"",
	"a=b;c#d",
	"[pages]",
	"\\n\\t",
	"back\\slash",
	" spaces around ",
	"a\nb\tc\r",
	"1=x\n2=y",
	"★",
	"%s%n",
	";",
	"a;",
	"\\;",
	MIYIN_PAGE_MARK,
};

static miyin_order *make_order(const char *text, unsigned n_pages,
			       const miyin_order_page *pages)
{
	const miyin_line line = { .name = (char *)text,
				  .text = (char *)text,
				  .font = (char *)text,
				  .classes = MIYIN_FIRST_PAGE,
				  .at = MIYIN_AT_TOP_LEFT,
				  .width_mm = 50,
				  .size_pt = 9 };
	miyin_order *order = miyin_order_new();

	g_ptr_array_add(order->layout->lines, miyin_line_copy(&line));
	g_free(order->layout->watermark_text);
	order->layout->watermark_text = g_strdup(text);
	order->n_pages = n_pages;
	order->pages = g_memdup2(pages, n_pages * sizeof(*pages));
	return order;
}

static void add_level(miyin_order *order, const char *text)
{
	order->levels =
		g_renew(miyin_order_level, order->levels, order->n_levels + 1);
	order->levels[order->n_levels] = (miyin_order_level){
		.id = g_strdup("jimi"),
		.rank = order->n_levels + 3,
		.text = g_strdup(text),
		.text_en = g_strdup(text),
	};
	order->n_levels++;
}

START_TEST(order_keeps_text)
{
	const miyin_order_page page = { { PAYLOAD }, HUMAN };
	g_autoptr(miyin_order) is = make_order(holders[_i], 1, &page);
	g_autofree char *text = NULL;
	g_autoptr(GError) error = NULL;
	g_autoptr(miyin_order) order = NULL;
	const miyin_line *line;

	add_level(is, holders[_i]);
	add_level(is, "机密");
	text = miyin_order_format(is);
	order = miyin_order_parse(text, strlen(text), &error);
	ck_assert_msg(order != NULL, "%s: %s", holders[_i],
		      error ? error->message : "");
	ck_assert_uint_eq(order->layout->lines->len, 1);
	line = order->layout->lines->pdata[0];
	ck_assert_str_eq(line->text, holders[_i]);
	ck_assert_str_eq(line->font, holders[_i]);
	ck_assert_str_eq(order->layout->watermark_text, holders[_i]);
	ck_assert_uint_eq(order->n_pages, 1);
	ck_assert_str_eq(order->pages[0].codes[MIYIN_CODE_QR], PAYLOAD);
	ck_assert_uint_eq(order->n_levels, 2);
	ck_assert_str_eq(order->levels[0].id, "jimi");
	ck_assert_uint_eq(order->levels[0].rank, 3);
	ck_assert_str_eq(order->levels[0].text, holders[_i]);
	ck_assert_str_eq(order->levels[0].text_en, holders[_i]);
	ck_assert_str_eq(order->levels[1].text, "机密");
}
END_TEST

START_TEST(order_of_many_pages)
{
	miyin_order_page *pages = g_new0(miyin_order_page, MIYIN_PAGES_MAX);
	g_autoptr(miyin_order) is = NULL, order = NULL;
	g_autofree char *text = NULL;
	g_autoptr(miyin_keys) keys = miyin_keys_specimen();

	for (unsigned i = 0; i < MIYIN_PAGES_MAX; i++) {
		const miyin_payload payload = { .copy_id = 5,
						.page = i + 1,
						.pages = MIYIN_PAGES_MAX };

		ck_assert(miyin_payload_format(
			&payload, keys, pages[i].codes[MIYIN_CODE_QR], NULL));
		miyin_humancode_format(5, i + 1, pages[i].human);
	}
	is = make_order("m", MIYIN_PAGES_MAX, pages);
	text = miyin_order_format(is);
	order = miyin_order_parse(text, strlen(text), NULL);
	ck_assert_ptr_nonnull(order);
	ck_assert_uint_eq(order->n_pages, MIYIN_PAGES_MAX);
	ck_assert_mem_eq(order->pages, pages, MIYIN_PAGES_MAX * sizeof(*pages));
	g_free(pages);
}
END_TEST

#define ORDER_HEAD                                                             \
	"[order]\ncover=false\nbody=keep\nspecimen=false\nn-pages=0\nturns=\n" \
	"n-lines=0\nn-codes=0\nwatermark=off\nwatermark-text=\n"               \
	"swap-even=false\nedge=420\n"

static const char levels_text[] = ORDER_HEAD "\n[levels]\n"
					     "1=juemi;4;绝密;Top Secret;\n"
					     "2=jimi;3;机密;Secret;\n";

START_TEST(order_to_inspect)
{
	g_autoptr(miyin_order) order =
		miyin_order_parse(levels_text, strlen(levels_text), NULL);
	g_autofree char *again = NULL;

	ck_assert_ptr_nonnull(order);
	ck_assert_uint_eq(order->n_pages, 0);
	ck_assert_uint_eq(order->layout->lines->len, 0);
	ck_assert_uint_eq(order->n_levels, 2);
	ck_assert_str_eq(order->levels[0].id, "juemi");
	ck_assert_uint_eq(order->levels[0].rank, 4);
	ck_assert_str_eq(order->levels[0].text, "绝密");
	ck_assert_str_eq(order->levels[0].text_en, "Top Secret");
	ck_assert_str_eq(order->levels[1].id, "jimi");
	ck_assert_uint_eq(order->levels[1].rank, 3);
	again = miyin_order_format(order);
	ck_assert_str_eq(again, levels_text);
}
END_TEST

static const struct {
	const char *what, *levels;
} level_faults[] = {
	{ "a level too few", "2=jimi;3;机密;Secret;\n" },
	{ "a level of another name", "1=a;1;a;a;\nx=b;1;b;b;\n" },
	{ "a rank of no number", "1=jimi;high;机密;Secret;\n" },
	{ "a rank below 0", "1=jimi;-3;机密;Secret;\n" },
	{ "a rank beyond 31 bits", "1=jimi;2147483648;机密;Secret;\n" },
	{ "no English", "1=jimi;3;机密;\n" },
	{ "a text too many", "1=jimi;3;机密;Secret;Geheim;\n" },
	{ "nothing", "1=\n" },
	{ "a text in GBK", "1=jimi;3;\xbb\xfa\xc3\xdc;Secret;\n" },
};

START_TEST(levels_refused)
{
	g_autofree char *text = g_strconcat(ORDER_HEAD "[levels]\n",
					    level_faults[_i].levels, NULL);
	g_autoptr(GError) error = NULL;

	ck_assert_msg(!miyin_order_parse(text, strlen(text), &error),
		      "%s was read", level_faults[_i].what);
	ck_assert(g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_INPUT));
	ck_assert_msg(strstr(error->message, "ID;RANK;TEXT;TEXT") != NULL,
		      "%s: %s", level_faults[_i].what, error->message);
}
END_TEST

START_TEST(too_many_levels)
{
	g_autoptr(miyin_order) is = make_order("m", 0, NULL);
	g_autoptr(GError) error = NULL;
	g_autoptr(miyin_order) order = NULL;
	g_autofree char *text = NULL, *more = NULL;

	for (int i = 0; i < 99; i++)
		add_level(is, "a");
	text = miyin_order_format(is);
	order = miyin_order_parse(text, strlen(text), NULL);
	ck_assert_ptr_nonnull(order);
	ck_assert_uint_eq(order->n_levels, 99);
	add_level(is, "a");
	more = miyin_order_format(is);
	ck_assert_ptr_null(miyin_order_parse(more, strlen(more), &error));
	ck_assert(g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_INPUT));
}
END_TEST

static const struct {
	const char *what, *line, *by, *why;
} order_faults[] = {
	{ "no word about the cover", "cover=true", NULL, "cover" },
	{ "cover is no truth", "cover=true", "cover=1", "cover" },
	{ "no word about the body", "body=fit", NULL, "body" },
	{ "an unknown body", "body=fit", "body=maybe", "body" },
	{ "no word about specimen", "specimen=false", NULL, "specimen" },
	{ "specimen is no truth", "specimen=false", "specimen=flase",
	  "specimen" },
	{ "no word about turns", "turns=31", NULL, "turns" },
	{ "five quarters of a turn", "turns=31", "turns=51", "turns" },
	{ "no word about the edge", "edge=635", NULL, "edge" },
	{ "an edge beyond", "edge=635", "edge=5001", "edge" },
	{ "no word about even pages", "swap-even=true", NULL, "swap-even" },
	{ "even pages are no truth", "swap-even=true", "swap-even=yes",
	  "swap-even" },
	{ "no number of pages", "n-pages=2", NULL, "n-pages" },
	{ "a page beyond 10 bits", "n-pages=2", "n-pages=1024", "n-pages" },
	{ "negative pages", "n-pages=2", "n-pages=-2", "n-pages" },
	{ "pages of no number", "n-pages=2", "n-pages=two", "n-pages" },
	{ "a page without codes", "n-pages=2", "n-pages=3", "no codes" },
	{ "no number of lines", "n-lines=2", NULL, "n-lines" },
	{ "a line too few", "n-lines=2", "n-lines=3", "[line 3]" },
	{ "61 lines", "n-lines=2", "n-lines=61", "n-lines" },
	{ "lines of no number", "n-lines=2", "n-lines=two", "n-lines" },
	{ "no number of codes", "n-codes=2", NULL, "n-codes" },
	{ "3 codes", "n-codes=2", "n-codes=3", "n-codes" },
	{ "negative codes", "n-codes=2", "n-codes=-1", "n-codes" },
	{ "a code too few", "[code 2]", "[code 3]", "[code 2]" },
	{ "no watermark", "watermark=tile", NULL, "watermark" },
	{ "an unknown watermark", "watermark=tile", "watermark=dark",
	  "watermark" },
	{ "no watermark's text", "watermark-text=" WATERMARK, NULL,
	  "watermark-text" },
	{ "no text", "text=机密★10年", NULL, "[line 1] text" },
	{ "an unknown place", "at=top-left", "at=top", "[line 1] at" },
	{ "a place off the sheet", "x=28.0000", "x=-28.0000", "[line 1] x" },
	{ "a place of no number", "y=18.6000", "y=18,6", "[line 1] y" },
	{ "no width", "width=135.0000", "width=0", "[line 1] width" },
	{ "an infinite size", "size=16.0000", "size=inf", "[line 1] size" },
	{ "a size that is no number", "size=16.0000", "size=nan",
	  "[line 1] size" },
	{ "no font", "font=sans", NULL, "[line 1] font" },
	{ "an unknown weight", "weight=bold", "weight=600", "[line 1] weight" },
	{ "a colour by name", "colour=#c00000", "colour=red",
	  "[line 1] colour" },
	{ "an unknown time", "when=always", "when=never", "[line 1] when" },
	{ "one setting of a line too many", "weight=bold",
	  "weight=bold\nname=a", "[line 1] name" },
	{ "no classes", "classes 1=7", NULL, "classes 1" },
	{ "classes beyond the three", "classes 1=7", "classes 1=8",
	  "classes 1" },
	{ "classes of no number", "classes 2=2", "classes 2=other",
	  "classes 2" },
	{ "no part that stays whole", "whole 1=3", NULL, "whole 1" },
	{ "a part longer than its text", "whole 1=3", "whole 1=7",
	  "shorter than its part" },
	{ "a code beside itself", "at=top-right", "at=left-of-code-1",
	  "[code 1] at" },
	{ "a code off the sheet", "y=8.5000", "y=-8.5", "[code 1] y" },
	{ "a code too small to read", "size=17.0000", "size=9.9",
	  "[code 1] size" },
	{ "the first page is missing", PAGE_1, NULL, "no codes" },
	{ "a human code alone", PAGE_1, "1=" HUMAN, "no codes" },
	{ "a human code that is truncated", PAGE_1,
	  "1=28T5-CY4T-031 qr:" PAYLOAD, "no codes" },
	{ "codes without a space", PAGE_1, "1=" HUMAN "-qr:" PAYLOAD,
	  "no codes" },
	{ "a code of no kind", PAGE_1, "1=" HUMAN " " PAYLOAD, "no codes" },
	{ "a code of an unknown kind", PAGE_1, "1=" HUMAN " rq:" PAYLOAD,
	  "no codes" },
	{ "two codes of a kind", PAGE_1,
	  "1=" HUMAN " qr:" PAYLOAD " qr:" PAYLOAD, "no codes" },
	{ "a payload that no QR code of ours can hold", PAGE_1,
	  "1=" HUMAN " qr:m00938nkrk80c140020pybxj226vchtpf5e", "no codes" },
	{ "a payload that is none", PAGE_1,
	  "1=" HUMAN " qr:-----------------------------------", "no codes" },
	{ "a human code that is none", PAGE_1, "1=28T5-CY4T-031K qr:" PAYLOAD,
	  "no codes" },
	{ "one setting too many", "n-pages=2", "n-pages=2\nkey=secret", "key" },
	{ "a line in GBK", "text=机密★10年", "text=\xd5\xc5", "UTF-8" },
	{ "a font in GBK", "font=sans", "font=\xcb\xce\xcc\xe5", "UTF-8" },
	{ "a watermark in GBK", "watermark-text=" WATERMARK,
	  "watermark-text=\xd5\xc5", "UTF-8" },
	{ "another group", "[order]", "[orders]", "[order]" },
	{ "no key file", "[order]", "order", "order" },
};

START_TEST(order_refused)
{
	g_autoptr(GString) text = g_string_new(order_text);
	g_autofree char *line = g_strconcat(order_faults[_i].line, "\n", NULL);
	g_autofree char *by =
		order_faults[_i].by
			? g_strconcat(order_faults[_i].by, "\n", NULL)
			: g_strdup("");
	g_autoptr(GError) error = NULL;
	g_autoptr(miyin_order) order = NULL;

	ck_assert_uint_eq(g_string_replace(text, line, by, 1), 1);
	order = miyin_order_parse(text->str, text->len, &error);
	ck_assert_msg(!order, "%s was read", order_faults[_i].what);
	ck_assert_msg(g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_INPUT),
		      "%s: %s", order_faults[_i].what, error->message);
	ck_assert_msg(strstr(error->message, order_faults[_i].why) != NULL,
		      "%s: %s", order_faults[_i].what, error->message);
}
END_TEST

START_TEST(order_truncated)
{
	/* Without its last line end it is whole. */
	for (gsize length = 0; length < strlen(order_text) - 1; length++) {
		g_autofree char *exact = g_memdup2(order_text, length);
		g_autoptr(GError) error = NULL;

		ck_assert_msg(
			!miyin_order_parse(exact ? exact : "", length, &error),
			"%zu bytes were read", length);
		ck_assert(
			g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_INPUT));
	}
}
END_TEST

/* An order came through memory: a file of that name has no line of it. */
START_TEST(order_is_no_file)
{
	g_autofree char *folder = g_dir_make_tmp("miyin-order-XXXXXX", NULL);
	g_autoptr(GError) error = NULL;

	ck_assert_int_eq(chdir(folder), 0);
	ck_assert(g_file_set_contents("order", order_text, -1, NULL));
	ck_assert(!miyin_order_parse("[order]\nedge=1\n", 15, &error));
	ck_assert_int_eq(g_unlink("order"), 0);
	ck_assert_int_eq(g_rmdir(folder), 0);
	ck_assert_msg(g_str_has_prefix(error->message, "[order] "), "%s",
		      error->message);
}
END_TEST

/* ---- sheets ----------------------------------------------------------- */

#define LINE                                                                   \
	"595.27600 841.89000 1.00000 0.00000 0.00000 1.00000 0.00000 "         \
	"-12.50000 0.95000 1.50000 -2.00000 0 3 0 0\n"

static const char sheets_text[] =
	"miyin-sheets 4 2 9 4711\n" LINE
	"841.89000 595.27600 0.00000 -1.00000 1.00000 0.00000 0.00000 "
	"595.27600 1.00000 0.00000 0.00000 3 4 5 6\n";

static void assert_sheets(const miyin_sheets *sheets)
{
	const miyin_sheet *first, *second;

	ck_assert_ptr_nonnull(sheets);
	ck_assert_uint_eq(sheets->n_objects, 9);
	ck_assert_uint_eq(sheets->xref, 4711);
	ck_assert_uint_eq(sheets->pages->len, 2);
	first = &g_array_index(sheets->pages, miyin_sheet, 0);
	second = &g_array_index(sheets->pages, miyin_sheet, 1);
	ck_assert_double_eq_tol(first->width_pt, 595.276, 1e-9);
	ck_assert_double_eq_tol(first->height_pt, 841.89, 1e-9);
	ck_assert_double_eq_tol(first->matrix[5], -12.5, 1e-9);
	ck_assert_double_eq_tol(first->shift.scale, 0.95, 1e-9);
	ck_assert_double_eq_tol(first->shift.x, 1.5, 1e-9);
	ck_assert_double_eq_tol(first->shift.y, -2, 1e-9);
	ck_assert_uint_eq(first->content, 3);
	ck_assert_uint_eq(first->annotations, 0);
	ck_assert_uint_eq(first->group, 0);
	ck_assert_double_eq_tol(second->matrix[1], -1, 1e-9);
	ck_assert_double_eq_tol(second->matrix[2], 1, 1e-9);
	ck_assert_uint_eq(first->turn, 0);
	ck_assert_uint_eq(second->turn, 3);
	ck_assert_uint_eq(second->content, 4);
	ck_assert_uint_eq(second->annotations, 5);
	ck_assert_uint_eq(second->group, 6);
}

START_TEST(sheets_read)
{
	g_autoptr(miyin_sheets) sheets =
		miyin_sheets_parse(sheets_text, strlen(sheets_text), NULL);
	g_autofree char *again = NULL;

	assert_sheets(sheets);
	again = miyin_sheets_format(sheets);
	ck_assert_str_eq(again, sheets_text);
}
END_TEST

/* Half of the world writes a decimal comma. */
START_TEST(in_another_locale)
{
	g_autofree char *dir = g_dir_make_tmp("miyin-test-XXXXXX", NULL);
	g_autofree char *make = g_strdup_printf(
		"localedef -i de_DE -f UTF-8 %s/de_DE.UTF-8 2>/dev/null", dir);
	g_autofree char *clear = g_strdup_printf("rm -r %s", dir);
	g_autoptr(miyin_sheets) sheets = NULL;
	g_autoptr(miyin_order) order = NULL;
	g_autofree char *again = NULL, *order_again = NULL;
	char comma[10];

	if (system(make) == 0) {
		g_setenv("LOCPATH", dir, TRUE);
		ck_assert_ptr_nonnull(setlocale(LC_ALL, "de_DE.UTF-8"));
		g_snprintf(comma, sizeof(comma), "%.1f", 1.5);
		ck_assert_str_eq(comma, "1,5");
	}
	ck_assert_int_eq(system(clear), 0);
	sheets = miyin_sheets_parse(sheets_text, strlen(sheets_text), NULL);
	assert_sheets(sheets);
	again = miyin_sheets_format(sheets);
	ck_assert_str_eq(again, sheets_text);
	order = miyin_order_parse(order_text, strlen(order_text), NULL);
	ck_assert_ptr_nonnull(order);
	assert_layout(order->layout);
	order_again = miyin_order_format(order);
	ck_assert_str_eq(order_again, order_text);
}
END_TEST

#define NINE "1 0 0 1 0 0 1 0 0"

static const struct {
	const char *what, *text;
} sheets_faults[] = {
	{ "nothing", "" },
	{ "another file", "%PDF-1.5\n" },
	{ "another name", "miyin-sheet 3 1 9 4711\n" LINE },
	{ "another version", "miyin-sheets 3 1 9 4711\n" LINE },
	{ "a head too short", "miyin-sheets 4 1 9\n" LINE },
	{ "a head too long", "miyin-sheets 4 1 9 4711 0\n" LINE },
	{ "a page too few", "miyin-sheets 4 2 9 4711\n" LINE },
	{ "a page too many", "miyin-sheets 4 1 9 4711\n" LINE LINE },
	{ "more pages than a file has",
	  "miyin-sheets 4 4294967297 9 4711\n" LINE },
	{ "no objects", "miyin-sheets 4 1 0 4711\n" LINE },
	{ "more objects than readers take",
	  "miyin-sheets 4 1 8388608 4711\n" LINE },
	{ "no table", "miyin-sheets 4 1 9 0\n" LINE },
	{ "a table before the file", "miyin-sheets 4 1 9 -1\n" LINE },
	{ "a table beyond 63 bits",
	  "miyin-sheets 4 1 9 9223372036854775808\n" LINE },
	{ "no pages", "miyin-sheets 4 0 9 4711\n" },
	{ "a page less than nothing wide",
	  "miyin-sheets 4 1 9 4711\n1e-9 842 " NINE " 0 3 0 0\n" },
	{ "no width", "miyin-sheets 4 1 9 4711\n0 842 " NINE " 0 3 0 0\n" },
	{ "a negative height",
	  "miyin-sheets 4 1 9 4711\n595 -842 " NINE " 0 3 0 0\n" },
	{ "an infinite width",
	  "miyin-sheets 4 1 9 4711\ninf 842 " NINE " 0 3 0 0\n" },
	{ "a width that is no number",
	  "miyin-sheets 4 1 9 4711\nnan 842 " NINE " 0 3 0 0\n" },
	{ "a width of a mile",
	  "miyin-sheets 4 1 9 4711\n1e8 842 " NINE " 0 3 0 0\n" },
	{ "a decimal comma",
	  "miyin-sheets 4 1 9 4711\n595,2 842 " NINE " 0 3 0 0\n" },
	{ "an operator in a matrix",
	  "miyin-sheets 4 1 9 4711\n595 842 1 0 0 1 0 0Q 1 0 0 0 3 0 0\n" },
	{ "a scale of nothing",
	  "miyin-sheets 4 1 9 4711\n595 842 1 0 0 1 0 0 0 0 0 0 3 0 0\n" },
	{ "a page made larger",
	  "miyin-sheets 4 1 9 4711\n595 842 1 0 0 1 0 0 1.1 0 0 0 3 0 0\n" },
	{ "a column too few",
	  "miyin-sheets 4 1 9 4711\n595 842 " NINE " 0 3 0\n" },
	{ "a column too many",
	  "miyin-sheets 4 1 9 4711\n595 842 " NINE " 0 3 0 0 0\n" },
	{ "two spaces",
	  "miyin-sheets 4 1 9 4711\n595  842 " NINE " 0 3 0 0\n" },
	{ "content beyond the objects",
	  "miyin-sheets 4 1 9 4711\n595 842 " NINE " 0 9 0 0\n" },
	{ "annotations beyond the objects",
	  "miyin-sheets 4 1 9 4711\n595 842 " NINE " 0 3 9 0\n" },
	{ "a group beyond the objects",
	  "miyin-sheets 4 1 9 4711\n595 842 " NINE " 0 3 0 9\n" },
	{ "five quarters of a turn",
	  "miyin-sheets 4 1 9 4711\n595 842 " NINE " 4 3 0 0\n" },
	{ "a negative object",
	  "miyin-sheets 4 1 9 4711\n595 842 " NINE " 0 -3 0 0\n" },
	{ "no line end", "miyin-sheets 4 1 9 4711\n595 842 " NINE " 0 3 0 0" },
};

START_TEST(sheets_refused)
{
	g_autoptr(GError) error = NULL;

	ck_assert_msg(!miyin_sheets_parse(sheets_faults[_i].text,
					  strlen(sheets_faults[_i].text),
					  &error),
		      "%s was read", sheets_faults[_i].what);
	ck_assert(g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_INPUT));
	ck_assert_ptr_nonnull(strstr(error->message, "malformed"));
}
END_TEST

START_TEST(sheets_truncated)
{
	for (gsize length = 0; length < strlen(sheets_text); length++) {
		g_autofree char *exact = g_memdup2(sheets_text, length);
		g_autoptr(GError) error = NULL;

		ck_assert_msg(
			!miyin_sheets_parse(exact ? exact : "", length, &error),
			"%zu bytes were read", length);
		ck_assert(
			g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_INPUT));
	}
}
END_TEST

static TCase *sheets_cases(void)
{
	TCase *tcase = tcase_create("sheets");

	tcase_set_timeout(tcase, 20);
	tcase_add_test(tcase, sheets_read);
	tcase_add_test(tcase, in_another_locale);
	tcase_add_loop_test(tcase, sheets_refused, 0,
			    G_N_ELEMENTS(sheets_faults));
	tcase_add_test(tcase, sheets_truncated);
	return tcase;
}

int main(void)
{
	Suite *suite = suite_create("order");
	TCase *tcase = tcase_create("order");
	SRunner *runner;
	int n_failed;

	tcase_set_timeout(tcase, 20);
	tcase_add_test(tcase, order_reads);
	tcase_add_loop_test(tcase, page_class, 0, G_N_ELEMENTS(classes));
	tcase_add_loop_test(tcase, order_keeps_text, 0, G_N_ELEMENTS(holders));
	tcase_add_test(tcase, order_of_many_pages);
	tcase_add_test(tcase, order_to_inspect);
	tcase_add_loop_test(tcase, levels_refused, 0,
			    G_N_ELEMENTS(level_faults));
	tcase_add_test(tcase, too_many_levels);
	tcase_add_loop_test(tcase, order_refused, 0,
			    G_N_ELEMENTS(order_faults));
	tcase_add_test(tcase, order_truncated);
	tcase_add_test(tcase, order_is_no_file);
	suite_add_tcase(suite, tcase);
	suite_add_tcase(suite, sheets_cases());
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
