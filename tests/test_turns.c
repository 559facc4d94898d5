/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How far layout turned pages, and pictures the way people mean them. */
#include "filter/collect/bare.h"
#include "filter/collect/pages.h"
#include "filter/collect/image.h"
#include <miyin/memfile.h>
#include <miyin/refusal.h>

#include <check.h>
#include <glib/gstdio.h>
#include <leptonica/allheaders.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- bare pages --------------------------------------------------------- */

#define A4 "/MediaBox[0 0 595 842]"
#define A4_WIDE "/MediaBox[0 0 842 595]"

static const struct {
	const char *name, *page;
	gboolean turns, drawn;
} pages[] = {
	{ "upright", A4, FALSE, FALSE },
	{ "upright, but layout may turn it", A4, TRUE, TRUE },
	{ "wide", A4_WIDE, FALSE, TRUE },
	{ "wide by its turn", A4 "/Rotate 90", FALSE, TRUE },
	{ "upright by its turn", A4_WIDE "/Rotate 270", FALSE, FALSE },
	{ "upside down", A4 "/Rotate 180", TRUE, TRUE },
	{ "turned to the left", A4 "/Rotate -90", TRUE, TRUE },
	{ "cropped", A4 "/CropBox[300 100 500 700]", TRUE, TRUE },
	{ "cropped to a wide one", A4 "/CropBox[100 400 500 500]", FALSE,
	  TRUE },
	{ "away from the origin", "/MediaBox[-900 500 -100 900]", TRUE, TRUE },
	{ "square", "/MediaBox[0 0 400 400]", TRUE, TRUE },
	{ "in other units", A4_WIDE "/UserUnit 2", TRUE, TRUE },
	{ "of a box that is none", "/MediaBox[0 0 0 0]", TRUE, TRUE },
};

/* As many of one kind as there are kids. */
static int new_pdf(const char *page)
{
	g_autofree char *text = g_strdup_printf(
		"%%PDF-1.6\n1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj\n"
		"2 0 obj <</Type/Pages/Count 2/Kids[3 0 R 4 0 R]>> endobj\n"
		"3 0 obj <</Type/Page/Parent 2 0 R%s>> endobj\n"
		"4 0 obj <</Type/Page/Parent 2 0 R%s>> endobj\n"
		"trailer <</Root 1 0 R>>\n",
		page, page);
	int fd = miyin_memfile_new("pdf", NULL);

	ck_assert(miyin_memfile_write(fd, text, strlen(text), NULL));
	return fd;
}

/* What Poppler paints of it. */
static GBytes *paint(int pdf)
{
	g_autofree char *command =
		g_strdup_printf("pdftoppm -gray -scale-to 128 - < "
				"/proc/%d/fd/%d",
				getpid(), pdf);
	FILE *pipe = popen(command, "r");
	g_autoptr(GByteArray) all = g_byte_array_new();
	guint8 part[4096];
	size_t n;

	ck_assert_ptr_nonnull(pipe);
	while ((n = fread(part, 1, sizeof(part), pipe)) > 0)
		g_byte_array_append(all, part, n);
	pclose(pipe);
	return g_byte_array_free_to_bytes(g_steal_pointer(&all));
}

/* Not laid out, all stand as their stripes do. */
START_TEST(bare_pages_are_drawn)
{
	int pdf = new_pdf(pages[_i].page);
	g_autoptr(GBytes) pictures = NULL;
	g_autofree char *turns = NULL;
	miyin_counted counted;

	ck_assert(miyin_pages_count(pdf, 10, pages[_i].turns, &counted, NULL));
	ck_assert_uint_eq(counted.n_pages, 2);
	ck_assert_msg((counted.bare >= 0) == pages[_i].drawn, "%s",
		      pages[_i].name);
	close(pdf);
	if (counted.bare < 0)
		return;
	pictures = paint(counted.bare);
	turns = miyin_bare_read(pictures);
	ck_assert_msg(g_str_equal(turns, "00"), "%s: %s", pages[_i].name,
		      turns);
	close(counted.bare);
}
END_TEST

