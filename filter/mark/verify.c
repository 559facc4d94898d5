/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inspect.h"
#include "canvas.h"
#include "fault.h"
#include "marks.h"
#include "stamp.h"
#include "turn.h"
#include <math.h>
#include <string.h>
#include <zbar.h>

#define DPI 150.0
#define DPI_AGAIN 300.0 /* before a code is called unreadable */
#define SIZE_TOLERANCE_PT 1.0
#define PLACE_TOLERANCE_PT MIYIN_PT_PER_MM
#define WHOLE_MAX_PT2 4e6 /* twice A2: larger is painted box by box */
#define EDGE_PX 1	  /* a box's outermost pixels are shared */
#define LIGHT 224	  /* of 255: darker is ink in a quiet zone */
#define INK 245		  /* of 255: what a line draws is darker */
/* A pixel is another one when a colour is this much off. Nothing but the line
 * is in its box. */
#define CHANGED 96
#define SPOTS 3		  /* tiles of the watermark that are looked at */
#define SPOT_PT 60.0	  /* of their text's beginning */
#define SPOT_PX 125
#define SPOT_BELOW_PT 24.0
#define FADED 40	  /* of 255: ink that is so much lighter is gone */
#define FADED_SHARE 0.1	  /* of its pixels: two places' rounding */
#define LEAST_INK_PX 20

/* Poppler 22.12 has none of its own. */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PopplerDocument, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PopplerPage, g_object_unref)

/* What the watermark alone shows at some of its tiles. It is drawn in many
 * strokes, and is the same on all pages of a size. */
typedef struct {
	double width_pt, height_pt;
	GArray *spots;		/* of miyin_box */
	GPtrArray *pictures;	/* of cairo_surface_t, one a spot */
} watermark;

typedef struct {
	const miyin_sheets *sheets;
	const miyin_order *order;
	PopplerDocument *copy, *lines;
	zbar_image_scanner_t *scanner;
	watermark *tiles; /* two: the sides of the last size */
} verifying;

/* A page as painted: all of it, or on a large sheet one box at a time. */
typedef struct {
	PopplerPage *page;
	const miyin_sheet *sheet;
	const GArray *boxes; /* of miyin_box: nothing else is painted */
	double dpi;
	miyin_box view;
	cairo_surface_t *surface; /* NULL: nothing is painted yet */
} picture;

typedef struct {
	int left, top, right, bottom; /* right and bottom are outside */
} pixels;

static gboolean same_size(PopplerPage *page, const miyin_sheet *sheet)
{
	double w, h;

	poppler_page_get_size(page, &w, &h);
	return fabs(w - miyin_turn_paper_width(sheet)) < SIZE_TOLERANCE_PT &&
	       fabs(h - miyin_turn_paper_height(sheet)) < SIZE_TOLERANCE_PT;
}

static GArray *list_boxes(const miyin_place *place)
{
	GArray *boxes = g_array_new(FALSE, FALSE, sizeof(miyin_box));

	g_array_append_vals(boxes, place->quiet, place->n_codes);
	for (unsigned i = 0; i < place->n_lines; i++)
		if (place->lines[i].w > 0)
			g_array_append_val(boxes, place->lines[i]);
	return boxes;
}

/* What cannot be painted bears nothing. */
static cairo_surface_t *paint(PopplerPage *page, const miyin_sheet *sheet,
			      miyin_box view, const miyin_box *boxes,
			      unsigned n_boxes, double dpi)
{
	cairo_surface_t *surface =
		miyin_look_paint(page, sheet, view, boxes, n_boxes, dpi);

	return surface ? surface
		       : miyin_canvas_close(miyin_canvas_open(1, 1), NULL);
}

static void watermark_clear(watermark *tiles)
{
	g_clear_pointer(&tiles->spots, g_array_unref);
	g_clear_pointer(&tiles->pictures, g_ptr_array_unref);
}

/* Where some tiles begin that lie wholly on the sheet, spread over it. On
 * whole pixels, so that a part of a page is painted as the whole. */
