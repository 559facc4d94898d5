/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Scans are made here: an A4 sheet of text-like bars at 300 dpi with a 17 mm
 * code of 29 modules in two corners, then what befalls paper.
 */
#include <check.h>
#include <math.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cairo-pdf.h>
#include <leptonica/allheaders.h>
#include <qrencode.h>

#include <miyin/error.h>
#include <miyin/keys.h>
#include <miyin/payload.h>
#include <miyin/trace.h>
#include "trace/traced.h"

#define DPI 300
#define WIDTH_PX 2480 /* A4 */
#define HEIGHT_PX 3508
#define CODE_PX 201  /* 17 mm */
#define FRAME_PX 150 /* from the edge of the sheet to a code */
#define MODULES 29
#define FOREIGN "https://example.org/menu"

static char *folder; /* of this test's files */

static void make_folder(void)
{
	folder = g_dir_make_tmp("test_trace-XXXXXX", NULL);
	ck_assert_ptr_nonnull(folder);
	setMsgSeverity(L_SEVERITY_NONE);
}

static void remove_folder(void)
{
	g_autoptr(GDir) names = g_dir_open(folder, 0, NULL);
	const char *name;

	while ((name = g_dir_read_name(names))) {
		g_autofree char *path = g_build_filename(folder, name, NULL);

		g_unlink(path);
	}
	g_rmdir(folder);
	g_clear_pointer(&folder, g_free);
}

static char *path_of(const char *name)
{
	return g_build_filename(folder, name, NULL);
}

/* --- drawing ------------------------------------------------------------- */

/* In this process, for errors to be seen where they are. */
static miyin_traced *trace_file(const char *path, GError **error)
{
	int severity = setMsgSeverity(L_SEVERITY_NONE);
	g_autoptr(miyin_picture) picture =
		miyin_picture_open(fopen(path, "rbe"), path, error);
	miyin_traced *traced =
		picture ? miyin_trace_picture(picture, error) : NULL;

	setMsgSeverity(severity);
	return traced;
}

static char *payload_of(unsigned page)
{
	miyin_payload payload = {
		.copy_id = 0x123456789a, .page = page, .pages = 3, .site = 42
	};
	g_autoptr(miyin_keys) keys = miyin_keys_specimen();
	char text[MIYIN_PAYLOAD_LENGTH + 1];

	payload.key_id = miyin_keys_current(keys);
	ck_assert(miyin_payload_format(&payload, keys, text, NULL));
	return g_strdup(text);
}

static QRcode *encode(const char *text)
{
	QRcode *code = QRcode_encodeString(text, 3, QR_ECLEVEL_H, QR_MODE_8, 1);

	if (code && code->width == MODULES)
		return code;
	QRcode_free(code); /* longer than ours */
	return QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
}

static void draw_code(PIX *sheet, int left_px, int top_px, const char *text)
{
	QRcode *code = encode(text);

	pixRasterop(sheet, left_px - 28, top_px - 28, CODE_PX + 56,
		    CODE_PX + 56, PIX_SET, NULL, 0, 0);
	for (int y = 0; y < CODE_PX; y++) {
		for (int x = 0; x < CODE_PX; x++) {
			int at = y * code->width / CODE_PX * code->width +
				 x * code->width / CODE_PX;

			if (code->data[at] & 1)
				pixSetPixel(sheet, left_px + x, top_px + y, 0);
		}
	}
	QRcode_free(code);
}

static void draw_words(PIX *sheet)
{
	g_autoptr(GRand) dice = g_rand_new_with_seed(1);

	for (int y = 250; y < HEIGHT_PX - 250; y += 60) {
		for (int x = 250; x < WIDTH_PX - 300;) {
			int width_px = g_rand_int_range(dice, 3, 40);

			pixRasterop(sheet, x, y, width_px,
				    g_rand_int_range(dice, 8, 36), PIX_CLR,
				    NULL, 0, 0);
			x += width_px + g_rand_int_range(dice, 3, 24);
		}
	}
}

static PIX *draw_empty(void)
{
	PIX *sheet = pixCreate(WIDTH_PX, HEIGHT_PX, 8);

	pixSetAll(sheet);
	pixSetResolution(sheet, DPI, DPI);
	draw_words(sheet);
	return sheet;
}

/* The codes as they stand on paper: upper right and lower left. */
static PIX *draw_sheet(const char *text)
{
	PIX *sheet = draw_empty();

	draw_code(sheet, WIDTH_PX - FRAME_PX - CODE_PX, FRAME_PX, text);
	draw_code(sheet, FRAME_PX, HEIGHT_PX - FRAME_PX - CODE_PX, text);
	return sheet;
}

/* --- what befalls paper -------------------------------------------------- */

static PIX *keep(PIX *sheet)
{
	return pixClone(sheet);
}

static PIX *turn_right(PIX *sheet)
{
	return pixRotate90(sheet, 1);
}

