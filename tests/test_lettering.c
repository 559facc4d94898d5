/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * No letter loses its ink on the way into a PDF: each is drawn twice, by cairo
 * on a picture, and by Poppler out of a PDF.
 */
#include "filter/mark/canvas.h"
#include "filter/mark/type.h"
#include <miyin/lettering.h>

#include <cairo-pdf.h>
#include <check.h>
#include <stdlib.h>
#include <string.h>

enum { CELL = 16, ROW = 60, PAGE = ROW * ROW };

static const struct {
	const char *font;
	gboolean bold;
} fonts[] = {
	{ "sans", FALSE }, { "sans", TRUE },  { "serif", FALSE },
	{ "serif", TRUE }, { "mono", FALSE }, { "mono", TRUE },
};

/* All of GB 2312 but its blanks, and printable ASCII. */
static char *list_letters(void)
{
	GString *all = g_string_new(NULL);

	for (int c = '!'; c <= '~'; c++)
		g_string_append_c(all, (char)c);
	for (int high = 0xa1; high <= 0xf7; high++)
		for (int low = 0xa1; low <= 0xfe; low++) {
			const char bytes[] = { (char)high, (char)low, '\0' };
			g_autofree char *text = g_convert(
				bytes, 2, "UTF-8", "GB2312", NULL, NULL, NULL);

			if (text && !g_unichar_isspace(g_utf8_get_char(text)))
				g_string_append(all, text);
		}
	return g_string_free(all, FALSE);
}

static cairo_status_t take(void *data, const unsigned char *bytes, unsigned n)
{
	g_byte_array_append(data, bytes, n);
	return CAIRO_STATUS_SUCCESS;
}

/* A page of letters in cells; NULL lettering: as pango does it. */
static const char *draw_page(cairo_t *cr, miyin_lettering *lettering, int font,
			     const char *letters)
{
	for (int i = 0; i < PAGE && *letters;
	     i++, letters = g_utf8_next_char(letters)) {
		const int row = i / ROW;
		char c[7] = "";
		g_autoptr(PangoLayout) type = NULL;

		g_unichar_to_utf8(g_utf8_get_char(letters), c);
		type = miyin_type_set(cr, fonts[font].font, fonts[font].bold,
				      10, c);
		cairo_move_to(cr, i % ROW * CELL + 2, row * CELL);
		if (lettering)
			miyin_lettering_show(lettering, cr, type);
		else
			pango_cairo_show_layout(cr, type);
	}
	return letters;
}

/* A page for each letter, in a font of its own. */
static GBytes *make_pages(int font, const char *letters)
{
	GByteArray *pdf = g_byte_array_new();
	cairo_surface_t *surface =
		cairo_pdf_surface_create_for_stream(take, pdf, CELL, CELL);
	cairo_t *cr = cairo_create(surface);

	for (; *letters; letters = g_utf8_next_char(letters)) {
		g_autofree char *letter = g_utf8_substring(letters, 0, 1);
		g_autoptr(miyin_lettering) lettering = miyin_lettering_new();

		draw_page(cr, lettering, font, letter);
		cairo_show_page(cr);
	}
	cairo_destroy(cr);
	cairo_surface_destroy(surface);
	return g_byte_array_free_to_bytes(pdf);
}

static GBytes *make_pdf(int font, const char *letters)
{
	GByteArray *pdf = g_byte_array_new();
	cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(
		take, pdf, ROW * CELL, ROW * CELL);
	cairo_t *cr = cairo_create(surface);
	g_autoptr(miyin_lettering) lettering = miyin_lettering_new();
	g_autoptr(PangoLayout) all = miyin_type_set(
		cr, fonts[font].font, fonts[font].bold, 10, letters);

	miyin_lettering_add(lettering, all);
	while (*letters) {
		letters = draw_page(cr, lettering, font, letters);
		cairo_show_page(cr);
	}
	cairo_destroy(cr);
	cairo_surface_destroy(surface);
	return g_byte_array_free_to_bytes(pdf);
}

static int find_ink(cairo_surface_t *surface, int i)
{
	g_autofree guint8 *grey = miyin_canvas_grey(surface, i % ROW * CELL,
						    i / ROW * CELL, CELL, CELL);
	int ink = 0;

	for (int k = 0; k < CELL * CELL; k++)
		ink += 255 - grey[k];
	return ink;
}

