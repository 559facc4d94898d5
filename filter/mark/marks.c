/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "marks.h"
#include "canvas.h"
#include "fault.h"
#include "type.h"
#include "watermark.h"
#include <math.h>
#include <string.h>

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

/* ---- measuring -------------------------------------------------------------
 */

typedef struct {
	miyin_marks *marks;
	const miyin_order *order;
	cairo_t *cr;
} measuring;

/* A level that ends in dots would be another one. */
static gboolean check_whole(cairo_t *cr, const miyin_order *order,
			    const miyin_line *line, double width_pt,
			    GError **error)
{
	g_autoptr(GString) text = g_string_new(NULL);
	g_autofree char *start = NULL;

	miyin_marks_line_text(order, line, 0, text);
	if (miyin_type_is_whole(cr, line, text->str, width_pt))
		return TRUE;
	start = g_utf8_substring(text->str, 0, line->n_whole);
	return miyin_fault_set(error, MIYIN_REFUSAL_MARK_TOO_LONG, start, NULL);
}

/* Characters of the others are measured one by one. */
static gboolean check_glyphs(measuring *m, const miyin_line *line,
			     GError **error)
{
	g_autoptr(PangoLayout) type = NULL;

	if (miyin_line_is_dynamic(line))
		return TRUE;
	type = miyin_type_set(m->cr, line->font, line->bold, line->size_pt,
			      line->text);
	return miyin_type_has_glyphs(type, error);
}

static gboolean check_lines(measuring *m, const miyin_face *face,
			    GError **error)
{
	const miyin_place *place = &face->place;

	for (unsigned i = 0; i < place->n_lines; i++) {
		const miyin_line *line = m->order->layout->lines->pdata[i];

		if (place->lines[i].w > 0 &&
		    (!check_whole(m->cr, m->order, line, place->lines[i].w,
				  error) ||
		     !check_glyphs(m, line, error)))
			return FALSE;
	}
	return TRUE;
}

static gboolean add_face(measuring *m, const miyin_sheet *sheet, unsigned page,
			 GError **error)
{
	const miyin_layout *layout = m->order->layout;
	miyin_face *face = g_new0(miyin_face, 1);

	face->no = m->marks->faces->len;
	face->width_pt = sheet->width_pt;
	face->height_pt = sheet->height_pt;
	face->class = miyin_order_class(m->order, page);
	face->even = layout->swap_even && page % 2;
	g_ptr_array_add(m->marks->faces, face);
	if (!miyin_place_page(face->width_pt, face->height_pt, layout,
			      face->class, face->even, &face->place))
		return miyin_marks_too_small(m->order, sheet, page, error);
	return check_lines(m, face, error);
}

static gboolean add_faces(measuring *m, const miyin_sheets *sheets,
			  GError **error)
{
	for (unsigned i = 0; i < m->order->n_pages; i++) {
		const miyin_sheet *sheet =
			miyin_marks_sheet(m->order, sheets, i);

		if (!miyin_marks_face(m->marks, m->order, sheet, i) &&
		    !add_face(m, sheet, i, error))
			return FALSE;
	}
	return TRUE;
}

static miyin_markglyph *find_glyph(const GArray *glyphs, gunichar c)
{
	for (unsigned i = 0; i < glyphs->len; i++)
		if (g_array_index(glyphs, miyin_markglyph, i).c == c)
			return &g_array_index(glyphs, miyin_markglyph, i);
	return NULL;
}

static gboolean measure_glyph(measuring *m, const miyin_line *line,
			      miyin_markglyph *glyph, GError **error)
{
	char text[7] = "";
	g_autoptr(PangoLayout) type = NULL;
	const double high_pt = miyin_line_height_pt(line);
	const double low_pt = miyin_type_base(high_pt, line->size_pt);
	PangoRectangle ink;
	double base;

	g_unichar_to_utf8(glyph->c, text);
	type = miyin_type_set(m->cr, line->font, line->bold, line->size_pt,
			      text);
	if (!miyin_type_has_glyphs(type, error))
		return FALSE;
	glyph->no = m->marks->n_glyphs++;
	glyph->advance_pt = miyin_type_width(type);
	pango_layout_get_extents(type, &ink, NULL);
	base = pango_layout_get_baseline(type);
	glyph->tall = base - ink.y > (high_pt - low_pt) * PANGO_SCALE ||
		      ink.y + ink.height - base > low_pt * PANGO_SCALE ||
		      ink.x < 0 ||
		      ink.x + ink.width > glyph->advance_pt * PANGO_SCALE;
	return TRUE;
}