static PIX *turn_over_head(PIX *sheet)
{
	return pixRotate180(NULL, sheet);
}

static PIX *turn_left(PIX *sheet)
{
	return pixRotate90(sheet, -1);
}

static PIX *turn(PIX *sheet, double degrees)
{
	return pixRotate(sheet, (float)(degrees * G_PI / 180),
			 L_ROTATE_AREA_MAP, L_BRING_IN_WHITE, WIDTH_PX,
			 HEIGHT_PX);
}

static PIX *turn_37(PIX *sheet)
{
	return turn(sheet, 37);
}

static PIX *scan_150_dpi(PIX *sheet)
{
	return pixScaleAreaMap(sheet, 0.5f, 0.5f);
}

static PIX *scan_100_dpi(PIX *sheet)
{
	return pixScaleAreaMap(sheet, 1 / 3.0f, 1 / 3.0f);
}

static PIX *scan_600_dpi(PIX *sheet)
{
	return pixScale(sheet, 2, 2);
}

/* Tones from 130 to 180, as a pale copy on recycled paper. */
static PIX *fade(PIX *sheet)
{
	PIX *pale = pixCopy(NULL, sheet);

	pixMultConstantGray(pale, 0.2f);
	pixAddConstantGray(pale, 130);
	return pale;
}

static PIX *invert(PIX *sheet)
{
	return pixInvert(NULL, sheet);
}

static PIX *mirror(PIX *sheet)
{
	return pixFlipLR(NULL, sheet);
}

static PIX *cover_upper(PIX *sheet)
{
	PIX *covered = pixCopy(NULL, sheet);

	pixRasterop(covered, WIDTH_PX - 400, 0, 400, 300, PIX_CLR, NULL, 0, 0);
	return covered;
}

static PIX *tear_off_lower(PIX *sheet)
{
	g_autofree BOX *upper = boxCreate(0, 0, WIDTH_PX, HEIGHT_PX / 2);

	return pixClipRectangle(sheet, upper, NULL);
}

/* Coffee: one code lies half inside a ring's dark disc. */
static PIX *stain_upper(PIX *sheet)
{
	PIX *stained = pixCopy(NULL, sheet);
	const int radius_px = 130;

	for (int y = -radius_px; y <= radius_px; y++) {
		for (int x = -radius_px; x <= radius_px; x++) {
			int at_x = WIDTH_PX - FRAME_PX - CODE_PX + x;
			int at_y = FRAME_PX + CODE_PX / 2 + y;
			guint32 tone;

			if (x * x + y * y > radius_px * radius_px)
				continue;
			pixGetPixel(stained, at_x, at_y, &tone);
			pixSetPixel(stained, at_x, at_y, tone * 45 / 100);
		}
	}
	return stained;
}

static PIX *shade(PIX *sheet)
{
	PIX *dim = pixCopy(NULL, sheet);

	for (int y = 0; y < HEIGHT_PX; y++) {
		for (int x = 0; x < WIDTH_PX; x++) {
			guint32 tone;

			pixGetPixel(dim, x, y, &tone);
			pixSetPixel(dim, x, y,
				    (tone + 20) * (60 + 180 * x / WIDTH_PX) /
					    275);
		}
	}
	return dim;
}

/* --- files --------------------------------------------------------------- */

static void save(PIX *sheet, const char *path, int format)
{
	FILE *file = fopen(path, "wb");

	ck_assert_ptr_nonnull(file);
	ck_assert_int_eq(pixWriteStream(file, sheet, format), 0);
	ck_assert_int_eq(fclose(file), 0);
}

static void save_png(PIX *sheet, const char *path)
{
	save(sheet, path, IFF_PNG);
}

static void save_jpeg_30(PIX *sheet, const char *path)
{
	FILE *file = fopen(path, "wb");

	ck_assert_int_eq(pixWriteStreamJpeg(file, sheet, 30, 0), 0);
	ck_assert_int_eq(fclose(file), 0);
}

static void save_pnm(PIX *sheet, const char *path)
{
	save(sheet, path, IFF_PNM);
}

static void save_webp(PIX *sheet, const char *path)
{
	save(sheet, path, IFF_WEBP);
}

static void save_fax(PIX *sheet, const char *path)
{
	PIX *binary = pixThresholdToBinary(sheet, 128);

	save(binary, path, IFF_TIFF_G4);
	pixDestroy(&binary);
}

static void save_colour(PIX *sheet, const char *path)
{
	PIX *colour = pixConvertTo32(sheet);

	save(colour, path, IFF_PNG);
	pixDestroy(&colour);
}

/* Ink on nothing: black everywhere, seen only through the alpha. */
static void save_transparent(PIX *sheet, const char *path)
{
	PIX *ink = pixInvert(NULL, sheet);
	PIX *black = pixCreate(WIDTH_PX, HEIGHT_PX, 32);

	pixSetRGBComponent(black, ink, L_ALPHA_CHANNEL);
	pixSetSpp(black, 4);
	save(black, path, IFF_PNG);
	pixDestroy(&black);
	pixDestroy(&ink);
}

