/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the log of the register is hashed, sealed and signed with; all of it is
 * OpenSSL's. Hashes of either suite have the same length.
 *
 *   sha256   SHA-256, HMAC-SHA-256, Ed25519
 *   sm3      SM3, HMAC-SM3, SM2 with the usual id (GB/T 32918)
 */
#ifndef MIYIN_SUITE_H
#define MIYIN_SUITE_H

#include <glib.h>
#include <openssl/types.h>

#define MIYIN_HASH_LENGTH 32

/* What a hash is of: its first byte. */
enum {
	MIYIN_HASH_LEAF = 0, /* RFC 6962 */
	MIYIN_HASH_NODE = 1,
	MIYIN_HASH_CHAIN = 2,
	MIYIN_HASH_EVOLVE = 3, /* of a sealing key */
};

typedef struct miyin_suite miyin_suite;

/* Errors: INPUT when there is none of that name; SYSTEM. */
miyin_suite *miyin_suite_open(const char *name, GError **error);
void miyin_suite_close(miyin_suite *suite);
const char *miyin_suite_name(const miyin_suite *suite);

/* hash = H(kind || a || b); b may be NULL. */
void miyin_suite_hash(miyin_suite *suite, guint8 kind, const void *a, gsize n_a,
		      const void *b, gsize n_b, guint8 hash[MIYIN_HASH_LENGTH]);

/* The same without a first byte, of texts that begin with their own. */
void miyin_suite_digest(miyin_suite *suite, const void *bytes, gsize length,
			guint8 hash[MIYIN_HASH_LENGTH]);

/* mac = HMAC(key, hash) */
void miyin_suite_mac(miyin_suite *suite, const guint8 key[MIYIN_HASH_LENGTH],
		     const guint8 hash[MIYIN_HASH_LENGTH],
		     guint8 mac[MIYIN_HASH_LENGTH]);

/* A new pair; the one of a PEM text; the text, to be cleansed. Errors: SYSTEM,
 * INPUT. Free keys with EVP_PKEY_free. */
EVP_PKEY *miyin_suite_new_key(const miyin_suite *suite, GError **error);
EVP_PKEY *miyin_suite_read_key(const miyin_suite *suite, const char *pem,
			       GError **error);
char *miyin_suite_write_key(EVP_PKEY *key, GError **error);

/* The public half: 32 bytes, or 65 of a point. NULL: it is none. */
GBytes *miyin_suite_public(EVP_PKEY *key);
EVP_PKEY *miyin_suite_read_public(const miyin_suite *suite, const void *bytes,
				  gsize length);

/* Errors: SYSTEM. */
GBytes *miyin_suite_sign(const miyin_suite *suite, EVP_PKEY *key,
			 const char *text, gsize length, GError **error);
gboolean miyin_suite_verify(const miyin_suite *suite, EVP_PKEY *key,
			    const char *text, gsize length,
			    const guint8 *signature, gsize n_signature);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(miyin_suite, miyin_suite_close)

#endif