static gboolean add_glyphs(measuring *m, const miyin_line *line,
			   const char *text, GArray *glyphs, GError **error)
{
	for (; *text; text = g_utf8_next_char(text)) {
		miyin_markglyph glyph = { .c = g_utf8_get_char(text) };

		if (find_glyph(glyphs, glyph.c))
			continue;
		if (!measure_glyph(m, line, &glyph, error))
			return FALSE;
		g_array_append_val(glyphs, glyph);
	}
	return TRUE;
}

static gboolean add_all_glyphs(measuring *m, GError **error)
{
	g_autoptr(GString) text = g_string_new(NULL);

	for (unsigned n = 0; n < m->order->layout->lines->len; n++) {
		const miyin_line *line = m->order->layout->lines->pdata[n];
		GArray *glyphs =
			g_array_new(FALSE, TRUE, sizeof(miyin_markglyph));

		g_ptr_array_add(m->marks->glyphs, glyphs);
		for (unsigned i = 0;
		     miyin_line_is_dynamic(line) && i < m->order->n_pages;
		     i++) {
			miyin_marks_line_text(m->order, line, i, text);
			if (!add_glyphs(m, line, text->str, glyphs, error))
				return FALSE;
		}
	}
	return TRUE;
}

static void face_free(miyin_face *face)
{
	miyin_place_clear(&face->place);
	g_free(face);
}

miyin_marks *miyin_marks_new(const miyin_order *order,
			     const miyin_sheets *sheets, GError **error)
{
	g_autoptr(miyin_marks) marks = g_new0(miyin_marks, 1);
	measuring m = { marks, order, miyin_canvas_open(1, 1) };
	gboolean ok;

	marks->faces =
		g_ptr_array_new_with_free_func((GDestroyNotify)face_free);
	marks->glyphs =
		g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
	ok = miyin_watermark_has_glyphs(order, error) &&
	     add_faces(&m, sheets, error) && add_all_glyphs(&m, error);
	cairo_destroy(m.cr);
	return ok ? g_steal_pointer(&marks) : NULL;
}

void miyin_marks_free(miyin_marks *marks)
{
	g_ptr_array_unref(marks->faces);
	g_ptr_array_unref(marks->glyphs);
	g_free(marks);
}

const miyin_markglyph *miyin_marks_glyph(const miyin_marks *marks,
					 unsigned line, gunichar c)
{
	const miyin_markglyph *glyph =
		find_glyph(marks->glyphs->pdata[line], c);

	g_assert(glyph);
	return glyph;
}

/* ---- lines that differ from page to page -----------------------------------
 */

gboolean miyin_marks_is_set(const miyin_order *order, const miyin_face *face,
			    unsigned line)
{
	return face->place.lines[line].w > 0 &&
	       miyin_line_is_dynamic(order->layout->lines->pdata[line]);
}

/* Once a page and line: by hand. Both marks are three bytes. */
void miyin_marks_line_text(const miyin_order *order, const miyin_line *line,
			   unsigned page, GString *text)
{
	const char *rest = line->text, *at;

	g_string_truncate(text, 0);
	while ((at = strchr(rest, MIYIN_PAGE_MARK[0]))) {
		g_string_append_len(text, rest, at - rest);
		rest = at + strlen(MIYIN_PAGE_MARK);
		if (g_str_has_prefix(at, MIYIN_PAGE_MARK)) {
			g_string_append_printf(text, "%u", page + 1);
		} else if (g_str_has_prefix(at, MIYIN_CODE_MARK)) {
			g_string_append(text, order->pages[page].human);
		} else {
			g_string_append_c(text, *at);
			rest = at + 1;
		}
	}
	g_string_append(text, rest);
}

miyin_markpen miyin_marks_pen(const miyin_marks *marks,
			      const miyin_order *order, const miyin_face *face,
			      unsigned n, const char *text)
{
	const miyin_line *line = order->layout->lines->pdata[n];
	const miyin_box box = face->place.lines[n];
	const double align = miyin_place_align(
		miyin_place_anchor(order->layout, line, face->even));
	double width = 0.001, scale;

	for (; *text; text = g_utf8_next_char(text))
		width += miyin_marks_glyph(marks, n, g_utf8_get_char(text))
				 ->advance_pt;
	scale = MIN(1, box.w / width);
	return (miyin_markpen){
		.x = box.x + align * (box.w - width * scale),
		.y = box.y + miyin_type_base(box.h, line->size_pt * scale),
		.scale = scale,
	};
}