static void save_palette(PIX *sheet, const char *path)
{
	PIX *few = pixThresholdTo4bpp(sheet, 4, 1);

	save(few, path, IFF_PNG);
	pixDestroy(&few);
}

static void paint_page(cairo_t *cairo, PIX *sheet)
{
	PIX *colour = pixConvertTo32(sheet);
	cairo_surface_t *image;

	for (int y = 0; y < HEIGHT_PX; y++) {
		l_uint32 *line = pixGetData(colour) + y * pixGetWpl(colour);

		for (int x = 0; x < WIDTH_PX; x++)
			line[x] >>= 8; /* RGBA to cairo's RGB24 */
	}
	image = cairo_image_surface_create_for_data(
		(guint8 *)pixGetData(colour), CAIRO_FORMAT_RGB24, WIDTH_PX,
		HEIGHT_PX, 4 * pixGetWpl(colour));
	cairo_save(cairo);
	cairo_scale(cairo, 72.0 / DPI, 72.0 / DPI);
	cairo_set_source_surface(cairo, image, 0, 0);
	cairo_paint(cairo);
	cairo_restore(cairo);
	cairo_show_page(cairo);
	cairo_surface_finish(image);
	cairo_surface_destroy(image);
	pixDestroy(&colour);
}

static void save_pdf_sheets(PIX **sheets, unsigned n_sheets, const char *path)
{
	cairo_surface_t *pdf = cairo_pdf_surface_create(
		path, WIDTH_PX * 72.0 / DPI, HEIGHT_PX * 72.0 / DPI);
	cairo_t *cairo = cairo_create(pdf);

	for (unsigned i = 0; i < n_sheets; i++)
		paint_page(cairo, sheets[i]);
	cairo_destroy(cairo);
	cairo_surface_finish(pdf);
	ck_assert_int_eq(cairo_surface_status(pdf), CAIRO_STATUS_SUCCESS);
	cairo_surface_destroy(pdf);
}

static void save_pdf(PIX *sheet, const char *path)
{
	save_pdf_sheets(&sheet, 1, path);
}

static void save_tiff_sheets(PIX **sheets, unsigned n_sheets, const char *path)
{
	for (unsigned i = 0; i < n_sheets; i++)
		ck_assert_int_eq(pixWriteTiff(path, sheets[i], IFF_TIFF_LZW,
					      i ? "a" : "w"),
				 0);
}

/* --- one sheet ----------------------------------------------------------- */

static const struct scan {
	const char *sentence;
	PIX *(*befall)(PIX *sheet);
	void (*save)(PIX *sheet, const char *path);
	unsigned n_seen;
} scans[] = {
	{ "a straight scan shows both codes", keep, save_png, 2 },
	{ "so does one turned to the right", turn_right, save_png, 2 },
	{ "upside down", turn_over_head, save_png, 2 },
	{ "turned to the left", turn_left, save_png, 2 },
	{ "and thrown on the glass at 37 degrees", turn_37, save_png, 2 },
	{ "150 dpi are enough", scan_150_dpi, save_png, 2 },
	{ "100 dpi are enough for a clean print", scan_100_dpi, save_png, 2 },
	{ "600 dpi are not too many", scan_600_dpi, save_png, 2 },
	{ "a pale copy is read", fade, save_png, 2 },
	{ "a negative is read", invert, save_png, 2 },
	{ "a mirror image is read", mirror, save_png, 2 },
	{ "a dark corner of a photograph is read", shade, save_png, 2 },
	{ "one code under a thumb leaves the other", cover_upper, save_png, 1 },
	{ "half a sheet has one code", tear_off_lower, save_png, 1 },
	{ "coffee on one code leaves at least the other", stain_upper, save_png,
	  1 },
	{ "a JPEG of quality 30 is read", keep, save_jpeg_30, 2 },
	{ "a fax is read", keep, save_fax, 2 },
	{ "PNM is read", keep, save_pnm, 2 },
	{ "WebP is read", keep, save_webp, 2 },
	{ "a colour picture is read", keep, save_colour, 2 },
	{ "ink on a transparent ground is read", keep, save_transparent, 2 },
	{ "a palette of four greys is read", keep, save_palette, 2 },
	{ "PDF is read", keep, save_pdf, 2 },
};

static void assert_sighting(const miyin_traced *traced, unsigned at,
			    unsigned sheet, unsigned page)
{
	g_autofree char *text = payload_of(page);
	const miyin_sighting *sighting;

	ck_assert_uint_gt(traced->sightings->len, at);
	sighting = traced->sightings->pdata[at];
	ck_assert_str_eq(sighting->text, text);
	ck_assert_uint_eq(sighting->sheet, sheet);
	ck_assert_ptr_nonnull(sighting->reader);
}

