/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sweep FILE.pdf < BOXES: a page of A4 for each way that a word may come near a
 * mark.
 *
 * BOXES are lines "X Y WIDTH HEIGHT" in points from the bottom left, where the
 * marks of an empty page stand. Towards each, a Latin and a Chinese word of
 * several sizes comes from the middle of the page, upright and from the side,
 * by a quarter of a point from page to page: its ink ends 2 pt before the box to
 * 2 pt in it. A word is alone on its page.
 */
#include <cairo-pdf.h>
#include <pango/pangocairo.h>
#include <stdio.h>

#define WIDTH 595.2756
#define HEIGHT 841.8898
#define FAR 8	  /* steps before and in the box */
#define STEP 0.25 /* points */
#define INSET 3.0 /* points along the box */

static const double sizes[] = { 7, 9, 10.5, 12, 14, 16 };
static const char *const words[] = { "Hxgpqy", "中文字体鱼" };

typedef struct {
	double x, y, w, h; /* y downwards here, as cairo's */
} rectangle;

static PangoLayout *new_word(cairo_t *cr, const char *word, double size)
{
	PangoLayout *layout = pango_cairo_create_layout(cr);
	PangoFontDescription *font =
		pango_font_description_from_string("Noto Sans CJK SC");

	pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
	pango_layout_set_font_description(layout, font);
	pango_layout_set_text(layout, word, -1);
	pango_font_description_free(font);
	return layout;
}

static void show(cairo_t *cr, const rectangle *box, const char *word,
		 double size, double deep, int from_side)
{
	PangoLayout *layout = new_word(cr, word, size);
	PangoRectangle ink;
	double left, top, w, h, x = box->x + INSET, y = box->y + INSET;

	pango_layout_get_extents(layout, &ink, NULL);
	left = pango_units_to_double(ink.x);
	top = pango_units_to_double(ink.y);
	w = pango_units_to_double(ink.width);
	h = pango_units_to_double(ink.height);
	if (from_side && box->x + box->w / 2 < WIDTH / 2)
		x = box->x + box->w - deep;
	else if (from_side)
		x = box->x + deep - w;
	else if (box->y + box->h / 2 < HEIGHT / 2)
		y = box->y + box->h - deep;
	else
		y = box->y + deep - h;
	cairo_move_to(cr, x - left, y - top);
	pango_cairo_show_layout(cr, layout);
	cairo_show_page(cr);
	g_object_unref(layout);
}

static void sweep(cairo_t *cr, const rectangle *box)
{
	for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++)
		for (size_t j = 0; j < G_N_ELEMENTS(words); j++)
			for (int d = -FAR; d <= FAR; d++)
				for (int side = 0; side < 2; side++)
					show(cr, box, words[j], sizes[i],
					     d * STEP, side);
}

int main(int argc, char **argv)
{
	cairo_surface_t *surface = cairo_pdf_surface_create(
		argc == 2 ? argv[1] : NULL, WIDTH, HEIGHT);
	cairo_t *cr = cairo_create(surface);
	rectangle box;
	int ok;

	if (argc != 2) {
		fputs("usage: sweep FILE.pdf < BOXES\n", stderr);
		return 1;
	}
	while (scanf("%lf %lf %lf %lf", &box.x, &box.y, &box.w, &box.h) == 4) {
		box.y = HEIGHT - box.y - box.h;
		sweep(cr, &box);
	}
	cairo_surface_finish(surface);
	ok = cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS;
	cairo_destroy(cr);
	cairo_surface_destroy(surface);
	return !ok;
}