static GArray *choose_spots(const miyin_sheet *sheet, miyin_watermark kind)
{
	g_autoptr(GArray) tiles = miyin_stamp_tiles(sheet, kind);
	g_autoptr(GArray) whole =
		g_array_new(FALSE, FALSE, sizeof(miyin_box));
	GArray *spots = g_array_new(FALSE, FALSE, sizeof(miyin_box));

	for (unsigned i = 0; i < tiles->len; i++) {
		miyin_tile tile = g_array_index(tiles, miyin_tile, i);
		double left = floor(tile.x * DPI / 72) * 72 / DPI;
		double down = sheet->height_pt - tile.y - SPOT_PT +
			      SPOT_BELOW_PT;
		double top = floor(down * DPI / 72) * 72 / DPI;
		miyin_box box = { left, sheet->height_pt - top - SPOT_PT,
				  SPOT_PT, SPOT_PT };

		if (box.x >= 0 && box.y >= 0 && top >= 0 &&
		    box.x + box.w <= sheet->width_pt)
			g_array_append_val(whole, box);
	}
	for (unsigned i = 0; i < MIN(SPOTS, whole->len); i++)
		g_array_append_vals(spots,
				    &g_array_index(whole, miyin_box,
						   i * whole->len / SPOTS),
				    1);
	return spots;
}

static const watermark *get_watermark(const verifying *v, PopplerPage *plain,
				      const miyin_sheet *sheet, gboolean even)
{
	watermark *tiles = &v->tiles[even ? 1 : 0];

	if (tiles->spots && tiles->width_pt == sheet->width_pt &&
	    tiles->height_pt == sheet->height_pt)
		return tiles;
	watermark_clear(tiles);
	tiles->width_pt = sheet->width_pt;
	tiles->height_pt = sheet->height_pt;
	tiles->spots = choose_spots(sheet, v->order->layout->watermark);
	tiles->pictures = g_ptr_array_new_with_free_func(
		(GDestroyNotify)cairo_surface_destroy);
	for (unsigned i = 0; i < tiles->spots->len; i++) {
		const miyin_box *spot =
			&g_array_index(tiles->spots, miyin_box, i);

		g_ptr_array_add(tiles->pictures,
				paint(plain, sheet, *spot, spot, 1, DPI));
	}
	return tiles;
}

/* The page is interpreted once, but a picture of a very large sheet would not
 * fit into memory. */
static void show(picture *p, miyin_box box)
{
	const miyin_sheet *sheet = p->sheet;
	gboolean large = sheet->width_pt * sheet->height_pt > WHOLE_MAX_PT2 ||
			 p->dpi != DPI;

	if (p->surface && !large)
		return;
	g_clear_pointer(&p->surface, cairo_surface_destroy);
	p->view =
		large ? box
		      : (miyin_box){ 0, 0, sheet->width_pt, sheet->height_pt };
	p->surface =
		paint(p->page, sheet, p->view,
		      (const miyin_box *)p->boxes->data, p->boxes->len, p->dpi);
}

static const guint8 *get_row(const picture *p, int y)
{
	return cairo_image_surface_get_data(p->surface) +
	       (gsize)y * cairo_image_surface_get_stride(p->surface);
}

/*
 * The watermark is painted after the body: where its ink is, a page is at
 * least as dark as the watermark on white, whatever the body has there. Dark
 * bodies hide that it is gone, but they hide it, too, when it is there.
 */
static char *check_watermark(picture *copy, const watermark *tiles,
			     unsigned n)
{
	const picture alone = { .surface = tiles->pictures->pdata[n] };
	miyin_box spot = g_array_index(tiles->spots, miyin_box, n);
	unsigned n_ink = 0, n_faded = 0;
	int left, top;

	show(copy, spot);
	left = (int)lround((spot.x - copy->view.x) * DPI / 72);
	top = (int)lround((copy->view.y + copy->view.h - spot.y - spot.h) *
			  DPI / 72);
	for (int y = EDGE_PX; y < SPOT_PX - EDGE_PX; y++) {
		const guint8 *must = get_row(&alone, y);
		const guint8 *is = get_row(copy, top + y) + 4 * left;

		for (int x = EDGE_PX; x < SPOT_PX - EDGE_PX; x++) {
			if (must[4 * x + 1] >= LIGHT - FADED)
				continue;
			n_ink++;
			n_faded += is[4 * x + 1] > must[4 * x + 1] + FADED
					   ? 1
					   : 0;
		}
	}
	if (n_ink < LEAST_INK_PX || n_faded <= n_ink * FADED_SHARE)
		return NULL;
	return g_strdup("watermark");
}

