/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lines.h"
#include "child.h"
#include <miyin/error.h>
#include <miyin/memfile.h>
#include <miyin/lettering.h>
#include <miyin/refusal.h>
#include <cairo-pdf.h>
#include <glib/gi18n.h>
#include <math.h>
#include <pango/pangocairo.h>
#include <string.h>
#include <unistd.h>

#define FONT "DejaVu Sans Mono,Noto Sans Mono CJK SC"
#define WIDE_FONT "Noto Sans Mono CJK SC"
#define TAB_CELLS 8
#define BASE 0.8       /* of a line's height is above its base */
#define ACCENTS_MAX 30 /* on one letter, as Unicode's stream-safe texts have */
#define MISSING_MAX 60 /* bytes */

typedef struct {
	const miyin_lines *form;
	unsigned n_cells, n_rows; /* of a column */
	unsigned most;		  /* pages */
	int to, missing;	  /* memory files */

	cairo_t *cr;
	PangoLayout *type;
	miyin_lettering *lettering;
	int narrow, wide; /* between characters, in units of Pango */

	unsigned n_pages, column, row; /* where the next line is set */
	GString *line;
	PangoAttrList *attributes;
	unsigned cells;		  /* of the line so far */
	unsigned n_accents;	  /* on its last character */
	gsize last;		  /* where its last character begins */
	gboolean is_wide, is_cut; /* that character, the line */
} setting;

static double column_pt(const miyin_lines *lines)
{
	const double gap_pt = floor(lines->cpi / 2) * 72 / lines->cpi;
	const double room_pt =
		lines->width_pt - lines->left_pt - lines->right_pt;

	return (room_pt - gap_pt * (lines->columns - 1)) / lines->columns;
}

/* A cell that reaches a hair beyond the end has room. */
static unsigned count(double room_pt, double per_inch)
{
	return (unsigned)MAX(0, room_pt / 72 * per_inch + 0.01);
}

unsigned miyin_lines_cells(const miyin_lines *lines)
{
	return count(column_pt(lines), lines->cpi);
}

unsigned miyin_lines_rows(const miyin_lines *lines)
{
	return count(lines->height_pt - lines->top_pt - lines->bottom_pt,
		     lines->lpi);
}

/* ---- a line ------------------------------------------------------------- */

static double measure(setting *s, const char *text)
{
	PangoRectangle logical;

	pango_layout_set_text(s->type, text, -1);
	pango_layout_get_extents(s->type, NULL, &logical);
	return logical.width;
}

static void set_size(setting *s, double size_pt)
{
	PangoFontDescription *font = pango_font_description_from_string(FONT);

	pango_font_description_set_absolute_size(font, size_pt * PANGO_SCALE);
	pango_layout_set_font_description(s->type, font);
	pango_font_description_free(font);
}

/* As high as a line, unless its letters are wider than a cell. */
static void choose_size(setting *s)
{
	const double cell = 72 / s->form->cpi * PANGO_SCALE;
	double size_pt = 72 / s->form->lpi;

	set_size(s, size_pt);
	size_pt *= MIN(1, cell / measure(s, "0"));
	set_size(s, size_pt);
	s->narrow = (int)round(cell - measure(s, "0"));
	s->wide = (int)round(2 * cell - measure(s, "中"));
}

/* Where the end is not even, as of a font whose letters have widths of their
 * own, nothing is lost: such a line is set narrower. */
static void draw_line(const setting *s)
{
	const miyin_lines *form = s->form;
	const double column = column_pt(form), pitch = 72 / form->lpi;
	const double gap = floor(form->cpi / 2) * 72 / form->cpi;
	const double base =
		pango_units_to_double(pango_layout_get_baseline(s->type));
	PangoRectangle logical;
	double is_pt;

	pango_layout_get_extents(s->type, NULL, &logical);
	is_pt = pango_units_to_double(logical.width);
	cairo_save(s->cr);
	cairo_translate(s->cr, form->left_pt + s->column * (column + gap),
			form->top_pt + (s->row + BASE) * pitch - base);
	if (is_pt > column + 1)
		cairo_scale(s->cr, column / is_pt, 1);
	cairo_move_to(s->cr, 0, 0);
	miyin_lettering_show(s->lettering, s->cr, s->type);
	cairo_restore(s->cr);
}

/* Of a symbol a box is seen; words without their letters are nobody's. */
static gboolean has_letters(setting *s)
{
	g_autoptr(GString) missing = g_string_new(NULL);

	if (pango_layout_get_unknown_glyphs_count(s->type) == 0)
		return TRUE;
	for (const char *at = s->line->str; *at && missing->len < MISSING_MAX;
	     at = g_utf8_next_char(at)) {
		char c[7] = "";

		g_unichar_to_utf8(g_utf8_get_char(at), c);
		pango_layout_set_text(s->type, c, -1);
		if (g_unichar_isalpha(g_utf8_get_char(at)) &&
		    !strstr(missing->str, c) &&
		    pango_layout_get_unknown_glyphs_count(s->type) > 0)
			g_string_append(missing, c);
	}
	pango_layout_set_text(s->type, s->line->str, -1);
	if (missing->len == 0)
		return TRUE;
	if (!miyin_memfile_write(s->missing, missing->str, missing->len, NULL))
		_exit(1);
	return FALSE;
}

