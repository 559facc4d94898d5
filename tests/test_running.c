/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "filter/mark/canvas.h"
#include "filter/mark/running.h"

#include <cairo-pdf.h>
#include <check.h>
#include <stdlib.h>

static const cairo_matrix_t same = { 1, 0, 0, 1, 0, 0 };

enum { WIDTH = 400, HEIGHT = 190, LINE = 10, LENGTH = 300 };

/* A page of bars and of letters over them that nobody sees, a line each. */
typedef struct {
	const char *text;
	int length; /* points of the bar */
	int left;   /* points that shall be white, from its beginning */
} row;

static cairo_status_t take(void *data, const unsigned char *bytes, unsigned n)
{
	g_byte_array_append(data, bytes, n);
	return CAIRO_STATUS_SUCCESS;
}

/* Letters as wide as the bar; the text layer knows their places. */
static void write_line(cairo_t *cr, const row *r, int y)
{
	cairo_text_extents_t e;

	cairo_set_font_size(cr, LINE);
	cairo_text_extents(cr, r->text, &e);
	if (e.x_advance <= 0)
		return;
	cairo_set_font_size(cr, LINE * LENGTH / e.x_advance);
	cairo_move_to(cr, 20, y + LINE);
	cairo_set_source_rgb(cr, 1, 1, 1);
	cairo_show_text(cr, r->text);
}

/* upside_down: the last line is where the first one was, and so on */
static GBytes *make_page(const row *rows, guint n, gboolean upside_down)
{
	GByteArray *pdf = g_byte_array_new();
	cairo_surface_t *surface =
		cairo_pdf_surface_create_for_stream(take, pdf, WIDTH, HEIGHT);
	cairo_t *cr = cairo_create(surface);

	if (upside_down) {
		cairo_translate(cr, WIDTH, HEIGHT);
		cairo_rotate(cr, G_PI);
	}
	for (guint i = 0; i < n; i++)
		write_line(cr, &rows[i], 20 + 20 * (int)i);
	cairo_destroy(cr);
	cairo_surface_destroy(surface);
	return g_byte_array_free_to_bytes(pdf);
}

static cairo_surface_t *draw_bars(const row *rows, guint n, GArray *lines)
{
	cairo_t *cr = miyin_canvas_open(WIDTH, HEIGHT);

	for (guint i = n; i-- > 0;) { /* in any order */
		cairo_rectangle_int_t box = { 20, 20 + 20 * (int)i,
					      rows[i].length, LINE };

		g_array_append_val(lines, box);
		cairo_rectangle(cr, box.x, box.y, box.width, box.height);
	}
	cairo_set_source_rgb(cr, 0, 0, 0);
	cairo_fill(cr);
	return miyin_canvas_close(cr, NULL);
}

/* How much of a bar is white from its beginning. */
static int white(cairo_surface_t *surface, int y, int length)
{
	g_autofree guint8 *grey = miyin_canvas_grey(surface, 20, y, length, 1);
	int n = 0;

	while (n < length && grey[n] > 200)
		n++;
	return n;
}

#define PROSE "The quick brown fox jumps over the lazy dog and goes on and on"

static const row prose[] = {
	{ PROSE, LENGTH, 0 },		/* two are read, */
	{ PROSE, LENGTH, 0 },		/* to see that the text is true */
	{ PROSE, LENGTH, LENGTH },	/* running text */
	{ PROSE, LENGTH, LENGTH - 50 }, /* the line before a short one */
	{ PROSE, 120, 0 },		/* short */
	{ PROSE, LENGTH, LENGTH - 50 }, /* before one */
	{ "", LENGTH, 0 },		/* a picture of a line */
	{ PROSE, LENGTH, LENGTH },	/* the last */
};

START_TEST(running_text_goes)
{
	g_autoptr(GArray) lines =
		g_array_new(FALSE, FALSE, sizeof(cairo_rectangle_int_t));
	const guint n = G_N_ELEMENTS(prose);
	g_autoptr(GBytes) pdf = make_page(prose, n, FALSE);
	g_autoptr(PopplerDocument) document =
		poppler_document_new_from_bytes(pdf, NULL, NULL);
	g_autoptr(PopplerPage) page = poppler_document_get_page(document, 0);
	g_autoptr(cairo_surface_t) surface = draw_bars(prose, n, lines);

	ck_assert_int_eq(miyin_running_quarters(page), 0);
	ck_assert_uint_eq(miyin_running_blank(lines, surface, page, &same), 4);
	for (guint i = 0; i < n; i++)
		ck_assert_msg(white(surface, 25 + 20 * (int)i,
				    prose[i].length) == prose[i].left,
			      "line %u: %d of %d white", i + 1,
			      white(surface, 25 + 20 * (int)i, prose[i].length),
			      prose[i].length);
}
END_TEST

/* It is running text when the page is turned as it is read. */
START_TEST(upside_down)
{
	static const cairo_matrix_t turned = { -1, 0, 0, -1, WIDTH, HEIGHT };
	const cairo_matrix_t *const pixels = _i ? &turned : &same;
	g_autoptr(GArray) lines =
		g_array_new(FALSE, FALSE, sizeof(cairo_rectangle_int_t));
	const guint n = G_N_ELEMENTS(prose);
	g_autoptr(GBytes) pdf = make_page(prose, n, TRUE);
	g_autoptr(PopplerDocument) document =
		poppler_document_new_from_bytes(pdf, NULL, NULL);
	g_autoptr(PopplerPage) page = poppler_document_get_page(document, 0);
	g_autoptr(cairo_surface_t) surface = draw_bars(prose, n, lines);

	ck_assert_int_eq(miyin_running_quarters(page), 2);
	ck_assert_uint_eq(miyin_running_blank(lines, surface, page, pixels),
			  _i ? 4 : 0);
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
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