START_TEST(too_many_pages_are_not_drawn)
{
	int pdf = new_pdf(A4_WIDE);
	miyin_counted counted;

	ck_assert(miyin_pages_count(pdf, 1, TRUE, &counted, NULL));
	ck_assert_uint_eq(counted.n_pages, 2);
	ck_assert_int_eq(counted.bare, -1);
	close(pdf);
}
END_TEST

/* A picture of stripes that was turned back by so many quarters. */
static void append_picture(GString *to, unsigned turn)
{
	const int w = turn % 2 ? 48 : 32, h = turn % 2 ? 32 : 48;

	g_string_append_printf(to, "P5\n%d %d\n255\n", w, h);
	for (int y = 0; y < h; y++)
		for (int x = 0; x < w; x++) {
			const int rows[] = { y, x, h - 1 - y, w - 1 - x };

			g_string_append_c(
				to, (char)miyin_bare_grey(rows[turn], 48));
		}
}

START_TEST(turns_are_read)
{
	g_autoptr(GString) text = g_string_new(NULL);
	g_autoptr(GBytes) pictures = NULL;
	g_autofree char *turns = NULL;

	for (unsigned i = 0; i < 4; i++)
		append_picture(text, i);
	g_string_append(text, "P5\n2 2\n255\n\xff\xff\xff\xff");
	pictures = g_bytes_new(text->str, text->len);
	turns = miyin_bare_read(pictures);
	ck_assert_str_eq(turns, "01230");
}
END_TEST

static const char *const no_pictures[] = {
	"",
	"P5",
	"P5\n",
	"P6\n1 1\n255\nx",
	"P5\n0 1\n255\n",
	"P5\n-1 1\n255\n",
	"P5\n99999 1\n255\n",
	"P5\n2 2\n255\nabc",
	"P5\n1 1\n65535\nab",
};

START_TEST(no_picture_has_no_turn)
{
	g_autoptr(GBytes) pictures =
		g_bytes_new_static(no_pictures[_i], strlen(no_pictures[_i]));
	g_autofree char *turns = miyin_bare_read(pictures);

	ck_assert_str_eq(turns, "");
}
END_TEST

/* ---- pictures ----------------------------------------------------------- */

#define WIDE 96
#define HIGH 64

/* Black in its upper left corner, on white. */
static PIX *new_picture(void)
{
	PIX *pix = pixCreate(WIDE, HIGH, 8);

	pixSetAll(pix);
	for (int y = 0; y < 24; y++)
		for (int x = 0; x < 24; x++)
			pixSetPixel(pix, x, y, 0);
	pixSetResolution(pix, 100, 50);
	return pix;
}

static guint32 grey_at(PIX *pix, int x, int y)
{
	PIX *grey = pixConvertTo8(pix, FALSE);
	l_uint32 value = 0;

	pixGetPixel(grey, x, y, &value);
	pixDestroy(&grey);
	return value;
}

static PIX *read_flat(const miyin_image *picture)
{
	g_autoptr(GBytes) bytes = miyin_memfile_map(picture->flat, NULL);
	PIX *pix;

	ck_assert_ptr_nonnull(bytes);
	pix = pixReadMem(g_bytes_get_data(bytes, NULL),
			 g_bytes_get_size(bytes));
	ck_assert_ptr_nonnull(pix);
	return pix;
}

/* take_bytes: of Leptonica. */
static int new_file(const l_uint8 *head, gsize head_length, l_uint8 *take_bytes,
		    size_t length)
{
	int fd = miyin_memfile_new("picture", NULL);

	ck_assert(miyin_memfile_write(fd, head, head_length, NULL));
	ck_assert(miyin_memfile_write(fd, take_bytes, length, NULL));
	lept_free(take_bytes);
	return fd;
}

/* A JPEG as a camera that was held some way stores it: what EXIF calls the way
 * rights it. */
