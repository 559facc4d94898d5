/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "look.h"
#include "declared.h"
#include "fault.h"
#include "marks.h"
#include "place.h"
#include "upright.h"
#include <math.h>

#define INK_DPI 36.0
#define INK_GREY 245		/* darker is ink */

/* Poppler 22.12 has none of its own. */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PopplerDocument, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PopplerPage, g_object_unref)

static gboolean inspect_page(PopplerDocument *document,
			     const miyin_sheets *sheets, const int *turns,
			     const miyin_order *order, unsigned i,
			     miyin_inspection *result, GError **error);
static int find_declared(PopplerDocument *document, const miyin_order *order);
static gboolean has_ink(PopplerPage *page, const miyin_sheet *sheet, int turn,
			const miyin_place *place);
static gboolean box_has_ink(cairo_surface_t *surface, miyin_box box,
			    double height_pt);

gboolean miyin_look_inspect(GBytes *pdf, miyin_sheets *sheets,
			    const miyin_order *order,
			    miyin_inspection *inspection, GError **error)
{
	g_autoptr(PopplerDocument) document = NULL;
	unsigned n = sheets->pages->len + (order->cover ? 1 : 0);
	g_autofree int *turns = g_new0(int, sheets->pages->len);
	miyin_inspection result = { .scale = 1, .declared = -1 };

	document = miyin_look_open(pdf, sheets->pages->len);
	if (!document)
		return miyin_fault_set(error, MIYIN_REFUSAL_DAMAGED, NULL);
	miyin_upright_find(document, sheets->pages->len, turns);
	for (unsigned i = 0; i < sheets->pages->len; i++)
		miyin_upright_turn(&g_array_index(sheets->pages, miyin_sheet,
						  i), turns[i]);
	for (unsigned i = 0; i < n; i++)
		if (!inspect_page(document, sheets, turns, order, i, &result,
				  error))
			return FALSE;
	result.declared = find_declared(document, order);
	*inspection = result;
	return TRUE;
}

PopplerDocument *miyin_look_open(GBytes *pdf, unsigned n_pages)
{
	PopplerDocument *document =
		poppler_document_new_from_bytes(pdf, NULL, NULL);

	if (document &&
	    poppler_document_get_n_pages(document) != (int)n_pages)
		g_clear_object(&document);
	return document;
}

/* i counts the cover, which the document does not have. */
static gboolean inspect_page(PopplerDocument *document,
			     const miyin_sheets *sheets, const int *turns,
			     const miyin_order *order, unsigned i,
			     miyin_inspection *result, GError **error)
{
	const miyin_sheet *sheet = miyin_marks_sheet(order, sheets, i);
	g_autoptr(PopplerPage) page = NULL;
	miyin_place place;
	double scale, x, y;
	gboolean ok = TRUE;

	if (!miyin_look_place(sheet, order, i, &place))
		return miyin_marks_too_small(order, sheet, i, error);
	miyin_place_fit(&place, sheet->width_pt, sheet->height_pt, &scale, &x,
			&y);
	result->scale = MIN(result->scale, scale);
	if (!result->touched && !order->fit &&
	    miyin_order_class(order, i) != MIYIN_COVER_PAGE) {
		unsigned body = i - (order->cover ? 1 : 0);

		page = poppler_document_get_page(document, (int)body);
		ok = page || miyin_fault_set(error, MIYIN_REFUSAL_DAMAGED,
					     NULL);
		result->touched =
			ok && has_ink(page, sheet, turns[body], &place);
	}
	miyin_place_clear(&place);
	return ok;
}

/* A scan has no text, and says nothing here. */
static int find_declared(PopplerDocument *document, const miyin_order *order)
{
	g_autoptr(PopplerPage) page = NULL;
	g_autofree char *text = NULL;

	if (order->n_levels == 0)
		return -1;
	page = poppler_document_get_page(document, 0);
	text = page ? poppler_page_get_text(page) : NULL;
	return text ? miyin_declared_find(text, order->levels, order->n_levels)
		    : -1;
}

