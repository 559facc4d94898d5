/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "filter/mark/embed.h"
#include "filter/mark/type.h"
#include <miyin/lettering.h>
#include <miyin/memfile.h>

#include <cairo-pdf.h>
#include <check.h>
#include <stdlib.h>
#include <string.h>

enum { SIDE = 80 };

/* What a page shows: words, or a square in their place. */
static const struct {
	const char *words;
	gboolean is_text;
} shown[] = {
	{ "第", TRUE }, { "B", TRUE },	{ ")", TRUE }, { "\\", TRUE },
	{ "é", TRUE },	{ "12", TRUE }, { "", FALSE },
};

static cairo_status_t take(void *data, const unsigned char *bytes, unsigned n)
{
	g_byte_array_append(data, bytes, n);
	return CAIRO_STATUS_SUCCESS;
}

static void draw(cairo_t *cr, miyin_lettering *lettering, const char *words)
{
	g_autoptr(PangoLayout) layout =
		miyin_type_set(cr, "sans", FALSE, 16, words);

	cairo_set_source_rgb(cr, 0, 0, 1);
	cairo_move_to(cr, 10, 20);
	miyin_lettering_show(lettering, cr, layout);
	if (*words)
		return;
	cairo_rectangle(cr, 10, 20, 5, 5);
	cairo_fill(cr);
}

static GByteArray *draw_pages(void)
{
	GByteArray *pdf = g_byte_array_new();
	cairo_surface_t *surface =
		cairo_pdf_surface_create_for_stream(take, pdf, SIDE, SIDE);
	cairo_t *cr = cairo_create(surface);
	g_autoptr(miyin_lettering) lettering = miyin_lettering_new();

	for (unsigned i = 0; i < G_N_ELEMENTS(shown); i++) {
		draw(cr, lettering, shown[i].words);
		cairo_show_page(cr);
	}
	cairo_destroy(cr);
	cairo_surface_destroy(surface);
	return pdf;
}

static miyin_embedded embed(unsigned n_forms)
{
	g_autoptr(GByteArray) pdf = draw_pages();
	g_auto(miyin_fd) fd = miyin_memfile_new("copy", NULL);
	miyin_pdfwriter *tail = miyin_pdfwriter_open_empty(fd);
	miyin_embedded embedded = { NULL };
	GError *error = NULL;

	ck_assert(miyin_embed_pages(tail, pdf, n_forms, &embedded, &error));
	ck_assert(miyin_pdfwriter_close(tail, miyin_pdfwriter_reserve(tail),
					NULL));
	return embedded;
}

/* Whatever cairo writes, a page of one string is one: what is shown as a form
 * is right, too, but slow. */
START_TEST(strings_are_texts)
{
	g_auto(miyin_embedded) embedded = embed(0);

	ck_assert_uint_eq(embedded.forms->len, 0);
	ck_assert_uint_eq(embedded.texts->len, G_N_ELEMENTS(shown));
	for (unsigned i = 0; i < embedded.texts->len; i++) {
		const miyin_embed_text *text =
			&g_array_index(embedded.texts, miyin_embed_text, i);

		ck_assert_msg((text->font != NULL) == shown[i].is_text, "%s",
			      shown[i].words);
		if (!text->font) {
			ck_assert_uint_gt(text->form, 0);
			continue;
		}
		ck_assert_msg(strstr(embedded.fonts->str, text->font) != NULL,
			      "%s", text->font);
		ck_assert_double_eq_tol(text->size, 16, 0.01);
		ck_assert_double_eq_tol(text->x, 10, 0.01);
		ck_assert(text->y > SIDE - 20 - 25 && text->y < SIDE - 20);
	}
}
END_TEST

START_TEST(the_first_are_forms)
{
	g_auto(miyin_embedded) embedded = embed(3);

	ck_assert_uint_eq(embedded.forms->len, 3);
	ck_assert_uint_eq(embedded.texts->len, G_N_ELEMENTS(shown) - 3);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("embed");
	TCase *tcase = tcase_create("embed");
	SRunner *runner;
	int failed;

	tcase_add_test(tcase, strings_are_texts);
	tcase_add_test(tcase, the_first_are_forms);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
