/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "marks.h"
#include <miyin/error.h>
#include <cairo-pdf.h>
#include <math.h>
#include <pango/pangocairo.h>
#include <string.h>

#define SANS "Noto Sans CJK SC"
#define SERIAL_FONT SANS " 16"
#define LEVEL_FONT SANS " Bold 16"
#define FOOT_FONT SANS " 9.5"
#define CODE_FONT "Noto Sans Mono CJK SC 9.5"
#define PAGE_FONT SANS " 9.5"
#define WATERMARK_FONT SANS " 19"
#define SPECIMEN_FONT SANS " Bold 60"
#define SHRINK_FLOOR 0.7	/* then cut with an ellipsis */
#define TILE_X_PT (72 * MIYIN_PT_PER_MM)
#define TILE_Y_PT (46 * MIYIN_PT_PER_MM)
#define SLOPE (-M_PI / 6)

static const char *const glyph_fonts[MIYIN_N_FONTS] = { CODE_FONT, PAGE_FONT };

static cairo_status_t append(void *to, const unsigned char *bytes,
			     unsigned length);
static void collect_sizes(miyin_marks *marks, const miyin_sheets *sheets);
static void collect_glyphs(miyin_marks *marks, const miyin_order *order);
static void add_glyphs(GArray *glyphs, const char *text);
static void draw_sheet(cairo_t *cr, const miyin_size *size,
		       const miyin_order *order, const miyin_place *place);
static void draw_watermark(cairo_t *cr, const miyin_size *size,
			   const miyin_order *order);
static void draw_specimen(cairo_t *cr, const miyin_size *size);
static void draw_line(cairo_t *cr, const miyin_size *size, miyin_box box,
		      const char *font, const char *text);
static void draw_glyph(cairo_t *cr, const char *font, miyin_glyph *glyph);
static PangoLayout *new_layout(cairo_t *cr, const char *font,
			       const char *text);
static void fit_width(PangoLayout *layout, double width_pt);

miyin_marks *miyin_marks_draw(const miyin_order *order,
			      const miyin_sheets *sheets, GError **error)
{
	g_autoptr(miyin_marks) marks = g_new0(miyin_marks, 1);
	cairo_surface_t *surface;
	cairo_t *cr;
	unsigned n_pages = 0;
	cairo_status_t status;

	marks->pdf = g_byte_array_new();
	collect_sizes(marks, sheets);
	collect_glyphs(marks, order);
	surface = cairo_pdf_surface_create_for_stream(append, marks->pdf, 100,
						      100);
	cr = cairo_create(surface);
	for (unsigned i = 0; i < marks->sizes->len; i++, n_pages++) {
		const miyin_size *size =
			&g_array_index(marks->sizes, miyin_size, i);
		miyin_place place;
		double least_w, least_h;

		/* prepare refused smaller ones */
		miyin_place_page(size->width_pt, size->height_pt, &place,
				 &least_w, &least_h);
		cairo_pdf_surface_set_size(surface, size->width_pt,
					   size->height_pt);
		draw_sheet(cr, size, order, &place);
		cairo_show_page(cr);
		n_pages++;
		draw_watermark(cr, size, order);
		cairo_show_page(cr);
	}
	cairo_pdf_surface_set_size(surface, MIYIN_GLYPH_SIDE_PT,
				   MIYIN_GLYPH_SIDE_PT);
	for (int font = 0; font < MIYIN_N_FONTS; font++)
		for (unsigned i = 0; i < marks->glyphs[font]->len; i++) {
			miyin_glyph *glyph = &g_array_index(
				marks->glyphs[font], miyin_glyph, i);

			glyph->page = n_pages++;
			draw_glyph(cr, glyph_fonts[font], glyph);
			cairo_show_page(cr);
		}
	cairo_destroy(cr);
	cairo_surface_finish(surface);
	status = cairo_surface_status(surface);
	cairo_surface_destroy(surface);
	if (status != CAIRO_STATUS_SUCCESS) {
		g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM,
			    "The marks cannot be drawn: %s",
			    cairo_status_to_string(status));
		return NULL;
	}
	return g_steal_pointer(&marks);
}

void miyin_marks_free(miyin_marks *marks)
{
	if (!marks)
		return;
	g_byte_array_unref(marks->pdf);
	g_array_unref(marks->sizes);
	for (int font = 0; font < MIYIN_N_FONTS; font++)
		g_array_unref(marks->glyphs[font]);
	g_free(marks);
}

