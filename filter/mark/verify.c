/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify.h"
#include "fault.h"
#include "marks.h"
#include "shown.h"
#include "stamp.h"
#include "turn.h"
#include "view.h"
#include <miyin/memfile.h>
#include <math.h>
#include <string.h>
#include <zbar.h>

#define DPI_AGAIN 300.0 /* before a code is called unreadable */
#define SIZE_TOLERANCE_PT 1.0
#define PLACE_TOLERANCE_PT MIYIN_PT_PER_MM
#define EDGE_PX 1 /* a box's outermost pixels are shared */
#define LIGHT 224 /* of 255: darker is ink in a quiet zone */
#define INK 245	  /* of 255: what a line draws is darker */
/* A pixel is another one when a colour is this much off. Nothing but the line
 * is in its box. */
#define CHANGED 96
#define SPOTS 3	     /* tiles of the watermark that are looked at */
#define SPOT_PT 60.0 /* of their text's beginning */
#define SPOT_PX 125
#define SPOT_BELOW_PT 24.0
#define FADED 40	/* of 255: ink that is so much lighter is gone */
#define FADED_SHARE 0.1 /* of its pixels: two places' rounding */
#define LEAST_INK_PX 20

/* What the watermark alone shows at some of its tiles. It is the same
 * on all pages of a size and a class: those of another class have their lines
 * elsewhere. */
typedef struct {
	double width_pt, height_pt;
	miyin_page_class class;
	GArray *spots;	     /* of miyin_box */
	GPtrArray *pictures; /* of cairo_surface_t, one a spot */
} watermark;

typedef struct {
	const miyin_sheets *sheets;
	const miyin_order *order;
	PopplerDocument *copy, *lines;
	zbar_image_scanner_t *scanner;
	watermark *tiles; /* two: the sides of the last size */
} verifying;

static gboolean same_size(PopplerPage *page, const miyin_sheet *sheet)
{
	double w, h;

	poppler_page_get_size(page, &w, &h);
	return fabs(w - miyin_turn_paper_width(sheet)) < SIZE_TOLERANCE_PT &&
	       fabs(h - miyin_turn_paper_height(sheet)) < SIZE_TOLERANCE_PT;
}

static void watermark_clear(watermark *tiles)
{
	g_clear_pointer(&tiles->spots, g_array_unref);
	g_clear_pointer(&tiles->pictures, g_ptr_array_unref);
}

static gboolean is_free(miyin_box box, const GArray *boxes)
{
	for (unsigned i = 0; i < boxes->len; i++) {
		const miyin_box *other = &g_array_index(boxes, miyin_box, i);

		if (box.x < other->x + other->w && other->x < box.x + box.w &&
		    box.y < other->y + other->h && other->y < box.y + box.h)
			return FALSE;
	}
	return TRUE;
}

/* Where some tiles begin that lie wholly on the sheet, spread over it; on whole
 * pixels, so that a part of a page is painted as the whole. Where a line stands
 * its ink is no watermark's: such a tile is taken when there is no other. */
static GArray *choose_spots(const miyin_sheet *sheet, miyin_watermark kind,
			    const GArray *boxes)
{
	g_autoptr(GArray) tiles = miyin_stamp_tiles(sheet, kind);
	g_autoptr(GArray) taken = g_array_new(FALSE, FALSE, sizeof(miyin_box));
	g_autoptr(GArray) free = g_array_new(FALSE, FALSE, sizeof(miyin_box));
	const GArray *from = free;
	GArray *spots = g_array_new(FALSE, FALSE, sizeof(miyin_box));

	for (unsigned i = 0; i < tiles->len; i++) {
		miyin_tile tile = g_array_index(tiles, miyin_tile, i);
		double left = floor(tile.x * MIYIN_SHOWN_DPI / 72) * 72 /
			      MIYIN_SHOWN_DPI;
		double down =
			sheet->height_pt - tile.y - SPOT_PT + SPOT_BELOW_PT;
		double top = floor(down * MIYIN_SHOWN_DPI / 72) * 72 /
			     MIYIN_SHOWN_DPI;
		miyin_box box = { left, sheet->height_pt - top - SPOT_PT,
				  SPOT_PT, SPOT_PT };

		if (box.x >= 0 && box.y >= 0 && top >= 0 &&
		    box.x + box.w <= sheet->width_pt)
			g_array_append_val(is_free(box, boxes) ? free : taken,
					   box);
	}
	if (free->len == 0)
		from = taken;
	for (unsigned i = 0; i < MIN(SPOTS, from->len); i++)
		g_array_append_vals(
			spots,
			&g_array_index(from, miyin_box, i * from->len / SPOTS),
			1);
	return spots;
}

