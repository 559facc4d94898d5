/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The watermark on 1-bit printers, on dark pages and in photographs of a part
 * of the page. Pages are compared with the same ones without it, or with
 * another holder.
 */
#include "layout-page.h"
#include "filter/mark/shown.h"
#include <stdio.h>
#include <stdlib.h>

#define A4_W PT(210)
#define A4_H PT(297)

static char *folder; /* of this program */

static const page_job plain = {
	.scheme = "cn-gb9704",
	.level = "jimi",
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
	.watermark = TRUE,
};

static GBytes *stamp(const page_job *job, GBytes *document)
{
	g_autoptr(GError) error = NULL;
	page_copy page;
	GBytes *copy;

	ck_assert_msg(page_stamp(job, document, &page, &error), "%s",
		      error ? error->message : "");
	copy = g_bytes_ref(page.copy);
	page_clear(&page);
	return copy;
}

static cairo_surface_t *render(GBytes *copy, double dpi)
{
	PopplerDocument *pdf = page_open(copy);
	cairo_surface_t *surface = page_render(pdf, 0, dpi);

	g_object_unref(pdf);
	return surface;
}

/* --- 1 bit ---------------------------------------------------------------- */

/* The part of the page that is compared: some lines of the official sample,
 * from the sheet's upper left corner. */
#define LEFT_PT 72
#define TOP_PT 360
#define WIDE_PT 432
#define HIGH_PT 216

typedef struct {
	int width_px, height_px;
	const guint8 *rows; /* 1 is black */
	char *file;
} bitmap;

static gboolean is_black(const bitmap *b, int x, int y)
{
	gsize stride = (b->width_px + 7) / 8;

	return b->rows[y * stride + x / 8] >> (7 - x % 8) & 1;
}

/* A portable bitmap, P4, whose comments Ghostscript writes. */
static void read_bitmap(char *take_file, gsize length, bitmap *b)
{
	const char *at = take_file + strlen("P4\n");

	ck_assert(length > 3 && g_str_has_prefix(take_file, "P4\n"));
	while (*at == '#')
		at = strchr(at, '\n') + 1;
	ck_assert_int_eq(sscanf(at, "%d %d", &b->width_px, &b->height_px), 2);
	b->rows = (const guint8 *)strchr(at, '\n') + 1;
	b->file = take_file;
	ck_assert_uint_eq(length - ((const char *)b->rows - take_file),
			  (gsize)(b->width_px + 7) / 8 * b->height_px);
}

#define THRESHOLD                                                              \
	"<</HalftoneType 3/Width 1/Height 1/Thresholds<80>>>"                  \
	"sethalftone "

static const struct {
	const char *what;
	const char *halftone; /* of Ghostscript; NULL: Poppler prints */
	int dpi;
} printers[] = {
	{ "Poppler's dither", NULL, 300 },
	{ "Poppler's dither, fine", NULL, 600 },
	{ "Ghostscript's halftone", "", 300 },
	{ "Ghostscript's halftone, fine", "", 600 },
	{ "black or white", THRESHOLD, 300 },
	{ "black or white, fine", THRESHOLD, 600 },
};

/* Into OUT.pbm. */
static char *command_of(int n, const char *pdf, const char *out)
{
	int dpi = printers[n].dpi;
	int w = WIDE_PT * dpi / 72, h = HIGH_PT * dpi / 72;

	if (!printers[n].halftone)
		return g_strdup_printf("pdftoppm -mono -singlefile -f 1 -r %d "
				       "-x %d -y %d -W %d -H %d %s %s",
				       dpi, LEFT_PT * dpi / 72,
				       TOP_PT * dpi / 72, w, h, pdf, out);
	return g_strdup_printf(
		"gs -q -dSAFER -dBATCH -dNOPAUSE -sDEVICE=pbmraw -dLastPage=1 "
		"-r%d -g%dx%d -o %s.pbm -c '<</Install{%s-%d -%d translate}>>"
		"setpagedevice' -f %s",
		dpi, w, h, out, printers[n].halftone, LEFT_PT,
		842 - TOP_PT - HIGH_PT, pdf);
}