unsigned miyin_marks_find_size(const miyin_marks *marks,
			       const miyin_sheet *sheet)
{
	unsigned i;

	for (i = 0; i < marks->sizes->len; i++) {
		const miyin_size *size =
			&g_array_index(marks->sizes, miyin_size, i);

		if (fabs(size->width_pt - sheet->width_pt) < 0.01 &&
		    fabs(size->height_pt - sheet->height_pt) < 0.01)
			break;
	}
	return 2 * i;
}

const miyin_glyph *miyin_marks_find_glyph(const miyin_marks *marks,
					  miyin_font font, gunichar c)
{
	const GArray *glyphs = marks->glyphs[font];

	for (unsigned i = 0; i < glyphs->len; i++)
		if (g_array_index(glyphs, miyin_glyph, i).c == c)
			return &g_array_index(glyphs, miyin_glyph, i);
	return NULL;
}

char *miyin_marks_page_text(unsigned page, unsigned n_pages)
{
	return g_strdup_printf("第%u页 共%u页", page, n_pages);
}

static cairo_status_t append(void *to, const unsigned char *bytes,
			     unsigned length)
{
	g_byte_array_append(to, bytes, length);
	return CAIRO_STATUS_SUCCESS;
}

static void collect_sizes(miyin_marks *marks, const miyin_sheets *sheets)
{
	marks->sizes = g_array_new(FALSE, FALSE, sizeof(miyin_size));
	for (unsigned i = 0; i < sheets->pages->len; i++) {
		const miyin_sheet *sheet =
			&g_array_index(sheets->pages, miyin_sheet, i);
		miyin_size size = { sheet->width_pt, sheet->height_pt };

		if (miyin_marks_find_size(marks, sheet) ==
		    2 * marks->sizes->len)
			g_array_append_val(marks->sizes, size);
	}
}

static void collect_glyphs(miyin_marks *marks, const miyin_order *order)
{
	for (int font = 0; font < MIYIN_N_FONTS; font++)
		marks->glyphs[font] =
			g_array_new(FALSE, TRUE, sizeof(miyin_glyph));
	for (unsigned i = 0; i < order->n_pages; i++) {
		g_autofree char *text =
			miyin_marks_page_text(i + 1, order->n_pages);

		add_glyphs(marks->glyphs[MIYIN_FONT_CODE],
			   order->pages[i].human);
		add_glyphs(marks->glyphs[MIYIN_FONT_PAGE], text);
	}
}

static void add_glyphs(GArray *glyphs, const char *text)
{
	for (; *text; text = g_utf8_next_char(text)) {
		miyin_glyph glyph = { .c = g_utf8_get_char(text) };
		unsigned i;

		for (i = 0; i < glyphs->len; i++)
			if (g_array_index(glyphs, miyin_glyph, i).c == glyph.c)
				break;
		if (i == glyphs->len)
			g_array_append_val(glyphs, glyph);
	}
}

static void draw_sheet(cairo_t *cr, const miyin_size *size,
		       const miyin_order *order, const miyin_place *place)
{
	g_autofree char *foot = g_strdup_printf(
		"%s　份号 %s　第%u份 共%u份　持有人 %s", order->mark,
		order->serial, order->copy_no, order->n_copies, order->holder);

	if (order->specimen)
		draw_specimen(cr, size);
	cairo_set_source_rgb(cr, 1, 1, 1);
	for (int i = 0; i < MIYIN_N_QR; i++)
		cairo_rectangle(cr, place->cut[i].x,
				size->height_pt - place->cut[i].y -
					place->cut[i].h,
				place->cut[i].w, place->cut[i].h);
	cairo_fill(cr);
	cairo_set_source_rgb(cr, 0, 0, 0);
	draw_line(cr, size, place->serial, SERIAL_FONT, order->serial);
	draw_line(cr, size, place->level, LEVEL_FONT, order->mark);
	draw_line(cr, size, place->foot, FOOT_FONT, foot);
}

