/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "spots.h"
#include "canvas.h"
#include "shown.h"
#include "watermark.h"
#include <math.h>

#define N_SPOTS 3
#define SIDE_PT 60.0
#define BELOW_PT 24.0 /* of the tile's corner, where it begins */
#define N_KEPT 2      /* the sides of a sheet */

typedef struct {
	const miyin_face *face; /* NULL: none */
	GArray *all;
} kept;

struct miyin_spots {
	const miyin_order *order;
	kept kept[N_KEPT];
	unsigned next; /* of kept, to be given up */
};

static void spot_clear(gpointer data)
{
	miyin_spot *spot = data;

	g_clear_pointer(&spot->picture, cairo_surface_destroy);
}

miyin_spots *miyin_spots_new(const miyin_order *order)
{
	miyin_spots *spots = g_new0(miyin_spots, 1);

	spots->order = order;
	return spots;
}

void miyin_spots_free(miyin_spots *spots)
{
	for (unsigned i = 0; i < N_KEPT; i++)
		g_clear_pointer(&spots->kept[i].all, g_array_unref);
	g_free(spots);
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

static double to_pixel(double pt)
{
	return floor(pt * MIYIN_SHOWN_DPI / 72) * 72 / MIYIN_SHOWN_DPI;
}

/* Where some tiles begin that lie wholly on the sheet, spread over it; on whole
 * pixels, so that a part of a page is painted as the whole. Where a line stands
 * there is less of it: such a tile is taken when there is no other. */
static void choose(const miyin_face *face, miyin_watermark kind, GArray *spots)
{
	g_autoptr(GArray) tiles =
		miyin_watermark_tiles(face->width_pt, face->height_pt, kind);
	g_autoptr(GArray) boxes = miyin_place_list(&face->place);
	g_autoptr(GArray) taken = g_array_new(FALSE, FALSE, sizeof(miyin_spot));
	g_autoptr(GArray) free = g_array_new(FALSE, FALSE, sizeof(miyin_spot));
	const GArray *from;
	unsigned n;

	for (unsigned i = 0; i < tiles->len; i++) {
		miyin_tile tile = g_array_index(tiles, miyin_tile, i);
		double top =
			to_pixel(face->height_pt - tile.y - SIDE_PT + BELOW_PT);
		miyin_spot spot = { .box = { to_pixel(tile.x),
					     face->height_pt - top - SIDE_PT,
					     SIDE_PT, SIDE_PT } };

		if (spot.box.x >= 0 && spot.box.y >= 0 && top >= 0 &&
		    spot.box.x + spot.box.w <= face->width_pt)
			g_array_append_val(
				is_free(spot.box, boxes) ? free : taken, spot);
	}
	from = free->len > 0 ? free : taken;
	n = MIN(N_SPOTS, from->len);
	for (unsigned i = 0; i < n; i++)
		g_array_append_val(spots, g_array_index(from, miyin_spot,
							i * from->len / n));
}

/* As the copy has it: it leaves the boxes of marks out. */
static void clip_boxes_away(cairo_t *cr, const miyin_face *face)
{
	g_autoptr(GArray) boxes = miyin_place_list(&face->place);

	cairo_set_fill_rule(cr, CAIRO_FILL_RULE_EVEN_ODD);
	for (unsigned i = 0; i < boxes->len; i++) {
		const miyin_box *box = &g_array_index(boxes, miyin_box, i);

		cairo_rectangle(cr, 0, 0, face->width_pt, face->height_pt);
		cairo_rectangle(cr, box->x, face->height_pt - box->y - box->h,
				box->w, box->h);
		cairo_clip(cr);
	}
}

static void paint(const miyin_order *order, const miyin_face *face,
		  miyin_spot *spot)
{
	cairo_t *cr = miyin_canvas_open(MIYIN_SPOT_PX, MIYIN_SPOT_PX);

	cairo_scale(cr, MIYIN_SHOWN_DPI / 72, MIYIN_SHOWN_DPI / 72);
	cairo_translate(cr, -spot->box.x,
			spot->box.y + spot->box.h - face->height_pt);
	clip_boxes_away(cr, face);
	miyin_watermark_paint(cr, order, face->width_pt, face->height_pt,
			      spot->box);
	spot->picture = miyin_canvas_or_empty(miyin_canvas_close(cr, NULL));
}

const GArray *miyin_spots_get(miyin_spots *spots, const miyin_face *face)
{
	kept *to;

	for (unsigned i = 0; i < N_KEPT; i++)
		if (spots->kept[i].face == face)
			return spots->kept[i].all;
	to = &spots->kept[spots->next++ % N_KEPT];
	g_clear_pointer(&to->all, g_array_unref);
	to->face = face;
	to->all = g_array_new(FALSE, FALSE, sizeof(miyin_spot));
	g_array_set_clear_func(to->all, spot_clear);
	choose(face, spots->order->layout->watermark, to->all);
	for (unsigned i = 0; i < to->all->len; i++)
		paint(spots->order, face,
		      &g_array_index(to->all, miyin_spot, i));
	return to->all;
}
