/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A line of text as a reader of marks sees it: characters without the space
 * between them, which is kept as a gap. */
#ifndef MIYIN_GLYPHS_H
#define MIYIN_GLYPHS_H

#include <glib.h>

#define MIYIN_STAR 0x2605 /* ★, and all that fonts give for it */

typedef struct {
	gunichar c;
	gboolean gap; /* space stood before it */
} miyin_glyph;

typedef GArray miyin_glyphs; /* of miyin_glyph */

/* Add a character; *gap: space went before. What nobody sees is left out. */
void miyin_glyphs_add(miyin_glyphs *l, gunichar c, gboolean *gap);
/* Add another line, behind a gap. */
void miyin_glyphs_append(miyin_glyphs *l, const miyin_glyphs *more);
/* A part as text; free with g_free. */
char *miyin_glyphs_write(const miyin_glyphs *l, guint from, guint to);

/* 0 beyond the end. */
gunichar miyin_glyphs_at(const miyin_glyphs *l, guint at);
gboolean miyin_glyphs_gap(const miyin_glyphs *l, guint at);

/* Whether these capitals stand there. */
gboolean miyin_glyphs_start_with(const miyin_glyphs *l, guint at,
				 const char *text);
/* Behind a word in capitals, whatever its case is there; 0: it is not. */
guint miyin_glyphs_skip_label(const miyin_glyphs *l, guint at,
			      const char *label);

/* Behind brackets, dashes and signs that frame a mark; where such a frame
 * begins at the end of the line. */
guint miyin_glyphs_skip_frame(const miyin_glyphs *l, guint at);
guint miyin_glyphs_trim(const miyin_glyphs *l);
/* Behind 级, and behind a closing bracket. */
guint miyin_glyphs_skip_grade(const miyin_glyphs *l, guint at);
guint miyin_glyphs_skip_close(const miyin_glyphs *l, guint at);

/* □ ☐ ○ ◯, to tick */
gboolean miyin_glyphs_is_box(gunichar c);

#endif