static const watermark *get_watermark(const verifying *v, PopplerPage *plain,
				      const miyin_sheet *sheet, unsigned i,
				      const GArray *boxes)
{
	const gboolean even = v->order->layout->swap_even && i % 2;
	const miyin_page_class class = miyin_order_class(v->order, i);
	watermark *tiles = &v->tiles[even ? 1 : 0];

	if (tiles->spots && tiles->width_pt == sheet->width_pt &&
	    tiles->height_pt == sheet->height_pt && tiles->class == class)
		return tiles;
	watermark_clear(tiles);
	tiles->class = class;
	tiles->width_pt = sheet->width_pt;
	tiles->height_pt = sheet->height_pt;
	tiles->spots = choose_spots(sheet, v->order->layout->watermark, boxes);
	tiles->pictures = g_ptr_array_new_with_free_func(
		(GDestroyNotify)cairo_surface_destroy);
	for (unsigned k = 0; k < tiles->spots->len; k++) {
		const miyin_box *spot =
			&g_array_index(tiles->spots, miyin_box, k);

		g_ptr_array_add(tiles->pictures,
				miyin_shown_paint(plain, sheet, *spot, spot, 1,
						  MIYIN_SHOWN_DPI));
	}
	return tiles;
}

/*
 * The watermark is painted after the body: where its ink is, a page is at
 * least as dark as the watermark on white, whatever the body has there. Dark
 * bodies hide that it is gone, but they hide it, too, when it is there.
 */
static char *check_watermark(miyin_shown *copy, const watermark *tiles,
			     unsigned n)
{
	const miyin_shown alone = { .surface = tiles->pictures->pdata[n] };
	miyin_box spot = g_array_index(tiles->spots, miyin_box, n);
	unsigned n_ink = 0, n_faded = 0;
	int left, top;

	miyin_shown_box(copy, spot);
	left = (int)lround((spot.x - copy->view.x) * MIYIN_SHOWN_DPI / 72);
	top = (int)lround((copy->view.y + copy->view.h - spot.y - spot.h) *
			  MIYIN_SHOWN_DPI / 72);
	if (!miyin_shown_holds(&alone, 0, 0, SPOT_PX) ||
	    !miyin_shown_holds(copy, left, top, SPOT_PX))
		return g_strdup("watermark");
	for (int y = EDGE_PX; y < SPOT_PX - EDGE_PX; y++) {
		const guint8 *must = miyin_shown_row(&alone, y);
		const guint8 *is = miyin_shown_row(copy, top + y) + 4 * left;

		for (int x = EDGE_PX; x < SPOT_PX - EDGE_PX; x++) {
			if (must[4 * x + 1] >= LIGHT - FADED)
				continue;
			n_ink++;
			n_faded +=
				is[4 * x + 1] > must[4 * x + 1] + FADED ? 1 : 0;
		}
	}
	if (n_ink < LEAST_INK_PX || n_faded <= n_ink * FADED_SHARE)
		return NULL;
	return g_strdup("watermark");
}

