/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/tree.h>

#include <string.h>

static void join(miyin_suite *suite, const miyin_hash *left,
		 const miyin_hash *right, miyin_hash *node)
{
	miyin_suite_hash(suite, MIYIN_HASH_NODE, left->bytes, sizeof(*left),
			 right->bytes, sizeof(*right), node->bytes);
}

unsigned miyin_tree_n_roots(const miyin_tree *tree)
{
	return (unsigned)__builtin_popcountll(tree->size);
}

void miyin_tree_leaf(miyin_suite *suite, const void *entry, gsize length,
		     miyin_hash *leaf)
{
	miyin_suite_hash(suite, MIYIN_HASH_LEAF, entry, length, NULL, 0,
			 leaf->bytes);
}

void miyin_tree_append(miyin_tree *tree, miyin_suite *suite, const void *entry,
		       gsize length)
{
	unsigned n = miyin_tree_n_roots(tree);
	miyin_hash new;

	miyin_tree_leaf(suite, entry, length, &new);
	for (guint64 size = tree->size; size & 1; size >>= 1)
		join(suite, &tree->roots[--n], &new, &new);
	tree->roots[n] = new;
	tree->size++;
}

void miyin_tree_root(const miyin_tree *tree, miyin_suite *suite,
		     miyin_hash *root)
{
	unsigned n = miyin_tree_n_roots(tree);

	if (n == 0) {
		miyin_suite_digest(suite, "", 0, root->bytes);
		return;
	}
	*root = tree->roots[--n];
	while (n > 0)
		join(suite, &tree->roots[--n], root, root);
}

/* ---- proofs ------------------------------------------------------------- */

/* The greatest power of two below n, which is above 1. */
static guint64 split(guint64 n)
{
	return G_GUINT64_CONSTANT(1) << (63 - __builtin_clzll(n - 1));
}

/* MTH of RFC 6962. */
static void root_of(miyin_suite *suite, const miyin_hash *leaves, guint64 n,
		    miyin_hash *root)
{
	guint64 k;
	miyin_hash left;

	if (n == 1) {
		*root = *leaves;
		return;
	}
	k = split(n);
	root_of(suite, leaves, k, &left);
	root_of(suite, leaves + k, n - k, root);
	join(suite, &left, root, root);
}

static void add_root(miyin_suite *suite, GArray *proof,
		     const miyin_hash *leaves, guint64 n)
{
	miyin_hash root;

	root_of(suite, leaves, n, &root);
	g_array_append_val(proof, root);
}

/* PATH */
static void add_path(miyin_suite *suite, GArray *proof,
		     const miyin_hash *leaves, guint64 index, guint64 n)
{
	guint64 k;

	if (n <= 1)
		return;
	k = split(n);
	if (index < k) {
		add_path(suite, proof, leaves, index, k);
		add_root(suite, proof, leaves + k, n - k);
	} else {
		add_path(suite, proof, leaves + k, index - k, n - k);
		add_root(suite, proof, leaves, k);
	}
}

/* SUBPROOF; known: the smaller tree is this subtree whole. */
static void add_subproof(miyin_suite *suite, GArray *proof,
			 const miyin_hash *leaves, guint64 smaller, guint64 n,
			 gboolean known)
{
	guint64 k;

	if (smaller == n) {
		if (!known)
			add_root(suite, proof, leaves, n);
		return;
	}
	k = split(n);
	if (smaller <= k) {
		add_subproof(suite, proof, leaves, smaller, k, known);
		add_root(suite, proof, leaves + k, n - k);
	} else {
		add_subproof(suite, proof, leaves + k, smaller - k, n - k,
			     FALSE);
		add_root(suite, proof, leaves, k);
	}
}

GArray *miyin_tree_prove(miyin_suite *suite, const miyin_hash *leaves,
			 guint64 index, guint64 size)
{
	GArray *proof = g_array_new(FALSE, FALSE, sizeof(miyin_hash));

	add_path(suite, proof, leaves, index, size);
	return proof;
}

GArray *miyin_tree_prove_beginning(miyin_suite *suite, const miyin_hash *leaves,
				   guint64 smaller, guint64 size)
{
	GArray *proof = g_array_new(FALSE, FALSE, sizeof(miyin_hash));

	if (smaller > 0)
		add_subproof(suite, proof, leaves, smaller, size, TRUE);
	return proof;
}

/* ---- checks ------------------------------------------------------------- */

static gboolean is_same(const miyin_hash *a, const miyin_hash *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

gboolean miyin_tree_check(miyin_suite *suite, const miyin_hash *leaf,
			  guint64 index, guint64 size, const miyin_hash *proof,
			  gsize n_proof, const miyin_hash *root)
{
	miyin_hash found = *leaf;
	guint64 node = index, last = size - 1;

	if (index >= size)
		return FALSE;
	for (gsize i = 0; i < n_proof; i++) {
		if (last == 0)
			return FALSE;
		if (!(node & 1) && node != last) {
			join(suite, &found, &proof[i], &found);
		} else {
			join(suite, &proof[i], &found, &found);
			for (; !(node & 1) && node != 0; node >>= 1)
				last >>= 1;
		}
		node >>= 1;
		last >>= 1;
	}
	return last == 0 && is_same(&found, root);
}

gboolean miyin_tree_check_beginning(miyin_suite *suite, guint64 smaller,
				    const miyin_hash *smaller_root,
				    guint64 size, const miyin_hash *root,
				    const miyin_hash *proof, gsize n_proof)
{
	guint64 node = smaller - 1, last = size - 1;
	miyin_hash old, new;
	gsize i = 0;

	if (smaller > size)
		return FALSE;
	if (smaller == 0) {
		miyin_suite_digest(suite, "", 0, old.bytes);
		return n_proof == 0 && is_same(&old, smaller_root) &&
		       (size > 0 || is_same(smaller_root, root));
	}
	if (smaller == size)
		return n_proof == 0 && is_same(smaller_root, root);
	for (; node & 1; node >>= 1)
		last >>= 1;
	/* A smaller tree that is one whole subtree is not in its own proof. */
	if (node > 0 && n_proof == 0)
		return FALSE;
	old = new = node > 0 ? proof[i++] : *smaller_root;
	for (; i < n_proof; i++) {
		if (last == 0)
			return FALSE;
		if ((node & 1) || node == last) {
			join(suite, &proof[i], &old, &old);
			join(suite, &proof[i], &new, &new);
			for (; !(node & 1) && node != 0; node >>= 1)
				last >>= 1;
		} else {
			join(suite, &new, &proof[i], &new);
		}
		node >>= 1;
		last >>= 1;
	}
	return last == 0 && is_same(&old, smaller_root) && is_same(&new, root);
}
