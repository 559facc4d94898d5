/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/error.h>
#include <miyin/order.h>
#include <miyin/sheets.h>

#include <check.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#define PAYLOAD "M00938NKRK80C140020PYBXJ226VCHTPF5E"
#define PAYLOAD_2 "M000000000004040000XKJ9HR7EJCT67RG2"
#define HUMAN "28T5-CY4T-031J"
#define HUMAN_2 "0000-0001-01HK"

/* ---- orders ----------------------------------------------------------- */

static const char order_text[] = "[order]\n"
				 "mark=机密★10年\n"
				 "level=机密\n"
				 "serial=000012\n"
				 "holder=张三\n"
				 "date=2026-11-21\n"
				 "copy-no=2\n"
				 "n-copies=3\n"
				 "fit=true\n"
				 "specimen=false\n"
				 "n-pages=2\n"
				 "\n"
				 "[pages]\n"
				 "1=" PAYLOAD " " HUMAN "\n"
				 "2=" PAYLOAD_2 " " HUMAN_2 "\n";

START_TEST(order_reads)
{
	g_autoptr(miyin_order) order =
		miyin_order_parse(order_text, strlen(order_text), NULL);
	g_autofree char *again = NULL;

	ck_assert_ptr_nonnull(order);
	ck_assert_str_eq(order->mark, "机密★10年");
	ck_assert_str_eq(order->level, "机密");
	ck_assert_str_eq(order->serial, "000012");
	ck_assert_str_eq(order->holder, "张三");
	ck_assert_str_eq(order->date, "2026-11-21");
	ck_assert_uint_eq(order->copy_no, 2);
	ck_assert_uint_eq(order->n_copies, 3);
	ck_assert(order->fit);
	ck_assert(!order->specimen);
	ck_assert_uint_eq(order->n_pages, 2);
	ck_assert_str_eq(order->pages[0].payload, PAYLOAD);
	ck_assert_str_eq(order->pages[0].human, HUMAN);
	ck_assert_str_eq(order->pages[1].payload, PAYLOAD_2);
	ck_assert_str_eq(order->pages[1].human, HUMAN_2);
	again = miyin_order_format(order);
	ck_assert_str_eq(again, order_text);
}
END_TEST

/* Holders are whatever people typed. */
static const char *const holders[] = {
	"张三",	     "",	"O'Brien \"Bob\"", "a=b;c#d",
	"[pages]",   "\\n\\t",	"back\\slash",	   " spaces around ",
	"a\nb\tc\r", "1=x\n2=y", "★",		   "%s%n",
};

START_TEST(order_keeps_text)
{
	miyin_order_page page = { PAYLOAD, HUMAN };
	miyin_order is = { .mark = (char *)holders[_i],
			   .level = (char *)holders[_i],
			   .serial = (char *)"000001",
			   .holder = (char *)holders[_i],
			   .date = (char *)"2026-11-21",
			   .copy_no = 1,
			   .n_copies = 1,
			   .n_pages = 1,
			   .pages = &page };
	g_autofree char *text = miyin_order_format(&is);
	g_autoptr(GError) error = NULL;
	g_autoptr(miyin_order) order =
		miyin_order_parse(text, strlen(text), &error);

	ck_assert_msg(order != NULL, "%s: %s", holders[_i],
		      error ? error->message : "");
	ck_assert_str_eq(order->mark, holders[_i]);
	ck_assert_str_eq(order->level, holders[_i]);
	ck_assert_str_eq(order->holder, holders[_i]);
	ck_assert_uint_eq(order->n_pages, 1);
	ck_assert_str_eq(order->pages[0].payload, PAYLOAD);
}
END_TEST

START_TEST(order_of_many_pages)
{
	miyin_order_page *pages = g_new0(miyin_order_page, MIYIN_PAGES_MAX);
	miyin_order is = { .mark = (char *)"m",	  .level = (char *)"l",
			   .serial = (char *)"s", .holder = (char *)"h",
			   .date = (char *)"d",	  .copy_no = 9999,
			   .n_copies = 9999,	  .n_pages = MIYIN_PAGES_MAX,
			   .pages = pages };
	g_autoptr(miyin_order) order = NULL;
	g_autofree char *text = NULL;
	g_autoptr(miyin_keys) keys = miyin_keys_specimen();

	for (unsigned i = 0; i < MIYIN_PAGES_MAX; i++) {
		const miyin_payload payload = { .copy_id = 5,
						.page = i + 1,
						.pages = MIYIN_PAGES_MAX };

		ck_assert(miyin_payload_format(&payload, keys,
					       pages[i].payload, NULL));
		miyin_humancode_format(5, i + 1, pages[i].human);
	}
	text = miyin_order_format(&is);
	order = miyin_order_parse(text, strlen(text), NULL);
	ck_assert_ptr_nonnull(order);
	ck_assert_uint_eq(order->n_pages, MIYIN_PAGES_MAX);
	ck_assert_mem_eq(order->pages, pages,
			 MIYIN_PAGES_MAX * sizeof(*pages));
	g_free(pages);
}
END_TEST

