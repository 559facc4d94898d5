/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chain.h"

#include <openssl/crypto.h>
#include <string.h>

/* Of a log that says that its next key is far away; each costs a hash. */
#define KEYS_MAX (10 * 1000 * 1000)

gboolean chain_use_key(chain *c, const guint8 key[HASH],
		       const guint8 first[HASH])
{
	static const guint8 nothing[HASH];
	guint8 mac[HASH];

	miyin_suite_mac(c->suite, key, nothing, mac);
	if (memcmp(mac, first, HASH) != 0)
		return FALSE;
	memcpy(c->key, key, HASH);
	c->key_index = 0;
	c->sealed = TRUE;
	return TRUE;
}

gboolean chain_seal_holds(chain *c, guint64 key, const guint8 hash[HASH],
			  const void *seal, gsize length)
{
	guint8 mac[HASH];

	if (!c->sealed)
		return TRUE;
	if (key < c->key_index || key - c->key_index > KEYS_MAX)
		return FALSE;
	for (; c->key_index < key; c->key_index++)
		miyin_suite_hash(c->suite, MIYIN_HASH_EVOLVE, c->key, HASH,
				 NULL, 0, c->key);
	miyin_suite_mac(c->suite, c->key, hash, mac);
	return length == HASH && CRYPTO_memcmp(mac, seal, HASH) == 0;
}

void chain_hash(chain *c, const guint8 before[HASH], const void *entry,
		gsize length, guint8 hash[HASH])
{
	miyin_suite_hash(c->suite, MIYIN_HASH_CHAIN, before, HASH, entry,
			 length, hash);
}

void chain_append(chain *c, const void *entry, gsize length,
		  const guint8 hash[HASH])
{
	unsigned n = chain_n_roots(c);
	guint64 bit = 1;

	memcpy(c->chained, hash, HASH);
	miyin_suite_hash(c->suite, MIYIN_HASH_LEAF, entry, length, NULL, 0,
			 c->roots[n]);
	for (; c->n & bit; bit <<= 1, n--)
		miyin_suite_hash(c->suite, MIYIN_HASH_NODE, c->roots[n - 1],
				 HASH, c->roots[n], HASH, c->roots[n - 1]);
	c->n++;
}

unsigned chain_n_roots(const chain *c)
{
	unsigned n = 0;

	for (guint64 size = c->n; size > 0; size &= size - 1)
		n++;
	return n;
}

void chain_root(const chain *c, guint8 root[HASH])
{
	unsigned n = chain_n_roots(c);

	if (n == 0) {
		miyin_suite_digest(c->suite, "", 0, root);
		return;
	}
	memcpy(root, c->roots[--n], HASH);
	while (n-- > 0)
		miyin_suite_hash(c->suite, MIYIN_HASH_NODE, c->roots[n], HASH,
				 root, HASH, root);
}
