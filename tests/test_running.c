/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "filter/mark/canvas.h"
#include "filter/mark/running.h"

#include <cairo-pdf.h>
#include <check.h>
#include <stdlib.h>

static const cairo_matrix_t same = { 1, 0, 0, 1, 0, 0 };

enum { WIDTH = 400, HEIGHT = 250, LEFT = 20, STEP = 20, HIGH = 12 };
enum { LENGTH = 300, SHORT = 100 };

#define PROSE "The quick brown fox jumps over the lazy dog and goes on and on"
#define OTHER "Quite other words, which nobody had expected on a page of foxes"

typedef enum { STAYS, GOES, END_STAYS } fate;

/* A page of lines; each has its letters, and what is seen in their place. */
static const struct {
	const char *letters, *seen; /* NULL: the letters are seen */
	int length;		    /* points of the letters */
	int from;		    /* where they begin; before, a picture is */
	fate fate;
} rows[] = {
	{ PROSE, NULL, LENGTH, 0, STAYS }, /* the first, from its left */
	{ PROSE, NULL, LENGTH, 0, GOES },
	{ PROSE, NULL, LENGTH, 0, END_STAYS }, /* before a short one */
	{ "Short", NULL, SHORT, 0, STAYS },
	{ PROSE, OTHER, LENGTH, 0, STAYS },	 /* hidden letters */
	{ PROSE, NULL, LENGTH - 60, 60, STAYS }, /* a picture before it */
	{ "I", "", LENGTH, 0, STAYS },	 /* one letter as wide as the line */
	{ "", OTHER, LENGTH, 0, STAYS }, /* a picture */
	{ PROSE, NULL, LENGTH, 0, GOES },
	{ PROSE, NULL, LENGTH, 0, GOES }, /* the last */
};
enum { N_RUN = 5 };

static cairo_status_t take(void *data, const unsigned char *bytes, unsigned n)
{
	g_byte_array_append(data, bytes, n);
	return CAIRO_STATUS_SUCCESS;
}

/* From LEFT + from on, so wide. */
static void write_words(cairo_t *cr, const char *words, int from, int y,
			int length)
{
	cairo_text_extents_t e;

	cairo_save(cr);
	cairo_set_font_size(cr, 10);
	cairo_text_extents(cr, words, &e);
	cairo_translate(cr, LEFT + from, y + HIGH - 3);
	if (e.x_advance > 0)
		cairo_scale(cr, length / e.x_advance, 1);
	cairo_move_to(cr, 0, 0);
	cairo_show_text(cr, words);
	cairo_restore(cr);
}

/* As outlines, which are no text. */
static void draw_words(cairo_t *cr, const char *words, int y)
{
	cairo_save(cr);
	cairo_set_font_size(cr, 10);
	cairo_translate(cr, LEFT, y + HIGH - 3);
	cairo_move_to(cr, 0, 0);
	cairo_text_path(cr, words);
	cairo_fill(cr);
	cairo_restore(cr);
}

static void draw_row(cairo_t *cr, unsigned i)
{
	const int y = STEP + STEP * (int)i;

	cairo_set_source_rgb(cr, 1, 1, 1);
	if (!rows[i].seen)
		cairo_set_source_rgb(cr, 0, 0, 0);
	write_words(cr, rows[i].letters, rows[i].from, y, rows[i].length);
	cairo_set_source_rgb(cr, 0, 0, 0);
	if (rows[i].seen)
		draw_words(cr, rows[i].seen, y);
	if (rows[i].from > 0)
		draw_words(cr, "Mark*10", y);
}

/* upside_down: the last line is where the first one was, and so on */
static GBytes *make_page(gboolean upside_down)
{
	GByteArray *pdf = g_byte_array_new();
	cairo_surface_t *surface =
		cairo_pdf_surface_create_for_stream(take, pdf, WIDTH, HEIGHT);
	cairo_t *cr = cairo_create(surface);

	if (upside_down) {
		cairo_translate(cr, WIDTH, HEIGHT);
		cairo_rotate(cr, G_PI);
	}
	for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++)
		draw_row(cr, i);
	cairo_destroy(cr);
	cairo_surface_destroy(surface);
	return g_byte_array_free_to_bytes(pdf);
}

/* In any order. */
static GArray *list_lines(void)
{
	GArray *lines =
		g_array_new(FALSE, FALSE, sizeof(cairo_rectangle_int_t));

	for (int i = (int)G_N_ELEMENTS(rows); i-- > 0;) {
		cairo_rectangle_int_t box = { LEFT, STEP + STEP * i,
					      rows[i].length + rows[i].from,
					      HIGH };

		g_array_append_val(lines, box);
	}
	return lines;
}

static cairo_surface_t *paint(PopplerPage *page, const cairo_matrix_t *pixels)
{
	cairo_t *cr = miyin_canvas_open(WIDTH, HEIGHT);

	cairo_transform(cr, pixels);
	poppler_page_render_for_printing(page, cr);
	return miyin_canvas_close(cr, NULL);
}