START_TEST(test_one_sheet)
{
	const struct scan *scan = &scans[_i];
	g_autofree char *path = path_of("scan"), *text = payload_of(1);
	g_autoptr(miyin_traced) traced = NULL;
	g_autoptr(GError) error = NULL;
	PIX *sheet = draw_sheet(text), *befallen = scan->befall(sheet);
	const miyin_sighting *sighting;

	scan->save(befallen, path);
	pixDestroy(&befallen);
	pixDestroy(&sheet);
	traced = trace_file(path, &error);
	ck_assert_msg(traced != NULL, "%s: %s", scan->sentence,
		      error ? error->message : "no reason given");
	ck_assert_msg(traced->sightings->len == 1, "%s: %u sightings",
		      scan->sentence, traced->sightings->len);
	assert_sighting(traced, 0, 1, 1);
	sighting = traced->sightings->pdata[0];
	ck_assert_msg(sighting->places->len >= scan->n_seen &&
			      sighting->places->len <= 2,
		      "%s: %u seen by %s", scan->sentence,
		      sighting->places->len, sighting->reader);
	ck_assert_uint_eq(traced->n_sheets, 1);
	ck_assert_uint_eq(traced->n_foreign, 0);
}
END_TEST

/* --- several sheets ------------------------------------------------------ */

/* Page 1, an empty sheet, page 3: a stack from the feeder. */
static void draw_stack(PIX *sheets[3])
{
	g_autofree char *first = payload_of(1), *third = payload_of(3);

	sheets[0] = draw_sheet(first);
	sheets[1] = draw_empty();
	sheets[2] = draw_sheet(third);
}

static const struct {
	const char *sentence;
	void (*save)(PIX **sheets, unsigned n_sheets, const char *path);
} stacks[] = {
	{ "a TIFF tells which of its pages is which", save_tiff_sheets },
	{ "and so does a PDF", save_pdf_sheets },
};

START_TEST(test_stack)
{
	g_autofree char *path = path_of("stack");
	g_autoptr(miyin_traced) traced = NULL;
	g_autoptr(GError) error = NULL;
	PIX *sheets[3];

	draw_stack(sheets);
	stacks[_i].save(sheets, 3, path);
	for (int i = 0; i < 3; i++)
		pixDestroy(&sheets[i]);
	traced = trace_file(path, &error);
	ck_assert_msg(traced != NULL, "%s: %s", stacks[_i].sentence,
		      error ? error->message : "no reason given");
	ck_assert_uint_eq(traced->n_sheets, 3);
	ck_assert_uint_eq(traced->sightings->len, 2);
	assert_sighting(traced, 0, 1, 1);
	assert_sighting(traced, 1, 3, 3);
}
END_TEST

/* --- codes that are not ours --------------------------------------------- */

static const struct {
	const char *sentence;
	const char *upper, *lower; /* texts of the codes */
	unsigned n_sightings, n_foreign;
} mixtures[] = {
	{ "an empty page is no error", NULL, NULL, 0, 0 },
	{ "a menu's code is counted, not reported", FOREIGN, NULL, 0, 1 },
	{ "twice when it is there twice", FOREIGN, FOREIGN, 0, 2 },
	{ "our prefix alone is not our form", "MENU", NULL, 0, 1 },
	{ "nor is our length with a letter we never use",
	  "MUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUU", NULL, 0, 1 },
	{ "two foreign codes stay two", FOREIGN, "MENU", 0, 2 },
	{ "ours is found beside a foreign one", FOREIGN, "ours", 1, 1 },
};

START_TEST(test_mixture)
{
	g_autofree char *path = path_of("mixture"), *ours = payload_of(2);
	g_autoptr(miyin_traced) traced = NULL;
	const char *texts[2] = { mixtures[_i].upper, mixtures[_i].lower };
	PIX *sheet = draw_empty(), *scanned;

	for (int i = 0; i < 2; i++) {
		if (texts[i])
			draw_code(sheet, 200 + 1700 * i, 200 + 2900 * i,
				  strcmp(texts[i], "ours") ? texts[i] : ours);
	}
	scanned = scan_150_dpi(sheet); /* all passes run: keep them short */
	save_png(scanned, path);
	pixDestroy(&scanned);
	pixDestroy(&sheet);
	traced = trace_file(path, NULL);
	ck_assert_msg(traced != NULL, "%s", mixtures[_i].sentence);
	ck_assert_msg(traced->sightings->len == mixtures[_i].n_sightings, "%s",
		      mixtures[_i].sentence);
	ck_assert_msg(traced->n_foreign == mixtures[_i].n_foreign,
		      "%s: %u foreign", mixtures[_i].sentence,
		      traced->n_foreign);
	if (mixtures[_i].n_sightings)
		assert_sighting(traced, 0, 1, 2);
}
END_TEST

