/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The Merkle tree of RFC 6962 over the entries of a log. It is a value: what is
 * kept of it are the roots of its whole subtrees, one for each bit of its size,
 * so that an entry costs two hashes whatever the size.
 *
 * Source: RFC 6962 section 2.1; RFC 9162 sections 2.1.3.2 and 2.1.4.2 for the
 * checks.
 */
#ifndef MIYIN_TREE_H
#define MIYIN_TREE_H

#include <miyin/suite.h>

#define MIYIN_TREE_ROOTS 63

typedef struct {
	guint8 bytes[MIYIN_HASH_LENGTH];
} miyin_hash;

typedef struct {
	guint64 size;
	miyin_hash roots[MIYIN_TREE_ROOTS]; /* the greatest subtree first */
} miyin_tree;

unsigned miyin_tree_n_roots(const miyin_tree *tree);

void miyin_tree_append(miyin_tree *tree, miyin_suite *suite, const void *entry,
		       gsize length);
void miyin_tree_root(const miyin_tree *tree, miyin_suite *suite,
		     miyin_hash *root);

/* The hash of an entry. */
void miyin_tree_leaf(miyin_suite *suite, const void *entry, gsize length,
		     miyin_hash *leaf);

/*
 * Proofs, of the hashes of all entries of a tree: GArrays of miyin_hash. That
 * an entry, counted from 0, is in it; that a smaller tree is its beginning.
 */
GArray *miyin_tree_prove(miyin_suite *suite, const miyin_hash *leaves,
			 guint64 index, guint64 size);
GArray *miyin_tree_prove_beginning(miyin_suite *suite, const miyin_hash *leaves,
				   guint64 smaller, guint64 size);

gboolean miyin_tree_check(miyin_suite *suite, const miyin_hash *leaf,
			  guint64 index, guint64 size, const miyin_hash *proof,
			  gsize n_proof, const miyin_hash *root);
gboolean miyin_tree_check_beginning(miyin_suite *suite, guint64 smaller,
				    const miyin_hash *smaller_root,
				    guint64 size, const miyin_hash *root,
				    const miyin_hash *proof, gsize n_proof);

#endif
