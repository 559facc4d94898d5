/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stamp.h"
#include "draw.h"
#include "embed.h"
#include "marks.h"
#include "pdfwriter.h"
#include "place.h"
#include "qr.h"
#include "setline.h"
#include "turn.h"
#include "watermark.h"
#include <miyin/error.h>
#include <miyin/pdfnumbers.h>
#include <string.h>

#define LEAF_PAGES 50

/* ActualText keeps what is drawn twice out of text extraction. */
#define HIDDEN "/Span<</ActualText()>>BDC "

/* What a body may have left of a state of text is set back. */
#define PLAIN_TEXT "0 g 0 Tc 0 Tw 0 Ts 0 Tr 100 Tz\n"

/*
 * A page is four pieces of content: what is before its own lines, the lines,
 * the body with what is before them again, and the lines again. Most pages
 * share the first and the third.
 */
typedef struct {
	unsigned before, body; /* objects */
} pieces;

/* What these differ by; numbers alone, to be compared as bytes. */
typedef struct {
	double face, turn, has_annotations;
	miyin_shift shift;
	double matrix[6];
} piece_key;

typedef struct {
	miyin_pdfwriter *tail;
	const miyin_sheets *sheets;
	const miyin_order *order;
	const miyin_marks *marks;
	unsigned root;	      /* object of the catalog */
	miyin_embedded parts; /* the pages of the marks */
	unsigned fonts;	      /* of every page */
	GString *forms;	      /* of every page: the characters that are some */
	GHashTable *pieces;   /* piece_key -> pieces */
	GString *text;
	miyin_setting setting;
} stamping;

/* The codes of a page, of each kind: shown at their places, and the image. */
static const struct {
	const char *name;
	void (*show)(GString *to, const char *name, const miyin_place *place);
	unsigned (*write)(miyin_pdfwriter *to, const char *payload);
} codes[] = {
	[MIYIN_CODE_QR] = { "C", miyin_qr_append, miyin_qr_write },
};
G_STATIC_ASSERT(G_N_ELEMENTS(codes) == MIYIN_N_CODE_KINDS);

/* ---- what many pages share -------------------------------------------------
 */

static void append_box(GString *to, miyin_box box)
{
	miyin_pdfnumbers_append(to, (double[]){ box.x, box.y, box.w, box.h },
				4);
	g_string_append(to, "re ");
}

/* All marks but a page's own lines, and the state that these begin with. */
static void append_marks(GString *to, const miyin_place *place)
{
	g_string_append(to, PLAIN_TEXT "q /M Do Q\n");
	for (miyin_code_kind k = 0; k < MIYIN_N_CODE_KINDS; k++)
		codes[k].show(to, codes[k].name, place);
}

static void append_before(GString *to, const miyin_sheet *sheet,
			  const miyin_face *face)
{
	double to_paper[6];

	if (sheet->turn != 0) {
		miyin_turn_to_paper(sheet, to_paper);
		miyin_pdfnumbers_append(to, to_paper, 6);
		g_string_append(to, "cm ");
	}
	g_string_append(to, HIDDEN "q ");
	append_marks(to, &face->place);
}

/* A cover is marks alone. */
static gboolean has_body(const miyin_face *face)
{
	return face->class != MIYIN_COVER_PAGE;
}

static gboolean has_annotations(const miyin_face *face,
				const miyin_sheet *sheet)
{
	return has_body(face) && sheet->annotations != 0;
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
			const miyin_sheet *sheet, const miyin_face *face)
{
	const double w = sheet->width_pt, h = sheet->height_pt;
	const miyin_box whole = { 0, 0, w, h };
	const miyin_shift *to_go = &sheet->shift;
	g_autoptr(GArray) boxes = miyin_place_list(&face->place);

	g_string_append(to, "Q EMC\nq\n");
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
	if (has_body(face))
		g_string_append(to, "q /O Do n BT ET Q\n");
	if (has_annotations(face, sheet))
		g_string_append(to, "q /A Do n BT ET Q\n");
	g_string_append(to, "Q BT ET\n" HIDDEN PLAIN_TEXT);
	miyin_watermark_append(to, s->order, w, h);
	g_string_append(to, "EMC Q\n");
	append_marks(to, &face->place);
}