/* From the beginning of a line to its first ink. */
static int find_ink(cairo_surface_t *surface, unsigned i)
{
	const int length = rows[i].length + rows[i].from;
	g_autofree guint8 *grey = miyin_canvas_grey(
		surface, LEFT, STEP + STEP * (int)i, length, HIGH);

	for (int x = 0; x < length; x++)
		for (int y = 0; y < HIGH; y++)
			if (grey[y * length + x] < 128)
				return x;
	return length;
}

START_TEST(running_text_goes)
{
	g_autoptr(GArray) lines = list_lines();
	g_autoptr(GBytes) pdf = make_page(FALSE);
	g_autoptr(PopplerDocument) document =
		poppler_document_new_from_bytes(pdf, NULL, NULL);
	g_autoptr(PopplerPage) page = poppler_document_get_page(document, 0);
	g_autoptr(cairo_surface_t) surface = paint(page, &same);

	ck_assert_int_eq(miyin_running_quarters(page), 0);
	ck_assert_uint_eq(miyin_running_blank(lines, surface, page, &same),
			  N_RUN);
	for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
		const int ink = find_ink(surface, i);
		const fate is = ink < 10       ? STAYS
				: ink < LENGTH ? END_STAYS
					       : GOES;

		if (*rows[i].letters && (!rows[i].seen || *rows[i].seen))
			ck_assert_msg(is == rows[i].fate,
				      "line %u: ink from %d on", i + 1, ink);
	}
}
END_TEST

/* It is running text when the page is turned as it is read. */
START_TEST(upside_down)
{
	static const cairo_matrix_t turned = { -1, 0, 0, -1, WIDTH, HEIGHT };
	const cairo_matrix_t *const pixels = _i ? &turned : &same;
	g_autoptr(GArray) lines = list_lines();
	g_autoptr(GBytes) pdf = make_page(TRUE);
	g_autoptr(PopplerDocument) document =
		poppler_document_new_from_bytes(pdf, NULL, NULL);
	g_autoptr(PopplerPage) page = poppler_document_get_page(document, 0);
	g_autoptr(cairo_surface_t) surface = paint(page, pixels);

	ck_assert_int_eq(miyin_running_quarters(page), 2);
	ck_assert_uint_eq(miyin_running_blank(lines, surface, page, pixels),
			  _i ? N_RUN : 0);
}
END_TEST

/* How many pixels beside each other have ink, and where they begin. */
static int count_ink(cairo_surface_t *surface, int row, int *from)
{
	g_autofree guint8 *grey = miyin_canvas_grey(
		surface, LEFT, STEP / 2 * row, LENGTH, STEP / 2);
	int n = 0;

	for (int x = 0; x < LENGTH; x++) {
		gboolean ink = FALSE;

		for (int y = 0; y < STEP / 2; y++)
			ink |= grey[y * LENGTH + x] < 128;
		*from = n == 0 ? x : *from;
		n += ink ? 1 : 0;
	}
	return n;
}

/* Of one in eight thirty letters are read: at its left, in its middle, at its
 * right. */
enum { N_LETTERS = 49, READ = LENGTH * 30 / N_LETTERS };

START_TEST(one_in_eight)
{
	g_autoptr(GByteArray) bytes = g_byte_array_new();
	cairo_surface_t *file =
		cairo_pdf_surface_create_for_stream(take, bytes, WIDTH, HEIGHT);
	cairo_t *cr = cairo_create(file);
	g_autoptr(GArray) lines =
		g_array_new(FALSE, FALSE, sizeof(cairo_rectangle_int_t));
	g_autoptr(cairo_surface_t) surface = NULL;
	g_autoptr(GBytes) pdf = NULL;
	g_autoptr(PopplerDocument) document = NULL;
	g_autoptr(PopplerPage) page = NULL;

	for (int i = 0; i < 24; i++) {
		const cairo_rectangle_int_t box = { LEFT, STEP / 2 * i, LENGTH,
						    STEP / 2 };

		write_words(cr, PROSE, 0, box.y - 2, LENGTH);
		g_array_append_val(lines, box);
	}
	cairo_destroy(cr);
	cairo_surface_destroy(file);
	pdf = g_bytes_new(bytes->data, bytes->len);
	document = poppler_document_new_from_bytes(pdf, NULL, NULL);
	page = poppler_document_get_page(document, 0);
	surface = paint(page, &same);
	ck_assert_uint_eq(miyin_running_blank(lines, surface, page, &same), 24);
	for (int i = 0; i < 24; i++) {
		int from = 0;
		const int n = count_ink(surface, i, &from);

		if (i % 8 != 0) {
			ck_assert_int_eq(n, 0);
			continue;
		}
		ck_assert_int_le(n, READ);
		ck_assert_int_gt(n, READ / 2);
		ck_assert_int_ge(from, (LENGTH - READ) * (i / 8) / 2);
		ck_assert_int_lt(from, (LENGTH - READ) * (i / 8) / 2 + STEP);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("running");
	TCase *tc = tcase_create("running");
	SRunner *sr;
	int failed;

	tcase_add_test(tc, running_text_goes);
	tcase_add_loop_test(tc, upside_down, 0, 2);
	tcase_add_test(tc, one_in_eight);
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