/* Plain text here; the page that uses it sets the text to be outlined. */
static void draw_watermark(cairo_t *cr, const miyin_size *size,
			   const miyin_order *order)
{
	g_autofree char *text = g_strdup_printf("%s %s %s", order->level,
						order->serial, order->holder);
	g_autoptr(PangoLayout) layout = new_layout(cr, WATERMARK_FONT, text);
	int row = 0;

	fit_width(layout, TILE_X_PT * 1.1);
	cairo_set_source_rgb(cr, 0, 0, 0);
	for (double y = TILE_Y_PT / 2; y < size->height_pt + TILE_Y_PT;
	     y += TILE_Y_PT, row++)
		for (double x = row % 2 ? -TILE_X_PT / 2 : 0;
		     x < size->width_pt; x += TILE_X_PT) {
			cairo_save(cr);
			cairo_translate(cr, x, y);
			cairo_rotate(cr, SLOPE);
			cairo_move_to(cr, 0, 0);
			pango_cairo_show_layout(cr, layout);
			cairo_restore(cr);
		}
}

static void draw_specimen(cairo_t *cr, const miyin_size *size)
{
	g_autoptr(PangoLayout) layout =
		new_layout(cr, SPECIMEN_FONT, "样张 SPECIMEN");
	PangoRectangle logical;

	fit_width(layout, hypot(size->width_pt, size->height_pt) * 0.7);
	pango_layout_get_extents(layout, NULL, &logical);
	cairo_save(cr);
	cairo_translate(cr, size->width_pt / 2, size->height_pt / 2);
	cairo_rotate(cr, -atan2(size->height_pt, size->width_pt));
	cairo_translate(cr, -pango_units_to_double(logical.width) / 2,
			-pango_units_to_double(logical.height) / 2);
	pango_cairo_layout_path(cr, layout);
	cairo_set_source_rgb(cr, 0.6, 0.6, 0.6);
	cairo_set_line_width(cr, 0.8);
	cairo_stroke(cr);
	cairo_restore(cr);
}

/* One line, left, its text's height centred in the box. */
static void draw_line(cairo_t *cr, const miyin_size *size, miyin_box box,
		      const char *font, const char *text)
{
	g_autoptr(PangoLayout) layout = new_layout(cr, font, text);
	double top = size->height_pt - box.y - box.h;
	PangoRectangle logical;

	fit_width(layout, box.w);
	pango_layout_get_extents(layout, NULL, &logical);
	cairo_move_to(cr, box.x,
		      top + (box.h - pango_units_to_double(logical.height)) /
				    2);
	pango_cairo_show_layout(cr, layout);
}

static void draw_glyph(cairo_t *cr, const char *font, miyin_glyph *glyph)
{
	char text[7] = "";
	g_autoptr(PangoLayout) layout = NULL;
	PangoRectangle logical;

	g_unichar_to_utf8(glyph->c, text);
	layout = new_layout(cr, font, text);
	pango_layout_get_extents(layout, NULL, &logical);
	glyph->advance_pt = pango_units_to_double(logical.width);
	cairo_set_source_rgb(cr, 0, 0, 0);
	cairo_move_to(cr, MIYIN_GLYPH_X_PT,
		      MIYIN_GLYPH_SIDE_PT - MIYIN_GLYPH_Y_PT -
			      pango_units_to_double(
				      pango_layout_get_baseline(layout)));
	pango_cairo_show_layout(cr, layout);
}

/* Pango lays out at 96 dpi unless told: a third too large on paper. */
static PangoLayout *new_layout(cairo_t *cr, const char *font, const char *text)
{
	PangoLayout *layout = pango_cairo_create_layout(cr);
	PangoContext *context = pango_layout_get_context(layout);
	PangoFontDescription *description =
		pango_font_description_from_string(font);

	pango_cairo_context_set_resolution(context, 72);
	pango_layout_context_changed(layout);
	pango_layout_set_font_description(layout, description);
	pango_layout_set_single_paragraph_mode(layout, TRUE);
	pango_layout_set_text(layout, text, -1);
	pango_font_description_free(description);
	return layout;
}

static void fit_width(PangoLayout *layout, double width_pt)
{
	PangoRectangle logical;
	double is_pt, scale;
	PangoFontDescription *description;

	pango_layout_get_extents(layout, NULL, &logical);
	is_pt = pango_units_to_double(logical.width);
	if (is_pt <= width_pt)
		return;
	scale = fmax(width_pt / is_pt * 0.995, SHRINK_FLOOR);
	description = pango_font_description_copy(
		pango_layout_get_font_description(layout));
	pango_font_description_set_size(
		description,
		(int)(pango_font_description_get_size(description) * scale));
	pango_layout_set_font_description(layout, description);
	pango_font_description_free(description);
	pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
	pango_layout_set_width(layout, pango_units_from_double(width_pt));
}
