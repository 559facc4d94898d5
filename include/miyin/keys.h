/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The site's master keys, in one file that only the service user can read:
 *
 *   [keys]
 *   current = 1
 *   1 = 64 hexadecimal digits
 *
 * Keys for a purpose come from a master by HKDF-SHA-256, so that a leak of one
 * tells nothing of another. Old ids stay in the file: paper outlives them.
 */
#ifndef MIYIN_KEYS_H
#define MIYIN_KEYS_H

#include <glib.h>

#define MIYIN_KEY_LENGTH 32
#define MIYIN_KEY_FINGERPRINT 33 /* 32 letters and NUL */

typedef struct miyin_keys miyin_keys;

/*
 * Read a key file. Errors: SYSTEM when it cannot be read or others than its
 * owner may read it, INPUT when malformed.
 */
miyin_keys *miyin_keys_open(const char *path, GError **error);

/* The public key of specimen pages. Their codes prove nothing. */
miyin_keys *miyin_keys_specimen(void);

/* Write a new key file with one random key, mode 0400, whole or not at all. One
 * that is there stays. Errors: SYSTEM. */
gboolean miyin_keys_create(const char *path, GError **error);

/* The key id that new paper gets. */
unsigned miyin_keys_current(const miyin_keys *keys);

/*
 * Derive the key of a purpose ("qr", "dots").
 *
 * Errors: MISSING when there is no master of this id.
 */
gboolean miyin_keys_derive(const miyin_keys *keys, unsigned key_id,
			   const char *purpose,
			   unsigned char key[MIYIN_KEY_LENGTH], GError **error);

/* What tells a key from another of its number and tells nothing of it. Errors:
 * MISSING when there is no master of this id. */
gboolean miyin_keys_fingerprint(const miyin_keys *keys, unsigned key_id,
				char fingerprint[MIYIN_KEY_FINGERPRINT],
				GError **error);

void miyin_keys_free(miyin_keys *keys);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(miyin_keys, miyin_keys_free)

#endif
