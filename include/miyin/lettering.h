/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Words in a PDF, in fonts of the letters that they have, which HarfBuzz takes
 * out of those of the machine. Cairo would do it itself; but of some of Noto's
 * letters it leaves the ink behind (如 among them, seen with 1.16), and of each
 * font it keeps all parts that letters share.
 */
#ifndef MIYIN_LETTERING_H
#define MIYIN_LETTERING_H

#include <glib.h>
#include <pango/pangocairo.h>

typedef struct miyin_lettering miyin_lettering;

miyin_lettering *miyin_lettering_new(void);
void miyin_lettering_free(miyin_lettering *lettering);

/* Words that will be shown: what is added first is in one font then. */
void miyin_lettering_add(miyin_lettering *lettering, PangoLayout *words);

/* Show words with their upper left corner at the current point. A letter that no
 * font has is a box. */
void miyin_lettering_show(miyin_lettering *lettering, cairo_t *cr,
			  PangoLayout *words);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(miyin_lettering, miyin_lettering_free)

#endif