gboolean miyin_look_place(const miyin_sheet *sheet, const miyin_order *order,
			  unsigned i, miyin_place *place)
{
	return miyin_place_page(sheet->width_pt, sheet->height_pt,
				order->layout, miyin_order_class(order, i),
				i % 2, place);
}

static gboolean has_ink(PopplerPage *page, const miyin_sheet *sheet, int turn,
			const miyin_place *place)
{
	g_autoptr(GArray) boxes =
		g_array_new(FALSE, FALSE, sizeof(miyin_box));
	cairo_surface_t *surface;
	gboolean ink = FALSE;

	const miyin_box whole = { 0, 0, sheet->width_pt, sheet->height_pt };

	g_array_append_vals(boxes, place->quiet, place->n_codes);
	for (unsigned i = 0; i < place->n_lines; i++)
		if (place->lines[i].w > 0)
			g_array_append_val(boxes, place->lines[i]);
	surface = miyin_look_paint(page, sheet, turn, whole,
				   (miyin_box *)boxes->data, boxes->len,
				   INK_DPI);
	for (unsigned i = 0; i < boxes->len && !ink; i++)
		ink = box_has_ink(surface,
				  g_array_index(boxes, miyin_box, i),
				  sheet->height_pt);
	cairo_surface_destroy(surface);
	return ink;
}

/* A view of the sheet, but only what is in the boxes. Poppler leaves /UserUnit
 * to its caller; sheets are in true points. */
cairo_surface_t *miyin_look_paint(PopplerPage *page, const miyin_sheet *sheet,
				  int turn, miyin_box view,
				  const miyin_box *boxes, unsigned n_boxes,
				  double dpi)
{
	double scale = dpi / 72;
	cairo_surface_t *surface = cairo_image_surface_create(
		CAIRO_FORMAT_RGB24, (int)ceil(view.w * scale),
		(int)ceil(view.h * scale));
	cairo_t *cr = cairo_create(surface);

	cairo_set_source_rgb(cr, 1, 1, 1);
	cairo_paint(cr);
	cairo_scale(cr, scale, scale);
	cairo_translate(cr, -view.x, -(sheet->height_pt - view.y - view.h));
	for (unsigned i = 0; i < n_boxes; i++)
		cairo_rectangle(cr, boxes[i].x,
				sheet->height_pt - boxes[i].y - boxes[i].h,
				boxes[i].w, boxes[i].h);
	/* A soft edge would keep some of the ink that white covers later. */
	cairo_set_antialias(cr, CAIRO_ANTIALIAS_NONE);
	cairo_clip(cr);
	cairo_set_antialias(cr, CAIRO_ANTIALIAS_DEFAULT);
	miyin_upright_transform(cr, page, sheet, turn);
	poppler_page_render_for_printing(page, cr);
	cairo_destroy(cr);
	cairo_surface_flush(surface);
	return surface;
}

static gboolean box_has_ink(cairo_surface_t *surface, miyin_box box,
			    double height_pt)
{
	const double scale = INK_DPI / 72;
	int width = cairo_image_surface_get_width(surface);
	int height = cairo_image_surface_get_height(surface);
	int left = MAX(0, (int)floor(box.x * scale));
	int right = MIN(width, (int)ceil((box.x + box.w) * scale));
	int top = MAX(0, (int)floor((height_pt - box.y - box.h) * scale));
	int bottom = MIN(height, (int)ceil((height_pt - box.y) * scale));

	for (int y = top; y < bottom; y++) {
		const guint8 *row = cairo_image_surface_get_data(surface) +
				    y * cairo_image_surface_get_stride(surface);

		for (int x = left; x < right; x++)
			for (int part = 0; part < 3; part++)
				if (row[4 * x + part] < INK_GREY)
					return TRUE;
	}
	return FALSE;
}
