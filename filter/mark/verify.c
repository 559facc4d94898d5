/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify.h"
#include "fault.h"
#include "reference.h"
#include "shown.h"
#include "spots.h"
#include "turn.h"
#include <math.h>
#include <zbar.h>

#define DPI_AGAIN 300.0 /* before a code is called unreadable */
#define SIZE_TOLERANCE_PT 1.0
#define PLACE_TOLERANCE_PT MIYIN_PT_PER_MM
#define EDGE_PX 1 /* a box's outermost pixels are shared */
#define LIGHT 224 /* of 255: darker is ink in a quiet zone */
#define INK 245	  /* of 255: what a line draws is darker */
/* A pixel is another one when a colour is this much off. Nothing but the line
 * is in its box. */
#define CHANGED 112 /* of black */
#define CHANGED_LEAST 16
#define ROUNDED 1     /* such pixels of a line: two ways' last digits */
#define INK_OF_DOT 32 /* of 255, in a pixel of the watermark: less is an edge */
#define INK_SHARE 0.7 /* that must be seen of it: two places' rounding */

typedef struct {
	const miyin_sheets *sheets;
	const miyin_order *order;
	PopplerDocument *copy;
	miyin_reference *reference;
	miyin_spots *spots;
	zbar_image_scanner_t *scanner;
} verifying;

/* A page, and what must be there. */
typedef struct {
	unsigned no; /* 0 up */
	const miyin_face *face;
	miyin_shown copy, must; /* the latter's picture is borrowed */
} looking;

static gboolean same_size(PopplerPage *page, const miyin_sheet *sheet)
{
	double w, h;

	poppler_page_get_size(page, &w, &h);
	return fabs(w - miyin_turn_paper_width(sheet)) < SIZE_TOLERANCE_PT &&
	       fabs(h - miyin_turn_paper_height(sheet)) < SIZE_TOLERANCE_PT;
}

static void show(const verifying *v, looking *at, miyin_box box)
{
	const miyin_box view = miyin_shown_view(&at->must, box);

	miyin_shown_box(&at->copy, box);
	if (at->must.surface && miyin_shown_same(view, at->must.view))
		return;
	at->must.view = view;
	at->must.surface = miyin_reference_paint(v->reference, at->no,
						 at->must.view, at->must.dpi);
}

/* Of a pixel: black is 255, and no colour that lacks one of the others is any. */
static int ink_of(const guint8 *pixel)
{
	return 255 - MAX(pixel[0], MAX(pixel[1], pixel[2]));
}

/* The darkest pixel around one. */
static int find_ink(const miyin_shown *p, int x, int y)
{
	int ink = 0;

	for (int row = y - 1; row <= y + 1; row++) {
		const guint8 *at = miyin_shown_row(p, row) + 4 * (x - 1);

		for (int k = 0; k < 3; k++)
			ink = MAX(ink, ink_of(at + 4 * k));
	}
	return ink;
}

/* How much of the ink that must be there is there, 0 to 1. */
static double compare_ink(const miyin_shown *copy, int left, int top,
			  const miyin_shown *must)
{
	int wanted = 1, seen = 1;

	for (int y = EDGE_PX; y < MIYIN_SPOT_PX - EDGE_PX; y++) {
		const guint8 *row = miyin_shown_row(must, y);

		for (int x = EDGE_PX; x < MIYIN_SPOT_PX - EDGE_PX; x++) {
			const int ink = ink_of(row + 4 * x);

			if (ink < INK_OF_DOT)
				continue;
			wanted += ink;
			seen += MIN(ink, find_ink(copy, left + x, top + y));
		}
	}
	return (double)seen / wanted;
}

/*
 * The watermark is painted after the body: where its ink is, a page is at
 * least as dark as the watermark on white, whatever the body has there. Dark
 * bodies hide that it is gone, but they hide it, too, when it is there. A
 * renderer may lay a tile's dots by half a pixel aside.
 */
