/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A signed head of a log, in the text of a C2SP checkpoint (c2sp.org
 * tlog-checkpoint, signed-note; doc/format-log.md): whose log, how many
 * entries, the root of their tree, and a signature.
 */
#ifndef MIYIN_CHECKPOINT_H
#define MIYIN_CHECKPOINT_H

#include <miyin/tree.h>

#define MIYIN_CHECKPOINT_LENGTH_MAX 4096
#define MIYIN_CHECKPOINT_ORIGIN_MAX 128

typedef struct {
	char *origin;
	guint64 size;
	miyin_hash root;
} miyin_checkpoint;

void miyin_checkpoint_clear(miyin_checkpoint *head);

/* One with a signature; origin must not be empty, nor have blanks, control
 * characters or +. Errors: INPUT, SYSTEM. */
char *miyin_checkpoint_format(miyin_suite *suite, EVP_PKEY *key,
			      const miyin_checkpoint *head, GError **error);

/*
 * Read one. Who signed it is checked by the next one.
 *
 *   head   filled only on success; miyin_checkpoint_clear it
 *
 * Errors: INPUT.
 */
gboolean miyin_checkpoint_parse(const char *text, gsize length,
				miyin_checkpoint *head, GError **error);

/* Whether one of its signatures is of its origin and of this key. Errors:
 * INPUT; TAMPER. */
gboolean miyin_checkpoint_check(miyin_suite *suite, EVP_PKEY *public,
				const char *text, gsize length, GError **error);

/* The public key as others' tools take it: origin+id+key. */
char *miyin_checkpoint_key(miyin_suite *suite, EVP_PKEY *public,
			   const char *origin);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(miyin_checkpoint, miyin_checkpoint_clear)

#endif
