/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Words set in type, for Pango and Cairo to draw, and the question whether the
 * fonts of this machine have all their characters.
 */
#ifndef MIYIN_TYPE_H
#define MIYIN_TYPE_H

#include <glib.h>
#include <miyin/layout.h>
#include <pango/pangocairo.h>

/* A line of text. Free with g_object_unref. font as in a scheme. */
PangoLayout *miyin_type_set(cairo_t *cr, const char *font, gboolean bold,
			    double size_pt, const char *text);

/* How far the base line is above a box's lower edge, points: a capital of this
 * size stands in the box's middle. */
double miyin_type_base(double height_pt, double size_pt);

double miyin_type_width(PangoLayout *type);

/* Set it smaller to come into a width, down to a floor; then cut it. */
void miyin_type_fit(PangoLayout *type, double width_pt);

/* Whether all that must not be cut of a line stays when its text is fitted. */
gboolean miyin_type_is_whole(cairo_t *cr, const miyin_line *line,
			     const char *text, double width_pt);

/* Errors: the refusal bad-glyph. */
gboolean miyin_type_has_glyphs(PangoLayout *type, GError **error);

/* The characters of a layout's words that no font has, each once; "" when
 * there are none. Free with g_free. */
char *miyin_type_find_missing(const miyin_layout *layout);

#endif
