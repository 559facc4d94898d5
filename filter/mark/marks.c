/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "marks.h"
#include "fault.h"
#include "type.h"
#include <miyin/error.h>
#include <miyin/lettering.h>
#include <miyin/pdfnumbers.h>
#include <cairo-pdf.h>
#include <math.h>
#include <string.h>

#define WATERMARK_PT 19
#define SPECIMEN_PT 60
#define WATERMARK_W_PT (79 * MIYIN_PT_PER_MM)

typedef struct {
	cairo_t *cr;
	miyin_lettering *lettering;
	const miyin_order *order;
} drawing;

static cairo_status_t append(void *to, const unsigned char *bytes,
			     unsigned length)
{
	g_byte_array_append(to, bytes, length);
	return CAIRO_STATUS_SUCCESS;
}

const miyin_sheet *miyin_marks_sheet(const miyin_order *order,
				     const miyin_sheets *sheets, unsigned page)
{
	unsigned i = page > 0 && order->cover ? page - 1 : page;

	return &g_array_index(sheets->pages, miyin_sheet, i);
}

const miyin_face *miyin_marks_face(const miyin_marks *marks,
				   const miyin_order *order,
				   const miyin_sheet *sheet, unsigned page)
{
	miyin_page_class class = miyin_order_class(order, page);
	gboolean even = order->layout->swap_even && page % 2;

	for (unsigned i = 0; i < marks->faces->len; i++) {
		const miyin_face *face = marks->faces->pdata[i];

		if (face->class == class && face->even == even &&
		    fabs(face->width_pt - sheet->width_pt) < 0.01 &&
		    fabs(face->height_pt - sheet->height_pt) < 0.01)
			return face;
	}
	return NULL;
}

gboolean miyin_marks_too_small(const miyin_order *order,
			       const miyin_sheet *sheet, unsigned page,
			       GError **error)
{
	g_autofree char *number = g_strdup_printf("%u", page + 1);
	g_autofree char *is = g_strdup_printf(
		"%.0f × %.0f", sheet->width_pt / MIYIN_PT_PER_MM,
		sheet->height_pt / MIYIN_PT_PER_MM);
	g_autofree char *least = NULL;
	double w, h;

	miyin_place_least(sheet->width_pt, sheet->height_pt, order->layout, &w,
			  &h);
	least = g_strdup_printf("%.0f × %.0f", w / MIYIN_PT_PER_MM,
				h / MIYIN_PT_PER_MM);
	return miyin_fault_set(error, MIYIN_REFUSAL_PAGE_TOO_SMALL, number, is,
			       least, NULL);
}

static gboolean collect_faces(miyin_marks *marks, const miyin_order *order,
			      const miyin_sheets *sheets, GError **error)
{
	for (unsigned i = 0; i < order->n_pages; i++) {
		const miyin_sheet *sheet = miyin_marks_sheet(order, sheets, i);
		miyin_face *face;

		if (miyin_marks_face(marks, order, sheet, i))
			continue;
		face = g_new0(miyin_face, 1);
		face->width_pt = sheet->width_pt;
		face->height_pt = sheet->height_pt;
		face->class = miyin_order_class(order, i);
		face->even = order->layout->swap_even && i % 2;
		g_ptr_array_add(marks->faces, face);
		if (!miyin_place_page(face->width_pt, face->height_pt,
				      order->layout, face->class, face->even,
				      &face->place))
			return miyin_marks_too_small(order, sheet, i, error);
	}
	return TRUE;
}

char *miyin_marks_line_text(const miyin_order *order, const miyin_line *line,
			    unsigned page)
{
	g_autoptr(GString) text = g_string_new(line->text);
	char number[12];

	g_snprintf(number, sizeof(number), "%u", page + 1);
	g_string_replace(text, MIYIN_PAGE_MARK, number, 0);
	g_string_replace(text, MIYIN_CODE_MARK, order->pages[page].human, 0);
	return g_strdup(text->str);
}