/* ---- pages -------------------------------------------------------------- */

static void end_column(setting *s)
{
	s->row = 0;
	if (++s->column < s->form->columns)
		return;
	s->column = 0;
	s->n_pages++;
	cairo_show_page(s->cr);
}

static gboolean end_line(setting *s)
{
	if (s->row == s->n_rows)
		end_column(s);
	if (s->line->len > 0) {
		PangoAttribute *narrow =
			pango_attr_letter_spacing_new(s->narrow);

		pango_attr_list_insert_before(s->attributes, narrow);
		pango_layout_set_text(s->type, s->line->str, -1);
		pango_layout_set_attributes(s->type, s->attributes);
		if (!has_letters(s))
			return FALSE;
		draw_line(s);
	}
	pango_attr_list_unref(s->attributes);
	s->attributes = pango_attr_list_new();
	g_string_truncate(s->line, 0);
	s->cells = 0;
	s->is_wide = s->is_cut = FALSE;
	s->row++;
	return s->n_pages <= s->most;
}

static void add_attribute(setting *s, PangoAttribute *take_attribute)
{
	take_attribute->start_index = s->last;
	take_attribute->end_index = s->line->len;
	pango_attr_list_change(s->attributes, take_attribute);
}

static void append(setting *s, gunichar c, unsigned cells)
{
	if (cells > 0)
		s->last = s->line->len;
	s->n_accents = cells > 0 ? 0 : s->n_accents + 1;
	g_string_append_unichar(s->line, c);
	s->cells += cells;
	s->is_wide = cells > 0 ? cells == 2 : s->is_wide;
	if (s->is_wide) {
		add_attribute(s, pango_attr_family_new(WIDE_FONT));
		add_attribute(s, pango_attr_letter_spacing_new(s->wide));
	}
}

/* Quotes are as wide as the Chinese beside them. Its dash is not of an even
 * width. */
static gboolean is_wide(const setting *s, gunichar c, const char *next)
{
	return g_unichar_iswide(c) ||
	       (g_unichar_iswide_cjk(c) && g_unichar_ispunct(c) &&
		g_unichar_type(c) != G_UNICODE_DASH_PUNCTUATION &&
		(s->is_wide || g_unichar_iswide(g_utf8_get_char(next))));
}

/* 。 and its like do not begin a line. */
static gboolean begins_no_line(gunichar c)
{
	switch (g_unichar_break_type(c)) {
	case G_UNICODE_BREAK_CLOSE_PUNCTUATION:
	case G_UNICODE_BREAK_CLOSE_PARANTHESIS:
	case G_UNICODE_BREAK_EXCLAMATION:
	case G_UNICODE_BREAK_NON_STARTER:
		return g_unichar_ispunct(c);
	default:
		return c == 0x201d || c == 0x2019;
	}
}

static gboolean break_line(setting *s, gunichar c)
{
	g_autofree char *kept = NULL; /* the last character, with its accents */

	if (!s->form->wrap) {
		s->is_cut = TRUE;
		return TRUE;
	}
	if (s->is_wide && s->last > 0 && begins_no_line(c)) {
		kept = g_strdup(s->line->str + s->last);
		g_string_truncate(s->line, s->last);
	}
	if (!end_line(s))
		return FALSE;
	for (const char *at = kept ? kept : ""; *at; at = g_utf8_next_char(at))
		append(s, g_utf8_get_char(at), at == kept ? 2 : 0);
	return TRUE;
}

static gboolean add(setting *s, gunichar c, const char *next)
{
	unsigned cells = g_unichar_iszerowidth(c) && s->n_accents < ACCENTS_MAX
				 ? 0
			 : is_wide(s, c, next) ? 2
					       : 1;

	if (s->is_cut || g_unichar_iscntrl(c))
		return TRUE;
	if (s->cells > 0 && s->cells + cells > s->n_cells && !break_line(s, c))
		return FALSE;
	if (!s->is_cut)
		append(s, c, cells);
	return TRUE;
}

static gboolean add_tab(setting *s)
{
	unsigned n = TAB_CELLS - s->cells % TAB_CELLS;

	while (n-- > 0)
		if (!add(s, ' ', ""))
			return FALSE;
	return TRUE;
}

static gboolean take(setting *s, gunichar c, const char *next)
{
	switch (c) {
	case '\r':
	case '\n':
	case 0x85:
	case 0x2028:
	case 0x2029:
		return end_line(s);
	case '\f':
		if (s->line->len > 0 && !end_line(s))
			return FALSE;
		end_column(s);
		return s->n_pages <= s->most;
	case '\t':
		return add_tab(s);
	default:
		return add(s, c, next);
	}
}