/* Half of it may go another way over the pixels, not more. */
static void compare_page(cairo_surface_t *is, cairo_surface_t *wanted,
			 const char *letters)
{
	for (int i = 0; i < PAGE && *letters;
	     i++, letters = g_utf8_next_char(letters)) {
		const int ink = find_ink(wanted, i);

		ck_assert_msg(ink > 0, "%.4s has no ink", letters);
		ck_assert_msg(find_ink(is, i) * 2 > ink, "%.4s: %d of %d",
			      letters, find_ink(is, i), ink);
	}
}

START_TEST(letters_keep_their_ink)
{
	g_autofree char *all = list_letters();
	g_autoptr(GBytes) pdf = make_pdf(_i, all);
	g_autoptr(PopplerDocument) document =
		poppler_document_new_from_bytes(pdf, NULL, NULL);
	const char *letters = all;

	ck_assert_int_gt(g_utf8_strlen(all, -1), 7000);
	for (int n = 0; *letters; n++) {
		g_autoptr(PopplerPage) page =
			poppler_document_get_page(document, n);
		g_autoptr(cairo_surface_t) is =
			miyin_canvas_page(page, 1, NULL);
		cairo_t *cr = miyin_canvas_open(ROW * CELL, ROW * CELL);
		const char *next = NULL;
		g_autoptr(cairo_surface_t) wanted = NULL;

		cairo_set_source_rgb(cr, 0, 0, 0);
		next = draw_page(cr, NULL, _i, letters);
		wanted = miyin_canvas_close(cr, NULL);
		compare_page(is, wanted, letters);
		letters = next;
	}
}
END_TEST

/* Cairo 1.16 itself leaves 如 without ink where few letters are with it. */
START_TEST(letters_alone)
{
	g_autofree char *all = list_letters();
	g_autoptr(GString) some = g_string_new("如");
	g_autoptr(GBytes) pdf = NULL;
	g_autoptr(PopplerDocument) document = NULL;
	int n = 0;

	for (const char *at = all; *at; at = g_utf8_next_char(at))
		if (n++ % 30 == _i)
			g_string_append_unichar(some, g_utf8_get_char(at));
	pdf = make_pages(_i, some->str);
	document = poppler_document_new_from_bytes(pdf, NULL, NULL);
	n = 0;
	for (const char *at = some->str; *at; at = g_utf8_next_char(at)) {
		g_autofree char *letter = g_utf8_substring(at, 0, 1);
		g_autoptr(PopplerPage) page =
			poppler_document_get_page(document, n++);
		g_autoptr(cairo_surface_t) is =
			miyin_canvas_page(page, 1, NULL);
		cairo_t *cr = miyin_canvas_open(CELL, CELL);
		g_autoptr(cairo_surface_t) wanted = NULL;

		cairo_set_source_rgb(cr, 0, 0, 0);
		draw_page(cr, NULL, _i, letter);
		wanted = miyin_canvas_close(cr, NULL);
		compare_page(is, wanted, letter);
	}
}
END_TEST

/* Letters that nobody added come with a font of their own, and those that were
 * drawn before stay what they are. */
START_TEST(letters_come_later)
{
	static const char letters[] = "如意A张";
	GByteArray *bytes = g_byte_array_new();
	cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(
		take, bytes, ROW * CELL, ROW * CELL);
	cairo_t *cr = cairo_create(surface);
	g_autoptr(miyin_lettering) lettering = miyin_lettering_new();
	g_autoptr(GBytes) pdf = NULL;
	g_autoptr(PopplerDocument) document = NULL;
	g_autoptr(PopplerPage) page = NULL;
	g_autoptr(cairo_surface_t) is = NULL, wanted = NULL;

	draw_page(cr, lettering, 0, letters);
	cairo_show_page(cr);
	cairo_destroy(cr);
	cairo_surface_destroy(surface);
	pdf = g_byte_array_free_to_bytes(bytes);
	document = poppler_document_new_from_bytes(pdf, NULL, NULL);
	page = poppler_document_get_page(document, 0);
	is = miyin_canvas_page(page, 1, NULL);
	cr = miyin_canvas_open(ROW * CELL, ROW * CELL);
	cairo_set_source_rgb(cr, 0, 0, 0);
	draw_page(cr, NULL, 0, letters);
	wanted = miyin_canvas_close(cr, NULL);
	compare_page(is, wanted, letters);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("lettering");
	TCase *tcase = tcase_create("lettering");
	SRunner *runner;
	int failed;

	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase, letters_keep_their_ink, 0,
			    G_N_ELEMENTS(fonts));
	tcase_add_loop_test(tcase, letters_alone, 0, G_N_ELEMENTS(fonts));
	tcase_add_test(tcase, letters_come_later);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