/* --- files that are no scans --------------------------------------------- */

#define PNG_HUGE                                                               \
	"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\1\x86\xa0\0\1\x86\xa0"                \
	"\x08\0\0\0\0\x65\xa2\x9c\xeb\0\0\0\0IDAT"
#define NO_PICTURE                                                             \
	"is not a picture that can be read "                                   \
	"(PNG, JPEG, TIFF, PNM, WebP or PDF)"
#define BYTES(text) text, sizeof(text) - 1

static const struct {
	const char *sentence;
	const char *bytes;
	size_t length;
	const char *why;
} strangers[] = {
	{ "a text file", BYTES("Top secret\n"), NO_PICTURE },
	{ "an empty file", BYTES(""), NO_PICTURE },
	{ "a single byte", BYTES("\x89"), NO_PICTURE },
	{ "twenty zeros", "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 20,
	  NO_PICTURE },
	{ "a BMP, which leptonica could read",
	  BYTES("BM\x3a\0\0\0\0\0\0\0"
		"\x36\0\0\0\x28\0\0\0\1\0\0\0\1\0\0\0\1\0\x18\0\0\0\0\0\4\0\0\0"
		"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"),
	  NO_PICTURE },
	{ "a PNG that claims 100000 x 100000", BYTES(PNG_HUGE),
	  "100000 x 100000 pixels; no more than 200 million" },
	{ "a PNM that claims 20000 x 20000",
	  BYTES("P5\n20000 20000\n255\nxxxx"), "no more than 200 million" },
	{ "a PNM with fewer pixels than it claims",
	  BYTES("P5\n200 200\n255\nxxxx"), "damaged" },
	{ "a PNG signature alone", BYTES("\x89PNG\r\n\x1a\n"), NO_PICTURE },
	{ "a JPEG signature alone", BYTES("\xff\xd8\xff\xe0\0\x10JFIF"),
	  NO_PICTURE },
	{ "a TIFF signature alone", BYTES("II*\0\x08\0\0\0"), NO_PICTURE },
	{ "a TIFF directory that points at itself",
	  BYTES("II*\0\x08\0\0\0\0\0\x08\0\0\0"), NO_PICTURE },
	{ "a WebP signature alone", BYTES("RIFF\x20\0\0\0WEBPVP8 "),
	  NO_PICTURE },
	{ "a PDF signature alone", BYTES("%PDF-1.7\n"), NO_PICTURE },
};

static void assert_refused(const char *path, int code, const char *why,
			   const char *sentence)
{
	g_autoptr(GError) error = NULL;
	clock_t start = clock();

	ck_assert_msg(!trace_file(path, &error), "%s", sentence);
	ck_assert_msg(g_error_matches(error, MIYIN_ERROR, code), "%s: %s",
		      sentence, error ? error->message : "no reason given");
	ck_assert_msg(strstr(error->message, why) &&
			      strstr(error->message, path),
		      "%s: %s", sentence, error->message);
	/* A bomb would take minutes of CPU time and gigabytes. */
	ck_assert_msg(clock() - start < 10 * CLOCKS_PER_SEC, "%s: slow",
		      sentence);
}

START_TEST(test_stranger)
{
	g_autofree char *path = path_of("stranger");

	ck_assert(g_file_set_contents(path, strangers[_i].bytes,
				      strangers[_i].length, NULL));
	assert_refused(path, MIYIN_ERROR_INPUT, strangers[_i].why,
		       strangers[_i].sentence);
}
END_TEST

START_TEST(test_one_pixel)
{
	g_autofree char *path = path_of("pixel");
	g_autoptr(miyin_traced) traced = NULL;
	PIX *pixel = pixCreate(1, 1, 8);

	save_png(pixel, path);
	pixDestroy(&pixel);
	traced = trace_file(path, NULL);
	ck_assert_ptr_nonnull(traced);
	ck_assert_uint_eq(traced->n_sheets, 1);
	ck_assert_uint_eq(traced->sightings->len, 0);
}
END_TEST

/* Shapes on which leptonica's preparations refuse to work. */
static const struct {
	int width_px, height_px;
} slivers[] = {
	{ 1, 2000 },   { 2000, 1 }, { 28, 28 },	 { 29, 29 },   { 29, 20000 },
	{ 20000, 29 }, { 41, 41 },  { 999, 43 }, { 2401, 30 },
};

START_TEST(test_sliver)
{
	g_autofree char *path = path_of("sliver");
	PIX *sliver = pixCreate(slivers[_i].width_px, slivers[_i].height_px, 8);

	for (int dark = 0; dark < 2; dark++) {
		g_autoptr(miyin_traced) traced = NULL;

		pixSetAllArbitrary(sliver, dark ? 0 : 255);
		save_png(sliver, path);
		traced = trace_file(path, NULL);
		ck_assert_ptr_nonnull(traced);
		ck_assert_uint_eq(traced->sightings->len, 0);
	}
	pixDestroy(&sliver);
}
END_TEST

