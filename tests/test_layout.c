/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Measured with a ruler of pixels, 300 to the inch: each line of each shipped
 * scheme stands where the scheme says and has the size that it says; a page
 * of GB/T 9704 keeps its type area untouched, or is scaled as a whole.
 *
 *   test_layout          the tests
 *   test_layout stamp SCHEME LEVEL off|on IN OUT [HOLDER]   a copy to look at
 */
#include "layout-page.h"
#include <pango/pangocairo.h>
#include <stdio.h>
#include <stdlib.h>

#define DPI 300.0
#define PIXEL_PT (72.0 / DPI)
#define PX_MM (DPI / 25.4)
#define NEAR_MM 0.5
#define SIZE_PART 0.03
#define BLUR_PX 2 /* edges of two renderers */
#define A4_W PT(210)
#define A4_H PT(297)

static char *folder; /* of this program */

static const page_job plain = {
	.words = { .period = "20年",
		   .serial = "000012",
		   .holder = "张三",
		   .date = "2026-03-14",
		   .document = "JM2-2026-000123",
		   .title = "通知",
		   .unit = "办公室",
		   .user = "zhang",
		   .original = "000003",
		   .copy_no = 12,
		   .n_copies = 30 },
};

/* --- the same text alone -------------------------------------------------- */

typedef struct {
	double left_px, width_px, height_px; /* ink, from the pen's start */
	double advance_px;
} measure;

static const char *family_of(const char *font)
{
	if (g_str_equal(font, "sans"))
		return "Noto Sans CJK SC";
	if (g_str_equal(font, "serif"))
		return "Noto Serif CJK SC";
	return g_str_equal(font, "mono") ? "Noto Sans Mono CJK SC" : font;
}

