/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Words in a PDF whose letters are outlines, each in it once, and which can be
 * read as text. As cairo takes letters out of a font itself, some of Noto's are
 * left without ink (如 among them, seen with 1.16).
 */
#ifndef MIYIN_OUTLINES_H
#define MIYIN_OUTLINES_H

#include <glib.h>
#include <pango/pangocairo.h>

typedef struct miyin_outlines miyin_outlines;

/* All that was shown is drawn when the surface is finished: keep it so long. */
miyin_outlines *miyin_outlines_new(void);
void miyin_outlines_free(miyin_outlines *outlines);

/* Show words with their upper left corner at the current point. A letter that no
 * font has is a box. */
void miyin_outlines_show(miyin_outlines *outlines, cairo_t *cr,
			 PangoLayout *words);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(miyin_outlines, miyin_outlines_free)

#endif
