/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The entries of a log, one after the other: what each says of the one before,
 * the tree that they make, and their seals. */
#ifndef MIYIN_CHAIN_H
#define MIYIN_CHAIN_H

#include "pieces.h"

#define CHAIN_ROOTS 63

typedef struct {
	miyin_suite *suite;
	guint64 n, own; /* entries so far; the number that the last one says */
	guint64 next_key;
	guint8 chained[HASH];
	guint8 roots[CHAIN_ROOTS][HASH]; /* of whole subtrees */
	/* The key of the seals, if it is known. */
	gboolean sealed;
	guint64 key_index;
	guint8 key[HASH];
} chain;

/* Whether the first key is that of the log; then seals are looked at. */
gboolean chain_use_key(chain *c, const guint8 key[HASH],
		       const guint8 first[HASH]);

gboolean chain_seal_holds(chain *c, guint64 key, const guint8 hash[HASH],
			  const void *seal, gsize length);

/* The chained hash of an entry, by what it says of the one before. */
void chain_hash(chain *c, const guint8 before[HASH], const void *entry,
		gsize length, guint8 hash[HASH]);

/* Go on by an entry, whose chained hash is given. */
void chain_append(chain *c, const void *entry, gsize length,
		  const guint8 hash[HASH]);

unsigned chain_n_roots(const chain *c);
void chain_root(const chain *c, guint8 root[HASH]);

#endif