/* --- files cut short ----------------------------------------------------- */

static const struct {
	const char *sentence;
	void (*save)(PIX *sheet, const char *path);
	unsigned percent;
	gboolean readable;
} cuts[] = {
	{ "half a PNG is refused", save_png, 50, FALSE },
	{ "a PNG without its last rows is refused", save_png, 95, FALSE },
	{ "half a JPEG still shows the upper code", save_jpeg_30, 50, TRUE },
	{ "half a fax is refused", save_fax, 50, FALSE },
	{ "half a PNM is refused", save_pnm, 50, FALSE },
	{ "half a WebP is refused", save_webp, 50, FALSE },
	{ "half a PDF is refused", save_pdf, 50, FALSE },
};

START_TEST(test_cut)
{
	g_autofree char *path = path_of("cut"), *text = payload_of(1);
	g_autofree char *bytes = NULL;
	g_autoptr(miyin_traced) traced = NULL;
	PIX *sheet = draw_sheet(text);
	gsize length;

	cuts[_i].save(sheet, path);
	pixDestroy(&sheet);
	ck_assert(g_file_get_contents(path, &bytes, &length, NULL));
	ck_assert(g_file_set_contents(path, bytes,
				      length * cuts[_i].percent / 100, NULL));
	if (!cuts[_i].readable) {
		assert_refused(path, MIYIN_ERROR_INPUT, "", cuts[_i].sentence);
		return;
	}
	traced = trace_file(path, NULL);
	ck_assert_msg(traced != NULL, "%s", cuts[_i].sentence);
	assert_sighting(traced, 0, 1, 1);
}
END_TEST

/* --- rates --------------------------------------------------------------- */

/* Simulated: a lens blurs before it is sampled, a sheet lies anyhow. Where one
 * pass of the decoder alone carries a row, its name is given. */
static const struct channel {
	const char *sentence;
	unsigned dpi, quality;
	int blur_px; /* half width of the box, scanned */
	float noise; /* standard deviation, of 255 */
	float contrast;
	gboolean pen; /* strokes over both codes */
	unsigned n_tries, n_least;
} channels[] = {
	{ "a phone at 130 dpi, JPEG 40", 130, 40, 1, 10, 1, FALSE, 10, 10 },
	{ "pale grey at 150 dpi (flat field)", 150, 60, 1, 3, 0.1f, FALSE, 10,
	  9 },
	{ "a shaken phone (sharpened)", 200, 60, 3, 5, 1, FALSE, 10, 9 },
	{ "80 dpi", 80, 60, 0, 8, 1, FALSE, 10, 9 },
	{ "ball pen over both codes", 150, 75, 0, 4, 1, TRUE, 10, 8 },
};

/* Three strokes of 0.6 mm. */
static void scribble(PIX *sheet, int left_px, int top_px, GRand *dice)
{
	for (int i = 0; i < 3; i++) {
		int ends[4];
		PTA *stroke;

		for (int k = 0; k < 4; k++)
			ends[k] = g_rand_int_range(dice, -CODE_PX / 5,
						   CODE_PX * 6 / 5);
		stroke = generatePtaWideLine(
			left_px + ends[0], top_px + ends[1], left_px + ends[2],
			top_px + ends[3], 7);
		pixRenderPtaArb(sheet, stroke, 55, 55, 55);
		for (int k = 0; k < ptaGetCount(stroke); k++) {
			int x, y;

			ptaGetIPt(stroke, k, &x, &y);
			pixSetPixel(sheet, x, y, 55);
		}
		ptaDestroy(&stroke);
	}
}

/* Takes the sheet. */
static PIX *send_through(const struct channel *channel, PIX *sheet,
			 unsigned seed)
{
	float scale = (float)channel->dpi / DPI;
	PIX *turned, *scanned, *blurred, *noisy;

	turned = pixRotate(sheet, (float)(seed * 2.4), L_ROTATE_SAMPLING,
			   L_BRING_IN_WHITE, WIDTH_PX, HEIGHT_PX);
	scanned = pixScaleAreaMap(turned, scale, scale);
	blurred = pixBlockconv(scanned, channel->blur_px, channel->blur_px);
	if (channel->contrast < 1) {
		pixMultConstantGray(blurred, channel->contrast);
		pixAddConstantGray(blurred, 100);
	}
	srand(seed); /* leptonica's dice */
	noisy = pixAddGaussianNoise(blurred, channel->noise);
	pixDestroy(&sheet);
	pixDestroy(&turned);
	pixDestroy(&scanned);
	pixDestroy(&blurred);
	return noisy;
}

