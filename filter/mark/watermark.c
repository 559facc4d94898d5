/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "watermark.h"
#include "canvas.h"
#include "type.h"
#include <math.h>
#include <miyin/pdfnumbers.h>
#include <string.h>

#define SIZE_PT 19
#define WIDTH_PT (79 * MIYIN_PT_PER_MM)

/* A third of a sheet of A4, whichever, shows the whole of some tile. */
#define TILE_X_PT (72 * MIYIN_PT_PER_MM)
#define TILE_Y_PT (46 * MIYIN_PT_PER_MM)
#define LIGHT_FACTOR 1.6 /* a light watermark has wider meshes */
#define SLOPE (G_PI / 6)

#define DOT_PT 0.3
#define BLACK_GAP_PT 1.6
#define WHITE_GAP_PT 3.5
#define CHARACTERS                                                             \
	"/FirstChar 97/LastChar 98/Widths[0 0]"                                \
	"/Encoding<</Differences[97/black/white]>>"
static const struct {
	int grey;
	const char *show;
	double gap_pt, phase_pt;
} dots[] = {
	{ 0, "(a)Tj", BLACK_GAP_PT, 0 },
	{ 1, "(b)Tj", WHITE_GAP_PT, (DOT_PT + BLACK_GAP_PT) / 2 },
};

/* Rows that rise to the right, every other one by half a step aside. */
GArray *miyin_watermark_tiles(double width_pt, double height_pt,
			      miyin_watermark kind)
{
	GArray *tiles = g_array_new(FALSE, FALSE, sizeof(miyin_tile));
	double factor = kind == MIYIN_WATERMARK_LIGHT ? LIGHT_FACTOR : 1;
	double step_x = TILE_X_PT * factor, step_y = TILE_Y_PT * factor;
	int n_rows = kind == MIYIN_WATERMARK_OFF
			     ? 0
			     : (int)ceil(height_pt / step_y + 0.5);

	for (int row = 0; row < n_rows; row++) {
		double left = row % 2 ? -step_x / 2 : 0;
		int n_tiles = (int)ceil((width_pt - left) / step_x);

		for (int i = 0; i < n_tiles; i++) {
			miyin_tile tile = { left + i * step_x,
					    height_pt - (row + 0.5) * step_y };

			g_array_append_val(tiles, tile);
		}
	}
	return tiles;
}

static PangoLayout *set_words(cairo_t *cr, const miyin_order *order)
{
	gboolean off = order->layout->watermark == MIYIN_WATERMARK_OFF;
	PangoLayout *words =
		miyin_type_set(cr, "sans", FALSE, SIZE_PT,
			       off ? "" : order->layout->watermark_text);

	miyin_type_fit(words, WIDTH_PT);
	return words;
}

gboolean miyin_watermark_has_glyphs(const miyin_order *order, GError **error)
{
	cairo_t *cr = miyin_canvas_open(1, 1);
	g_autoptr(PangoLayout) words = set_words(cr, order);

	cairo_destroy(cr);
	return miyin_type_has_glyphs(words, error);
}

/* From their upper left corner, points. Free with cairo_path_destroy. */
static cairo_path_t *copy_outlines(cairo_t *cr, const miyin_order *order)
{
	g_autoptr(PangoLayout) words = set_words(cr, order);
	cairo_path_t *path;

	cairo_save(cr);
	cairo_identity_matrix(cr);
	cairo_new_path(cr);
	cairo_move_to(cr, 0, 0);
	pango_cairo_layout_path(cr, words);
	path = cairo_copy_path(cr);
	cairo_restore(cr);
	cairo_new_path(cr);
	return path;
}

/* ---- in PDF ----------------------------------------------------------------
 */

/* The words' outlines, from their upper left corner, points. */
typedef struct {
	GString *operators;
	double box[4]; /* around the ink */
} outlines;

/* As PDF has it, where y goes up. */
static void append_path(GString *to, const cairo_path_t *path)
{
	static const char *const operators[] = {
		[CAIRO_PATH_MOVE_TO] = "m ",
		[CAIRO_PATH_LINE_TO] = "l ",
		[CAIRO_PATH_CURVE_TO] = "c ",
		[CAIRO_PATH_CLOSE_PATH] = "h\n",
	};

	for (int i = 0; i < path->num_data; i += path->data[i].header.length) {
		const cairo_path_data_t *data = &path->data[i];

		for (int k = 1; k < data->header.length; k++)
			miyin_pdfnumbers_append(
				to,
				(double[]){ data[k].point.x, -data[k].point.y },
				2);
		g_string_append(to, operators[data->header.type]);
	}
}

static void find_outlines(const miyin_order *order, outlines *words)
{
	cairo_t *cr = miyin_canvas_open(1, 1);
	cairo_path_t *path = copy_outlines(cr, order);
	double top, bottom;

	cairo_append_path(cr, path);
	cairo_path_extents(cr, &words->box[0], &top, &words->box[2], &bottom);
	words->box[1] = -bottom;
	words->box[3] = -top;
	append_path(words->operators, path);
	cairo_path_destroy(path);
	cairo_destroy(cr);
}

