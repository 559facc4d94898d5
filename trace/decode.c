/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <zbar.h>

#include "decode.h"
#include "picture.h"
#include "enhance.h"
#include "zxing.h"

/* Below 29 pixels, one a module, no version 3 code fits. */
#define SIDE_PX_MIN 29

/*
 * Long sides, in pixels. SMALL is A4 at about 200 dpi: there both readers are
 * as good as at 300 and take a third of the time. LARGE is A3 at 300 dpi: zbar
 * takes 3 s for an A4 at 600 dpi and finds nothing more there.
 */
typedef enum {
	SMALL = 2400,
	LARGE = 5000,
	NATIVE = G_MAXINT,
} side_px;

typedef PIX *(*preparation)(PIX *grey);
typedef struct {
	miyin_code_kind kind;
	void (*read)(const guint8 *bytes, unsigned width_px, unsigned height_px,
		     GArray *codes);
} code_reader;

/* Of the passes: the first four take a second together. */
#define N_QUICK 4

/* The page on its way through the passes. */
struct stage {
	PIX *grey; /* borrowed */
	PIX *scaled, *prepared;
	const struct pass *pass; /* that prepared was made for */
};

/* Of other than four points nobody knows what they are. */
static miyin_corners corners_of(const zbar_symbol_t *symbol)
{
	const unsigned n = zbar_symbol_get_loc_size(symbol);
	miyin_corners c = { { 0 }, { 0 } };

	for (unsigned i = 0; i < 4 && n == 4; i++) {
		c.x[i] = zbar_symbol_get_loc_x(symbol, i);
		c.y[i] = zbar_symbol_get_loc_y(symbol, i);
	}
	return c;
}

static void read_zbar(const guint8 *bytes, unsigned width_px,
		      unsigned height_px, GArray *codes)
{
	zbar_image_scanner_t *scanner = zbar_image_scanner_create();
	zbar_image_t *image = zbar_image_create();

	zbar_image_scanner_set_config(scanner, ZBAR_NONE, ZBAR_CFG_ENABLE, 0);
	zbar_image_scanner_set_config(scanner, ZBAR_QRCODE, ZBAR_CFG_ENABLE, 1);
	zbar_image_set_format(image, zbar_fourcc('Y', '8', '0', '0'));
	zbar_image_set_size(image, width_px, height_px);
	zbar_image_set_data(image, bytes, (gulong)width_px * height_px, NULL);
	zbar_scan_image(scanner, image);
	for (const zbar_symbol_t *symbol = zbar_image_first_symbol(image);
	     symbol; symbol = zbar_symbol_next(symbol)) {
		const miyin_read_code code = {
			g_utf8_make_valid(zbar_symbol_get_data(symbol),
					  zbar_symbol_get_data_length(symbol)),
			corners_of(symbol),
		};

		g_array_append_val(codes, code);
	}
	zbar_image_destroy(image);
	zbar_image_scanner_destroy(scanner);
}

static const code_reader zxing = { MIYIN_CODE_QR, miyin_zxing_read };
static const code_reader zbar = { MIYIN_CODE_QR, read_zbar };

/*
 * Cheap and fruitful first. Measured on simulated scans: zxing
 * is five times faster; zbar rescues stains, pen and low contrast; local
 * threshold and double size rescue most of the rest. Of 8 sheets with a blur of
 * 0.9 mm zxing reads plain 0, doubled 1, sharpened 7, deblurred 8.
 * Rows that share side and preparation stand together, so that it is made
 * once.
 */
