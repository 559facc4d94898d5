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

typedef struct miyin_readers miyin_readers;

/*
 * Begin to read the first pages of a document as it was sent, by several
 * processes where there are several cores. Errors: SYSTEM, a refusal of the
 * budget.
 */
miyin_readers *miyin_readers_start(const char *program_dir,
				   const miyin_declaration_question *asked,
				   GError **error);

/*
 * Wait for what they say.
 *
 *   declaration   empty; set on success; clear it
 *
 * Errors: the refusals damaged and too-large; SYSTEM.
 */
gboolean miyin_readers_finish(miyin_readers *readers,
			      miyin_declaration *declaration, GError **error);

/* Ends those that still read. */
void miyin_readers_free(miyin_readers *readers);
void miyin_declaration_clear(miyin_declaration *declaration);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(miyin_readers, miyin_readers_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(miyin_declaration, miyin_declaration_clear)

#endif
