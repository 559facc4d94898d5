/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Seals that who takes the key cannot put under what was before: each entry has
 * a key of its own, made from the one before by a hash; that one is erased. Who
 * has the first key checks all seals.
 */
#ifndef MIYIN_SEAL_H
#define MIYIN_SEAL_H

#include <miyin/tree.h>

#define MIYIN_SEAL_KEY 65 /* 64 letters and NUL */

typedef struct {
	guint64 index; /* which key it is, from 0 */
	guint8 key[MIYIN_HASH_LENGTH];
} miyin_seal;

/* A first key. Errors: SYSTEM. */
gboolean miyin_seal_init(miyin_seal *seal, GError **error);
/* Overwrites it. */
void miyin_seal_clear(miyin_seal *seal);

/* Go on to a later key, or stay. There is no way back: index must not be less. */
void miyin_seal_evolve(miyin_seal *seal, miyin_suite *suite, guint64 index);

/* The seal of an entry whose chained hash is given, with this key. */
void miyin_seal_make(const miyin_seal *seal, miyin_suite *suite,
		     const miyin_hash *chained, miyin_hash *made);

/* As hexadecimal digits, for paper, and back. Errors: INPUT. */
void miyin_seal_print(const miyin_seal *seal, char text[MIYIN_SEAL_KEY]);
gboolean miyin_seal_scan(miyin_seal *seal, const char *text, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(miyin_seal, miyin_seal_clear)

#endif
