/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a document says of itself, read in a sandbox by miyinread. */
#ifndef MIYIN_DECLARATION_H
#define MIYIN_DECLARATION_H

#include <glib.h>
#include <miyin/engine.h>
#include <miyin/scheme.h>

typedef struct {
	const miyin_level *level; /* of the scheme, or NULL */
	char *period;		  /* clean, as it stands there; or NULL */
	unsigned unreadable;	  /* a page whose text is not what it shows,
				     1 up; 0: none */
} miyin_declaration;

/* What is read, and for what. */
typedef struct {
	const miyin_prepared *prepared; /* identified */
	const char *words;		/* of a plain text, or NULL */
	const miyin_scheme *scheme;
	unsigned n_pages; /* most pages to read */
} miyin_declaration_question;

/*
 * Read the first pages of a document as it was sent.
 *
 *   declaration   set on success; clear it
 *
 * Errors: the refusals damaged and too-large; SYSTEM.
 */
gboolean miyin_declaration_read(const char *program_dir,
				const miyin_declaration_question *asked,
				miyin_declaration *declaration, GError **error);
void miyin_declaration_clear(miyin_declaration *declaration);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(miyin_declaration, miyin_declaration_clear)

#endif
