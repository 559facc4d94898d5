/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stamp.h"
#include "embed.h"
#include "marks.h"
#include <miyin/pdfnumbers.h>
#include "place.h"
#include "qr.h"
#include "pdfwriter.h"
#include "turn.h"
#include "type.h"
#include <miyin/error.h>
#include <math.h>
#include <string.h>

#define LEAF_PAGES 50

/* ActualText keeps what is drawn twice out of text extraction. */
#define HIDDEN "/Span<</ActualText()>>BDC "

/* What a body may have left of a state of text is set back. */
#define PLAIN_TEXT "0 Tc 0 Tw 0 Ts 0 Tr 100 Tz "

/* A third of a sheet of A4, whichever, shows the whole of some tile. */
#define TILE_X_PT (72 * MIYIN_PT_PER_MM)
#define TILE_Y_PT (46 * MIYIN_PT_PER_MM)
#define LIGHT_FACTOR 1.6 /* a light watermark has wider meshes */
#define SLOPE (G_PI / 6)

typedef struct {
	miyin_pdfwriter *tail;
	const miyin_sheets *sheets;
	const miyin_order *order;
	const miyin_marks *marks;
	gboolean alone;	      /* lines and watermark, to compare with */
	unsigned root;	      /* object of the catalog */
	miyin_embedded parts; /* the pages of the marks */
	unsigned resources;   /* of every page's marks */
	unsigned watermark;   /* a font of two characters */
	GHashTable *bodies;   /* content text -> object: most are alike */
} stamping;

/* Rows that rise to the right, every other one by half a step aside. */
GArray *miyin_stamp_tiles(const miyin_sheet *sheet, miyin_watermark watermark)
{
	GArray *tiles = g_array_new(FALSE, FALSE, sizeof(miyin_tile));
	double factor = watermark == MIYIN_WATERMARK_LIGHT ? LIGHT_FACTOR : 1;
	double step_x = TILE_X_PT * factor, step_y = TILE_Y_PT * factor;
	int n_rows = watermark == MIYIN_WATERMARK_OFF
			     ? 0
			     : (int)ceil(sheet->height_pt / step_y + 0.5);

	for (int row = 0; row < n_rows; row++) {
		double left = row % 2 ? -step_x / 2 : 0;
		int n_tiles = (int)ceil((sheet->width_pt - left) / step_x);

		for (int i = 0; i < n_tiles; i++) {
			miyin_tile tile = { left + i * step_x,
					    sheet->height_pt -
						    (row + 0.5) * step_y };

			g_array_append_val(tiles, tile);
		}
	}
	return tiles;
}

/*
 * Black dots along the outlines, and half as many white ones between them for
 * what is dark under them. A grey line would be left to each printer's
 * halftone, which loses it on 1-bit ones of 300 dpi, and cut light lines into
 * dark text. Outlines and no text, for Ghostscript dashes text at the type's
 * scale; but each is a character of a font, which renderers draw once and keep.
 */
#define DOT_PT 0.3
#define BLACK_GAP_PT 1.6
#define WHITE_GAP_PT 3.5
#define CHARACTERS                                                             \
	"/FirstChar 97/LastChar 98/Widths[0 0]"                                \
	"/Encoding<</Differences[97/black/white]>>"
static const struct {
	const char *colour, *show;
	double gap_pt, phase_pt;
} dots[] = {
	{ "0 g 0 G", "(a)Tj", BLACK_GAP_PT, 0 },
	{ "1 g 1 G", "(b)Tj", WHITE_GAP_PT, (DOT_PT + BLACK_GAP_PT) / 2 },
};