static const struct pass {
	const char *name;
	side_px side;
	preparation prepare;
	const code_reader *reader;
} passes[] = {
	{ "zxing 200 dpi", SMALL, miyin_enhance_none, &zxing },
	{ "zbar 200 dpi", SMALL, miyin_enhance_none, &zbar },
	{ "zxing negative", SMALL, miyin_enhance_negative, &zxing },
	{ "zxing sharpened", SMALL, miyin_enhance_sharp, &zxing },
	{ "zxing full size", LARGE, miyin_enhance_none, &zxing },
	{ "zbar full size", LARGE, miyin_enhance_none, &zbar },
	{ "zxing local threshold", LARGE, miyin_enhance_threshold, &zxing },
	{ "zbar local threshold", LARGE, miyin_enhance_threshold, &zbar },
	{ "zxing double size", LARGE, miyin_enhance_double, &zxing },
	{ "zxing flat field", LARGE, miyin_enhance_flat, &zxing },
	{ "zbar flat field", LARGE, miyin_enhance_flat, &zbar },
	{ "zxing deblurred", SMALL, miyin_enhance_deblur, &zxing },
	{ "zbar deblurred", SMALL, miyin_enhance_deblur, &zbar },
	{ "zxing closing", SMALL, miyin_enhance_closing, &zxing },
	{ "zbar closing", SMALL, miyin_enhance_closing, &zbar },
	{ "zxing native size", NATIVE, miyin_enhance_none, &zxing },
};

static int long_side_px(PIX *pix)
{
	return MAX(pixGetWidth(pix), pixGetHeight(pix));
}

/* On a small scan the larger plain passes would see the same pixels again. */
static gboolean repeats_smaller(const struct stage *stage,
				const struct pass *pass)
{
	int length_px = long_side_px(stage->grey);

	return pass->prepare == miyin_enhance_none &&
	       ((pass->side == LARGE && length_px <= SMALL) ||
		(pass->side == NATIVE && length_px <= LARGE));
}

static PIX *scale_down(PIX *grey, side_px side)
{
	float scale = (float)side / (float)long_side_px(grey);

	if (scale >= 1)
		return pixClone(grey);
	return pixScaleAreaMap(grey, scale, scale);
}

/* Borrowed from stage. NULL when leptonica finds the page too odd for it:
 * then the pass finds nothing and the next has its turn. */
static PIX *prepare_pass(struct stage *stage, const struct pass *pass)
{
	const struct pass *last = stage->pass;

	if (last && last->side == pass->side && last->prepare == pass->prepare)
		return stage->prepared;
	if (!last || last->side != pass->side) {
		pixDestroy(&stage->scaled);
		stage->scaled = scale_down(stage->grey, pass->side);
	}
	pixDestroy(&stage->prepared);
	stage->prepared = stage->scaled ? pass->prepare(stage->scaled) : NULL;
	stage->pass = pass;
	return stage->prepared;
}

static void clear_read_code(gpointer data)
{
	miyin_read_code *code = data;

	g_free(code->text);
}

/* leptonica pads rows and swaps bytes within words; readers want neither. */
static GArray *read_pix(PIX *prepared, const code_reader *reader)
{
	GArray *codes = g_array_new(FALSE, TRUE, sizeof(miyin_read_code));
	l_uint8 *bytes = NULL;
	size_t n_bytes;

	g_array_set_clear_func(codes, clear_read_code);
	if (!prepared || pixGetRasterData(prepared, &bytes, &n_bytes))
		return codes;
	reader->read(bytes, pixGetWidth(prepared), pixGetHeight(prepared),
		     codes);
	lept_free(bytes);
	return codes;
}

/* Corners of a prepared picture become corners of the scan. */
static void scale_up(GArray *codes, PIX *prepared, PIX *grey)
{
	for (unsigned i = 0; i < codes->len; i++) {
		miyin_corners *c =
			&g_array_index(codes, miyin_read_code, i).corners;

		for (int k = 0; k < 4; k++) {
			c->x[k] = (int)((gint64)c->x[k] * pixGetWidth(grey) /
					pixGetWidth(prepared));
			c->y[k] = (int)((gint64)c->y[k] * pixGetHeight(grey) /
					pixGetHeight(prepared));
		}
	}
}