/* On the sheet, points. */
static miyin_box find_corners(const picture *p, pixels in,
			      const zbar_symbol_t *symbol)
{
	double left = G_MAXDOUBLE, top = G_MAXDOUBLE, right = 0, bottom = 0;
	double scale = p->dpi / 72;

	for (unsigned i = 0; i < zbar_symbol_get_loc_size(symbol); i++) {
		double x = in.left + zbar_symbol_get_loc_x(symbol, i);
		double y = in.top + zbar_symbol_get_loc_y(symbol, i);

		left = fmin(left, x);
		right = fmax(right, x);
		top = fmin(top, y);
		bottom = fmax(bottom, y);
	}
	return (miyin_box){ p->view.x + left / scale,
			    p->view.y + p->view.h - bottom / scale,
			    (right - left) / scale, (bottom - top) / scale };
}

/* Those that lie wholly in a box, and in that many pixels from its edges. */
static pixels find_pixels(const picture *p, miyin_box box, int inset_px)
{
	double scale = p->dpi / 72;
	double x = (box.x - p->view.x) * scale;
	double y = (p->view.y + p->view.h - box.y - box.h) * scale;
	int width = cairo_image_surface_get_width(p->surface);
	int height = cairo_image_surface_get_height(p->surface);

	return (pixels){
		MAX(0, (int)ceil(x) + inset_px),
		MAX(0, (int)ceil(y) + inset_px),
		MIN(width, (int)floor(x + box.w * scale) - inset_px),
		MIN(height, (int)floor(y + box.h * scale) - inset_px),
	};
}

static gboolean read_qr(const picture *p, miyin_box box, const char *payload,
			zbar_image_scanner_t *scanner, miyin_box *found)
{
	pixels in = find_pixels(p, box, 0);
	int w = in.right - in.left, h = in.bottom - in.top;
	g_autofree guint8 *grey =
		miyin_canvas_grey(p->surface, in.left, in.top, w, h);
	zbar_image_t *image = zbar_image_create();
	const zbar_symbol_t *symbol;
	gboolean same = FALSE;

	zbar_image_set_format(image, zbar_fourcc('Y', '8', '0', '0'));
	zbar_image_set_size(image, w, h);
	zbar_image_set_data(image, grey, (unsigned long)w * h, NULL);
	zbar_scan_image(scanner, image);
	for (symbol = zbar_image_first_symbol(image); symbol && !same;
	     symbol = zbar_symbol_next(symbol)) {
		same = g_strcmp0(zbar_symbol_get_data(symbol), payload) == 0;
		if (same)
			*found = find_corners(p, in, symbol);
	}
	zbar_image_destroy(image);
	return same;
}

static gboolean is_at(miyin_box found, miyin_box box)
{
	return fabs(found.x - box.x) < PLACE_TOLERANCE_PT &&
	       fabs(found.y - box.y) < PLACE_TOLERANCE_PT &&
	       fabs(found.x + found.w - box.x - box.w) < PLACE_TOLERANCE_PT &&
	       fabs(found.y + found.h - box.y - box.h) < PLACE_TOLERANCE_PT;
}

static gboolean is_quiet(const picture *p, miyin_box quiet, miyin_box code)
{
	pixels in = find_pixels(p, quiet, EDGE_PX);
	pixels but = find_pixels(p, code, -2 * EDGE_PX);

	for (int y = in.top; y < in.bottom; y++) {
		const guint8 *row = get_row(p, y);

		for (int x = in.left; x < in.right; x++) {
			if (y >= but.top && y < but.bottom && x == but.left)
				x = but.right;
			for (int part = 0; part < 3; part++)
				if (row[4 * x + part] < LIGHT)
					return FALSE;
		}
	}
	return TRUE;
}

