/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "setline.h"
#include "draw.h"
#include <math.h>
#include <miyin/pdfnumbers.h>
#include <string.h>

/* Characters beside each other in one font are one string: s->run. */
typedef struct {
	double x, y;	       /* where the last string began */
	double next_x, next_y; /* where the next character would stand */
	const char *font;      /* that is set */
	double size;
	unsigned colour;
} pen;

static void end_run(miyin_setting *s)
{
	const GString *run = s->run;

	if (run->len == 0)
		return;
	if (run->str[0] == '<' && !strchr(run->str, '(')) {
		g_string_append_len(s->to, run->str, (gssize)run->len);
		g_string_append(s->to, "Tj ");
	} else {
		g_string_append_printf(s->to, "[%s]TJ ", run->str);
	}
	g_string_truncate(s->run, 0);
}

/* <0001> and <0002> are <00010002>. */
static void add_to_run(GString *run, const char *string)
{
	const gboolean both = run->len > 0 && run->str[run->len - 1] == '>' &&
			      string[0] == '<';

	if (both)
		g_string_truncate(run, run->len - 1);
	g_string_append(run, string + (both ? 1 : 0));
}

static void begin_run(miyin_setting *s, pen *p, const miyin_embed_text *text,
		      double size, double x, double y)
{
	end_run(s);
	if (g_strcmp0(p->font, text->font) != 0 || p->size != size) {
		g_string_append_printf(s->to, "%s ", text->font);
		miyin_pdfnumbers_append(s->to, &size, 1);
		g_string_append(s->to, "Tf ");
	}
	miyin_pdfnumbers_append(s->to, (double[]){ x - p->x, y - p->y }, 2);
	g_string_append(s->to, "Td ");
	p->font = text->font;
	p->size = size;
	p->x = x;
	p->y = y;
}

static void append_form(miyin_setting *s, pen *p, unsigned no, double scale,
			double left, double low)
{
	end_run(s);
	g_string_append(s->to, "ET q ");
	miyin_pdfnumbers_append(s->to,
				(double[]){ scale, 0, 0, scale, left, low }, 6);
	g_string_append_printf(s->to, "cm /g%u Do Q BT ", no);
	p->x = p->y = 0;
}

static void append_glyph(miyin_setting *s, pen *p, const miyin_markglyph *glyph,
			 double em, const miyin_markpen *at)
{
	const miyin_embed_text *text =
		&g_array_index(s->texts, miyin_embed_text, glyph->no);
	const double left = at->x - MIYIN_GLYPH_X_EM * em * at->scale,
		     low = at->y - MIYIN_GLYPH_Y_EM * em * at->scale;
	const double x = left + at->scale * text->x,
		     y = low + at->scale * text->y;
	const double size = at->scale * text->size;

	if (!text->font) {
		append_form(s, p, glyph->no, at->scale, left, low);
		return;
	}
	if (s->run->len == 0 || g_strcmp0(p->font, text->font) != 0 ||
	    p->size != size || fabs(x - p->next_x) > 1e-3 ||
	    fabs(y - p->next_y) > 1e-3)
		begin_run(s, p, text, size, x, y);
	add_to_run(s->run, text->string);
	p->next_x = x + at->scale * glyph->advance_pt;
	p->next_y = y;
}

static void append_colour(GString *to, pen *p, unsigned colour)
{
	if (p->colour == colour)
		return;
	miyin_pdfnumbers_append(to,
				(double[]){ (colour >> 16 & 255) / 255.0,
					    (colour >> 8 & 255) / 255.0,
					    (colour & 255) / 255.0 },
				3);
	g_string_append(to, "rg ");
	p->colour = colour;
}

static gboolean is_tall(const miyin_setting *s, unsigned n, const char *text)
{
	for (; *text; text = g_utf8_next_char(text))
		if (miyin_marks_glyph(s->marks, n, g_utf8_get_char(text))->tall)
			return TRUE;
	return FALSE;
}

/* Set a line from its glyphs, as miyin_draw_face draws the others. */
static void append_line(miyin_setting *s, pen *p, unsigned n, unsigned page,
			const miyin_face *face)
{
	const miyin_line *line = s->order->layout->lines->pdata[n];
	const miyin_box box = face->place.lines[n];
	const unsigned colour = p->colour;
	const char *text;
	gboolean tall;
	miyin_markpen at;

	miyin_marks_line_text(s->order, line, page, s->line);
	text = s->line->str;
	tall = is_tall(s, n, text);
	at = miyin_marks_pen(s->marks, s->order, face, n, text);
	if (tall) {
		g_string_append(s->to, "ET q ");
		miyin_pdfnumbers_append(
			s->to, (double[]){ box.x, box.y, box.w, box.h }, 4);
		g_string_append(s->to, "re W n BT ");
		*p = (pen){ .colour = colour };
	}
	append_colour(s->to, p, line->colour);
	for (; *text; text = g_utf8_next_char(text)) {
		const miyin_markglyph *glyph =
			miyin_marks_glyph(s->marks, n, g_utf8_get_char(text));

		if (glyph->c != ' ')
			append_glyph(s, p, glyph, line->size_pt, &at);
		at.x += at.scale * glyph->advance_pt;
	}
	end_run(s);
	if (tall) {
		g_string_append(s->to, "ET Q BT ");
		*p = (pen){ .colour = colour };
	}
}

void miyin_setline_append(miyin_setting *s, GString *to, const miyin_face *face,
			  unsigned page)
{
	pen p = { .font = NULL };

	s->to = to;
	g_string_append(to, "BT ");
	for (unsigned n = 0; n < face->place.n_lines; n++)
		if (miyin_marks_is_set(s->order, face, n))
			append_line(s, &p, n, page, face);
	/* Some readers take the pieces of a page as one text. */
	g_string_append(to, "ET\n");
}