static void measure_alone(const miyin_line *line, const char *text,
			  measure *alone)
{
	const int w = 6000, h = 600, pen = 200;
	cairo_surface_t *surface =
		cairo_image_surface_create(CAIRO_FORMAT_RGB24, w, h);
	cairo_t *cr = cairo_create(surface);
	PangoLayout *layout = pango_cairo_create_layout(cr);
	PangoFontDescription *font = pango_font_description_new();
	const miyin_box all = { 0, 0, w * 72 / DPI, h * 72 / DPI };
	PangoRectangle logical;
	page_ink ink;

	pango_font_description_set_family(font, family_of(line->font));
	pango_font_description_set_weight(
		font, line->bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
	pango_font_description_set_absolute_size(
		font, line->size_pt * DPI / 72 * PANGO_SCALE);
	pango_context_set_round_glyph_positions(
		pango_layout_get_context(layout), FALSE);
	pango_layout_set_font_description(layout, font);
	pango_layout_set_text(layout, text, -1);
	pango_layout_get_extents(layout, NULL, &logical);
	cairo_set_source_rgb(cr, 1, 1, 1);
	cairo_paint(cr);
	cairo_set_source_rgb(cr, 0, 0, 0);
	cairo_move_to(cr, pen, 100);
	pango_cairo_show_layout(cr, layout);
	cairo_surface_flush(surface);
	ink = page_find_ink(surface, all, all.h, DPI);
	*alone = (measure){ ink.left - pen, ink.right - ink.left,
			    ink.bottom - ink.top,
			    pango_units_to_double(logical.width) };
	pango_font_description_free(font);
	g_object_unref(layout);
	cairo_destroy(cr);
	cairo_surface_destroy(surface);
}

/* --- lines on A4 ---------------------------------------------------------- */

/* The edge that the scheme names, from the left of the sheet: straight from
 * the scheme's words, but for lines beside a code. */
static double anchored_mm(const miyin_line *line, const miyin_box *box,
			  gboolean swapped, int *side)
{
	static const int sides[MIYIN_N_ANCHORS] = { -1, 0, 1,  -1, 0,
						    1,	1, -1, 1,  -1 };

	*side = swapped ? -sides[line->at] : sides[line->at];
	if (line->at > MIYIN_AT_BOTTOM_RIGHT)
		return (*side < 0 ? box->x : box->x + box->w) / MIYIN_PT_PER_MM;
	if (*side == 0)
		return 105;
	return *side < 0 ? line->x_mm : 210 - line->x_mm;
}

static double top_mm(const miyin_line *line, const miyin_box *box)
{
	if (line->at <= MIYIN_AT_TOP_RIGHT)
		return line->y_mm;
	if (line->at <= MIYIN_AT_BOTTOM_RIGHT)
		return 297 - line->y_mm - box->h / MIYIN_PT_PER_MM;
	return 297 - (box->y + box->h) / MIYIN_PT_PER_MM;
}

static void assert_size(const page_ink *ink, const measure *alone,
			double room_px, const char *where)
{
	double w_px = ink->right - ink->left, h_px = ink->bottom - ink->top;

	if (alone->advance_px > room_px) {
		printf("%s: set smaller, %.2f\n", where,
		       w_px / alone->width_px);
		ck_assert_msg(w_px <= room_px + BLUR_PX &&
				      w_px / alone->width_px > 0.69,
			      "%s: %.0f px in %.0f", where, w_px, room_px);
		return;
	}
	ck_assert_msg(fabs(w_px - alone->width_px) <=
			      SIZE_PART * alone->width_px + BLUR_PX,
		      "%s: %.0f px wide, not %.0f", where, w_px,
		      alone->width_px);
	ck_assert_msg(fabs(h_px - alone->height_px) <=
			      SIZE_PART * alone->height_px + BLUR_PX,
		      "%s: %.0f px high, not %.0f", where, h_px,
		      alone->height_px);
}

static void assert_line(const page_copy *page, cairo_surface_t *surface,
			unsigned i, unsigned n, const miyin_box *box,
			const char *scheme)
{
	const miyin_line *line = page->order->layout->lines->pdata[n];
	g_autoptr(GString) words = g_string_new(NULL);
	const char *text;
	g_autofree char *where =
		g_strdup_printf("%s, page %u, %s", scheme, i + 1, line->name);
	/* A neighbour's ink may end in the pixel that both boxes share. */
	const miyin_box inner = { box->x, box->y + PIXEL_PT, box->w,
				  box->h - 2 * PIXEL_PT };
	page_ink ink = page_find_ink(surface, inner, A4_H, DPI);
	double room_px = box->w * DPI / 72, should_mm, is_mm, bearing_px;
	measure alone;
	int side;

	miyin_marks_line_text(page->order, line, i, words);
	text = words->str;
	ck_assert_msg(ink.right > 0, "%s: not there", where);
	measure_alone(line, text, &alone);
	should_mm = anchored_mm(line, box, i % 2, &side);
	bearing_px = alone.left_px;
	is_mm = (ink.left - bearing_px) / PX_MM;
	if (side > 0) {
		bearing_px = alone.advance_px - alone.left_px - alone.width_px;
		is_mm = (ink.right + bearing_px) / PX_MM;
	} else if (side == 0) {
		is_mm = (ink.left + ink.right) / 2.0 / PX_MM;
		is_mm += (alone.advance_px / 2 - alone.left_px -
			  alone.width_px / 2) /
			 PX_MM;
	}
	ck_assert_msg(fabs(is_mm - should_mm) < NEAR_MM,
		      "%s: at %.2f, not %.2f mm", where, is_mm, should_mm);
	ck_assert_msg(ink.top / PX_MM > top_mm(line, box) - 0.2 &&
			      ink.bottom / PX_MM <
				      top_mm(line, box) +
					      box->h / MIYIN_PT_PER_MM + 0.2,
		      "%s: %.2f to %.2f mm from the top, not from %.2f", where,
		      ink.top / PX_MM, ink.bottom / PX_MM, top_mm(line, box));
	assert_size(&ink, &alone, room_px, where);
}

/* The lines of this level that no level before had. */
static unsigned check_new_lines(const page_copy *page, GHashTable *seen,
				const char *scheme)
{
	PopplerDocument *pdf = page_open(page->copy);
	unsigned n_new = 0;

	for (unsigned i = 0; i < page->order->n_pages; i++) {
		cairo_surface_t *surface = NULL;
		miyin_place place;

		ck_assert(miyin_place_page(A4_W, A4_H, page->order->layout,
					   miyin_order_class(page->order, i),
					   i % 2, &place));
		for (unsigned n = 0; n < place.n_lines; n++) {
			const miyin_line *line =
				page->order->layout->lines->pdata[n];

			if (place.lines[n].w <= 0 ||
			    !g_hash_table_add(
				    seen,
				    g_strdup_printf("%s %s", line->name,
						    i % 2 ? "even" : "odd")))
				continue;
			if (!surface)
				surface = page_render(pdf, i, DPI);
			assert_line(page, surface, i, n, &place.lines[n],
				    scheme);
			n_new++;
		}
		g_clear_pointer(&surface, cairo_surface_destroy);
		miyin_place_clear(&place);
	}
	g_object_unref(pdf);
	return n_new;
}

#ifdef UNDER_VALGRIND
#define SCHEME_STEP 4
#else
#define SCHEME_STEP 1
#endif

/* Odd pages as they are, even ones with left and right changed. */
START_TEST(lines_stand_where_the_scheme_says)
{
	g_autoptr(GPtrArray) names = page_schemes();
	g_autoptr(GBytes) document = page_document(2, A4_W, A4_H);

	for (unsigned k = 0; k < names->len; k += SCHEME_STEP) {
		g_autoptr(miyin_scheme) scheme = page_scheme(names->pdata[k]);
		g_autoptr(GHashTable) seen = g_hash_table_new_full(
			g_str_hash, g_str_equal, g_free, NULL);
		unsigned n = 0;

		for (unsigned i = 0; i < scheme->levels->len; i++) {
			g_autoptr(GError) error = NULL;
			page_job job = plain;
			page_copy page;

			job.scheme = names->pdata[k];
			job.n_level = i;
			job.reprint = TRUE;
			job.stamp_all = TRUE;
			job.swap_even = TRUE;
			ck_assert_msg(page_stamp(&job, document, &page, &error),
				      "%s: %s", job.scheme,
				      error ? error->message : "");
			n += check_new_lines(&page, seen, job.scheme);
			page_clear(&page);
		}
		printf("%s: %u lines\n", (char *)names->pdata[k], n);
		ck_assert_uint_ge(n, 2);
	}
}
END_TEST

/* --- the body and the marks ----------------------------------------------- */

#define COARSE_DPI 150.0

static unsigned n_changed(cairo_surface_t *a, cairo_surface_t *b,
			  const page_ink *area)
{
	unsigned n = 0;

	for (int y = area->top; y < area->bottom; y++)
		for (int x = area->left; x < area->right; x++)
			n += page_grey(a, x, y) != page_grey(b, x, y);
	return n;
}

/* The pixels that a box of A4 covers whole. */
static page_ink inside(const miyin_box *box)
{
	const double px = COARSE_DPI / 72;

	return (page_ink){ (int)ceil(box->x * px) + 1,
			   (int)ceil((A4_H - box->y - box->h) * px) + 1,
			   (int)floor((box->x + box->w) * px) - 1,
			   (int)floor((A4_H - box->y) * px) - 1 };
}

/* What the boxes show does not hang on what the page has there. */
static unsigned compare_boxes(const page_copy *white, const page_copy *black,
			      const char *where)
{
	PopplerDocument *on_white = page_open(white->copy);
	PopplerDocument *on_black = page_open(black->copy);
	unsigned n_boxes = 0;

	for (unsigned i = 0; i < white->order->n_pages; i++) {
		const page_ink middle = { 600, 800, 640, 840 };
		cairo_surface_t *a = page_render(on_white, i, COARSE_DPI);
		cairo_surface_t *b = page_render(on_black, i, COARSE_DPI);
		const miyin_page_class class =
			miyin_order_class(white->order, i);
		miyin_place place;

		ck_assert(miyin_place_page(A4_W, A4_H, white->order->layout,
					   class, i % 2, &place));
		for (unsigned n = 0; n < place.n_lines + place.n_codes; n++) {
			const miyin_box *box =
				n < place.n_lines
					? &place.lines[n]
					: &place.quiet[n - place.n_lines];
			const page_ink area = inside(box);

			if (box->w <= 0)
				continue;
			ck_assert_msg(n_changed(a, b, &area) == 0,
				      "%s, page %u: the body is in box %u",
				      where, i + 1, n);
			n_boxes++;
		}
		if (class != MIYIN_COVER_PAGE)
			ck_assert_uint_gt(n_changed(a, b, &middle), 1000);
		miyin_place_clear(&place);
		cairo_surface_destroy(a);
		cairo_surface_destroy(b);
	}
	g_object_unref(on_white);
	g_object_unref(on_black);
	return n_boxes;
}

/* A page that is black all over, kept as it is. */
START_TEST(nothing_of_the_body_in_a_box)
{
	g_autoptr(GPtrArray) names = page_schemes();
	g_autoptr(GBytes) paper = page_painted(2, A4_W, A4_H, FALSE);
	g_autoptr(GBytes) ink = page_painted(2, A4_W, A4_H, TRUE);
	page_job job = plain;
	unsigned n_boxes = 0;

	job.watermark = TRUE;
	job.reprint = TRUE;
	job.stamp_all = TRUE;
	for (unsigned k = 0; k < names->len; k += SCHEME_STEP) {
		g_autoptr(miyin_scheme) scheme = page_scheme(names->pdata[k]);

		job.scheme = names->pdata[k];
		for (unsigned i = 0; i < scheme->levels->len; i++) {
			page_copy white, black;

			job.n_level = i;
			ck_assert(page_stamp(&job, paper, &white, NULL));
			ck_assert(page_stamp(&job, ink, &black, NULL));
			n_boxes += compare_boxes(&white, &black, job.scheme);
			page_clear(&white);
			page_clear(&black);
		}
	}
	printf("%u boxes\n", n_boxes);
	ck_assert_uint_gt(n_boxes, 0);
}
END_TEST

/* --- an official page ----------------------------------------------------- */

static GBytes *notice(void)
{
	g_autofree char *path =
		g_build_filename(folder, "..", "samples", "notice.pdf", NULL);
	g_autoptr(GError) error = NULL;
	char *bytes;
	gsize length;

	if (!g_file_get_contents(path, &bytes, &length, &error))
		ck_abort_msg("%s: make lab first", error->message);
	return g_bytes_new_take(bytes, length);
}

static const char *const official_levels[] = { "juemi", "jimi", "mimi",
					       "neibu" };

/* Body = keep. The type area is 28 to 184 mm and 37 to 262 mm. */
START_TEST(type_area_is_untouched)
{
	const double px = COARSE_DPI / 25.4;
	const page_ink area = { (int)(28 * px), (int)(37 * px),
				(int)ceil(184 * px), (int)ceil(262 * px) };
	g_autoptr(GBytes) document = notice();
	PopplerDocument *before = page_open(document), *after;
	page_job job = plain;
	page_copy page;

	job.scheme = "cn-gb9704";
	job.level = official_levels[_i / 2];
	job.reprint = _i % 2;
	job.stamp_all = job.reprint;
	ck_assert(page_stamp(&job, document, &page, NULL));
	after = page_open(page.copy);
	for (unsigned i = 0; i < page.order->n_pages; i++) {
		cairo_surface_t *a = page_render(before, i, COARSE_DPI);
		cairo_surface_t *b = page_render(after, i, COARSE_DPI);

		ck_assert_uint_eq(n_changed(a, b, &area), 0);
		ck_assert_uint_gt(
			n_changed(a, b, &(page_ink){ 0, 0, 1240, 200 }), 0);
		cairo_surface_destroy(a);
		cairo_surface_destroy(b);
	}
	g_object_unref(before);
	g_object_unref(after);
	page_clear(&page);
}
END_TEST

/* Body = fit: the same in both directions, and where the shift says. */
START_TEST(body_is_scaled_as_a_whole)
{
	g_autoptr(GBytes) document = notice();
	PopplerDocument *before = page_open(document), *after;
	const miyin_box sheet = { 0, 0, A4_W, A4_H };
	page_job job = plain;
	page_copy page;

	job.scheme = "cn-gb9704";
	job.level = "jimi";
	job.body = MIYIN_BODY_FIT;
	ck_assert(page_stamp(&job, document, &page, NULL));
	after = page_open(page.copy);
	for (unsigned i = 0; i < page.order->n_pages; i++) {
		cairo_surface_t *a = page_render(before, i, COARSE_DPI);
		cairo_surface_t *b = page_render(after, i, COARSE_DPI);
		const miyin_shift *shift =
			&g_array_index(page.sheets->pages, miyin_sheet, i)
				 .shift;
		const miyin_box body = { shift->x, shift->y,
					 A4_W * shift->scale,
					 A4_H * shift->scale };
		page_ink was = page_find_ink(a, sheet, A4_H, COARSE_DPI);
		page_ink is = page_find_ink(b, body, A4_H, COARSE_DPI);
		const double pt = 72 / COARSE_DPI;

		ck_assert_double_gt(shift->scale, 0.88);
		ck_assert_double_eq_tol(is.left * pt,
					shift->x + was.left * pt * shift->scale,
					1);
		ck_assert_double_eq_tol(
			is.right * pt, shift->x + was.right * pt * shift->scale,
			1);
		ck_assert_double_eq_tol(
			A4_H - is.top * pt,
			shift->y + (A4_H - was.top * pt) * shift->scale, 1);
		ck_assert_double_eq_tol(
			A4_H - is.bottom * pt,
			shift->y + (A4_H - was.bottom * pt) * shift->scale, 1);
		cairo_surface_destroy(a);
		cairo_surface_destroy(b);
	}
	g_object_unref(before);
	g_object_unref(after);
	page_clear(&page);
}
END_TEST

/* --- a copy for others to read -------------------------------------------- */

static char **stamp_words; /* SCHEME LEVEL off|on IN OUT [HOLDER] */

START_TEST(stamp_file)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) document = NULL;
	page_job job = plain;
	page_copy page;
	char *bytes;
	gsize length;

	job.scheme = stamp_words[0];
	job.level = stamp_words[1];
	job.watermark = g_str_equal(stamp_words[2], "on");
	job.specimen = g_getenv("SPECIMEN") != NULL;
	job.swap_even = TRUE;
	if (stamp_words[5])
		job.words.holder = stamp_words[5];
	if (!g_file_get_contents(stamp_words[3], &bytes, &length, &error))
		ck_abort_msg("%s", error->message);
	document = g_bytes_new_take(bytes, length);
	if (!page_stamp(&job, document, &page, &error) ||
	    !g_file_set_contents(stamp_words[4],
				 g_bytes_get_data(page.copy, NULL),
				 g_bytes_get_size(page.copy), &error))
		ck_abort_msg("%s", error->message);
	page_clear(&page);
}
END_TEST

int main(int argc, char **argv)
{
	Suite *suite = suite_create("layout");
	TCase *tcase = tcase_create("layout");
	SRunner *runner;
	int n_failed;

	folder = g_path_get_dirname(argv[0]);
	tcase_set_timeout(tcase, 120);
	if (argc >= 7 && g_str_equal(argv[1], "stamp")) {
		stamp_words = argv + 2;
		tcase_add_test(tcase, stamp_file);
	} else {
		tcase_add_test(tcase, lines_stand_where_the_scheme_says);
		tcase_add_test(tcase, nothing_of_the_body_in_a_box);
		tcase_add_loop_test(tcase, type_area_is_untouched, 0,
				    2 * G_N_ELEMENTS(official_levels));
		tcase_add_test(tcase, body_is_scaled_as_a_whole);
	}
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	g_free(folder);
	return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