static miyin_decoded *new_code(miyin_code_kind kind, const char *text,
			       const char *reader)
{
	miyin_decoded *code = g_new0(miyin_decoded, 1);

	code->kind = kind;
	code->text = g_strdup(text);
	code->ours = miyin_code_is_ours(kind, text);
	code->places = g_array_new(FALSE, TRUE, sizeof(miyin_corners));
	code->reader = reader;
	return code;
}

static GArray *places_of(const GArray *found, const char *text)
{
	GArray *places = g_array_new(FALSE, TRUE, sizeof(miyin_corners));

	for (unsigned i = 0; i < found->len; i++) {
		const miyin_read_code *one =
			&g_array_index(found, miyin_read_code, i);

		if (g_str_equal(one->text, text))
			g_array_append_val(places, one->corners);
	}
	return places;
}

static miyin_decoded *find_code(GPtrArray *codes, miyin_code_kind kind,
				const char *text)
{
	for (guint i = 0; i < codes->len; i++) {
		miyin_decoded *code = codes->pdata[i];

		if (code->kind == kind && g_str_equal(code->text, text))
			return code;
	}
	return NULL;
}

/* Take the codes of one pass. A text that several passes see is one code. */
static void add_codes(GPtrArray *codes, const GArray *found,
		      const struct pass *pass)
{
	for (unsigned i = 0; i < found->len; i++) {
		const char *text =
			g_array_index(found, miyin_read_code, i).text;
		g_autoptr(GArray) places = places_of(found, text);
		miyin_decoded *code =
			find_code(codes, pass->reader->kind, text);

		if (!code) {
			code = new_code(pass->reader->kind, text, pass->name);
			g_ptr_array_add(codes, code);
		}
		if (places->len > code->places->len) {
			g_array_unref(code->places);
			code->places = g_steal_pointer(&places);
		}
	}
}

/* Whether a corner lies in the outer quarter of the page to all sides. */
static gboolean is_outside(const miyin_corners *c, PIX *grey)
{
	const int width = pixGetWidth(grey), height = pixGetHeight(grey);
	const int x = c->x[0], y = c->y[0];

	return (x < width / 4 || x > width - width / 4) &&
	       (y < height / 4 || y > height - height / 4);
}

/* The most codes of one of ours that stand there; -1: there is none of ours. */
static int count_outside(GPtrArray *codes, miyin_code_kind kind, PIX *grey)
{
	int most = -1;

	for (guint i = 0; i < codes->len; i++) {
		const miyin_decoded *code = codes->pdata[i];
		int n = 0;

		for (unsigned k = 0; k < code->places->len; k++)
			n += is_outside(
				&g_array_index(code->places, miyin_corners, k),
				grey);
		if (code->ours && code->kind == kind)
			most = MAX(most, n);
	}
	return most;
}

static void free_code(gpointer data)
{
	miyin_decoded *code = data;

	g_free(code->text);
	g_array_unref(code->places);
	g_free(code);
}

GPtrArray *miyin_decode_page(PIX *grey)
{
	GPtrArray *codes = g_ptr_array_new_with_free_func(free_code);
	struct stage stage = { .grey = grey };

	if (MIN(pixGetWidth(grey), pixGetHeight(grey)) < SIDE_PX_MIN)
		return codes;
	for (gsize i = 0; i < G_N_ELEMENTS(passes); i++) {
		/* A code of another kind says nothing of this one. */
		const int n_outside =
			count_outside(codes, passes[i].reader->kind, grey);
		g_autoptr(GArray) found = NULL;

		if (n_outside >= (i < N_QUICK ? 2 : 0))
			continue;
		if (repeats_smaller(&stage, &passes[i]))
			continue;
		found = read_pix(prepare_pass(&stage, &passes[i]),
				 passes[i].reader);
		scale_up(found, stage.prepared, grey);
		add_codes(codes, found, &passes[i]);
	}
	pixDestroy(&stage.scaled);
	pixDestroy(&stage.prepared);
	return codes;
}