static gboolean survives(const struct channel *channel, unsigned seed)
{
	g_autofree char *path = path_of("channel"), *text = payload_of(1);
	g_autoptr(miyin_traced) traced = NULL;
	g_autoptr(GRand) dice = g_rand_new_with_seed(seed);
	PIX *sheet = draw_sheet(text);
	FILE *file = fopen(path, "wb");

	if (channel->pen) {
		scribble(sheet, WIDTH_PX - FRAME_PX - CODE_PX, FRAME_PX, dice);
		scribble(sheet, FRAME_PX, HEIGHT_PX - FRAME_PX - CODE_PX, dice);
	}
	sheet = send_through(channel, sheet, seed);
	ck_assert_int_eq(pixWriteStreamJpeg(file, sheet, channel->quality, 0),
			 0);
	ck_assert_int_eq(fclose(file), 0);
	pixDestroy(&sheet);
	traced = trace_file(path, NULL);
	ck_assert_ptr_nonnull(traced);
	if (traced->sightings->len == 0)
		return FALSE;
	assert_sighting(traced, 0, 1, 1); /* never a wrong one */
	return TRUE;
}

#ifdef UNDER_VALGRIND
#define TRIES_MAX 1
#else
#define TRIES_MAX G_MAXUINT
#endif

START_TEST(test_rate)
{
	const struct channel *channel = &channels[_i];
	const unsigned n_tries = MIN(channel->n_tries, TRIES_MAX);
	unsigned n_read = 0;

	for (unsigned seed = 1; seed <= n_tries; seed++)
		n_read += survives(channel, seed);
	printf("trace: %s: %u/%u sheets read\n", channel->sentence, n_read,
	       n_tries);
	/* At least what n_least says, rounded down for fewer tries. */
	ck_assert_msg((n_read + 1) * channel->n_tries >
			      channel->n_least * n_tries,
		      "%s: %u/%u", channel->sentence, n_read, n_tries);
}
END_TEST

/* --- codes of several copies ------------------------------------------------
 */

/* A code of a copy: its middle and its side, millimetres on A4; turned by 180
 * degrees when it is for the lower left. */
typedef struct {
	char copy; /* A, B, C; 0: no more */
	double x_mm, y_mm, side_mm;
} spot;

#define OWN(copy)                                                              \
	{ copy, 198.5, 11.5, 14.5 },                                           \
	{                                                                      \
		copy, 11.5, 285.5, 14.5                                        \
	}

static const struct {
	const char *sentence;
	spot spots[6];
	int own; /* -1: cannot be told */
} several[] = {
	{ "one copy frames itself", { OWN('A') }, 0 },
	{ "a picture of a whole page within",
	  { OWN('A'), { 'B', 180, 40, 12 }, { 'B', 25, 260, 12 } },
	  0 },
	{ "that the picture comes first changes nothing",
	  { { 'A', 180, 40, 12 }, { 'A', 25, 260, 12 }, OWN('B') },
	  1 },
	{ "a single code in the text",
	  { OWN('A'), { 'B', 100, 150, 14.5 } },
	  0 },
	{ "two of other copies in the text",
	  { OWN('A'), { 'B', 190, 30, 14.5 }, { 'C', 100, 150, 30 } },
	  0 },
	{ "as near the edge as a document may reach, below the upper code",
	  { OWN('A'), { 'B', 200, 30, 10 }, { 'B', 10, 265, 10 } },
	  0 },
	{ "the picture turned by a quarter",
	  { OWN('A'), { 'B', 20, 30, 12 }, { 'B', 190, 260, 12 } },
	  0 },
	{ "one own code is torn off",
	  { { 'A', 198.5, 11.5, 14.5 }, { 'B', 100, 150, 14.5 } },
	  -1 },
	{ "both are, and there are two others",
	  { { 'A', 60, 50, 14.5 }, { 'B', 100, 150, 14.5 } },
	  -1 },
	{ "two sheets side by side",
	  { { 'A', 98, 11, 10 },
	    { 'A', 11, 140, 10 },
	    { 'B', 203, 11, 10 },
	    { 'B', 116, 140, 10 } },
	  -1 },
	{ "two sheets, one higher than the other",
	  { { 'A', 98, 11, 10 },
	    { 'A', 11, 140, 10 },
	    { 'B', 203, 100, 10 },
	    { 'B', 116, 240, 10 } },
	  -1 },
	{ "two codes of another that are not of a size frame nothing",
	  { { 'A', 198.5, 11.5, 14.5 },
	    { 'A', 11.5, 285.5, 30 },
	    { 'B', 100, 150, 14.5 } },
	  -1 },
};

/* How the sheet lies in the picture. */
static const double lies[] = { 0, 1.5, 37, 90, 180, 270 };

