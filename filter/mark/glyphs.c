/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "glyphs.h"

/* What fonts and input methods give for a star and a colon. */
static gunichar unify(gunichar c)
{
	static const gunichar stars[] = { '*',	   0x2217, 0x22c6, 0x2606,
					  0x2b50,  0x2b51, 0x2b52, 0x1f7c9,
					  0x1f7ca, 0x1f31f };

	for (unsigned i = 0; i < G_N_ELEMENTS(stars); i++)
		if (c == stars[i])
			return MIYIN_STAR;
	if (c >= 0x2729 && c <= 0x273d) /* ✩ to ✽, the dingbats */
		return MIYIN_STAR;
	return c == 0x2236 || c == 0xa789 ? ':' : c;
}

gboolean miyin_glyphs_is_box(gunichar c)
{
	return c == 0x25a1 || c == 0x2610 || c == 0x25cb || c == 0x25ef;
}

/* 【机密】, - SECRET -, *** SECRET ***; but no box to tick, and nothing that
 * ends a sentence. */
static gboolean is_frame(gunichar c)
{
	switch (g_unichar_type(c)) {
	case G_UNICODE_OPEN_PUNCTUATION:
	case G_UNICODE_CLOSE_PUNCTUATION:
	case G_UNICODE_DASH_PUNCTUATION:
	case G_UNICODE_CONNECT_PUNCTUATION:
		return TRUE;
	case G_UNICODE_OTHER_SYMBOL:
		return !miyin_glyphs_is_box(c);
	default:
		return c == '|' || c == '=' || c == '#';
	}
}

/* Formatting characters such as the zero-width space are seen by nobody. */
void miyin_glyphs_add(miyin_glyphs *l, gunichar c, gboolean *gap)
{
	GUnicodeType type = g_unichar_type(c);
	miyin_glyph g = { unify(c), *gap };

	if (g_unichar_isspace(c)) {
		*gap = TRUE;
	} else if (type != G_UNICODE_CONTROL && type != G_UNICODE_FORMAT) {
		g_array_append_val(l, g);
		*gap = FALSE;
	}
}

void miyin_glyphs_append(miyin_glyphs *l, const miyin_glyphs *more)
{
	guint end = l->len;

	g_array_append_vals(l, more->data, more->len);
	g_array_index(l, miyin_glyph, end).gap = TRUE;
}

char *miyin_glyphs_write(const miyin_glyphs *l, guint from, guint to)
{
	GString *out = g_string_new(NULL);

	for (guint at = from; at < to; at++) {
		if (out->len > 0 && miyin_glyphs_gap(l, at))
			g_string_append_c(out, ' ');
		if (out->len > 0 || g_unichar_isalnum(miyin_glyphs_at(l, at)))
			g_string_append_unichar(out, miyin_glyphs_at(l, at));
	}
	return g_string_free(out, FALSE);
}

/* In capitals. */
gboolean miyin_glyphs_start_with(const miyin_glyphs *l, guint at,
				 const char *text)
{
	for (; *text; text++, at++)
		if (miyin_glyphs_at(l, at) != (gunichar)*text)
			return FALSE;
	return TRUE;
}

/* Security Classification is one, Declassification is another thing. */
guint miyin_glyphs_skip_label(const miyin_glyphs *l, guint at,
			      const char *label)
{
	if (g_ascii_isalpha(*label) && at > 0 && !miyin_glyphs_gap(l, at) &&
	    g_unichar_isalpha(miyin_glyphs_at(l, at - 1)))
		return 0;
	for (; *label; label = g_utf8_next_char(label), at++)
		if (g_unichar_toupper(miyin_glyphs_at(l, at)) !=
		    g_utf8_get_char(label))
			return 0;
	return at;
}

guint miyin_glyphs_skip_frame(const miyin_glyphs *l, guint at)
{
	while (at < l->len && is_frame(miyin_glyphs_at(l, at)))
		at++;
	return at;
}

/* 机密级 */
guint miyin_glyphs_skip_grade(const miyin_glyphs *l, guint at)
{
	return miyin_glyphs_at(l, at) == 0x7ea7 ? at + 1 : at;
}

/* （机密）★10年 */
guint miyin_glyphs_skip_close(const miyin_glyphs *l, guint at)
{
	return at < l->len && g_unichar_type(miyin_glyphs_at(l, at)) ==
				       G_UNICODE_CLOSE_PUNCTUATION
		       ? at + 1
		       : at;
}

/* The end of a line without its frame. */
guint miyin_glyphs_trim(const miyin_glyphs *l)
{
	guint to = l->len;

	while (to > 0 && is_frame(miyin_glyphs_at(l, to - 1)))
		to--;
	return to;
}

/* 0 beyond the end. */
gunichar miyin_glyphs_at(const miyin_glyphs *l, guint at)
{
	return at < l->len ? g_array_index(l, miyin_glyph, at).c : 0;
}

gboolean miyin_glyphs_gap(const miyin_glyphs *l, guint at)
{
	return at < l->len && g_array_index(l, miyin_glyph, at).gap;
}
