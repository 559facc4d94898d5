/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formpdf.h"
#include "type.h"
#include <miyin/error.h>
#include <miyin/lettering.h>
#include <cairo-pdf.h>

#define WIDE_PT 595.0 /* on narrower sheets all of it is smaller */
#define SIDE_PT 30.0
#define EDGE_PT 4.0 /* the marks' frame leaves room enough */
#define GAP_PT 12.0 /* between tables */
#define PAD_PT 4.0
#define TITLE_PT 18.0
#define TEXT_PT 11.5
#define LINES_MAX 12

typedef struct {
	cairo_t *cr;
	miyin_lettering *lettering;
	const miyin_form *form;
	double width, height; /* of the page, in units of the drawing */
	double y;	      /* from the top, of what comes next */
} drawing;

static cairo_status_t append(void *to, const unsigned char *bytes,
			     unsigned length)
{
	g_byte_array_append(to, bytes, length);
	return CAIRO_STATUS_SUCCESS;
}

static double text_height(PangoLayout *layout)
{
	PangoRectangle logical;

	pango_layout_get_extents(layout, NULL, &logical);
	return pango_units_to_double(logical.height);
}

static gboolean draw_title(drawing *d, GError **error)
{
	g_autoptr(PangoLayout) title =
		miyin_type_set(d->cr, "sans", TRUE, TITLE_PT, d->form->title);
	double width = d->width - 2 * SIDE_PT;

	if (!miyin_type_has_glyphs(title, error))
		return FALSE;
	pango_layout_set_width(title, pango_units_from_double(width));
	pango_layout_set_alignment(title, PANGO_ALIGN_CENTER);
	cairo_move_to(d->cr, SIDE_PT, EDGE_PT);
	miyin_lettering_show(d->lettering, d->cr, title);
	d->y = EDGE_PT + text_height(title) + PAD_PT;
	return TRUE;
}

static double column_width(const drawing *d, const miyin_form_table *table,
			   unsigned column)
{
	double all = 0;

	for (unsigned i = 0; i < table->n_columns; i++)
		all += table->widths[i];
	return (d->width - 2 * SIDE_PT) * table->widths[column] / all;
}

static GPtrArray *set_cells(const drawing *d, const miyin_form_table *table,
			    char *const *texts, gboolean bold, double *height,
			    GError **error)
{
	g_autoptr(GPtrArray) cells =
		g_ptr_array_new_with_free_func(g_object_unref);

	*height = bold ? 0 : table->least_pt;
	for (unsigned i = 0; i < table->n_columns; i++) {
		PangoLayout *cell =
			miyin_type_set(d->cr, "sans", bold, TEXT_PT, texts[i]);
		double width = column_width(d, table, i) - 2 * PAD_PT;

		g_ptr_array_add(cells, cell);
		if (!miyin_type_has_glyphs(cell, error))
			return NULL;
		pango_layout_set_width(cell, pango_units_from_double(width));
		pango_layout_set_wrap(cell, PANGO_WRAP_WORD_CHAR);
		pango_layout_set_height(cell, -LINES_MAX);
		pango_layout_set_ellipsize(cell, PANGO_ELLIPSIZE_END);
		*height = MAX(*height, text_height(cell) + 2 * PAD_PT);
	}
	return g_steal_pointer(&cells);
}

/* Clipped: a tower of accents must not reach another holder's row. */
static void draw_cell(const drawing *d, PangoLayout *cell, double x, double w,
		      double h)
{
	const double y = d->y;
	cairo_t *cr = d->cr;

	cairo_rectangle(cr, x, y, w, h);
	cairo_stroke_preserve(cr);
	cairo_save(cr);
	cairo_clip(cr);
	cairo_move_to(cr, x + PAD_PT, y + (h - text_height(cell)) / 2);
	miyin_lettering_show(d->lettering, cr, cell);
	cairo_restore(cr);
}

/* A heading takes its first row with it to the next page. */
static gboolean draw_row(drawing *d, const miyin_form_table *table,
			 char *const *texts, GError **error)
{
	gboolean heading = texts == table->heading;
	double height = 0, x = SIDE_PT, least = heading ? table->least_pt : 0;
	g_autoptr(GPtrArray) cells =
		set_cells(d, table, texts, heading, &height, error);

	if (!cells)
		return FALSE;
	if (d->y + height + least > d->height - EDGE_PT) {
		cairo_show_page(d->cr);
		if (!draw_title(d, error) ||
		    (!heading && *table->heading[0] &&
		     !draw_row(d, table, table->heading, error)))
			return FALSE;
	}
	for (unsigned i = 0; i < cells->len; i++) {
		double width = column_width(d, table, i);

		draw_cell(d, cells->pdata[i], x, width, height);
		x += width;
	}
	d->y += height;
	return TRUE;
}

static gboolean draw_table(drawing *d, const miyin_form_table *table,
			   GError **error)
{
	if (*table->heading[0] && !draw_row(d, table, table->heading, error))
		return FALSE;
	for (unsigned i = 0; i < table->rows->len; i++)
		if (!draw_row(d, table, table->rows->pdata[i], error))
			return FALSE;
	return TRUE;
}

static void add_letters(const drawing *d, const char *text, gboolean bold)
{
	g_autoptr(PangoLayout) words =
		miyin_type_set(d->cr, "sans", bold, TEXT_PT, text);

	miyin_lettering_add(d->lettering, words);
}

static void add_all_letters(const drawing *d)
{
	add_letters(d, d->form->title, TRUE);
	for (unsigned i = 0; i < d->form->tables->len; i++) {
		const miyin_form_table *table = d->form->tables->pdata[i];

		for (unsigned k = 0; k < table->n_columns; k++)
			add_letters(d, table->heading[k], TRUE);
		for (unsigned r = 0; r < table->rows->len; r++) {
			char *const *texts = table->rows->pdata[r];

			for (unsigned k = 0; k < table->n_columns; k++)
				add_letters(d, texts[k], FALSE);
		}
	}
}

static gboolean draw_form(drawing *d, GError **error)
{
	add_all_letters(d);
	if (!draw_title(d, error))
		return FALSE;
	for (unsigned i = 0; i < d->form->tables->len; i++) {
		if (!draw_table(d, d->form->tables->pdata[i], error))
			return FALSE;
		d->y += GAP_PT;
	}
	cairo_show_page(d->cr);
	return TRUE;
}

GByteArray *miyin_formpdf_draw(const miyin_form *form, GError **error)
{
	g_autoptr(GByteArray) pdf = g_byte_array_new();
	cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(
		append, pdf, form->width_pt, form->height_pt);
	double scale = MIN(1, form->width_pt / WIDE_PT);
	g_autoptr(miyin_lettering) lettering = miyin_lettering_new();
	drawing d = { .cr = cairo_create(surface),
		      .lettering = lettering,
		      .form = form,
		      .width = form->width_pt / scale,
		      .height = form->height_pt / scale };
	cairo_status_t status;
	gboolean ok;

	cairo_scale(d.cr, scale, scale);
	cairo_set_line_width(d.cr, 0.6);
	ok = draw_form(&d, error);
	status = cairo_status(d.cr);
	cairo_destroy(d.cr);
	cairo_surface_finish(surface);
	if (status == CAIRO_STATUS_SUCCESS)
		status = cairo_surface_status(surface);
	cairo_surface_destroy(surface);
	if (ok && status != CAIRO_STATUS_SUCCESS) {
		g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM,
			    "The form cannot be drawn: %s",
			    cairo_status_to_string(status));
		ok = FALSE;
	}
	return ok ? g_steal_pointer(&pdf) : NULL;
}
