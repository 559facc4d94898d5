/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pages of a trusted PDF (our marks) as parts of a tail, with all that they
 * use, each object once: as form XObjects, or as the one piece of text that
 * they show. A renderer reads the fonts of a form anew each time that it is
 * shown; those of a text only once a page.
 */
#ifndef MIYIN_EMBED_H
#define MIYIN_EMBED_H

#include <glib.h>
#include "pdfwriter.h"

/* What a page shows, if it is one string in one font. */
typedef struct {
	char *font;   /* its name in fonts; NULL: it is something else */
	char *string; /* as it stands in content */
	double size, x, y;
	unsigned form; /* of what is something else */
} miyin_embed_text;

typedef struct {
	GArray *forms;	/* of unsigned: objects of the first pages */
	GArray *texts;	/* of miyin_embed_text: the others */
	GString *fonts; /* entries of a font dictionary for texts */
} miyin_embedded;

/*
 * Embed all pages, so many of them as forms whatever they show.
 *
 * Errors: INPUT when qpdf cannot read the PDF.
 */
gboolean miyin_embed_pages(miyin_pdfwriter *tail, const GByteArray *pdf,
			   unsigned n_forms, miyin_embedded *embedded,
			   GError **error);
void miyin_embedded_clear(miyin_embedded *embedded);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(miyin_embedded, miyin_embedded_clear)

#endif
