/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/outlines.h>

#define EM 1000 /* outlines are taken at this size: cairo rounds them */
#define BOX 0.4 /* of an em */

struct miyin_outlines {
	GHashTable *faces; /* PangoFont -> cairo_font_face_t */
};

static const cairo_user_data_key_t real_key;

/* The face of a font, in whose outlines another is drawn. */
static cairo_t *open_real(cairo_font_face_t *real)
{
	cairo_surface_t *nowhere =
		cairo_recording_surface_create(CAIRO_CONTENT_ALPHA, NULL);
	cairo_font_options_t *plain = cairo_font_options_create();
	cairo_t *cr = cairo_create(nowhere);

	cairo_font_options_set_hint_style(plain, CAIRO_HINT_STYLE_NONE);
	cairo_font_options_set_hint_metrics(plain, CAIRO_HINT_METRICS_OFF);
	cairo_set_font_options(cr, plain);
	cairo_set_font_face(cr, real);
	cairo_set_font_size(cr, EM);
	cairo_font_options_destroy(plain);
	cairo_surface_destroy(nowhere);
	return cr;
}

/* Both it and its words are upside down: cairo turns the letters of such a font
 * over, and where only these are Poppler reads words that run down from below. */
static cairo_status_t draw_letter(cairo_scaled_font_t *font,
				  unsigned long letter, cairo_t *cr,
				  cairo_text_extents_t *extents)
{
	const cairo_glyph_t glyph = { letter, 0, 0 };
	cairo_text_extents_t real;
	cairo_path_t *path;
	cairo_t *from = open_real(cairo_font_face_get_user_data(
		cairo_scaled_font_get_font_face(font), &real_key));

	cairo_glyph_extents(from, &glyph, 1, &real);
	cairo_glyph_path(from, &glyph, 1);
	path = cairo_copy_path(from);
	cairo_scale(cr, 1.0 / EM, -1.0 / EM);
	cairo_append_path(cr, path);
	cairo_fill(cr);
	extents->x_advance = real.x_advance / EM;
	cairo_path_destroy(path);
	cairo_destroy(from);
	return CAIRO_STATUS_SUCCESS;
}

/* Of any letter; cairo cuts off what it does not expect. */
static cairo_status_t tell_extents(cairo_scaled_font_t *font, cairo_t *cr,
				   cairo_font_extents_t *extents)
{
	(void)font;
	(void)cr;
	*extents = (cairo_font_extents_t){ 3, 2, 5, 5, 0 };
	return CAIRO_STATUS_SUCCESS;
}

miyin_outlines *miyin_outlines_new(void)
{
	miyin_outlines *outlines = g_new0(miyin_outlines, 1);

	outlines->faces =
		g_hash_table_new_full(NULL, NULL, g_object_unref,
				      (GDestroyNotify)cairo_font_face_destroy);
	return outlines;
}

void miyin_outlines_free(miyin_outlines *outlines)
{
	g_hash_table_unref(outlines->faces);
	g_free(outlines);
}

static cairo_font_face_t *find_face(miyin_outlines *outlines, PangoFont *font,
				    cairo_scaled_font_t *real)
{
	cairo_font_face_t *face = g_hash_table_lookup(outlines->faces, font);

	if (face)
		return face;
	face = cairo_user_font_face_create();
	cairo_user_font_face_set_init_func(face, tell_extents);
	cairo_user_font_face_set_render_glyph_func(face, draw_letter);
	cairo_font_face_set_user_data(
		face, &real_key,
		cairo_font_face_reference(
			cairo_scaled_font_get_font_face(real)),
		(cairo_destroy_func_t)cairo_font_face_destroy);
	g_hash_table_insert(outlines->faces, g_object_ref(font), face);
	return face;
}

static void draw_box(cairo_t *cr, double x, double y, double size)
{
	cairo_rectangle(cr, x + size / 10, y, size * BOX, -size * BOX * 2);
	cairo_set_line_width(cr, size / 20);
	cairo_stroke(cr);
}

/* What is shown at once of a run, in the order of its glyphs. */
typedef struct {
	cairo_t *cr;
	double x, y, size; /* where the next glyph stands */
	GArray *glyphs;	   /* of cairo_glyph_t */
	GArray *clusters;  /* of cairo_text_cluster_t */
} showing;

