/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a user submitted: read it with a limit, tell what it really is, and
 * name it by its content.
 */
#ifndef MIYIN_COLLECT_INPUT_H
#define MIYIN_COLLECT_INPUT_H

#include <glib.h>
#include <miyin/budget.h>

typedef enum {
	MIYIN_INPUT_PDF,
	MIYIN_INPUT_POSTSCRIPT,
	MIYIN_INPUT_IMAGE,
	MIYIN_INPUT_RASTER, /* PWG's or Apple's */
	MIYIN_INPUT_TEXT,
	MIYIN_INPUT_DAMAGED, /* parts of a PDF, without its header */
	MIYIN_INPUT_OTHER,   /* of a kind that no filter reads */
	MIYIN_INPUT_RAW,     /* cannot be marked */
} miyin_input_type;

typedef struct {
	int fd; /* a memory file; of a TEXT as UTF-8 */
	miyin_input_type type;
	const char *what;   /* for OTHER and RAW: a word for people, "PCL" */
	char *content_hash; /* 64 hexadecimal digits */
	char *words;	    /* of a TEXT: its beginning as UTF-8, in one
			       line; else NULL */
} miyin_input;

/*
 * Read the submitted data.
 *
 *   path   file named by cupsd, or NULL: standard input
 *   claim  CONTENT_TYPE; believed only where it makes things stricter
 *
 * What the client compressed (gzip) is unpacked: the spool folder has it as it
 * was sent.
 *
 * Errors: the refusals budget, damaged, encoding; SYSTEM.
 */
miyin_input *miyin_input_read(const char *path, const char *claim,
			      const miyin_budget *budget, GError **error);
void miyin_input_free(miyin_input *input);

/* What data is, by its first bytes. what: see miyin_input. */
miyin_input_type miyin_input_sniff(const guint8 *bytes, gsize length,
				   const char *claim, const char **what);

/* Strict: SHA-256 of the data, every byte of it. */
char *miyin_input_hash(const guint8 *bytes, gsize length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(miyin_input, miyin_input_free)

#endif
