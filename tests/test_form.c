/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The form: what is written is read, and what is drawn is all there. */
#include "filter/mark/formpdf.h"
#include <miyin/error.h>
#include <miyin/form.h>
#include <miyin/refusal.h>
#include <check.h>
#include <poppler.h>
#include <stdlib.h>
#include <string.h>

#define A4_W 595.28
#define A4_H 841.89
#define DPI 100.0

static miyin_form *make_form(double w, double h, unsigned n_rows,
			     const char *name)
{
	miyin_form *form = miyin_form_new(w, h, "发放控制单");
	miyin_form_table *fields = miyin_form_add_table(
		form, 2, (unsigned[]){ 1, 3 }, (const char *[]){ "", "" }, 20);
	miyin_form_table *table = miyin_form_add_table(
		form, 3, (unsigned[]){ 1, 2, 1 },
		(const char *[]){ "份号", "持有人", "签收人" }, 30);

	miyin_form_add_row(fields, (const char *[]){ "文号", NULL });
	for (unsigned i = 0; i < n_rows; i++) {
		g_autofree char *serial = g_strdup_printf("%06u", i + 1);

		miyin_form_add_row(table,
				   (const char *[]){ serial, name, NULL });
	}
	return form;
}

/* ---- text ------------------------------------------------------------- */

static const char *const names[] = {
	"张三", "",    ";",    "a;b\\;c", "[table 2]",
	"#",	" x ", "a\tb", "=",	  "שלום 你好 é",
};

START_TEST(form_keeps_text)
{
	g_autoptr(miyin_form) is = make_form(A4_W, A4_H, 2, names[_i]);
	g_autofree char *text = miyin_form_format(is);
	g_autoptr(GError) error = NULL;
	g_autoptr(miyin_form) form =
		miyin_form_parse(text, strlen(text), &error);
	const miyin_form_table *table;

	ck_assert_msg(form != NULL, "%s: %s", names[_i],
		      error ? error->message : "");
	ck_assert_double_eq_tol(form->width_pt, A4_W, 0.005);
	ck_assert_double_eq_tol(form->height_pt, A4_H, 0.005);
	ck_assert_str_eq(form->title, "发放控制单");
	ck_assert_uint_eq(form->tables->len, 2);
	table = form->tables->pdata[1];
	ck_assert_uint_eq(table->n_columns, 3);
	ck_assert_uint_eq(table->widths[1], 2);
	ck_assert_str_eq(table->heading[2], "签收人");
	ck_assert_double_eq_tol(table->least_pt, 30, 0.005);
	ck_assert_uint_eq(table->rows->len, 2);
	ck_assert_str_eq(((char **)table->rows->pdata[1])[0], "000002");
	ck_assert_str_eq(((char **)table->rows->pdata[1])[1], names[_i]);
	ck_assert_str_eq(((char **)table->rows->pdata[1])[2], "");
}
END_TEST

/* Of a good form one text is replaced by another. */
static const struct {
	const char *what, *is, *becomes, *says;
} broken[] = {
	{ "no form", "[form]", "[from]", "form" },
	{ "no key file", "[form]", "form", "form" },
	{ "no width", "width=595.28", "", "width" },
	{ "a width that is no number", "width=595.28", "width=nan", "width" },
	{ "a sheet of a mile", "height=841.89", "height=99999", "height" },
	{ "too many tables", "n-tables=2", "n-tables=10", "n-tables" },
	{ "fewer tables than it says", "n-tables=2", "n-tables=3",
	  "[table 3]" },
	{ "no columns", "columns=1;2;1;", "columns=", "[table 2] columns" },
	{ "a column of no width", "columns=1;2;1;", "columns=1;0;1;",
	  "[table 2] columns" },
	{ "eleven columns", "columns=1;2;1;", "columns=1;1;1;1;1;1;1;1;1;1;1;",
	  "[table 2] columns" },
	{ "a heading too few", "heading=份号;持有人;签收人;",
	  "heading=份号;持有人;", "[table 2] heading" },
	{ "rows without end", "n-rows=2", "n-rows=2001", "n-rows" },
	{ "fewer rows than it says", "n-rows=2", "n-rows=3", "[table 2] 3" },
	{ "a row that is too short", "2=000002;;;", "2=000002;",
	  "[table 2] 2" },
	{ "text that is not UTF-8", "2=000002;;;", "2=\xff;;;", "[table 2] 2" },
};

START_TEST(form_is_broken)
{
	g_autoptr(miyin_form) form = make_form(A4_W, A4_H, 2, "");
	g_autofree char *whole = miyin_form_format(form);
	g_auto(GStrv) parts = g_strsplit(whole, broken[_i].is, 2);
	g_autofree char *text = g_strjoinv(broken[_i].becomes, parts);
	g_autoptr(GError) error = NULL;

	ck_assert_msg(parts[1] != NULL, "%s: \"%s\" is not in:\n%s",
		      broken[_i].what, broken[_i].is, whole);
	ck_assert_msg(!miyin_form_parse(text, strlen(text), &error), "%s",
		      broken[_i].what);
	ck_assert_int_eq(error->code, MIYIN_ERROR_INPUT);
	ck_assert_msg(strstr(error->message, broken[_i].says) != NULL, "%s: %s",
		      broken[_i].what, error->message);
}
END_TEST

/* ---- pages ------------------------------------------------------------ */

static PopplerDocument *open_form(const miyin_form *form)
{
	g_autoptr(GError) error = NULL;
	GByteArray *pdf = miyin_formpdf_draw(form, &error);
	g_autoptr(GBytes) bytes = NULL;
	PopplerDocument *document;

	ck_assert_msg(pdf != NULL, "%s", error ? error->message : "");
	bytes = g_byte_array_free_to_bytes(pdf);
	document = poppler_document_new_from_bytes(bytes, NULL, NULL);
	ck_assert_ptr_nonnull(document);
	return document;
}