static void append_watermark(GString *to, const miyin_sheet *sheet,
			     const miyin_marks *marks,
			     miyin_watermark watermark)
{
	g_autoptr(GArray) tiles = miyin_stamp_tiles(sheet, watermark);
	const double c = cos(SLOPE), s = sin(SLOPE);
	const double high = marks->watermark.high_pt;

	g_string_append(to, HIDDEN "BT /W 1 Tf " PLAIN_TEXT "\n");
	for (unsigned k = 0; k < G_N_ELEMENTS(dots); k++) {
		g_string_append_printf(to, "%s\n", dots[k].colour);
		for (unsigned i = 0; i < tiles->len; i++) {
			miyin_tile tile = g_array_index(tiles, miyin_tile, i);

			miyin_pdfnumbers_append(to,
						(double[]){ c, s, -s, c,
							    tile.x + s * high,
							    tile.y - c * high },
						6);
			g_string_append_printf(to, "Tm%s\n", dots[k].show);
		}
	}
	g_string_append(to, "ET EMC\n");
}

static void append_box(GString *to, miyin_box box)
{
	miyin_pdfnumbers_append(to, (double[]){ box.x, box.y, box.w, box.h },
				4);
	g_string_append(to, "re ");
}

/*
 * The marks, body and watermark, clipped so that they cannot reach one, and the
 * marks again. What a body leaves open gets out of its form in one renderer or
 * another and swallows all that comes after: a text clip (BT ET ends it), a
 * clip path (n ends it), a layer that is off (nothing ends it). What stands
 * there already it cannot swallow. Over the body they must be too, for a body
 * may be opaque.
 */
static void append_body(const stamping *s, GString *to,
			const miyin_sheet *sheet, gboolean cover,
			const miyin_place *place)
{
	const double w = sheet->width_pt, h = sheet->height_pt;
	const miyin_box whole = { 0, 0, w, h };
	const miyin_shift *to_go = &sheet->shift;
	g_autoptr(GArray) boxes = miyin_place_list(place);
	double to_paper[6];

	if (sheet->turn != 0) {
		miyin_turn_to_paper(sheet, to_paper);
		miyin_pdfnumbers_append(to, to_paper, 6);
		g_string_append(to, "cm ");
	}
	g_string_append(to, HIDDEN "q /K Do Q EMC\nq\n");
	for (unsigned i = 0; i < boxes->len; i++) {
		append_box(to, whole);
		append_box(to, g_array_index(boxes, miyin_box, i));
		g_string_append(to, "W* n\n");
	}
	g_string_append(to, "q ");
	miyin_pdfnumbers_append(to,
				(double[]){ to_go->scale, 0, 0, to_go->scale,
					    to_go->x, to_go->y },
				6);
	g_string_append(to, "cm ");
	append_box(to, whole);
	g_string_append(to, "W n ");
	miyin_pdfnumbers_append(to, sheet->matrix, 6);
	g_string_append(to, "cm\n");
	if (!cover)
		g_string_append(to, "q /O Do n BT ET Q\n");
	if (!cover && sheet->annotations)
		g_string_append(to, "q /A Do n BT ET Q\n");
	g_string_append(to, "Q BT ET\n");
	append_watermark(to, sheet, s->marks, s->order->layout->watermark);
	g_string_append(to, "Q\nq /K Do Q");
}

static unsigned write_body(stamping *s, const miyin_sheet *sheet,
			   gboolean cover, const miyin_place *place)
{
	g_autoptr(GString) text = g_string_new(NULL);
	gpointer known;
	unsigned object;

	append_body(s, text, sheet, cover, place);
	known = g_hash_table_lookup(s->bodies, text->str);
	if (known)
		return GPOINTER_TO_UINT(known);
	object = miyin_pdfwriter_reserve(s->tail);
	miyin_pdfwriter_write_stream(s->tail, object, "", text->str, text->len);
	g_hash_table_insert(s->bodies, g_strdup(text->str),
			    GUINT_TO_POINTER(object));
	return object;
}

static double text_width(const stamping *s, unsigned line, const char *text)
{
	double width = 0.001;

	for (; *text; text = g_utf8_next_char(text))
		width += miyin_marks_find_glyph(s->marks, line,
						g_utf8_get_char(text))
				 ->advance_pt;
	return width;
}

/* Where the next character of a line stands, and the font that is set. */
typedef struct {
	double size_pt, scale, x, y;
	const char *font;
} pen;