static int new_photo(unsigned way)
{
	const l_uint8 head[] = {
		0xff, 0xd8, 0xff, 0xe1, 0,   34,  'E',	'x',
		'i',  'f',  0,	  0,	'M', 'M', 0,	42,
		0,    0,    0,	  8,	0,   1,	  0x01, 0x12,
		0,    3,    0,	  0,	0,   1,	  0,	(l_uint8)way,
		0,    0,    0,	  0,	0,   0,
	};
	PIX *pix = new_picture(), *stored = NULL;
	l_uint8 *bytes = NULL;
	size_t length = 0;
	int fd;

	/* The eight as the standard words them: where its first row and its
	 * first column are seen. */
	if (way == 2 || way == 4 || way == 5 || way == 7)
		stored = pixFlipLR(NULL, pix);
	else
		stored = pixCopy(NULL, pix);
	pixDestroy(&pix);
	/* Turned back. */
	pix = pixRotateOrth(stored, way == 3 || way == 4   ? 2
				    : way == 6 || way == 5 ? 3
				    : way == 8 || way == 7 ? 1
							   : 0);
	pixDestroy(&stored);
	ck_assert_int_eq(pixWriteMemJpeg(&bytes, &length, pix, 90, 0), 0);
	pixDestroy(&pix);
	/* Its own two first bytes are in the head. */
	memmove(bytes, bytes + 2, length - 2);
	fd = new_file(head, sizeof(head), bytes, length - 2);
	return fd;
}

static const miyin_budget budget = {
	.temporary_mib = 64, .memory_mib = 1024, .pages = 10, .seconds = 60
};

START_TEST(photos_are_righted)
{
	const unsigned way = (unsigned)_i;
	int file = new_photo(way);
	miyin_image picture;
	PIX *pix;

	ck_assert(miyin_image_read(file, 0, &budget, &picture, NULL));
	ck_assert_int_ge(picture.bare, 0);
	ck_assert(picture.wide);
	ck_assert(!picture.more);
	ck_assert_msg((picture.flat >= 0) == (way != 1), "way %u", way);
	if (picture.flat >= 0) {
		pix = read_flat(&picture);
		ck_assert_int_eq(pixGetWidth(pix), WIDE);
		ck_assert_int_eq(pixGetHeight(pix), HIGH);
		ck_assert_uint_lt(grey_at(pix, 8, 8), 64);
		ck_assert_uint_gt(grey_at(pix, WIDE - 8, 8), 192);
		ck_assert_uint_gt(grey_at(pix, 8, HIGH - 8), 192);
		ck_assert_uint_gt(grey_at(pix, WIDE - 8, HIGH - 8), 192);
		pixDestroy(&pix);
	}
	miyin_image_clear(&picture);
	close(file);
}
END_TEST

/* Black that is not there at all, half and wholly. */
START_TEST(nothing_is_white)
{
	PIX *pix = pixCreate(WIDE, HIGH, 32), *seen;
	l_uint8 *bytes = NULL;
	size_t length = 0;
	miyin_image picture;
	int file;

	pixSetSpp(pix, 4);
	for (int y = 0; y < HIGH; y++)
		for (int x = 0; x < WIDE; x++)
			pixSetPixel(pix, x, y, x < 32 ? 0 : x < 64 ? 128 : 255);
	pixSetResolution(pix, 200, 200);
	ck_assert_int_eq(pixWriteMemPng(&bytes, &length, pix, 0), 0);
	pixDestroy(&pix);
	file = new_file(NULL, 0, bytes, length);
	ck_assert(miyin_image_read(file, 0, &budget, &picture, NULL));
	ck_assert_int_ge(picture.flat, 0);
	seen = read_flat(&picture);
	ck_assert_uint_eq(grey_at(seen, 16, 32), 255);
	ck_assert_int_le(abs((int)grey_at(seen, 48, 32) - 127), 2);
	ck_assert_uint_eq(grey_at(seen, 80, 32), 0);
	ck_assert_int_eq(pixGetXRes(seen), 200);
	pixDestroy(&seen);
	miyin_image_clear(&picture);
	close(file);
}
END_TEST