/* What s->text holds. Returns its object. */
static unsigned write_piece(stamping *s)
{
	const unsigned object = miyin_pdfwriter_reserve(s->tail);

	miyin_pdfwriter_write_stream(s->tail, object, "", s->text->str,
				     s->text->len);
	return object;
}

static guint hash_key(gconstpointer key)
{
	const guint8 *bytes = key;
	guint hash = 5381;

	for (gsize i = 0; i < sizeof(piece_key); i++)
		hash = hash * 33 + bytes[i];
	return hash;
}

static gboolean equal_keys(gconstpointer a, gconstpointer b)
{
	return memcmp(a, b, sizeof(piece_key)) == 0;
}

static const pieces *get_pieces(stamping *s, const miyin_sheet *sheet,
				const miyin_face *face)
{
	piece_key key = {
		.face = face->no,
		.turn = sheet->turn,
		.has_annotations = has_annotations(face, sheet),
		.shift = sheet->shift,
	};
	pieces *known;

	memcpy(key.matrix, sheet->matrix, sizeof(key.matrix));
	known = g_hash_table_lookup(s->pieces, &key);
	if (known)
		return known;
	known = g_new(pieces, 1);
	g_string_truncate(s->text, 0);
	append_before(s->text, sheet, face);
	known->before = write_piece(s);
	g_string_truncate(s->text, 0);
	append_body(s, s->text, sheet, face);
	known->body = write_piece(s);
	g_hash_table_insert(s->pieces, g_memdup2(&key, sizeof(key)), known);
	return known;
}

/* ---- pages -----------------------------------------------------------------
 */

static unsigned write_lines(stamping *s, unsigned page, const miyin_face *face)
{
	g_string_truncate(s->text, 0);
	miyin_setline_append(&s->setting, s->text, face, page);
	return write_piece(s);
}

static void append_resources(stamping *s, const miyin_sheet *sheet,
			     const miyin_face *face, const unsigned *images)
{
	GString *to = s->text;

	g_string_append_printf(
		to, "/Resources<</Font %u 0 R/XObject<</M %u 0 R%s", s->fonts,
		g_array_index(s->parts.forms, unsigned, face->no),
		s->forms->str);
	for (miyin_code_kind k = 0; k < MIYIN_N_CODE_KINDS; k++)
		if (face->place.n_codes > 0)
			g_string_append_printf(to, "/%s %u 0 R", codes[k].name,
					       images[k]);
	if (has_body(face))
		g_string_append_printf(to, "/O %u 0 R", sheet->content);
	if (has_annotations(face, sheet))
		g_string_append_printf(to, "/A %u 0 R", sheet->annotations);
	g_string_append(to, ">>>>");
}

static void append_paper(GString *to, const miyin_sheet *sheet)
{
	g_string_append(to, "/MediaBox[0 0 ");
	miyin_pdfnumbers_append(to,
				(double[]){ miyin_turn_paper_width(sheet),
					    miyin_turn_paper_height(sheet) },
				2);
	g_string_append_c(to, ']');
}

/* Its size stands in the tree of pages. */
static gboolean is_as_first(const stamping *s, const miyin_sheet *sheet)
{
	const miyin_sheet *first = miyin_marks_sheet(s->order, s->sheets, 0);

	return miyin_turn_paper_width(sheet) == miyin_turn_paper_width(first) &&
	       miyin_turn_paper_height(sheet) == miyin_turn_paper_height(first);
}