static void append_glyph(const stamping *s, GString *to, unsigned part, pen *p)
{
	const miyin_embed_text *text =
		&g_array_index(s->parts.texts, miyin_embed_text, part);
	const double em = p->size_pt * p->scale;
	const double left = p->x - MIYIN_GLYPH_X_EM * em,
		     low = p->y - MIYIN_GLYPH_Y_EM * em;

	if (!text->font) {
		g_string_append(to, "ET q ");
		miyin_pdfnumbers_append(
			to, (double[]){ p->scale, 0, 0, p->scale, left, low },
			6);
		g_string_append_printf(to, "cm /g%u Do Q BT ", part);
		return;
	}
	if (g_strcmp0(p->font, text->font) != 0)
		g_string_append_printf(to, "%s 1 Tf ", text->font);
	p->font = text->font;
	miyin_pdfnumbers_append(to,
				(double[]){ p->scale * text->size, 0, 0,
					    p->scale * text->size,
					    left + p->scale * text->x,
					    low + p->scale * text->y },
				6);
	g_string_append_printf(to, "Tm %sTj\n", text->string);
}

static void append_colour(GString *to, unsigned colour)
{
	miyin_pdfnumbers_append(to,
				(double[]){ (colour >> 16 & 255) / 255.0,
					    (colour >> 8 & 255) / 255.0,
					    (colour & 255) / 255.0 },
				3);
	g_string_append(to, "rg ");
}

/* Set a line from its glyphs, as draw_line sets the others. */
static void append_line(stamping *s, GString *to, unsigned n, miyin_anchor at,
			miyin_box box, const char *text)
{
	const miyin_line *line = s->order->layout->lines->pdata[n];
	double width = text_width(s, n, text);
	double scale = MIN(1, box.w / width);
	pen p = {
		.size_pt = line->size_pt,
		.scale = scale,
		.x = box.x + miyin_place_align(at) * (box.w - width * scale),
		.y = box.y + miyin_type_base(box.h, line->size_pt * scale),
	};

	g_string_append(to, "q ");
	append_box(to, box);
	g_string_append(to, "W n ");
	append_colour(to, line->colour);
	g_string_append(to, "BT " PLAIN_TEXT);
	for (; *text; text = g_utf8_next_char(text)) {
		const miyin_markglyph *glyph = miyin_marks_find_glyph(
			s->marks, n, g_utf8_get_char(text));

		if (glyph->c != ' ')
			append_glyph(s, to, glyph->page - s->marks->faces->len,
				     &p);
		p.x += scale * glyph->advance_pt;
	}
	g_string_append(to, "ET Q\n");
}

/* The codes of a page, of each kind. */
static void (*const writers[])(GString *to, const char *text,
			       const miyin_place *place) = {
	[MIYIN_CODE_QR] = miyin_qr_append,
};
G_STATIC_ASSERT(G_N_ELEMENTS(writers) == MIYIN_N_CODE_KINDS);

static unsigned write_marks(stamping *s, unsigned i, const miyin_face *face)
{
	const miyin_layout *layout = s->order->layout;
	const miyin_place *place = &face->place;
	g_autoptr(GString) text = g_string_new(NULL);
	g_autoptr(GString) entries = g_string_new("/Type/XObject/Subtype/Form"
						  "/BBox[0 0 ");
	unsigned object = miyin_pdfwriter_reserve(s->tail);

	miyin_pdfnumbers_append(
		entries, (double[]){ face->width_pt, face->height_pt }, 2);
	g_string_append_printf(entries, "]/Resources %u 0 R", s->resources);
	g_string_append_printf(text, "q /m%u Do Q\n", face->page);
	for (miyin_code_kind k = 0; k < MIYIN_N_CODE_KINDS && !s->alone; k++)
		writers[k](text, s->order->pages[i].codes[k], place);
	for (unsigned n = 0; n < place->n_lines; n++) {
		const miyin_line *line = layout->lines->pdata[n];
		g_autofree char *words = NULL;

		if (place->lines[n].w <= 0 || !miyin_line_is_dynamic(line))
			continue;
		words = miyin_marks_line_text(s->order, line, i);
		append_line(s, text, n,
			    miyin_place_anchor(layout, line, face->even),
			    place->lines[n], words);
	}
	miyin_pdfwriter_write_stream(s->tail, object, entries->str, text->str,
				     text->len);
	return object;
}