static char *check_qr(const verifying *v, picture *copy,
		      const miyin_place *place, unsigned code,
		      const char *payload)
{
	miyin_box quiet = place->quiet[code], found;
	gboolean reads;

	show(copy, quiet);
	reads = read_qr(copy, quiet, payload, v->scanner, &found);
	if (!reads) {
		picture closer = *copy;

		closer.dpi = DPI_AGAIN;
		closer.surface = NULL;
		show(&closer, quiet);
		reads = read_qr(&closer, quiet, payload, v->scanner, &found);
		cairo_surface_destroy(closer.surface);
	}
	if (!reads)
		return g_strdup_printf("code %u", code + 1);
	if (!is_at(found, place->codes[code]))
		return g_strdup_printf("place of code %u", code + 1);
	if (!is_quiet(copy, quiet, place->codes[code]))
		return g_strdup_printf("quiet zone of code %u", code + 1);
	return NULL;
}

static char *check_qrs(const verifying *v, picture *copy,
		       const miyin_place *place, const char *payload)
{
	char *wrong = NULL;

	for (unsigned n = 0; n < place->n_codes && !wrong; n++)
		wrong = check_qr(v, copy, place, n, payload);
	return wrong;
}

/* What is wrong with the codes of each kind; NULL: nothing. */
static char *(*const checks[MIYIN_N_CODE_KINDS])(const verifying *v,
						 picture *copy,
						 const miyin_place *place,
						 const char *text) = {
	[MIYIN_CODE_QR] = check_qrs,
};

static gboolean has_ink(const picture *p, miyin_box box)
{
	pixels in = find_pixels(p, box, 0);

	for (int y = in.top; y < in.bottom; y++) {
		const guint8 *row = get_row(p, y);

		for (int x = 4 * in.left; x < 4 * in.right; x++)
			if (x % 4 < 3 && row[x] < INK)
				return TRUE;
	}
	return FALSE;
}

/* Whether a colour is one of this place or lies between those around it. EDGE_PX
 * keeps what is looked at inside of the picture. */
static gboolean is_about(const picture *p, int x, int y, int colour)
{
	int least = 255, most = 0;

	for (int dy = -1; dy <= 1; dy++) {
		const guint8 *row = get_row(p, y + dy);

		for (int dx = -4; dx <= 4; dx += 4) {
			least = MIN(least, row[x + dx]);
			most = MAX(most, row[x + dx]);
		}
	}
	return colour >= least - CHANGED && colour <= most + CHANGED;
}

/* A glyph that the last digits of a number put on the other side of a rounding
 * stands beside itself: in steps of a pixel with Cairo 1.16, of a quarter of
 * one, drawn twice, with 1.18. Ink that is gone or new has none beside it. */
static gboolean differs(const picture *a, const picture *b, miyin_box box)
{
	pixels in = find_pixels(a, box, EDGE_PX);

	for (int y = in.top; y < in.bottom; y++) {
		const guint8 *left = get_row(a, y), *right = get_row(b, y);

		for (int x = 4 * in.left; x < 4 * in.right; x++)
			if (x % 4 < 3 && ABS(left[x] - right[x]) > CHANGED &&
			    !(is_about(a, x, y, right[x]) &&
			      is_about(b, x, y, left[x])))
				return TRUE;
	}
	return FALSE;
}

/* The body is clipped away from a line's box: what is there must be what the
 * lines alone show there. Words that leave no ink are words without a font. */
static char *check_line(const verifying *v, picture *copy, picture *alone,
			const miyin_place *place, unsigned line, unsigned i)
{
	g_autofree char *words = miyin_marks_line_text(
		v->order, v->order->layout->lines->pdata[line], i);
	miyin_box box = place->lines[line];

	g_strstrip(words);
	show(copy, box);
	show(alone, box);
	if (!differs(copy, alone, box) && (!*words || has_ink(alone, box)))
		return NULL;
	return g_strdup_printf("line “%s”", words);
}