static char *check_watermark(miyin_shown *copy, const miyin_spot *spot)
{
	const miyin_shown must = { .surface = spot->picture };
	int left, top;

	miyin_shown_box(copy, spot->box);
	left = (int)lround((spot->box.x - copy->view.x) * copy->dpi / 72);
	top = (int)lround(
		(copy->view.y + copy->view.h - spot->box.y - spot->box.h) *
		copy->dpi / 72);
	if (miyin_shown_holds(&must, 0, 0, MIYIN_SPOT_PX) &&
	    miyin_shown_holds(copy, left, top, MIYIN_SPOT_PX) &&
	    compare_ink(copy, left, top, &must) >= INK_SHARE)
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

/* Two pictures of a line, its pixels, and how far a letter may be aside. */
typedef struct {
	const miyin_shown *a, *b;
	miyin_pixels in;
	int reach, changed;
} comparing;

/* Whether ink is ink of this place or of what is around it, in the line's box.
 * White may be anywhere: two letters that stand aside by a pixel, to each other
 * or away, close a gap between them or open one. */
static gboolean is_about(const comparing *c, const miyin_shown *p, int x, int y,
			 int part, int colour)
{
	const int left = MAX(x - c->reach, c->in.left - EDGE_PX);
	const int right = MIN(x + c->reach, c->in.right - 1 + EDGE_PX);
	const int top = MAX(y - c->reach, c->in.top - EDGE_PX);
	const int bottom = MIN(y + c->reach, c->in.bottom - 1 + EDGE_PX);
	int darkest = 255;

	for (int row = top; row <= bottom; row++) {
		const guint8 *at = miyin_shown_row(p, row) + part;

		for (int k = left; k <= right; k++)
			darkest = MIN(darkest, at[4 * k]);
	}
	return colour >= darkest - c->changed;
}

static gboolean is_other(const comparing *c, int x, int y, const guint8 *a,
			 const guint8 *b)
{
	for (int part = 0; part < 3; part++)
		if (ABS(a[part] - b[part]) > c->changed &&
		    !(is_about(c, c->a, x, y, part, b[part]) &&
		      is_about(c, c->b, x, y, part, a[part])))
			return TRUE;
	return FALSE;
}

/* A letter may stand by a pixel aside. Ink that is gone or new has none beside
 * it. */
static gboolean differs(const comparing *c)
{
	int n = 0;

	for (int y = c->in.top; y < c->in.bottom; y++) {
		const guint8 *a = miyin_shown_row(c->a, y),
			     *b = miyin_shown_row(c->b, y);

		for (int x = c->in.left; x < c->in.right; x++)
			n += is_other(c, x, y, a + 4 * x, b + 4 * x);
	}
	return n > ROUNDED;
}

/* In pixels. Fonts of other scripts than ours may put letters and accents farther
 * aside when they are drawn another way. */
static int find_reach(const char *words)
{
	for (; *words; words = g_utf8_next_char(words))
		switch (g_unichar_get_script(g_utf8_get_char(words))) {
		case G_UNICODE_SCRIPT_COMMON:
		case G_UNICODE_SCRIPT_LATIN:
		case G_UNICODE_SCRIPT_HAN:
			break;
		default:
			return 2;
		}
	return 1;
}

/* Of a line in a pale colour less is changed when it is gone. */
static int find_changed(unsigned colour)
{
	const unsigned darkest =
		MIN(colour >> 16 & 255, MIN(colour >> 8 & 255, colour & 255));

	return MAX(CHANGED_LEAST, CHANGED * (255 - (int)darkest) / 255);
}

static gboolean is_same(const looking *at, miyin_box box,
			const miyin_line *line, const char *words)
{
	const miyin_pixels must = miyin_shown_pixels(&at->must, box, EDGE_PX);
	const comparing c = {
		.a = &at->copy,
		.b = &at->must,
		.in = miyin_shown_pixels(&at->copy, box, EDGE_PX),
		.reach = find_reach(words),
		.changed = find_changed(line->colour),
	};

	return c.in.right == must.right && c.in.bottom == must.bottom &&
	       !differs(&c);
}

/* The body is clipped away from a line's box: what is there must be what the
 * line alone shows there. Words that leave no ink are words without a font. */
static char *check_line(const verifying *v, looking *at, unsigned n)
{
	g_autoptr(GString) words = g_string_new(NULL);
	const miyin_box box = at->face->place.lines[n];
	const miyin_line *line = v->order->layout->lines->pdata[n];

	miyin_marks_line_text(v->order, line, at->no, words);
	g_strstrip(words->str);
	show(v, at, box);
	if (is_same(at, box, line, words->str) &&
	    (!*words->str || has_ink(&at->must, box)))
		return NULL;
	return g_strdup_printf("line “%s”", words->str);
}

/* NULL, or what is wrong. */
static char *check_marks(const verifying *v, looking *at, const GArray *spots)
{
	const miyin_place *place = &at->face->place;
	char *wrong = NULL;

	for (miyin_code_kind k = 0; k < MIYIN_N_CODE_KINDS && !wrong; k++)
		wrong = checks[k](v, &at->copy, place,
				  v->order->pages[at->no].codes[k]);
	for (unsigned n = 0; n < place->n_lines && !wrong; n++)
		if (place->lines[n].w > 0)
			wrong = check_line(v, at, n);
	for (unsigned n = 0; n < spots->len && !wrong; n++)
		wrong = check_watermark(&at->copy,
					&g_array_index(spots, miyin_spot, n));
	return wrong;
}

static char *check_page(const verifying *v, unsigned i)
{
	const miyin_sheet *sheet = miyin_marks_sheet(v->order, v->sheets, i);
	g_autoptr(PopplerPage) page = poppler_document_get_page(v->copy, i);
	const miyin_face *face = miyin_reference_face(v->reference, i);
	g_autoptr(GArray) boxes = miyin_place_list(&face->place);
	const GArray *spots = miyin_spots_get(v->spots, face);
	looking at = {
		.no = i,
		.face = face,
		.copy = { .page = page,
			  .sheet = sheet,
			  .boxes = boxes,
			  .dpi = MIYIN_SHOWN_DPI },
		.must = { .sheet = sheet, .dpi = MIYIN_SHOWN_DPI },
	};
	char *wrong;

	if (!page || !same_size(page, sheet))
		return g_strdup("page size");
	for (unsigned n = 0; n < spots->len; n++)
		g_array_append_val(boxes,
				   g_array_index(spots, miyin_spot, n).box);
	wrong = check_marks(v, &at, spots);
	g_clear_pointer(&at.copy.surface, cairo_surface_destroy);
	return wrong;
}

gboolean miyin_verify_pages(GBytes *copy, const miyin_sheets *sheets,
			    const miyin_order *order, const GArray *pages,
			    GError **error)
{
	g_autoptr(PopplerDocument) document = NULL;
	g_autoptr(miyin_reference) reference = NULL;
	g_autoptr(miyin_spots) spots = miyin_spots_new(order);
	verifying v = { .sheets = sheets, .order = order, .spots = spots };
	g_autofree char *wrong = NULL, *number = NULL;
	unsigned page = 0;

	if (order->n_pages != sheets->pages->len + (order->cover ? 1 : 0))
		return miyin_fault_set(error, MIYIN_REFUSAL_NOT_MARKED, "1",
				       "the order is for another document",
				       NULL);
	v.reference = reference = miyin_reference_new(order, sheets, error);
	if (!reference)
		return FALSE;
	v.copy = document = miyin_view_open(copy, order->n_pages);
	if (!document)
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
	if (!wrong)
		return TRUE;
	number = g_strdup_printf("%u", page + 1);
	return miyin_fault_set(error, MIYIN_REFUSAL_NOT_MARKED, number, wrong,
			       NULL);
}
