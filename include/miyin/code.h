/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Codes that a machine reads from paper. What a code claims is a miyin_payload,
 * whatever its kind; a kind says how that is written as text, and whoever draws
 * or reads it has a table with a row for each (filter/mark/stamp.c and
 * verify.c, trace/decode.c).
 */
#ifndef MIYIN_CODE_H
#define MIYIN_CODE_H

#include <glib.h>
#include <miyin/payload.h>

typedef enum {
	MIYIN_CODE_QR, /* doc/format-payload.md */
	MIYIN_N_CODE_KINDS
} miyin_code_kind;

#define MIYIN_CODE_LENGTH_MAX MIYIN_PAYLOAD_LENGTH /* of the text of any */

/* A code as a word of a format: "qr:M0..."; free with g_free. */
char *miyin_code_write(miyin_code_kind kind, const char *text);
/* FALSE, and all is left alone, when the word is no code of ours by its form.
 * text lies in word. */
gboolean miyin_code_read(const char *word, miyin_code_kind *kind,
			 const char **text);

/* As miyin_payload_format and miyin_payload_parse. */
gboolean miyin_code_format(miyin_code_kind kind, const miyin_payload *claim,
			   const miyin_keys *keys,
			   char text[MIYIN_CODE_LENGTH_MAX + 1],
			   GError **error);
gboolean miyin_code_parse(miyin_code_kind kind, const char *text,
			  const miyin_keys *keys, miyin_payload *claim,
			  GError **error);

/* Whether a text has the form of the kind; who made it is not asked. */
gboolean miyin_code_is_ours(miyin_code_kind kind, const char *text);

#endif
