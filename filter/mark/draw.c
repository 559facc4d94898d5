/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "draw.h"
#include "type.h"
#include <cairo-pdf.h>
#include <math.h>
#include <miyin/error.h>

#define SPECIMEN_PT 60

/* ---- a face ----------------------------------------------------------------
 */

static void draw_specimen(cairo_t *cr, const miyin_face *face)
{
	g_autoptr(PangoLayout) layout =
		miyin_type_set(cr, "sans", TRUE, SPECIMEN_PT, "样张 SPECIMEN");
	PangoRectangle logical;
	double scale;

	pango_layout_get_extents(layout, NULL, &logical);
	scale = fmin(1, hypot(face->width_pt, face->height_pt) * 0.7 /
				pango_units_to_double(logical.width));
	cairo_save(cr);
	cairo_translate(cr, face->width_pt / 2, face->height_pt / 2);
	cairo_rotate(cr, -atan2(face->height_pt, face->width_pt));
	cairo_scale(cr, scale, scale);
	cairo_move_to(cr, -pango_units_to_double(logical.width) / 2,
		      -pango_units_to_double(logical.height) / 2);
	pango_cairo_layout_path(cr, layout);
	cairo_set_source_rgb(cr, 0.6, 0.6, 0.6);
	cairo_set_line_width(cr, 0.8);
	cairo_stroke(cr);
	cairo_restore(cr);
}

/* At the current point. */
static void show(const miyin_drawing *d, PangoLayout *words)
{
	if (d->lettering)
		miyin_lettering_show(d->lettering, d->cr, words);
	else
		pango_cairo_show_layout(d->cr, words);
}

/* Cairo measures from the upper left. */
static miyin_box from_above(const miyin_face *face, miyin_box box)
{
	box.y = face->height_pt - box.y - box.h;
	return box;
}

static void add_box(cairo_t *cr, miyin_box box)
{
	cairo_rectangle(cr, box.x, box.y, box.w, box.h);
}

/* Accents may stick out of their letters: move them inside. A tower of them,
 * which any user can write into his name, must not reach another mark. */
static void show_in_box(const miyin_drawing *d, PangoLayout *layout,
			miyin_box box, double x, double y)
{
	cairo_t *cr = d->cr;
	PangoRectangle ink;
	double left, right;

	pango_layout_get_extents(layout, &ink, NULL);
	left = x + pango_units_to_double(ink.x);
	right = left + pango_units_to_double(ink.width);
	x += fmax(0, box.x - left) - fmax(0, right - box.x - box.w);
	cairo_save(cr);
	add_box(cr, box);
	cairo_clip(cr);
	cairo_move_to(cr, x, y);
	show(d, layout);
	cairo_restore(cr);
}

static void set_colour(cairo_t *cr, unsigned colour)
{
	cairo_set_source_rgb(cr, (colour >> 16 & 255) / 255.0,
			     (colour >> 8 & 255) / 255.0,
			     (colour & 255) / 255.0);
}

/* One line. Each font has a height of its own, so what is centred in the box
 * is the height of a capital. */
static void draw_line(const miyin_drawing *d, const miyin_face *face,
		      miyin_box box, const miyin_line *line, miyin_anchor at)
{
	g_autoptr(PangoLayout) layout = miyin_type_set(
		d->cr, line->font, line->bold, line->size_pt, line->text);
	PangoRectangle logical;

	miyin_type_fit(layout, box.w);
	pango_layout_get_extents(layout, NULL, &logical);
	set_colour(d->cr, line->colour);
	box = from_above(face, box);
	show_in_box(
		d, layout, box,
		box.x +
			miyin_place_align(at) *
				(box.w - pango_units_to_double(logical.width)) -
			pango_units_to_double(logical.x),
		box.y + box.h - miyin_type_base(box.h, line->size_pt) -
			pango_units_to_double(
				pango_layout_get_baseline(layout)));
}

void miyin_draw_face(const miyin_drawing *d, const miyin_face *face)
{
	const miyin_layout *layout = d->order->layout;
	const miyin_place *place = &face->place;

	if (d->order->specimen)
		draw_specimen(d->cr, face);
	cairo_set_source_rgb(d->cr, 1, 1, 1);
	for (unsigned i = 0; i < place->n_codes; i++)
		add_box(d->cr, from_above(face, place->quiet[i]));
	cairo_fill(d->cr);
	for (unsigned i = 0; i < place->n_lines; i++) {
		const miyin_line *line = layout->lines->pdata[i];

		if (place->lines[i].w > 0 && !miyin_line_is_dynamic(line))
			draw_line(d, face, place->lines[i], line,
				  miyin_place_anchor(layout, line, face->even));
	}
}

/* ---- characters ------------------------------------------------------------
 */