static miyin_corners corners_at(const spot *s, double degrees)
{
	const double angle = degrees * G_PI / 180, px = DPI / 25.4;
	const int half[4][2] = { { -1, -1 }, { 1, -1 }, { 1, 1 }, { -1, 1 } };
	const int turned = s->x_mm < 105 ? -1 : 1;
	miyin_corners c;

	for (int i = 0; i < 4; i++) {
		double x = s->x_mm + turned * half[i][0] * s->side_mm / 2;
		double y = s->y_mm + turned * half[i][1] * s->side_mm / 2;

		c.x[i] = (int)(5000 + px * (x * cos(angle) - y * sin(angle)));
		c.y[i] = (int)(5000 + px * (x * sin(angle) + y * cos(angle)));
	}
	return c;
}

START_TEST(test_framing)
{
	const unsigned n_lies = G_N_ELEMENTS(lies);
	const spot *spots = several[_i / (int)n_lies].spots;
	GArray *places[3];
	unsigned n_copies = 0;

	for (int i = 0; i < 3; i++)
		places[i] = g_array_new(FALSE, FALSE, sizeof(miyin_corners));
	for (int i = 0; i < 6 && spots[i].copy; i++) {
		miyin_corners c = corners_at(&spots[i], lies[_i % (int)n_lies]);
		unsigned copy = (unsigned)(spots[i].copy - 'A');

		g_array_append_val(places[copy], c);
		n_copies = MAX(n_copies, copy + 1);
	}
	ck_assert_msg(miyin_trace_framing(places, n_copies) ==
			      several[_i / (int)n_lies].own,
		      "%s, at %g degrees", several[_i / (int)n_lies].sentence,
		      lies[_i % (int)n_lies]);
	for (int i = 0; i < 3; i++)
		g_array_unref(places[i]);
}
END_TEST

/* The picture of another page in the body: both are told, with their places,
 * although the own codes are harder to read. */
START_TEST(test_copied_picture)
{
	g_autofree char *path = path_of("copied"), *own = payload_of(1);
	g_autofree char *other = payload_of(2);
	g_autoptr(miyin_traced) traced = NULL;
	PIX *sheet = draw_sheet(own), *scanned;
	const miyin_sighting *first;

	draw_code(sheet, 1000, 1500, other);
	if (_i) {
		PIX *stained = stain_upper(sheet);

		pixDestroy(&sheet);
		sheet = stained;
		pixRasterop(sheet, FRAME_PX, HEIGHT_PX - FRAME_PX - CODE_PX,
			    CODE_PX, CODE_PX / 2, PIX_CLR, NULL, 0, 0);
	}
	scanned = scan_150_dpi(sheet);
	save_png(scanned, path);
	pixDestroy(&scanned);
	pixDestroy(&sheet);
	traced = trace_file(path, NULL);
	ck_assert_ptr_nonnull(traced);
	ck_assert_uint_eq(traced->sightings->len, 2);
	first = traced->sightings->pdata[0];
	for (unsigned i = 0; i < 2; i++) {
		const miyin_sighting *s = traced->sightings->pdata[i];
		const miyin_corners *c =
			&g_array_index(s->places, miyin_corners, 0);

		ck_assert_uint_eq(s->width_px, WIDTH_PX / 2);
		ck_assert_uint_eq(s->dpi, 150);
		ck_assert(fabs(miyin_corners_side(c) - CODE_PX / 2.0) < 4);
		if (g_str_equal(s->text, own))
			continue;
		ck_assert_str_eq(s->text, other);
		ck_assert(abs(c->x[0] - 500) < 4 && abs(c->y[0] - 750) < 4);
	}
	ck_assert_uint_eq(first->sheet, 1);
}
END_TEST

static Suite *trace_suite(void)
{
	Suite *suite = suite_create("trace");
	TCase *scan = tcase_create("scan");

	suite_add_tcase(suite, scan);
	tcase_add_checked_fixture(scan, make_folder, remove_folder);
	tcase_set_timeout(scan, 300);
	tcase_add_loop_test(scan, test_one_sheet, 0, G_N_ELEMENTS(scans));
	tcase_add_loop_test(scan, test_stack, 0, G_N_ELEMENTS(stacks));
	tcase_add_loop_test(scan, test_mixture, 0, G_N_ELEMENTS(mixtures));
	tcase_add_loop_test(scan, test_framing, 0,
			    G_N_ELEMENTS(several) * G_N_ELEMENTS(lies));
	tcase_add_loop_test(scan, test_copied_picture, 0, 2);
	tcase_add_loop_test(scan, test_stranger, 0, G_N_ELEMENTS(strangers));
	tcase_add_test(scan, test_one_pixel);
	tcase_add_loop_test(scan, test_sliver, 0, G_N_ELEMENTS(slivers));
	tcase_add_loop_test(scan, test_cut, 0, G_N_ELEMENTS(cuts));
	tcase_add_loop_test(scan, test_rate, 0, G_N_ELEMENTS(channels));
	return suite;
}

int main(void)
{
	SRunner *runner = srunner_create(trace_suite());
	int n_failed;

	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