static const struct {
	const char *what, *line, *by, *why;
} order_faults[] = {
	{ "no mark", "mark=机密★10年", NULL, "mark" },
	{ "no level", "level=机密", NULL, "level" },
	{ "no serial", "serial=000012", NULL, "serial" },
	{ "no holder", "holder=张三", NULL, "holder" },
	{ "no date", "date=2026-11-21", NULL, "date" },
	{ "no copy number", "copy-no=2", NULL, "copy-no" },
	{ "copy 0", "copy-no=2", "copy-no=0", "copy-no" },
	{ "copy 10000", "copy-no=2", "copy-no=10000", "copy-no" },
	{ "copies of no number", "n-copies=3", "n-copies=three", "n-copies" },
	{ "no word about fit", "fit=true", NULL, "fit" },
	{ "fit is no truth", "fit=true", "fit=maybe", "fit" },
	{ "specimen is no truth", "specimen=false", "specimen=flase",
	  "specimen" },
	{ "no pages", "n-pages=2", "n-pages=0", "n-pages" },
	{ "a page beyond 10 bits", "n-pages=2", "n-pages=1024", "n-pages" },
	{ "negative pages", "n-pages=2", "n-pages=-2", "n-pages" },
	{ "a page without codes", "n-pages=2", "n-pages=3", "no codes" },
	{ "the first page is missing", "1=" PAYLOAD " " HUMAN, NULL,
	  "no codes" },
	{ "a payload alone", "1=" PAYLOAD " " HUMAN, "1=" PAYLOAD,
	  "no codes" },
	{ "a code that is truncated", "1=" PAYLOAD " " HUMAN,
	  "1=" PAYLOAD " 28T5-CY4T-031", "no codes" },
	{ "codes without a space", "1=" PAYLOAD " " HUMAN,
	  "1=" PAYLOAD "-" HUMAN, "no codes" },
	{ "a payload that no QR code of ours can hold",
	  "1=" PAYLOAD " " HUMAN,
	  "1=m00938nkrk80c140020pybxj226vchtpf5e " HUMAN, "no codes" },
	{ "a payload that is none", "1=" PAYLOAD " " HUMAN,
	  "1=-----------------------------------" " " HUMAN, "no codes" },
	{ "a human code that is none", "1=" PAYLOAD " " HUMAN,
	  "1=" PAYLOAD " 28T5-CY4T-031K", "no codes" },
	{ "one setting too many", "n-pages=2", "n-pages=2\nkey=secret",
	  "key" },
	{ "a holder in GBK", "holder=张三", "holder=\xd5\xc5", "UTF-8" },
	{ "another group", "[order]", "[orders]", "[order]" },
	{ "no key file", "[order]", "order", "order" },
};

START_TEST(order_refused)
{
	g_autoptr(GString) text = g_string_new(order_text);
	g_autofree char *line = g_strconcat(order_faults[_i].line, "\n", NULL);
	g_autofree char *by = order_faults[_i].by
				      ? g_strconcat(order_faults[_i].by, "\n",
						    NULL)
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

		ck_assert_msg(!miyin_order_parse(exact ? exact : "", length,
						 &error),
			      "%zu bytes were read", length);
		ck_assert(g_error_matches(error, MIYIN_ERROR,
					  MIYIN_ERROR_INPUT));
	}
}
END_TEST

/* ---- sheets ----------------------------------------------------------- */

#define LINE "595.27600 841.89000 1.00000 0.00000 0.00000 1.00000 0.00000 " \
	     "-12.50000 3 0 0\n"

static const char sheets_text[] =
	"miyin-sheets 1 2 9 4711 8\n" LINE
	"841.89000 595.27600 0.00000 -1.00000 1.00000 0.00000 0.00000 "
	"595.27600 4 5 6\n";