static void print(int n, GBytes *copy, bitmap *b)
{
	g_autofree char *dir = g_dir_make_tmp("miyin-test-XXXXXX", NULL);
	g_autofree char *pdf = g_build_filename(dir, "copy.pdf", NULL);
	g_autofree char *out = g_build_filename(dir, "page", NULL);
	g_autofree char *pbm = g_strconcat(out, ".pbm", NULL);
	g_autofree char *command = command_of(n, pdf, out);
	char *file;
	gsize length;
	int status;

	ck_assert(g_file_set_contents(pdf, g_bytes_get_data(copy, NULL),
				      g_bytes_get_size(copy), NULL));
	ck_assert(
		g_spawn_command_line_sync(command, NULL, NULL, &status, NULL));
	ck_assert_int_eq(status, 0);
	ck_assert(g_file_get_contents(pbm, &file, &length, NULL));
	read_bitmap(file, length, b);
	unlink(pdf);
	unlink(pbm);
	rmdir(dir);
}

/* Square points of ink, by a reader of 256 greys. */
static double ink_of_watermark(GBytes *with, GBytes *without)
{
	const double dpi = 150, px = dpi / 72;
	cairo_surface_t *a = render(with, dpi), *b = render(without, dpi);
	double sum = 0;

	for (int y = (int)(TOP_PT * px); y < (TOP_PT + HIGH_PT) * px; y++)
		for (int x = (int)(LEFT_PT * px); x < (LEFT_PT + WIDE_PT) * px;
		     x++)
			sum += MAX(0, page_grey(b, x, y) - page_grey(a, x, y));
	cairo_surface_destroy(a);
	cairo_surface_destroy(b);
	return sum / 255 / px / px;
}

/* As much of it as there should be, and the text under it stays. */
START_TEST(stays_on_one_bit)
{
	g_autofree char *path =
		g_build_filename(folder, "..", "samples", "notice.pdf", NULL);
	g_autoptr(GBytes) document = NULL, with = NULL, without = NULL;
	page_job job = plain;
	bitmap a, b;
	char *bytes;
	gsize length;
	double ink, px = printers[_i].dpi / 72.0;
	unsigned n_more = 0, n_less = 0, n_text = 0;

	if (!g_file_get_contents(path, &bytes, &length, NULL))
		ck_abort_msg("%s: make lab first", path);
	document = g_bytes_new_take(bytes, length);
	with = stamp(&job, document);
	job.watermark = FALSE;
	without = stamp(&job, document);
	print(_i, with, &a);
	print(_i, without, &b);
	for (int y = 0; y < b.height_px; y++)
		for (int x = 0; x < b.width_px; x++) {
			n_more += is_black(&a, x, y) && !is_black(&b, x, y);
			n_less += !is_black(&a, x, y) && is_black(&b, x, y);
			n_text += is_black(&b, x, y);
		}
	ink = ink_of_watermark(with, without);
	printf("%s, %d dpi: %.0f pt² of %.0f; %.1f %% of the text lost\n",
	       printers[_i].what, printers[_i].dpi, n_more / px / px, ink,
	       100.0 * n_less / n_text);
	ck_assert_double_gt(ink, 100);
	ck_assert_double_gt(n_more / px / px, 0.6 * ink);
	ck_assert_double_lt(n_more / px / px, 6 * ink);
	ck_assert_uint_gt(n_text, 1000);
	ck_assert_uint_lt(n_less, n_text * 0.02);
	g_free(a.file);
	g_free(b.file);
}
END_TEST

/* --- a part of the page --------------------------------------------------- */

/* How many pixels differ in each part of the page, as a share of those that
 * one name makes up: a page of no holder is compared with one of this. */
static double least_names(const int *per_line, int n_lines, int n_part,
			  double one_name)
{
	double least = G_MAXDOUBLE;
	int sum = 0;

	for (int i = 0; i < n_lines; i++) {
		sum += per_line[i];
		if (i >= n_part)
			sum -= per_line[i - n_part];
		if (i >= n_part - 1)
			least = MIN(least, sum / one_name);
	}
	return least;
}

static void count_differences(cairo_surface_t *a, cairo_surface_t *b,
			      int *per_row, int *per_column, int *all)
{
	int w = cairo_image_surface_get_width(a);
	int h = cairo_image_surface_get_height(a);

	/* Neither head nor foot, where the holder stands in a line. */
	for (int y = h / 8; y < h * 7 / 8; y++)
		for (int x = 0; x < w; x++) {
			int differs = abs(page_grey(a, x, y) -
					  page_grey(b, x, y)) > 32;

			per_row[y] += differs;
			per_column[x] += differs;
			*all += differs;
		}
}