/* Ink in the strips at the edges of the page, each a part of its width. */
static gboolean has_ink_at_edge(PopplerPage *page, double part)
{
	double w, h;
	cairo_surface_t *surface;
	cairo_t *cr;
	int width, height;
	gboolean ink = FALSE;

	poppler_page_get_size(page, &w, &h);
	width = (int)(w * DPI / 72);
	height = (int)(h * DPI / 72);
	surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
	cr = cairo_create(surface);
	cairo_set_source_rgb(cr, 1, 1, 1);
	cairo_paint(cr);
	cairo_scale(cr, DPI / 72, DPI / 72);
	poppler_page_render_for_printing(page, cr);
	cairo_destroy(cr);
	cairo_surface_flush(surface);
	for (int y = 0; y < height; y++) {
		const guint8 *row = cairo_image_surface_get_data(surface) +
				    y * cairo_image_surface_get_stride(surface);

		for (int x = 0; x < width; x++) {
			gboolean edge = x < part * width ||
					x > (1 - part) * width || y < 2 ||
					y > height - 3;

			ink = ink || (edge && row[4 * x] < 200);
		}
	}
	cairo_surface_destroy(surface);
	return ink;
}

static unsigned count(const char *text, const char *word)
{
	unsigned n = 0;

	for (text = strstr(text, word); text; text = strstr(text + 1, word))
		n++;
	return n;
}

static const struct {
	const char *what;
	double w, h;
	unsigned n_rows, n_letters; /* of a holder's name */
	unsigned least_pages, most_pages;
} drawings[] = {
	{ "three holders", A4_W, A4_H, 3, 2, 1, 1 },
	{ "forty holders", A4_W, A4_H, 40, 2, 2, 2 },
	{ "as many as a job may have", A4_W, A4_H, 999, 2, 38, 46 },
	{ "the longest names", A4_W, A4_H, 10, 127, 2, 4 },
	{ "A6", 297.64, 419.53, 40, 2, 2, 3 },
	{ "A3", A4_H, 2 * A4_W, 40, 127, 3, 3 },
	{ "a slip", 226, 226, 10, 127, 3, 3 },
};

START_TEST(form_has_every_row)
{
	g_autoptr(GString) name = g_string_new(NULL);
	g_autoptr(GString) all = g_string_new(NULL);
	g_autoptr(miyin_form) form = NULL;
	PopplerDocument *document;
	unsigned n;

	for (unsigned i = 0; i < drawings[_i].n_letters; i++)
		g_string_append(name, "长");
	form = make_form(drawings[_i].w, drawings[_i].h, drawings[_i].n_rows,
			 name->str);
	document = open_form(form);
	n = poppler_document_get_n_pages(document);
	ck_assert_msg(n >= drawings[_i].least_pages &&
			      n <= drawings[_i].most_pages,
		      "%s: %u pages", drawings[_i].what, n);
	for (unsigned i = 0; i < n; i++) {
		PopplerPage *page = poppler_document_get_page(document, i);
		g_autofree char *text = poppler_page_get_text(page);

		ck_assert_msg(count(text, "发放控制单") == 1 &&
				      count(text, "持有人") == 1,
			      "%s, page %u: %s", drawings[_i].what, i + 1,
			      text);
		ck_assert_msg(!has_ink_at_edge(page, 0.03),
			      "%s, page %u: ink at the edge", drawings[_i].what,
			      i + 1);
		g_string_append(all, text);
		g_object_unref(page);
	}
	for (unsigned i = 1; i <= drawings[_i].n_rows; i++) {
		g_autofree char *serial = g_strdup_printf("%06u", i);

		ck_assert_msg(count(all->str, serial) == 1, "%s: %s",
			      drawings[_i].what, serial);
	}
	ck_assert_uint_eq(count(all->str, "长"),
			  drawings[_i].n_rows * drawings[_i].n_letters);
	g_object_unref(document);
}
END_TEST

/* A tower of accents stays in its own row. */
START_TEST(form_clips_a_tower)
{
	g_autoptr(GString) name = g_string_new("a");
	g_autoptr(miyin_form) form = NULL;
	PopplerDocument *document;
	PopplerPage *page;

	for (unsigned i = 0; i < 120; i++)
		g_string_append(name, "\xcc\x81"); /* U+0301 */
	form = make_form(A4_W, A4_H, 3, name->str);
	document = open_form(form);
	page = poppler_document_get_page(document, 0);
	ck_assert_int_eq(poppler_document_get_n_pages(document), 1);
	ck_assert(!has_ink_at_edge(page, 0.03));
	g_object_unref(page);
	g_object_unref(document);
}
END_TEST

/* A hieroglyph is in no font of packages.txt. */
START_TEST(form_without_glyph)
{
	g_autoptr(miyin_form) form = make_form(A4_W, A4_H, 1, "\U00013000");
	g_autoptr(GError) error = NULL;

	ck_assert_ptr_null(miyin_formpdf_draw(form, &error));
	ck_assert(
		g_error_matches(error, MIYIN_REFUSAL, MIYIN_REFUSAL_BAD_GLYPH));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("form");
	TCase *tcase = tcase_create("form");
	SRunner *runner;
	int n_failed;

	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase, form_keeps_text, 0, G_N_ELEMENTS(names));
	tcase_add_loop_test(tcase, form_is_broken, 0, G_N_ELEMENTS(broken));
	tcase_add_loop_test(tcase, form_has_every_row, 0,
			    G_N_ELEMENTS(drawings));
	tcase_add_test(tcase, form_clips_a_tower);
	tcase_add_test(tcase, form_without_glyph);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
