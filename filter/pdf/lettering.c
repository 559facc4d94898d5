/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/lettering.h>
#include <cairo-ft.h>
#include <hb-subset.h>

#define BOX 0.4 /* of an em */

/* What is taken out of a font. */
typedef struct {
	hb_set_t *wanted, *taken; /* its letters, by their numbers in it */
	hb_map_t *numbers;	  /* of those taken */
	cairo_font_face_t *face;  /* NULL: the font itself is used */
} part;

struct miyin_lettering {
	GHashTable *parts; /* hb_face_t -> part */
};

/* What a face of ours lies in; cairo may keep that for as long as it likes. */
typedef struct {
	FT_Library library;
	FT_Face face;
	hb_blob_t *bytes;
} ground;

static void part_free(gpointer data)
{
	part *p = data;

	hb_set_destroy(p->wanted);
	hb_set_destroy(p->taken);
	hb_map_destroy(p->numbers);
	cairo_font_face_destroy(p->face);
	g_free(p);
}

miyin_lettering *miyin_lettering_new(void)
{
	miyin_lettering *lettering = g_new0(miyin_lettering, 1);

	lettering->parts = g_hash_table_new_full(
		NULL, NULL, (GDestroyNotify)hb_face_destroy, part_free);
	return lettering;
}

void miyin_lettering_free(miyin_lettering *lettering)
{
	g_hash_table_unref(lettering->parts);
	g_free(lettering);
}

static part *find_part(miyin_lettering *lettering, hb_face_t *face)
{
	part *p = g_hash_table_lookup(lettering->parts, face);

	if (p)
		return p;
	p = g_new0(part, 1);
	p->wanted = hb_set_create();
	p->taken = hb_set_create();
	p->numbers = hb_map_create();
	g_hash_table_insert(lettering->parts, hb_face_reference(face), p);
	return p;
}

static hb_face_t *face_of(const PangoGlyphItem *run)
{
	return hb_font_get_face(
		pango_font_get_hb_font(run->item->analysis.font));
}

static gboolean has_ink(PangoGlyph glyph)
{
	return glyph != PANGO_GLYPH_EMPTY &&
	       !(glyph & PANGO_GLYPH_UNKNOWN_FLAG);
}

static void add_run(miyin_lettering *lettering, const PangoGlyphItem *run)
{
	part *p = find_part(lettering, face_of(run));

	for (int i = 0; i < run->glyphs->num_glyphs; i++)
		if (has_ink(run->glyphs->glyphs[i].glyph))
			hb_set_add(p->wanted, run->glyphs->glyphs[i].glyph);
}

void miyin_lettering_add(miyin_lettering *lettering, PangoLayout *words)
{
	for (GSList *line = pango_layout_get_lines_readonly(words); line;
	     line = line->next)
		for (GSList *run = ((PangoLayoutLine *)line->data)->runs; run;
		     run = run->next)
			add_run(lettering, run->data);
}

static void ground_free(void *data)
{
	ground *g = data;

	FT_Done_FreeType(g->library); /* the face too */
	hb_blob_destroy(g->bytes);
	g_free(g);
}

static cairo_font_face_t *open_face(hb_face_t *subset)
{
	static const cairo_user_data_key_t key;
	ground *g = g_new0(ground, 1);
	cairo_font_face_t *face;
	unsigned length;
	const char *bytes;

	g->bytes = hb_face_reference_blob(subset);
	bytes = hb_blob_get_data(g->bytes, &length);
	if (FT_Init_FreeType(&g->library) != 0 ||
	    FT_New_Memory_Face(g->library, (const FT_Byte *)bytes,
			       (FT_Long)length, 0, &g->face) != 0) {
		ground_free(g);
		return NULL;
	}
	face = cairo_ft_font_face_create_for_ft_face(g->face, FT_LOAD_DEFAULT);
	cairo_font_face_set_user_data(face, &key, g, ground_free);
	return face;
}

/* Nothing but what is drawn; shared parts are written out in each letter. */
static hb_subset_input_t *describe(const part *p)
{
	static const hb_tag_t tables[] = {
		HB_TAG('G', 'S', 'U', 'B'), HB_TAG('G', 'P', 'O', 'S'),
		HB_TAG('G', 'D', 'E', 'F'), HB_TAG('B', 'A', 'S', 'E'),
		HB_TAG('v', 'h', 'e', 'a'), HB_TAG('v', 'm', 't', 'x'),
		HB_TAG('V', 'O', 'R', 'G'),
	};
	hb_subset_input_t *input = hb_subset_input_create_or_fail();
	hb_set_t *dropped;

	if (!input)
		return NULL;
	hb_subset_input_set_flags(input,
				  HB_SUBSET_FLAGS_DESUBROUTINIZE |
					  HB_SUBSET_FLAGS_NOTDEF_OUTLINE);
	hb_set_union(hb_subset_input_glyph_set(input), p->wanted);
	dropped = hb_subset_input_set(input, HB_SUBSET_SETS_DROP_TABLE_TAG);
	for (unsigned i = 0; i < G_N_ELEMENTS(tables); i++)
		hb_set_add(dropped, tables[i]);
	return input;
}