START_TEST(any_third_shows_the_holder)
{
	const double dpi = 150;
	g_autoptr(GBytes) document = page_document(1, A4_W, A4_H);
	g_autoptr(GBytes) with = NULL, without = NULL;
	page_job job = plain;
	cairo_surface_t *a, *b;
	int w, h, all = 0;
	g_autofree int *rows = NULL, *columns = NULL;
	double one_name;

	job.level = "juemi";
	with = stamp(&job, document);
	job.words.holder = " ";
	without = stamp(&job, document);
	a = render(with, dpi);
	b = render(without, dpi);
	w = cairo_image_surface_get_width(a);
	h = cairo_image_surface_get_height(a);
	rows = g_new0(int, h);
	columns = g_new0(int, w);
	count_differences(a, b, rows, columns, &all);
	/* A name stands on each 72 x 46 mm. */
	one_name = all / (210 * 297 * 0.75 / (72 * 46));
	printf("least in a third: %.1f names across, %.1f down\n",
	       least_names(rows + h / 8, h * 3 / 4, h / 3, one_name),
	       least_names(columns, w, w / 3, one_name));
	ck_assert_double_gt(one_name, 50);
	ck_assert_double_ge(
		least_names(rows + h / 8, h * 3 / 4, h / 3, one_name), 2);
	ck_assert_double_ge(least_names(columns, w, w / 3, one_name), 2);
	cairo_surface_destroy(a);
	cairo_surface_destroy(b);
}
END_TEST

/* --- a dark page ---------------------------------------------------------- */

static GBytes *dark_page(void)
{
	GByteArray *pdf = g_byte_array_new();
	cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(
		page_append, pdf, A4_W, A4_H);
	cairo_t *cr = cairo_create(surface);

	cairo_paint(cr); /* black */
	cairo_destroy(cr);
	cairo_surface_finish(surface);
	cairo_surface_destroy(surface);
	return g_byte_array_free_to_bytes(pdf);
}

START_TEST(shows_on_black)
{
	g_autoptr(GBytes) document = dark_page();
	page_job job = plain;
	cairo_surface_t *surface;
	int n[2] = { 0, 0 };

	for (int k = 0; k < 2; k++) {
		g_autoptr(GBytes) page = NULL;

		job.watermark = k;
		page = stamp(&job, document);
		surface = render(page, 300);
		for (int y = 1400; y < 2000; y++)
			for (int x = 400; x < 2000; x++)
				n[k] += page_grey(surface, x, y) > 128;
		cairo_surface_destroy(surface);
	}
	ck_assert_int_eq(n[0], 0);
	ck_assert_int_gt(n[1], 300);
}
END_TEST

/* --- no memory -------------------------------------------------------------- */

/* No pixel is looked at that is not there. */
START_TEST(a_page_that_is_not_painted_shows_nothing)
{
	const miyin_shown none = {
		.dpi = MIYIN_SHOWN_DPI,
		.view = { 0, 0, A4_W, A4_H },
		.surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, 0, 0),
	};
	const miyin_box box = { 100, 100, 60, 60 };
	const miyin_pixels in = miyin_shown_pixels(&none, box, 0);

	ck_assert_int_eq(in.right - in.left, 0);
	ck_assert_int_eq(in.bottom - in.top, 0);
	ck_assert(!miyin_shown_holds(&none, 0, 0, 1));
	cairo_surface_destroy(none.surface);
}
END_TEST

int main(int argc, char **argv)
{
	Suite *suite = suite_create("watermark");
	TCase *tcase = tcase_create("watermark");
	SRunner *runner;
	int n_failed;

	(void)argc;
	folder = g_path_get_dirname(argv[0]);
	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase, stays_on_one_bit, 0, G_N_ELEMENTS(printers));
	tcase_add_test(tcase, any_third_shows_the_holder);
	tcase_add_test(tcase, shows_on_black);
	tcase_add_test(tcase, a_page_that_is_not_painted_shows_nothing);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	g_free(folder);
	return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