/* Returns FALSE when there are too many pages, or a letter has no font. */
static gboolean set_all(setting *s, const char *text, gsize length)
{
	const char *end = text + length;

	while (text < end) {
		const char *next = g_utf8_next_char(text);

		if (!take(s, g_utf8_get_char(text), next < end ? next : ""))
			return FALSE;
		text = next;
	}
	return s->line->len == 0 || end_line(s);
}

/* ---- its process -------------------------------------------------------- */

typedef struct {
	GBytes *text;
	setting *setting;
} lines_work;

static cairo_status_t write_pdf(void *to, const unsigned char *bytes,
				unsigned n)
{
	return miyin_memfile_write(*(int *)to, bytes, n, NULL)
		       ? CAIRO_STATUS_SUCCESS
		       : CAIRO_STATUS_WRITE_ERROR;
}

static void begin(setting *s, cairo_surface_t *surface)
{
	PangoContext *context;

	s->cr = cairo_create(surface);
	s->type = pango_cairo_create_layout(s->cr);
	context = pango_layout_get_context(s->type);
	pango_cairo_context_set_resolution(context, 72);
	pango_context_set_round_glyph_positions(context, FALSE);
	pango_layout_context_changed(s->type);
	pango_layout_set_single_paragraph_mode(s->type, TRUE);
	choose_size(s);
	s->lettering = miyin_lettering_new();
	s->line = g_string_new(NULL);
	s->attributes = pango_attr_list_new();
}

/* All letters of the text, each once; what joins them is seen when they are set.
 */
static void add_letters(setting *s, const char *text, gsize length)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
	g_autoptr(GString) all = g_string_new(NULL);

	for (const char *at = text; at < text + length;
	     at = g_utf8_next_char(at)) {
		const gunichar c = g_utf8_get_char(at);

		if (!g_unichar_iscntrl(c) &&
		    g_hash_table_add(seen, GUINT_TO_POINTER(c)))
			g_string_append_unichar(all, c);
	}
	pango_layout_set_text(s->type, all->str, -1);
	miyin_lettering_add(s->lettering, s->type);
}

/* Nobody frees anything: the process ends. */
static int work_set(gpointer data)
{
	const lines_work *work = data;
	setting *s = work->setting;
	cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(
		write_pdf, &s->to, s->form->width_pt, s->form->height_pt);
	gsize length;
	const char *text = g_bytes_get_data(work->text, &length);

	begin(s, surface);
	add_letters(s, text, length);
	if (set_all(s, text, length) && (s->row > 0 || s->column > 0))
		cairo_show_page(s->cr);
	/* What it did not draw it tells alone. */
	if (cairo_status(s->cr) != CAIRO_STATUS_SUCCESS)
		return 1;
	cairo_destroy(s->cr);
	cairo_surface_finish(surface);
	return cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS;
}

static gboolean tell_end(const setting *s, int end, GError **error)
{
	g_autofree char *missing =
		miyin_memfile_text(s->missing, MISSING_MAX + 8, NULL);

	if (missing && *missing)
		return miyin_refuse_for(error, MIYIN_REFUSAL_BAD_GLYPH,
					missing);
	if (end == 0)
		return miyin_memfile_seal(s->to, error);
	if (end < 0)
		return miyin_fail(error, MIYIN_ERROR_SYSTEM,
				  "A text cannot be set.");
	if (miyin_sandbox_is_limit(end, ""))
		return miyin_refuse_for(error, MIYIN_REFUSAL_TOO_LARGE,
					_("this print server can lay out"));
	return miyin_refuse_for(error, MIYIN_REFUSAL_SERVER);
}

int miyin_lines_set(int text, const miyin_lines *lines,
		    const miyin_budget *budget, GError **error)
{
	g_autoptr(GBytes) bytes = miyin_memfile_map(text, error);
	g_auto(miyin_fd) missing =
		bytes ? miyin_memfile_new("missing", error) : -1;
	g_auto(miyin_fd) to =
		missing >= 0 ? miyin_memfile_new("text", error) : -1;
	setting s = {
		.form = lines,
		.n_cells = MAX(1, miyin_lines_cells(lines)),
		.n_rows = MAX(1, miyin_lines_rows(lines)),
		.most = budget->pages,
		.to = to,
		.missing = missing,
	};
	lines_work work = { bytes, &s };
	int end;

	if (to < 0)
		return -1;
	if (g_bytes_get_size(bytes) == 0) {
		miyin_refuse_for(error, MIYIN_REFUSAL_NO_PAGES);
		return -1;
	}
	end = miyin_child_run(MIYIN_SANDBOX_RENDER, work_set, &work,
			      (guint64)budget->temporary_mib << 20);
	return tell_end(&s, end, error) ? g_steal_fd(&to) : -1;
}