/* A character of it. */
static unsigned write_dots(miyin_pdfwriter *to, const outlines *words,
			   const double box[4], unsigned k)
{
	g_autoptr(GString) text = g_string_new("0 0 ");
	unsigned object = miyin_pdfwriter_reserve(to);

	miyin_pdfnumbers_append(text, box, 4);
	g_string_append(text, "d1 0 J 0 j 10 M ");
	miyin_pdfnumbers_append(text, (double[]){ DOT_PT }, 1);
	g_string_append(text, "w [");
	miyin_pdfnumbers_append(text, (double[]){ DOT_PT, dots[k].gap_pt }, 2);
	g_string_append(text, "] ");
	miyin_pdfnumbers_append(text, &dots[k].phase_pt, 1);
	g_string_append_printf(text, "d\n%sS\n", words->operators->str);
	miyin_pdfwriter_write_stream(to, object, "", text->str, text->len);
	return object;
}

/* Readers that do not heed ActualText take both characters for blanks. */
#define BLANKS                                                                 \
	"begincmap 1 begincodespacerange<00><ff>endcodespacerange\n"           \
	"2 beginbfchar<61><0020><62><0020>endbfchar endcmap"

unsigned miyin_watermark_write(miyin_pdfwriter *to, const miyin_order *order)
{
	g_autoptr(GString) operators = g_string_new(NULL);
	outlines words = { .operators = operators };
	double box[4];
	unsigned black, white, blanks, font;
	g_autoptr(GString) text = g_string_new(
		"<</Type/Font/Subtype/Type3/FontMatrix[1 0 0 1 0 0]/FontBBox[");

	find_outlines(order, &words);
	for (int i = 0; i < 4; i++)
		box[i] = words.box[i] + (i < 2 ? -1 : 1);
	black = write_dots(to, &words, box, 0);
	white = write_dots(to, &words, box, 1);
	blanks = miyin_pdfwriter_reserve(to);
	font = miyin_pdfwriter_reserve(to);
	miyin_pdfnumbers_append(text, box, 4);
	g_string_append_printf(
		text,
		"]" CHARACTERS
		"/CharProcs<</black %u 0 R/white %u 0 R>>/Resources<<>>"
		"/ToUnicode %u 0 R>>",
		black, white, blanks);
	miyin_pdfwriter_write_stream(to, blanks, "", BLANKS, strlen(BLANKS));
	miyin_pdfwriter_write(to, font, text->str, text->len);
	return font;
}

void miyin_watermark_append(GString *to, const miyin_order *order,
			    double width_pt, double height_pt)
{
	g_autoptr(GArray) tiles = miyin_watermark_tiles(
		width_pt, height_pt, order->layout->watermark);
	const double c = cos(SLOPE), s = sin(SLOPE);

	g_string_append(to, "BT /W 1 Tf\n");
	for (unsigned k = 0; k < G_N_ELEMENTS(dots); k++) {
		g_string_append_printf(to, "%d g %d G\n", dots[k].grey,
				       dots[k].grey);
		for (unsigned i = 0; i < tiles->len; i++) {
			miyin_tile tile = g_array_index(tiles, miyin_tile, i);

			miyin_pdfnumbers_append(
				to, (double[]){ c, s, -s, c, tile.x, tile.y },
				6);
			g_string_append_printf(to, "Tm%s\n", dots[k].show);
		}
	}
	g_string_append(to, "ET\n");
}

/* ---- on a canvas -----------------------------------------------------------
 */

static void stroke_dots(cairo_t *cr, const cairo_path_t *path, unsigned k)
{
	const double dash[] = { DOT_PT, dots[k].gap_pt };

	cairo_new_path(cr);
	cairo_append_path(cr, path);
	cairo_set_dash(cr, dash, G_N_ELEMENTS(dash), dots[k].phase_pt);
	cairo_set_source_rgb(cr, dots[k].grey, dots[k].grey, dots[k].grey);
	cairo_stroke(cr);
}

/* Whether a tile may reach it: its words go up to the right from its corner. */
static gboolean reaches(miyin_tile tile, miyin_box view)
{
	const double w = WIDTH_PT + 2 * SIZE_PT, below = 2 * SIZE_PT;

	return tile.x - below < view.x + view.w && tile.x + w > view.x &&
	       tile.y - below < view.y + view.h && tile.y + w > view.y;
}

void miyin_watermark_paint(cairo_t *cr, const miyin_order *order,
			   double width_pt, double height_pt, miyin_box view)
{
	g_autoptr(GArray) tiles = miyin_watermark_tiles(
		width_pt, height_pt, order->layout->watermark);
	cairo_path_t *path = copy_outlines(cr, order);

	cairo_set_line_width(cr, DOT_PT);
	cairo_set_miter_limit(cr, 10);
	for (unsigned k = 0; k < G_N_ELEMENTS(dots); k++)
		for (unsigned i = 0; i < tiles->len; i++) {
			miyin_tile tile = g_array_index(tiles, miyin_tile, i);

			if (!reaches(tile, view))
				continue;
			cairo_save(cr);
			cairo_translate(cr, tile.x, height_pt - tile.y);
			cairo_rotate(cr, -SLOPE);
			stroke_dots(cr, path, k);
			cairo_restore(cr);
		}
	cairo_path_destroy(path);
}