static miyin_markglyph *find_glyph(const GArray *glyphs, gunichar c)
{
	for (unsigned i = 0; i < glyphs->len; i++)
		if (g_array_index(glyphs, miyin_markglyph, i).c == c)
			return &g_array_index(glyphs, miyin_markglyph, i);
	return NULL;
}

static void add_glyphs(GArray *glyphs, const char *text)
{
	for (; *text; text = g_utf8_next_char(text)) {
		miyin_markglyph glyph = { .c = g_utf8_get_char(text) };

		if (!find_glyph(glyphs, glyph.c))
			g_array_append_val(glyphs, glyph);
	}
}

static void collect_glyphs(miyin_marks *marks, const miyin_order *order)
{
	for (unsigned n = 0; n < order->layout->lines->len; n++) {
		const miyin_line *line = order->layout->lines->pdata[n];
		GArray *glyphs =
			g_array_new(FALSE, TRUE, sizeof(miyin_markglyph));

		for (unsigned i = 0;
		     miyin_line_is_dynamic(line) && i < order->n_pages; i++) {
			g_autofree char *text =
				miyin_marks_line_text(order, line, i);

			add_glyphs(glyphs, text);
		}
		g_ptr_array_add(marks->glyphs, glyphs);
	}
}

/* What cairo has of it, as PDF has it, whose pages begin below. */
static char *write_path(cairo_t *cr, double high_pt)
{
	static const char *const operators[] = {
		[CAIRO_PATH_MOVE_TO] = "m ",
		[CAIRO_PATH_LINE_TO] = "l ",
		[CAIRO_PATH_CURVE_TO] = "c ",
		[CAIRO_PATH_CLOSE_PATH] = "h\n",
	};
	cairo_path_t *path = cairo_copy_path(cr);
	GString *to = g_string_new(NULL);

	for (int i = 0; i < path->num_data; i += path->data[i].header.length) {
		const cairo_path_data_t *data = &path->data[i];

		for (int k = 1; k < data->header.length; k++)
			miyin_pdfnumbers_append(
				to,
				(double[]){ data[k].point.x,
					    high_pt - data[k].point.y },
				2);
		g_string_append(to, operators[data->header.type]);
	}
	cairo_path_destroy(path);
	return g_string_free(to, FALSE);
}

static gboolean draw_watermark(miyin_marks *marks, const miyin_order *order,
			       cairo_t *cr, GError **error)
{
	gboolean off = order->layout->watermark == MIYIN_WATERMARK_OFF;
	g_autoptr(PangoLayout) text =
		miyin_type_set(cr, "sans", FALSE, WATERMARK_PT,
			       off ? "" : order->layout->watermark_text);
	miyin_watermark_text *to = &marks->watermark;
	PangoRectangle logical;
	double top, bottom;

	if (!miyin_type_has_glyphs(text, error))
		return FALSE;
	miyin_type_fit(text, WATERMARK_W_PT);
	pango_layout_get_extents(text, NULL, &logical);
	to->high_pt = pango_units_to_double(logical.height);
	cairo_new_path(cr);
	cairo_move_to(cr, 0, 0);
	pango_cairo_layout_path(cr, text);
	cairo_path_extents(cr, &to->box[0], &top, &to->box[2], &bottom);
	to->box[1] = to->high_pt - bottom;
	to->box[3] = to->high_pt - top;
	to->outlines = write_path(cr, to->high_pt);
	cairo_new_path(cr);
	return TRUE;
}

/* A level that ends in dots would be another one. */
static gboolean check_whole(cairo_t *cr, const miyin_order *order,
			    const miyin_line *line, double width_pt,
			    GError **error)
{
	g_autofree char *text = miyin_marks_line_text(order, line, 0);
	g_autofree char *start = NULL;

	if (miyin_type_is_whole(cr, line, text, width_pt))
		return TRUE;
	start = g_utf8_substring(text, 0, line->n_whole);
	return miyin_fault_set(error, MIYIN_REFUSAL_MARK_TOO_LONG, start, NULL);
}

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