/* On the sheet, points. */
static miyin_box find_corners(const miyin_shown *p, miyin_pixels in,
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

static gboolean read_qr(const miyin_shown *p, miyin_box box,
			const char *payload, zbar_image_scanner_t *scanner,
			miyin_box *found)
{
	miyin_pixels in = miyin_shown_pixels(p, box, 0);
	int w = in.right - in.left, h = in.bottom - in.top;
	g_autofree guint8 *grey = NULL;
	zbar_image_t *image;
	const zbar_symbol_t *symbol;
	gboolean same = FALSE;

	if (w == 0 || h == 0)
		return FALSE;
	grey = miyin_canvas_grey(p->surface, in.left, in.top, w, h);
	image = zbar_image_create();
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

static gboolean is_quiet(const miyin_shown *p, miyin_box quiet, miyin_box code)
{
	miyin_pixels in = miyin_shown_pixels(p, quiet, EDGE_PX);
	miyin_pixels but = miyin_shown_pixels(p, code, -2 * EDGE_PX);

	for (int y = in.top; y < in.bottom; y++) {
		const guint8 *row = miyin_shown_row(p, y);

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

static char *check_qr(const verifying *v, miyin_shown *copy,
		      const miyin_place *place, unsigned code,
		      const char *payload)
{
	miyin_box quiet = place->quiet[code], found;
	gboolean reads;

	miyin_shown_box(copy, quiet);
	reads = read_qr(copy, quiet, payload, v->scanner, &found);
	if (!reads) {
		miyin_shown closer = *copy;

		closer.dpi = DPI_AGAIN;
		closer.surface = NULL;
		miyin_shown_box(&closer, quiet);
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

static char *check_qrs(const verifying *v, miyin_shown *copy,
		       const miyin_place *place, const char *payload)
{
	char *wrong = NULL;

	for (unsigned n = 0; n < place->n_codes && !wrong; n++)
		wrong = check_qr(v, copy, place, n, payload);
	return wrong;
}

/* What is wrong with the codes of each kind; NULL: nothing. */
static char *(*const checks[])(const verifying *v, miyin_shown *copy,
			       const miyin_place *place, const char *text) = {
	[MIYIN_CODE_QR] = check_qrs,
};
G_STATIC_ASSERT(G_N_ELEMENTS(checks) == MIYIN_N_CODE_KINDS);

static gboolean has_ink(const miyin_shown *p, miyin_box box)
{
	miyin_pixels in = miyin_shown_pixels(p, box, 0);

	for (int y = in.top; y < in.bottom; y++) {
		const guint8 *row = miyin_shown_row(p, y);

		for (int x = 4 * in.left; x < 4 * in.right; x++)
			if (x % 4 < 3 && row[x] < INK)
				return TRUE;
	}
	return FALSE;
}

/* Whether a colour is one of this place or lies between those around it. EDGE_PX
 * keeps what is looked at inside of the picture. */
static gboolean is_about(const miyin_shown *p, int x, int y, int colour)
{
	int least = 255, most = 0;

	for (int dy = -1; dy <= 1; dy++) {
		const guint8 *row = miyin_shown_row(p, y + dy);

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
static gboolean differs(const miyin_shown *a, const miyin_shown *b,
			miyin_box box)
{
	miyin_pixels in = miyin_shown_pixels(a, box, EDGE_PX);
	miyin_pixels other = miyin_shown_pixels(b, box, EDGE_PX);

	if (in.right != other.right || in.bottom != other.bottom)
		return TRUE;
	for (int y = in.top; y < in.bottom; y++) {
		const guint8 *left = miyin_shown_row(a, y),
			     *right = miyin_shown_row(b, y);

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
static char *check_line(const verifying *v, miyin_shown *copy,
			miyin_shown *alone, const miyin_place *place,
			unsigned line, unsigned i)
{
	g_autofree char *words = miyin_marks_line_text(
		v->order, v->order->layout->lines->pdata[line], i);
	miyin_box box = place->lines[line];

	g_strstrip(words);
	miyin_shown_box(copy, box);
	miyin_shown_box(alone, box);
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
	miyin_shown copy = { .page = page,
			     .sheet = sheet,
			     .dpi = MIYIN_SHOWN_DPI };
	miyin_shown alone = { .page = plain,
			      .sheet = sheet,
			      .dpi = MIYIN_SHOWN_DPI };
	char *wrong = NULL;
	miyin_place place;

	if (!page || !plain || !same_size(page, sheet) ||
	    !miyin_view_place(sheet, v->order, i, &place))
		return g_strdup("page size");
	boxes = miyin_place_list(&place);
	tiles = get_watermark(v, plain, sheet, i, boxes);
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

GBytes *miyin_verify_lines(const miyin_sheets *sheets, const miyin_order *order,
			   GError **error)
{
	g_auto(miyin_fd) fd = -1;

	if (order->n_pages != sheets->pages->len + (order->cover ? 1 : 0)) {
		miyin_fault_set(error, MIYIN_REFUSAL_NOT_MARKED, "1",
				"the order is for another document", NULL);
		return NULL;
	}
	fd = miyin_memfile_new("lines", error);
	return fd >= 0 && miyin_stamp(fd, NULL, sheets, order, error)
		       ? miyin_memfile_map(fd, error)
		       : NULL;
}

gboolean miyin_verify_pages(GBytes *copy, GBytes *lines,
			    const miyin_sheets *sheets,
			    const miyin_order *order, const GArray *pages,
			    GError **error)
{
	g_autoptr(PopplerDocument) document =
		miyin_view_open(copy, order->n_pages);
	g_autoptr(PopplerDocument) plain =
		miyin_view_open(lines, order->n_pages);
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