static unsigned write_page(stamping *s, unsigned i, unsigned parent)
{
	const miyin_sheet *sheet = miyin_marks_sheet(s->order, s->sheets, i);
	const miyin_face *face = miyin_marks_face(s->marks, s->order, sheet, i);
	const pieces *shared = get_pieces(s, sheet, face);
	const unsigned page = miyin_pdfwriter_reserve(s->tail);
	const unsigned lines = write_lines(s, i, face);
	unsigned images[MIYIN_N_CODE_KINDS] = { 0 };

	for (miyin_code_kind k = 0; k < MIYIN_N_CODE_KINDS; k++)
		if (face->place.n_codes > 0)
			images[k] = codes[k].write(s->tail,
						   s->order->pages[i].codes[k]);
	g_string_printf(s->text,
			"<</Type/Page/Parent %u 0 R"
			"/Contents[%u 0 R %u 0 R %u 0 R %u 0 R]",
			parent, shared->before, lines, shared->body, lines);
	if (!is_as_first(s, sheet))
		append_paper(s->text, sheet);
	if (sheet->group && has_body(face))
		g_string_append_printf(s->text, "/Group %u 0 R", sheet->group);
	append_resources(s, sheet, face, images);
	g_string_append(s->text, ">>");
	miyin_pdfwriter_write(s->tail, page, s->text->str, s->text->len);
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
	g_string_printf(text, "<</Type/Pages/Count %u/Kids[%s]", n,
			leaves->str);
	append_paper(text, miyin_marks_sheet(s->order, s->sheets, 0));
	g_string_append(text, ">>");
	miyin_pdfwriter_write(s->tail, pages, text->str, text->len);
	g_string_printf(text, "<</Type/Catalog/Pages %u 0 R>>", pages);
	miyin_pdfwriter_write(s->tail, s->root, text->str, text->len);
}

static void append_forms(stamping *s, const GArray *glyphs)
{
	for (unsigned i = 0; i < glyphs->len; i++) {
		const miyin_markglyph *glyph =
			&g_array_index(glyphs, miyin_markglyph, i);
		const miyin_embed_text *part = &g_array_index(
			s->parts.texts, miyin_embed_text, glyph->no);

		if (!part->font && glyph->c != ' ')
			g_string_append_printf(s->forms, "/g%u %u 0 R",
					       glyph->no, part->form);
	}
}

/* Of every page: the fonts, and the characters that are forms. */
static void write_resources(stamping *s, unsigned watermark)
{
	g_autoptr(GString) text = g_string_new(NULL);

	for (unsigned n = 0; n < s->marks->glyphs->len; n++)
		append_forms(s, s->marks->glyphs->pdata[n]);
	g_string_printf(text, "<<%s/W %u 0 R>>", s->parts.fonts->str,
			watermark);
	s->fonts = miyin_pdfwriter_reserve(s->tail);
	miyin_pdfwriter_write(s->tail, s->fonts, text->str, text->len);
}

static gboolean write_parts(stamping *s, const GByteArray *pdf, GError **error)
{
	g_autoptr(GString) line = g_string_new(NULL);
	g_autoptr(GString) run = g_string_new(NULL);

	if (!miyin_embed_pages(s->tail, pdf, s->marks->faces->len, &s->parts,
			       error))
		return FALSE;
	write_resources(s, miyin_watermark_write(s->tail, s->order));
	s->setting = (miyin_setting){ .marks = s->marks,
				      .order = s->order,
				      .texts = s->parts.texts,
				      .line = line,
				      .run = run };
	write_copy(s);
	return TRUE;
}

gboolean miyin_stamp(int fd, GBytes *base, const miyin_sheets *sheets,
		     const miyin_order *order, GError **error)
{
	g_autoptr(miyin_marks) marks = NULL;
	g_autoptr(GByteArray) pdf = NULL;
	g_autoptr(GString) forms = g_string_new(NULL);
	g_autoptr(GString) text = g_string_new(NULL);
	g_autoptr(GHashTable) shared =
		g_hash_table_new_full(hash_key, equal_keys, g_free, g_free);
	stamping s = { .sheets = sheets,
		       .order = order,
		       .forms = forms,
		       .pieces = shared,
		       .text = text };
	gboolean ok;

	if (sheets->pages->len + (order->cover ? 1 : 0) != order->n_pages)
		return miyin_fail(error, MIYIN_ERROR_INPUT,
				  "The codes are not for this document.");
	s.marks = marks = miyin_marks_new(order, sheets, error);
	pdf = marks ? miyin_draw_pdf(marks, order, error) : NULL;
	s.tail = pdf ? miyin_pdfwriter_open(fd, base, sheets, error) : NULL;
	if (!s.tail)
		return FALSE;
	s.root = miyin_pdfwriter_reserve(s.tail);
	ok = write_parts(&s, pdf, error);
	miyin_embedded_clear(&s.parts);
	return miyin_pdfwriter_close(s.tail, s.root, ok ? error : NULL) && ok;
}