static void assert_sheets(const miyin_sheets *sheets)
{
	const miyin_sheet *first, *second;

	ck_assert_ptr_nonnull(sheets);
	ck_assert_uint_eq(sheets->n_objects, 9);
	ck_assert_uint_eq(sheets->xref, 4711);
	ck_assert_uint_eq(sheets->layers, 8);
	ck_assert_uint_eq(sheets->pages->len, 2);
	first = &g_array_index(sheets->pages, miyin_sheet, 0);
	second = &g_array_index(sheets->pages, miyin_sheet, 1);
	ck_assert_double_eq_tol(first->width_pt, 595.276, 1e-9);
	ck_assert_double_eq_tol(first->height_pt, 841.89, 1e-9);
	ck_assert_double_eq_tol(first->matrix[5], -12.5, 1e-9);
	ck_assert_uint_eq(first->content, 3);
	ck_assert_uint_eq(first->annotations, 0);
	ck_assert_uint_eq(first->group, 0);
	ck_assert_double_eq_tol(second->matrix[1], -1, 1e-9);
	ck_assert_double_eq_tol(second->matrix[2], 1, 1e-9);
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
START_TEST(sheets_in_another_locale)
{
	g_autofree char *dir = g_dir_make_tmp("miyin-test-XXXXXX", NULL);
	g_autofree char *make = g_strdup_printf(
		"localedef -i de_DE -f UTF-8 %s/de_DE.UTF-8 2>/dev/null", dir);
	g_autofree char *clear = g_strdup_printf("rm -r %s", dir);
	g_autoptr(miyin_sheets) sheets = NULL;
	g_autofree char *again = NULL;
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
}
END_TEST

#define NINE "1 0 0 1 0 0"

static const struct {
	const char *what, *text;
} sheets_faults[] = {
	{ "nothing", "" },
	{ "another file", "%PDF-1.5\n" },
	{ "another name", "miyin-sheet 1 1 9 4711 0\n" LINE },
	{ "another version", "miyin-sheets 2 1 9 4711 0\n" LINE },
	{ "a head too short", "miyin-sheets 1 1 9 4711\n" LINE },
	{ "a head too long", "miyin-sheets 1 1 9 4711 0 0\n" LINE },
	{ "a page too few", "miyin-sheets 1 2 9 4711 0\n" LINE },
	{ "a page too many", "miyin-sheets 1 1 9 4711 0\n" LINE LINE },
	{ "more pages than a file has", "miyin-sheets 1 4294967297 9 4711 0\n"
	  LINE },
	{ "no objects", "miyin-sheets 1 1 0 4711 0\n" LINE },
	{ "more objects than readers take",
	  "miyin-sheets 1 1 8388608 4711 0\n" LINE },
	{ "no table", "miyin-sheets 1 1 9 0 0\n" LINE },
	{ "a table before the file", "miyin-sheets 1 1 9 -1 0\n" LINE },
	{ "a table beyond 63 bits",
	  "miyin-sheets 1 1 9 9223372036854775808 0\n" LINE },
	{ "layers beyond the objects", "miyin-sheets 1 1 9 4711 9\n" LINE },
	{ "no width", "miyin-sheets 1 1 9 4711 0\n0 842 " NINE " 3 0 0\n" },
	{ "a negative height",
	  "miyin-sheets 1 1 9 4711 0\n595 -842 " NINE " 3 0 0\n" },
	{ "an infinite width",
	  "miyin-sheets 1 1 9 4711 0\ninf 842 " NINE " 3 0 0\n" },
	{ "a width that is no number",
	  "miyin-sheets 1 1 9 4711 0\nnan 842 " NINE " 3 0 0\n" },
	{ "a width of a mile",
	  "miyin-sheets 1 1 9 4711 0\n1e8 842 " NINE " 3 0 0\n" },
	{ "a decimal comma",
	  "miyin-sheets 1 1 9 4711 0\n595,2 842 " NINE " 3 0 0\n" },
	{ "an operator in a matrix",
	  "miyin-sheets 1 1 9 4711 0\n595 842 1 0 0 1 0 0Q 3 0 0\n" },
	{ "a column too few",
	  "miyin-sheets 1 1 9 4711 0\n595 842 " NINE " 3 0\n" },
	{ "a column too many",
	  "miyin-sheets 1 1 9 4711 0\n595 842 " NINE " 3 0 0 0\n" },
	{ "two spaces",
	  "miyin-sheets 1 1 9 4711 0\n595  842 " NINE " 3 0 0\n" },
	{ "content beyond the objects",
	  "miyin-sheets 1 1 9 4711 0\n595 842 " NINE " 9 0 0\n" },
	{ "annotations beyond the objects",
	  "miyin-sheets 1 1 9 4711 0\n595 842 " NINE " 3 9 0\n" },
	{ "a group beyond the objects",
	  "miyin-sheets 1 1 9 4711 0\n595 842 " NINE " 3 0 9\n" },
	{ "a negative object",
	  "miyin-sheets 1 1 9 4711 0\n595 842 " NINE " -3 0 0\n" },
	{ "no line end", "miyin-sheets 1 1 9 4711 0\n595 842 " NINE " 3 0 0" },
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

		ck_assert_msg(!miyin_sheets_parse(exact ? exact : "", length,
						  &error),
			      "%zu bytes were read", length);
		ck_assert(g_error_matches(error, MIYIN_ERROR,
					  MIYIN_ERROR_INPUT));
	}
}
END_TEST

static TCase *sheets_cases(void)
{
	TCase *tcase = tcase_create("sheets");

	tcase_set_timeout(tcase, 20);
	tcase_add_test(tcase, sheets_read);
	tcase_add_test(tcase, sheets_in_another_locale);
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
	tcase_add_loop_test(tcase, order_keeps_text, 0, G_N_ELEMENTS(holders));
	tcase_add_test(tcase, order_of_many_pages);
	tcase_add_loop_test(tcase, order_refused, 0,
			    G_N_ELEMENTS(order_faults));
	tcase_add_test(tcase, order_truncated);
	suite_add_tcase(suite, tcase);
	suite_add_tcase(suite, sheets_cases());
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