static unsigned write_page(stamping *s, unsigned i, unsigned parent)
{
	const miyin_sheet *sheet = miyin_marks_sheet(s->order, s->sheets, i);
	const miyin_face *face = miyin_marks_face(s->marks, s->order, sheet, i);
	gboolean cover = face->class == MIYIN_COVER_PAGE || s->alone;
	const double media[4] = { 0, 0, miyin_turn_paper_width(sheet),
				  miyin_turn_paper_height(sheet) };
	g_autoptr(GString) text = g_string_new(NULL);
	unsigned page = miyin_pdfwriter_reserve(s->tail);

	g_string_printf(text, "<</Type/Page/Parent %u 0 R/MediaBox[", parent);
	miyin_pdfnumbers_append(text, media, 4);
	g_string_append(text, "]");
	if (sheet->group && !cover)
		g_string_append_printf(text, "/Group %u 0 R", sheet->group);
	g_string_append_printf(text, "/Contents %u 0 R/Resources<</XObject<<",
			       write_body(s, sheet, cover, &face->place));
	if (!cover)
		g_string_append_printf(text, "/O %u 0 R", sheet->content);
	if (!cover && sheet->annotations)
		g_string_append_printf(text, "/A %u 0 R", sheet->annotations);
	g_string_append_printf(text, "/K %u 0 R>>/Font<</W %u 0 R>>>>>>",
			       write_marks(s, i, face), s->watermark);
	miyin_pdfwriter_write(s->tail, page, text->str, text->len);
	return page;
}

/* A page tree of two levels: some readers are slow on thousands of children. */
static void write_copy(stamping *s)
{
	g_autoptr(GString) text = g_string_new(NULL);
	g_autoptr(GString) leaves = g_string_new(NULL);
	g_autoptr(GString) kids = g_string_new(NULL);
	unsigned n = s->order->n_pages;
	unsigned pages = miyin_pdfwriter_reserve(s->tail);
	unsigned leaf = 0;

	for (unsigned i = 0; i < n; i++) {
		if (i % LEAF_PAGES == 0) {
			leaf = miyin_pdfwriter_reserve(s->tail);
			g_string_truncate(kids, 0);
			g_string_append_printf(leaves, "%u 0 R ", leaf);
		}
		g_string_append_printf(kids, "%u 0 R ", write_page(s, i, leaf));
		if (i % LEAF_PAGES == LEAF_PAGES - 1 || i == n - 1) {
			g_string_printf(text,
					"<</Type/Pages/Parent %u 0 R"
					"/Count %u/Kids[%s]>>",
					pages, i % LEAF_PAGES + 1, kids->str);
			miyin_pdfwriter_write(s->tail, leaf, text->str,
					      text->len);
		}
	}
	g_string_printf(text, "<</Type/Pages/Count %u/Kids[%s]>>", n,
			leaves->str);
	miyin_pdfwriter_write(s->tail, pages, text->str, text->len);
	g_string_printf(text, "<</Type/Catalog/Pages %u 0 R>>", pages);
	miyin_pdfwriter_write(s->tail, s->root, text->str, text->len);
}

/* A character of it. */
static unsigned write_dots(stamping *s, const double box[4], unsigned k)
{
	g_autoptr(GString) text = g_string_new("0 0 ");
	unsigned object = miyin_pdfwriter_reserve(s->tail);

	miyin_pdfnumbers_append(text, box, 4);
	g_string_append(text, "d1 0 J 0 j 10 M ");
	miyin_pdfnumbers_append(text, (double[]){ DOT_PT }, 1);
	g_string_append(text, "w [");
	miyin_pdfnumbers_append(text, (double[]){ DOT_PT, dots[k].gap_pt }, 2);
	g_string_append(text, "] ");
	miyin_pdfnumbers_append(text, &dots[k].phase_pt, 1);
	g_string_append_printf(text, "d\n%sS\n", s->marks->watermark.outlines);
	miyin_pdfwriter_write_stream(s->tail, object, "", text->str, text->len);
	return object;
}