/* Each page of a TIFF, and its own resolution. */
START_TEST(all_pages_of_a_tiff)
{
	g_autofree char *path = g_strdup("turns-XXXXXX");
	g_autofree char *bytes = NULL;
	int file = g_mkstemp(path);
	miyin_image picture = { .more = TRUE };
	unsigned n = 0;
	gsize length;

	close(file);
	for (int i = 0; i < 3; i++) {
		PIX *pix = new_picture();

		ck_assert_int_eq(pixWriteTiff(path, pix, IFF_TIFF_LZW,
					      i == 0 ? "w" : "a"),
				 0);
		pixDestroy(&pix);
	}
	ck_assert(g_file_get_contents(path, &bytes, &length, NULL));
	g_unlink(path);
	file = miyin_memfile_new("picture", NULL);
	ck_assert(miyin_memfile_write(file, bytes, length, NULL));
	for (; picture.more; n++) {
		PIX *pix;

		ck_assert(miyin_image_read(file, n, &budget, &picture, NULL));
		ck_assert_int_ge(picture.flat, 0);
		pix = read_flat(&picture);
		ck_assert_int_eq(pixGetXRes(pix), 100);
		ck_assert_int_eq(pixGetYRes(pix), 50);
		pixDestroy(&pix);
		miyin_image_clear(&picture);
	}
	ck_assert_uint_eq(n, 3);
	close(file);
}
END_TEST

/* High in pixels, wide on paper; and of a kind that imagetopdf refuses. */
START_TEST(a_wide_tiff_of_16_bits)
{
	PIX *pix = pixCreate(HIGH, WIDE, 16), *seen;
	l_uint8 *bytes = NULL;
	size_t length = 0;
	miyin_image picture;
	int file;

	pixSetAll(pix);
	pixSetResolution(pix, 100, 300);
	ck_assert_int_eq(pixWriteMemTiff(&bytes, &length, pix, IFF_TIFF), 0);
	pixDestroy(&pix);
	file = new_file(NULL, 0, bytes, length);
	ck_assert(miyin_image_read(file, 0, &budget, &picture, NULL));
	ck_assert(picture.wide);
	ck_assert_int_ge(picture.flat, 0);
	seen = read_flat(&picture);
	ck_assert_int_eq(pixGetDepth(seen), 8);
	ck_assert_uint_eq(grey_at(seen, 9, 9), 255);
	pixDestroy(&seen);
	miyin_image_clear(&picture);
	close(file);
}
END_TEST

/* What Leptonica does not know is for imagetopdf; a page that ends is not. */
START_TEST(unknown_pictures)
{
	const char sgi[] = "\x01\xda no picture of Leptonica's";
	int file = miyin_memfile_new("picture", NULL);
	g_autoptr(GError) error = NULL;
	miyin_image picture;

	ck_assert(miyin_memfile_write(file, sgi, sizeof(sgi), NULL));
	ck_assert(miyin_image_read(file, 0, &budget, &picture, NULL));
	ck_assert_int_eq(picture.flat, -1);
	ck_assert_int_eq(picture.bare, -1);
	ck_assert(!picture.more);
	ck_assert(!miyin_image_read(file, 1, &budget, &picture, &error));
	ck_assert(g_error_matches(error, MIYIN_REFUSAL, MIYIN_REFUSAL_DAMAGED));
	close(file);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("turns");
	TCase *tcase = tcase_create("turns");
	SRunner *runner;
	int failed;

	tcase_add_loop_test(tcase, bare_pages_are_drawn, 0,
			    G_N_ELEMENTS(pages));
	tcase_add_test(tcase, too_many_pages_are_not_drawn);
	tcase_add_test(tcase, turns_are_read);
	tcase_add_loop_test(tcase, no_picture_has_no_turn, 0,
			    G_N_ELEMENTS(no_pictures));
	tcase_add_loop_test(tcase, photos_are_righted, 1, 9);
	tcase_add_test(tcase, nothing_is_white);
	tcase_add_test(tcase, all_pages_of_a_tiff);
	tcase_add_test(tcase, a_wide_tiff_of_16_bits);
	tcase_add_test(tcase, unknown_pictures);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