/* With its origin there. */
static void draw_glyph(const miyin_drawing *d, const miyin_line *line,
		       gunichar c, double x, double y)
{
	char text[7] = "";
	g_autoptr(PangoLayout) type = NULL;

	g_unichar_to_utf8(c, text);
	type = miyin_type_set(d->cr, line->font, line->bold, line->size_pt,
			      text);
	set_colour(d->cr, line->colour);
	cairo_move_to(
		d->cr, x,
		y - pango_units_to_double(pango_layout_get_baseline(type)));
	show(d, type);
}

void miyin_draw_set_line(const miyin_drawing *d, const miyin_marks *marks,
			 const miyin_face *face, unsigned n, const char *text)
{
	const miyin_line *line = d->order->layout->lines->pdata[n];
	const miyin_markpen pen =
		miyin_marks_pen(marks, d->order, face, n, text);
	double x = 0;

	cairo_save(d->cr);
	add_box(d->cr, from_above(face, face->place.lines[n]));
	cairo_clip(d->cr);
	cairo_translate(d->cr, pen.x, face->height_pt - pen.y);
	cairo_scale(d->cr, pen.scale, pen.scale);
	for (; *text; text = g_utf8_next_char(text)) {
		const gunichar c = g_utf8_get_char(text);

		draw_glyph(d, line, c, x, 0);
		x += miyin_marks_glyph(marks, n, c)->advance_pt;
	}
	cairo_restore(d->cr);
}

/* ---- the PDF ---------------------------------------------------------------
 */

static cairo_status_t append(void *to, const unsigned char *bytes,
			     unsigned length)
{
	g_byte_array_append(to, bytes, length);
	return CAIRO_STATUS_SUCCESS;
}

/* All of them first: so each font is taken once. */
static void add_letters(const miyin_drawing *d, const miyin_line *line,
			const GArray *glyphs)
{
	g_autoptr(GString) text = g_string_new(NULL);
	g_autoptr(PangoLayout) type = NULL;

	for (unsigned i = 0; i < glyphs->len; i++)
		g_string_append_unichar(
			text, g_array_index(glyphs, miyin_markglyph, i).c);
	type = miyin_type_set(d->cr, line->font, line->bold, line->size_pt,
			      glyphs->len > 0 ? text->str : line->text);
	miyin_lettering_add(d->lettering, type);
}

static void draw_glyphs(const miyin_drawing *d, const miyin_line *line,
			const GArray *glyphs)
{
	const double size_pt = line->size_pt;

	cairo_pdf_surface_set_size(cairo_get_target(d->cr),
				   size_pt * MIYIN_GLYPH_SIDE_EM,
				   size_pt * MIYIN_GLYPH_SIDE_EM);
	for (unsigned i = 0; i < glyphs->len; i++) {
		draw_glyph(d, line, g_array_index(glyphs, miyin_markglyph, i).c,
			   size_pt * MIYIN_GLYPH_X_EM,
			   size_pt * (MIYIN_GLYPH_SIDE_EM - MIYIN_GLYPH_Y_EM));
		cairo_show_page(d->cr);
	}
}

static void draw_pages(const miyin_drawing *d, const miyin_marks *marks)
{
	const GPtrArray *lines = d->order->layout->lines;

	for (unsigned n = 0; n < lines->len; n++)
		add_letters(d, lines->pdata[n], marks->glyphs->pdata[n]);
	for (unsigned i = 0; i < marks->faces->len; i++) {
		const miyin_face *face = marks->faces->pdata[i];

		cairo_pdf_surface_set_size(cairo_get_target(d->cr),
					   face->width_pt, face->height_pt);
		miyin_draw_face(d, face);
		cairo_show_page(d->cr);
	}
	for (unsigned n = 0; n < lines->len; n++)
		draw_glyphs(d, lines->pdata[n], marks->glyphs->pdata[n]);
}

static gboolean close_surface(cairo_t *cr, cairo_surface_t *surface,
			      GError **error)
{
	cairo_status_t status = cairo_status(cr);

	cairo_destroy(cr);
	cairo_surface_finish(surface);
	if (status == CAIRO_STATUS_SUCCESS)
		status = cairo_surface_status(surface);
	cairo_surface_destroy(surface);
	if (status == CAIRO_STATUS_SUCCESS)
		return TRUE;
	return miyin_fail(error, MIYIN_ERROR_SYSTEM,
			  "The marks cannot be drawn: %s",
			  cairo_status_to_string(status));
}

GByteArray *miyin_draw_pdf(const miyin_marks *marks, const miyin_order *order,
			   GError **error)
{
	g_autoptr(GByteArray) pdf = g_byte_array_new();
	g_autoptr(miyin_lettering) lettering = miyin_lettering_new();
	cairo_surface_t *surface =
		cairo_pdf_surface_create_for_stream(append, pdf, 100, 100);
	const miyin_drawing d = { cairo_create(surface), lettering, order };

	draw_pages(&d, marks);
	return close_surface(d.cr, surface, error) ? g_steal_pointer(&pdf)
						   : NULL;
}