/* Readers that do not heed ActualText take both characters for blanks. */
#define BLANKS                                                                 \
	"begincmap 1 begincodespacerange<00><ff>endcodespacerange\n"           \
	"2 beginbfchar<61><0020><62><0020>endbfchar endcmap"

static void write_watermark(stamping *s)
{
	const double *ink = s->marks->watermark.box;
	const double box[4] = { ink[0] - 1, ink[1] - 1, ink[2] + 1,
				ink[3] + 1 };
	unsigned black = write_dots(s, box, 0), white = write_dots(s, box, 1);
	unsigned blanks = miyin_pdfwriter_reserve(s->tail);
	g_autoptr(GString) text = g_string_new(
		"<</Type/Font/Subtype/Type3/FontMatrix[1 0 0 1 0 0]/FontBBox[");

	miyin_pdfnumbers_append(text, box, 4);
	g_string_append_printf(
		text,
		"]" CHARACTERS
		"/CharProcs<</black %u 0 R/white %u 0 R>>/Resources<<>>"
		"/ToUnicode %u 0 R>>",
		black, white, blanks);
	miyin_pdfwriter_write_stream(s->tail, blanks, "", BLANKS,
				     strlen(BLANKS));
	s->watermark = miyin_pdfwriter_reserve(s->tail);
	miyin_pdfwriter_write(s->tail, s->watermark, text->str, text->len);
}

/* Of every page's marks: the faces, the fonts of the characters, and those of
 * them that are forms. */
static void write_resources(stamping *s)
{
	g_autoptr(GString) text = g_string_new("<</XObject<<");

	for (unsigned i = 0; i < s->parts.forms->len; i++)
		g_string_append_printf(
			text, "/m%u %u 0 R", i,
			g_array_index(s->parts.forms, unsigned, i));
	for (unsigned i = 0; i < s->parts.texts->len; i++) {
		const miyin_embed_text *part =
			&g_array_index(s->parts.texts, miyin_embed_text, i);

		if (!part->font)
			g_string_append_printf(text, "/g%u %u 0 R", i,
					       part->form);
	}
	g_string_append_printf(text, ">>/Font<<%s>>>>", s->parts.fonts->str);
	s->resources = miyin_pdfwriter_reserve(s->tail);
	miyin_pdfwriter_write(s->tail, s->resources, text->str, text->len);
}

gboolean miyin_stamp(int fd, GBytes *base, const miyin_sheets *sheets,
		     const miyin_order *order, GError **error)
{
	g_autoptr(miyin_marks) marks = NULL;
	g_autoptr(GHashTable) bodies =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	stamping s = { .sheets = sheets,
		       .order = order,
		       .alone = !base,
		       .bodies = bodies };
	gboolean ok;

	if (sheets->pages->len + (order->cover ? 1 : 0) != order->n_pages)
		return miyin_fail(error, MIYIN_ERROR_INPUT,
				  "The codes are not for this document.");
	s.marks = marks = miyin_marks_draw(order, sheets, error);
	if (!marks)
		return FALSE;
	s.tail = base ? miyin_pdfwriter_open(fd, base, sheets, error)
		      : miyin_pdfwriter_open_empty(fd);
	if (!s.tail)
		return FALSE;
	s.root = miyin_pdfwriter_reserve(s.tail);
	ok = miyin_embed_pages(s.tail, marks->pdf, marks->faces->len, &s.parts,
			       error);
	if (ok) {
		write_resources(&s);
		write_watermark(&s);
		write_copy(&s);
	}
	miyin_embedded_clear(&s.parts);
	return miyin_pdfwriter_close(s.tail, s.root, ok ? error : NULL) && ok;
}