/* NULL, or what is wrong. */
static char *check_page(const verifying *v, unsigned i)
{
	const miyin_sheet *sheet = miyin_marks_sheet(v->order, v->sheets, i);
	g_autoptr(PopplerPage) page = poppler_document_get_page(v->copy, i);
	g_autoptr(PopplerPage) plain = poppler_document_get_page(v->lines, i);
	g_autoptr(GArray) boxes = NULL, all = NULL;
	const watermark *tiles;
	picture copy = { .page = page, .sheet = sheet, .dpi = DPI };
	picture alone = { .page = plain, .sheet = sheet, .dpi = DPI };
	char *wrong = NULL;
	miyin_place place;

	if (!page || !plain || !same_size(page, sheet) ||
	    !miyin_look_place(sheet, v->order, i, &place))
		return g_strdup("page size");
	boxes = list_boxes(&place);
	tiles = get_watermark(
		v, plain, sheet, v->order->layout->swap_even && i % 2);
	all = g_array_copy(boxes);
	g_array_append_vals(all, tiles->spots->data, tiles->spots->len);
	copy.boxes = all;
	alone.boxes = boxes;
	for (miyin_code_kind k = 0; k < MIYIN_N_CODE_KINDS && !wrong; k++)
		wrong = checks[k](v, &copy, &place,
				  v->order->pages[i].codes[k]);
	for (unsigned n = 0; n < place.n_lines && !wrong; n++)
		if (place.lines[n].w > 0)
			wrong = check_line(v, &copy, &alone, &place, n, i);
	for (unsigned n = 0; n < tiles->spots->len && !wrong; n++)
		wrong = check_watermark(&copy, tiles, n);
	g_clear_pointer(&copy.surface, cairo_surface_destroy);
	g_clear_pointer(&alone.surface, cairo_surface_destroy);
	miyin_place_clear(&place);
	return wrong;
}

gboolean miyin_look_verify_pages(GBytes *copy, GBytes *lines,
				 const miyin_sheets *sheets,
				 const miyin_order *order, const GArray *pages,
				 GError **error)
{
	g_autoptr(PopplerDocument) document =
		miyin_look_open(copy, order->n_pages);
	g_autoptr(PopplerDocument) plain =
		miyin_look_open(lines, order->n_pages);
	watermark tiles[2] = { 0 };
	verifying v = { sheets, order, document, plain, NULL, tiles };
	g_autofree char *wrong = NULL, *number = NULL;
	unsigned page = 0;

	if (!document || !plain)
		return miyin_fault_set(error, MIYIN_REFUSAL_NOT_MARKED, "1",
				       "the copy cannot be opened", NULL);
	v.scanner = zbar_image_scanner_create();
	zbar_image_scanner_set_config(v.scanner, ZBAR_NONE, ZBAR_CFG_ENABLE, 0);
	zbar_image_scanner_set_config(v.scanner, ZBAR_QRCODE, ZBAR_CFG_ENABLE,
				      1);
	for (unsigned i = 0; i < pages->len && !wrong; i++) {
		page = g_array_index(pages, unsigned, i);
		wrong = check_page(&v, page);
	}
	zbar_image_scanner_destroy(v.scanner);
	for (unsigned i = 0; i < G_N_ELEMENTS(tiles); i++)
		watermark_clear(&tiles[i]);
	if (!wrong)
		return TRUE;
	number = g_strdup_printf("%u", page + 1);
	return miyin_fault_set(error, MIYIN_REFUSAL_NOT_MARKED, number, wrong,
			       NULL);
}

gboolean miyin_look_verify(GBytes *copy, const miyin_sheets *sheets,
			   const miyin_order *order, GError **error)
{
	g_autoptr(GBytes) lines = NULL;
	g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(unsigned));

	for (unsigned i = 0; i < order->n_pages; i++)
		g_array_append_val(all, i);
	lines = miyin_look_lines(sheets, order, error);
	return lines &&
	       miyin_look_verify_pages(copy, lines, sheets, order, all, error);
}