/* One that varies, or has colours, is more than its outlines. */
static gboolean is_plain(hb_face_t *face)
{
	static const hb_tag_t others[] = {
		HB_TAG('f', 'v', 'a', 'r'),
		HB_TAG('C', 'O', 'L', 'R'),
		HB_TAG('C', 'B', 'D', 'T'),
		HB_TAG('s', 'b', 'i', 'x'),
	};

	for (unsigned i = 0; i < G_N_ELEMENTS(others); i++) {
		hb_blob_t *table = hb_face_reference_table(face, others[i]);
		const unsigned length = hb_blob_get_length(table);

		hb_blob_destroy(table);
		if (length > 0)
			return FALSE;
	}
	return TRUE;
}

static hb_blob_t *get_table(hb_face_t *face, hb_tag_t tag, void *whole)
{
	(void)face;
	return tag == HB_TAG('c', 'm', 'a', 'p')
		       ? NULL
		       : hb_face_reference_table(whole, tag);
}

/* NULL: by cairo, then. Glyphs have their numbers: without its characters, of
 * which a Chinese font has 40,000, a font is read in half the time. */
static cairo_font_face_t *take(part *p, hb_face_t *face)
{
	hb_subset_input_t *input = is_plain(face) ? describe(p) : NULL;
	hb_face_t *bare = hb_face_create_for_tables(get_table, face, NULL);
	hb_subset_plan_t *plan =
		input ? hb_subset_plan_create_or_fail(bare, input) : NULL;
	hb_face_t *subset = plan ? hb_subset_plan_execute_or_fail(plan) : NULL;
	cairo_font_face_t *taken = subset ? open_face(subset) : NULL;

	if (taken) {
		hb_set_set(p->taken, p->wanted);
		hb_map_destroy(p->numbers);
		p->numbers = hb_map_copy(
			hb_subset_plan_old_to_new_glyph_mapping(plan));
	}
	hb_face_destroy(subset);
	hb_subset_plan_destroy(plan);
	hb_face_destroy(bare);
	hb_subset_input_destroy(input);
	return taken;
}

/* A part with all letters of a run, in the run's font. */
static part *open_part(miyin_lettering *lettering, const PangoGlyphItem *run)
{
	cairo_scaled_font_t *real = pango_cairo_font_get_scaled_font(
		PANGO_CAIRO_FONT(run->item->analysis.font));
	part *p = find_part(lettering, face_of(run));

	add_run(lettering, run);
	if (hb_set_is_empty(p->taken) ||
	    !hb_set_is_subset(p->wanted, p->taken)) {
		cairo_font_face_destroy(p->face);
		p->face = take(p, face_of(run));
	}
	if (p->face)
		cairo_ft_font_face_set_synthesize(
			p->face,
			cairo_ft_font_face_get_synthesize(
				cairo_scaled_font_get_font_face(real)));
	return p;
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
	const part *part;
	double x, y, size; /* where the next glyph stands */
	GArray *glyphs;	   /* of cairo_glyph_t */
	GArray *clusters;  /* of cairo_text_cluster_t */
} showing;

static unsigned long number_of(const part *p, PangoGlyph glyph)
{
	return p->face ? hb_map_get(p->numbers, glyph) : glyph;
}

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
			number_of(s->part, all[i].glyph),
			s->x + pango_units_to_double(is->x_offset),
			s->y + pango_units_to_double(is->y_offset),
		};

		s->x += pango_units_to_double(is->width);
		if (all[i].glyph & PANGO_GLYPH_UNKNOWN_FLAG)
			draw_box(s->cr, glyph.x, glyph.y, s->size);
		else if (has_ink(all[i].glyph))
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
static double show_run(miyin_lettering *lettering, cairo_t *cr,
		       PangoGlyphItem *run, const char *text, double x,
		       double y)
{
	const gboolean backward = run->item->analysis.level % 2;
	cairo_scaled_font_t *real = pango_cairo_font_get_scaled_font(
		PANGO_CAIRO_FONT(run->item->analysis.font));
	g_autoptr(GArray) glyphs =
		g_array_new(FALSE, FALSE, sizeof(cairo_glyph_t));
	g_autoptr(GArray) clusters =
		g_array_new(FALSE, FALSE, sizeof(cairo_text_cluster_t));
	const part *p = open_part(lettering, run);
	showing s = { cr, p, x, y, 0, glyphs, clusters };
	cairo_matrix_t size;

	cairo_scaled_font_get_font_matrix(real, &size);
	s.size = size.xx;
	add_clusters(&s, run, text, backward);
	cairo_set_font_face(
		cr, p->face ? p->face : cairo_scaled_font_get_font_face(real));
	cairo_set_font_matrix(cr, &size);
	if (glyphs->len > 0)
		cairo_show_text_glyphs(
			cr, text + run->item->offset, run->item->length,
			(cairo_glyph_t *)glyphs->data, (int)glyphs->len,
			(cairo_text_cluster_t *)clusters->data,
			(int)clusters->len,
			backward ? CAIRO_TEXT_CLUSTER_FLAG_BACKWARD : 0);
	return s.x;
}

void miyin_lettering_show(miyin_lettering *lettering, cairo_t *cr,
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
			x = show_run(lettering, cr, run->data, text, x,
				     top + pango_units_to_double(base));
	} while (pango_layout_iter_next_line(at));
	pango_layout_iter_free(at);
}
