/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The operators of a page, form, pattern or glyph, written anew. Whatever the
 * user's stream leaves open is closed, what closes too much is left out, and so
 * is every operator that PDF does not have. No marked content, no compatibility
 * section and no inline image is left; names of resources are ours.
 *
 * qpdf's tokenizer reads; a reader of what is written needs no guess.
 */
#ifndef MIYIN_CONTENT_H
#define MIYIN_CONTENT_H

#include <glib.h>

G_BEGIN_DECLS

/* What the operators ask of who knows the resources. Names are with their
 * slash; those returned are borrowed. */
typedef struct {
	void *data;
	/* The new name, or NULL: what uses it is left out. A name of a
	 * Type 3 font begins with /T. */
	const char *(*rename)(void *data, const char *kind, const char *name);
	/* Whether a layer, a name of /Properties, is off. */
	gboolean (*is_hidden)(void *data, const char *name);
	/* An inline image as an XObject: its dictionary with full keys, and its
	 * bytes behind their filters. NULL: left out. */
	const char *(*add_image)(void *data, const char *dictionary,
				 const void *bytes, gsize length);
} miyin_content_names;

/*
 * Rewrite a stream's decoded bytes.
 *
 *   glyph   of a Type 3 font: d0 and d1 are allowed
 */
GString *miyin_content_rewrite(const void *bytes, gsize length, gboolean glyph,
			       const miyin_content_names *names);

G_END_DECLS

#endif