/* Accents may stick out of their letters: move them inside. A tower of them,
 * which any user can write into his name, must not reach another mark. */
static void show_in_box(const drawing *d, PangoLayout *layout, miyin_box box,
			double x, double y)
{
	cairo_t *cr = d->cr;
	PangoRectangle ink;
	double left, right;

	pango_layout_get_extents(layout, &ink, NULL);
	left = x + pango_units_to_double(ink.x);
	right = left + pango_units_to_double(ink.width);
	x += fmax(0, box.x - left) - fmax(0, right - box.x - box.w);
	cairo_save(cr);
	cairo_rectangle(cr, box.x, box.y, box.w, box.h);
	cairo_clip(cr);
	cairo_move_to(cr, x, y);
	miyin_lettering_show(d->lettering, cr, layout);
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
static gboolean draw_line(const drawing *d, const miyin_face *face,
			  miyin_box box, const miyin_line *line,
			  miyin_anchor at, GError **error)
{
	g_autoptr(PangoLayout) layout = miyin_type_set(
		d->cr, line->font, line->bold, line->size_pt, line->text);
	PangoRectangle logical;

	if (!miyin_type_has_glyphs(layout, error))
		return FALSE;
	miyin_type_fit(layout, box.w);
	pango_layout_get_extents(layout, NULL, &logical);
	set_colour(d->cr, line->colour);
	box.y = face->height_pt - box.y - box.h;
	show_in_box(
		d, layout, box,
		box.x +
			miyin_place_align(at) *
				(box.w - pango_units_to_double(logical.width)) -
			pango_units_to_double(logical.x),
		box.y + box.h - miyin_type_base(box.h, line->size_pt) -
			pango_units_to_double(
				pango_layout_get_baseline(layout)));
	return TRUE;
}

static gboolean draw_face(const drawing *d, const miyin_face *face,
			  GError **error)
{
	const miyin_order *order = d->order;
	cairo_t *cr = d->cr;
	const miyin_place *place = &face->place;

	if (order->specimen)
		draw_specimen(cr, face);
	cairo_set_source_rgb(cr, 1, 1, 1);
	for (unsigned i = 0; i < place->n_codes; i++)
		cairo_rectangle(cr, place->quiet[i].x,
				face->height_pt - place->quiet[i].y -
					place->quiet[i].h,
				place->quiet[i].w, place->quiet[i].h);
	cairo_fill(cr);
	for (unsigned i = 0; i < place->n_lines; i++) {
		const miyin_line *line = order->layout->lines->pdata[i];

		if (place->lines[i].w <= 0)
			continue;
		if (!check_whole(cr, order, line, place->lines[i].w, error))
			return FALSE;
		if (!miyin_line_is_dynamic(line) &&
		    !draw_line(
			    d, face, place->lines[i], line,
			    miyin_place_anchor(order->layout, line, face->even),
			    error))
			return FALSE;
	}
	return TRUE;
}

static gboolean draw_glyph(const drawing *d, const miyin_line *line,
			   miyin_markglyph *glyph, GError **error)
{
	cairo_t *cr = d->cr;
	char text[7] = "";
	g_autoptr(PangoLayout) layout = NULL;

	g_unichar_to_utf8(glyph->c, text);
	layout =
		miyin_type_set(cr, line->font, line->bold, line->size_pt, text);
	if (!miyin_type_has_glyphs(layout, error))
		return FALSE;
	glyph->advance_pt = miyin_type_width(layout);
	set_colour(cr, line->colour);
	cairo_move_to(cr, line->size_pt * MIYIN_GLYPH_X_EM,
		      line->size_pt * (MIYIN_GLYPH_SIDE_EM - MIYIN_GLYPH_Y_EM) -
			      pango_units_to_double(
				      pango_layout_get_baseline(layout)));
	miyin_lettering_show(d->lettering, cr, layout);
	return TRUE;
}

static void add_letters(const drawing *d, const miyin_line *line,
			const GArray *glyphs)
{
	g_autoptr(GString) text = g_string_new(NULL);
	g_autoptr(PangoLayout) layout = NULL;

	for (unsigned i = 0; i < glyphs->len; i++)
		g_string_append_unichar(
			text, g_array_index(glyphs, miyin_markglyph, i).c);
	layout = miyin_type_set(d->cr, line->font, line->bold, line->size_pt,
				glyphs->len > 0 ? text->str : line->text);
	miyin_lettering_add(d->lettering, layout);
}

static gboolean draw_all(miyin_marks *marks, const drawing *d, GError **error)
{
	const miyin_order *order = d->order;
	cairo_t *cr = d->cr;
	cairo_surface_t *surface = cairo_get_target(cr);
	unsigned n_pages = 0;

	for (unsigned n = 0; n < marks->glyphs->len; n++)
		add_letters(d, order->layout->lines->pdata[n],
			    marks->glyphs->pdata[n]);

	if (!draw_watermark(marks, order, cr, error))
		return FALSE;
	for (unsigned i = 0; i < marks->faces->len; i++) {
		miyin_face *face = marks->faces->pdata[i];

		face->page = n_pages++;
		cairo_pdf_surface_set_size(surface, face->width_pt,
					   face->height_pt);
		if (!draw_face(d, face, error))
			return FALSE;
		cairo_show_page(cr);
	}
	for (unsigned n = 0; n < marks->glyphs->len; n++) {
		const miyin_line *line = order->layout->lines->pdata[n];
		GArray *glyphs = marks->glyphs->pdata[n];

		cairo_pdf_surface_set_size(surface,
					   line->size_pt * MIYIN_GLYPH_SIDE_EM,
					   line->size_pt * MIYIN_GLYPH_SIDE_EM);
		for (unsigned i = 0; i < glyphs->len; i++) {
			miyin_markglyph *glyph =
				&g_array_index(glyphs, miyin_markglyph, i);

			glyph->page = n_pages++;
			if (!draw_glyph(d, line, glyph, error))
				return FALSE;
			cairo_show_page(cr);
		}
	}
	return TRUE;
}

static void face_free(miyin_face *face)
{
	miyin_place_clear(&face->place);
	g_free(face);
}

miyin_marks *miyin_marks_draw(const miyin_order *order,
			      const miyin_sheets *sheets, GError **error)
{
	g_autoptr(miyin_marks) marks = g_new0(miyin_marks, 1);
	g_autoptr(miyin_lettering) lettering = miyin_lettering_new();
	drawing d = { NULL, lettering, order };
	cairo_surface_t *surface;
	cairo_status_t status;
	gboolean ok;

	marks->pdf = g_byte_array_new();
	marks->faces =
		g_ptr_array_new_with_free_func((GDestroyNotify)face_free);
	marks->glyphs =
		g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
	if (!collect_faces(marks, order, sheets, error))
		return NULL;
	collect_glyphs(marks, order);
	surface = cairo_pdf_surface_create_for_stream(append, marks->pdf, 100,
						      100);
	d.cr = cairo_create(surface);
	ok = draw_all(marks, &d, error);
	status = cairo_status(d.cr);
	cairo_destroy(d.cr);
	cairo_surface_finish(surface);
	if (status == CAIRO_STATUS_SUCCESS)
		status = cairo_surface_status(surface);
	cairo_surface_destroy(surface);
	if (ok && status != CAIRO_STATUS_SUCCESS) {
		g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM,
			    "The marks cannot be drawn: %s",
			    cairo_status_to_string(status));
		ok = FALSE;
	}
	return ok ? g_steal_pointer(&marks) : NULL;
}

void miyin_marks_free(miyin_marks *marks)
{
	g_byte_array_unref(marks->pdf);
	g_free(marks->watermark.outlines);
	g_ptr_array_unref(marks->faces);
	g_ptr_array_unref(marks->glyphs);
	g_free(marks);
}

const miyin_markglyph *miyin_marks_find_glyph(const miyin_marks *marks,
					      unsigned line, gunichar c)
{
	return find_glyph(marks->glyphs->pdata[line], c);
}
