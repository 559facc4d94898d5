/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "type.h"
#include "canvas.h"
#include "fault.h"
#include <math.h>
#include <string.h>

#define SANS "Noto Sans CJK SC"
#define SERIF "Noto Serif CJK SC"
#define MONO "Noto Sans Mono CJK SC"
#define SHRINK_FLOOR 0.7 /* then cut with an ellipsis */
#define CAPITAL_EM 0.72	 /* height of a capital by type size */
#define ELLIPSIS "…"

/* As a PDF has letters: on a canvas they would be made to fit its pixels. */
static void set_options(PangoContext *context)
{
	cairo_font_options_t *options = cairo_font_options_create();

	cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
	cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
	pango_cairo_context_set_font_options(context, options);
	cairo_font_options_destroy(options);
}

/* Pango lays out at 96 dpi unless told: a third too large on paper; and it
 * rounds to whole pixels, here points, which sets words unevenly. */
PangoLayout *miyin_type_set(cairo_t *cr, const char *font, gboolean bold,
			    double size_pt, const char *text)
{
	PangoLayout *type = pango_cairo_create_layout(cr);
	PangoContext *context = pango_layout_get_context(type);
	PangoFontDescription *description = pango_font_description_new();

	if (g_str_equal(font, "sans"))
		font = SANS;
	else if (g_str_equal(font, "serif"))
		font = SERIF;
	else if (g_str_equal(font, "mono"))
		font = MONO;
	pango_font_description_set_family(description, font);
	pango_font_description_set_weight(
		description, bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
	pango_font_description_set_absolute_size(description,
						 size_pt * PANGO_SCALE);
	set_options(context);
	pango_cairo_context_set_resolution(context, 72);
	pango_context_set_round_glyph_positions(context, FALSE);
	pango_layout_context_changed(type);
	pango_layout_set_font_description(type, description);
	pango_layout_set_single_paragraph_mode(type, TRUE);
	pango_layout_set_text(type, text, -1);
	pango_font_description_free(description);
	return type;
}

double miyin_type_base(double height_pt, double size_pt)
{
	return (height_pt - CAPITAL_EM * size_pt) / 2;
}

double miyin_type_width(PangoLayout *type)
{
	PangoRectangle logical;

	pango_layout_get_extents(type, NULL, &logical);
	return pango_units_to_double(logical.width);
}

static void set_size(PangoLayout *type, double factor)
{
	PangoFontDescription *description = pango_font_description_copy(
		pango_layout_get_font_description(type));

	pango_font_description_set_absolute_size(
		description,
		pango_font_description_get_size(description) * factor);
	pango_layout_set_font_description(type, description);
	pango_font_description_free(description);
}

void miyin_type_fit(PangoLayout *type, double width_pt)
{
	double is_pt = miyin_type_width(type);

	if (is_pt <= width_pt)
		return;
	set_size(type, fmax(width_pt / is_pt * 0.995, SHRINK_FLOOR));
	pango_layout_set_ellipsize(type, PANGO_ELLIPSIZE_END);
	pango_layout_set_width(type, pango_units_from_double(width_pt));
}

/* A line that differs from page to page is not cut but set ever smaller. */
gboolean miyin_type_is_whole(cairo_t *cr, const miyin_line *line,
			     const char *text, double width_pt)
{
	g_autoptr(PangoLayout) type = NULL;
	g_autofree char *start = NULL, *least = NULL;

	if (line->n_whole == 0)
		return TRUE;
	start = g_utf8_substring(text, 0, line->n_whole);
	least = miyin_line_is_dynamic(line) || g_str_equal(start, text)
			? g_strdup(text)
			: g_strconcat(start, ELLIPSIS, NULL);
	type = miyin_type_set(cr, line->font, line->bold,
			      line->size_pt * SHRINK_FLOOR, least);
	return miyin_type_width(type) <= width_pt;
}

/* A box instead of a character tells nobody who the holder is. */
gboolean miyin_type_has_glyphs(PangoLayout *type, GError **error)
{
	if (pango_layout_get_unknown_glyphs_count(type) == 0)
		return TRUE;
	return miyin_fault_set(error, MIYIN_REFUSAL_BAD_GLYPH,
			       pango_layout_get_text(type), NULL);
}

static gboolean is_missing(cairo_t *cr, const char *font, gboolean bold,
			   const char *text)
{
	g_autoptr(PangoLayout) type = miyin_type_set(cr, font, bold, 10, text);

	return pango_layout_get_unknown_glyphs_count(type) > 0;
}

static void add_missing(GString *missing, cairo_t *cr, const char *font,
			gboolean bold, const char *text)
{
	g_autoptr(GString) words = g_string_new(text);

	/* These stand for letters and digits. */
	g_string_replace(words, MIYIN_PAGE_MARK, "", 0);
	g_string_replace(words, MIYIN_CODE_MARK, "", 0);
	if (!is_missing(cr, font, bold, words->str))
		return;
	for (const char *at = words->str; *at; at = g_utf8_next_char(at)) {
		char c[7] = "";

		g_unichar_to_utf8(g_utf8_get_char(at), c);
		if (!strstr(missing->str, c) && is_missing(cr, font, bold, c))
			g_string_append(missing, c);
	}
}

char *miyin_type_find_missing(const miyin_layout *layout)
{
	GString *missing = g_string_new(NULL);
	cairo_t *cr = miyin_canvas_open(1, 1);

	for (unsigned i = 0; i < layout->lines->len; i++) {
		const miyin_line *line = layout->lines->pdata[i];

		add_missing(missing, cr, line->font, line->bold, line->text);
	}
	if (layout->watermark != MIYIN_WATERMARK_OFF)
		add_missing(missing, cr, "sans", FALSE, layout->watermark_text);
	cairo_destroy(cr);
	return g_string_free(missing, FALSE);
}
