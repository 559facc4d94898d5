/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The lines that differ from page to page, as content of a page: set from the
 * characters that the marks have as texts of its fonts.
 */
#ifndef MIYIN_SETLINE_H
#define MIYIN_SETLINE_H

#include <glib.h>
#include "embed.h"
#include "marks.h"

typedef struct {
	const miyin_marks *marks;
	const miyin_order *order;
	const GArray *texts; /* of miyin_embed_text, a character each */
	GString *line, *run; /* room to work in */
	GString *to;	     /* of miyin_setline_append */
} miyin_setting;

/* Append those of a page, 0 up. The state of text must be that of a new page. */
void miyin_setline_append(miyin_setting *s, GString *to, const miyin_face *face,
			  unsigned page);

#endif