/* A cluster is what of a text cannot be drawn apart. */
static void add_cluster(showing *s, const PangoGlyphItemIter *at,
			gboolean backward)
{
	const int step = at->end_glyph < at->start_glyph ? -1 : 1;
	const PangoGlyphInfo *all = at->glyph_item->glyphs->glyphs;
	const unsigned n_before = s->glyphs->len;
	cairo_text_cluster_t cluster = { at->end_index - at->start_index, 0 };

	for (int i = at->start_glyph; i != at->end_glyph; i += step) {
		const PangoGlyphGeometry *is = &all[i].geometry;
		const cairo_glyph_t glyph = {
			all[i].glyph,
			s->x + pango_units_to_double(is->x_offset),
			s->y + pango_units_to_double(is->y_offset),
		};

		s->x += pango_units_to_double(is->width);
		if (all[i].glyph & PANGO_GLYPH_UNKNOWN_FLAG)
			draw_box(s->cr, glyph.x, glyph.y, s->size);
		else if (all[i].glyph != PANGO_GLYPH_EMPTY)
			g_array_append_val(s->glyphs, glyph);
	}
	cluster.num_glyphs = (int)(s->glyphs->len - n_before);
	if (backward)
		g_array_prepend_val(s->clusters, cluster);
	else
		g_array_append_val(s->clusters, cluster);
}

static void add_clusters(showing *s, PangoGlyphItem *run, const char *text,
			 gboolean backward)
{
	PangoGlyphItemIter at;
	gboolean more =
		backward ? pango_glyph_item_iter_init_end(&at, run, text)
			 : pango_glyph_item_iter_init_start(&at, run, text);

	while (more) {
		add_cluster(s, &at, backward);
		more = backward ? pango_glyph_item_iter_prev_cluster(&at)
				: pango_glyph_item_iter_next_cluster(&at);
	}
}

/* Returns where it ends. */
static double show_run(miyin_outlines *outlines, cairo_t *cr,
		       PangoGlyphItem *run, const char *text, double x,
		       double y)
{
	const gboolean backward = run->item->analysis.level % 2;
	PangoFont *font = run->item->analysis.font;
	cairo_scaled_font_t *real =
		pango_cairo_font_get_scaled_font(PANGO_CAIRO_FONT(font));
	g_autoptr(GArray) glyphs =
		g_array_new(FALSE, FALSE, sizeof(cairo_glyph_t));
	g_autoptr(GArray) clusters =
		g_array_new(FALSE, FALSE, sizeof(cairo_text_cluster_t));
	showing s = { cr, x, y, 0, glyphs, clusters };
	cairo_matrix_t size;

	cairo_scaled_font_get_font_matrix(real, &size);
	s.size = size.xx;
	add_clusters(&s, run, text, backward);
	cairo_set_font_face(cr, find_face(outlines, font, real));
	cairo_set_font_matrix(
		cr, &(cairo_matrix_t){ .xx = size.xx, .yy = -size.xx });
	if (glyphs->len > 0)
		cairo_show_text_glyphs(
			cr, text + run->item->offset, run->item->length,
			(cairo_glyph_t *)glyphs->data, (int)glyphs->len,
			(cairo_text_cluster_t *)clusters->data,
			(int)clusters->len,
			backward ? CAIRO_TEXT_CLUSTER_FLAG_BACKWARD : 0);
	return s.x;
}

void miyin_outlines_show(miyin_outlines *outlines, cairo_t *cr,
			 PangoLayout *words)
{
	const char *text = pango_layout_get_text(words);
	PangoLayoutIter *at = pango_layout_get_iter(words);
	double left, top;

	cairo_get_current_point(cr, &left, &top);
	do {
		const int base = pango_layout_iter_get_baseline(at);
		PangoRectangle line;
		double x;

		pango_layout_iter_get_line_extents(at, NULL, &line);
		x = left + pango_units_to_double(line.x);
		for (GSList *run =
			     pango_layout_iter_get_line_readonly(at)->runs;
		     run; run = run->next)
			x = show_run(outlines, cr, run->data, text, x,
				     top + pango_units_to_double(base));
	} while (pango_layout_iter_next_line(at));
	pango_layout_iter_free(at);
}
