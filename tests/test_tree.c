/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tree of the log: the roots of RFC 6962's own test, then each proof of each
 * tree of 0 to 257 entries; one that is not right is never taken. */
#include <miyin/tree.h>

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define SIZES 258

static miyin_suite *suite;
static miyin_hash leaves[SIZES], roots[SIZES];

/* Entries and roots of certificate-transparency's merkle tree tests. */
static const struct {
	const char *entry;
	gsize length;
	const char *root; /* of the tree that ends with it */
} known[] = {
	{ "", 0,
	  "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d" },
	{ "\x00", 1,
	  "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125" },
	{ "\x10", 1,
	  "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77" },
	{ "\x20\x21", 2,
	  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7" },
	{ "\x30\x31", 2,
	  "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4" },
	{ "\x40\x41\x42\x43", 4,
	  "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef" },
	{ "\x50\x51\x52\x53\x54\x55\x56\x57", 8,
	  "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c" },
	{ "\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
	  16,
	  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328" },
};

static void set_up(void)
{
	miyin_tree tree = { 0 };

	suite = miyin_suite_open("sha256", NULL);
	ck_assert_ptr_nonnull(suite);
	for (unsigned i = 0; i < SIZES; i++) {
		g_autofree char *entry = g_strdup_printf("entry %u", i);

		miyin_tree_root(&tree, suite, &roots[i]);
		miyin_tree_leaf(suite, entry, strlen(entry), &leaves[i]);
		miyin_tree_append(&tree, suite, entry, strlen(entry));
	}
}

static void tear_down(void)
{
	miyin_suite_close(suite);
}

static void assert_hex(const miyin_hash *hash, const char *hex)
{
	char text[65];

	for (unsigned i = 0; i < sizeof(hash->bytes); i++)
		g_snprintf(text + 2 * i, 3, "%02x", hash->bytes[i]);
	ck_assert_str_eq(text, hex);
}

START_TEST(known_roots)
{
	miyin_tree tree = { 0 };
	miyin_hash root;

	miyin_tree_root(&tree, suite, &root);
	assert_hex(&root, "e3b0c44298fc1c149afbf4c8996fb924"
			  "27ae41e4649b934ca495991b7852b855");
	for (unsigned i = 0; i < G_N_ELEMENTS(known); i++) {
		miyin_tree_append(&tree, suite, known[i].entry,
				  known[i].length);
		miyin_tree_root(&tree, suite, &root);
		assert_hex(&root, known[i].root);
	}
}
END_TEST

static gboolean holds(guint64 index, guint64 size, const GArray *proof,
		      const miyin_hash *leaf, const miyin_hash *root)
{
	return miyin_tree_check(suite, leaf, index, size,
				(const miyin_hash *)(void *)proof->data,
				proof->len, root);
}

static gboolean begins(guint64 smaller, guint64 size, const GArray *proof,
		       const miyin_hash *old, const miyin_hash *new)
{
	return miyin_tree_check_beginning(
		suite, smaller, old, size, new,
		(const miyin_hash *)(void *)proof->data, proof->len);
}

/* One bit of the hash of a step, or the proof longer or shorter by one; then it
 * is as it was. */
typedef gboolean (*proving)(guint64 small, guint64 size, const GArray *proof);

static gboolean holds_here(guint64 index, guint64 size, const GArray *proof)
{
	return holds(index, size, proof, &leaves[index], &roots[size]);
}

static gboolean begins_here(guint64 smaller, guint64 size, const GArray *proof)
{
	return begins(smaller, size, proof, &roots[smaller], &roots[size]);
}

static void assert_wrong(guint64 small, guint64 size, GArray *proof,
			 proving prove)
{
	for (unsigned i = 0; i < proof->len; i++) {
		guint8 *byte = &g_array_index(proof, miyin_hash, i)
					.bytes[(small + i) % MIYIN_HASH_LENGTH];
		const guint8 bit = 1 << (size % 8);

		*byte ^= bit;
		ck_assert(!prove(small, size, proof));
		*byte ^= bit;
	}
	g_array_append_val(proof, leaves[0]);
	ck_assert(!prove(small, size, proof));
	g_array_set_size(proof, proof->len - 1);
	if (proof->len == 0)
		return;
	proof->len--;
	ck_assert(!prove(small, size, proof));
	proof->len++;
}

START_TEST(inclusion)
{
	const guint64 size = (guint64)_i;

	for (guint64 index = 0; index < size; index++) {
		g_autoptr(GArray) proof =
			miyin_tree_prove(suite, leaves, index, size);

		ck_assert(holds_here(index, size, proof));
		assert_wrong(index, size, proof, holds_here);
		/* Another entry, place or tree. */
		ck_assert(!holds(index, size, proof,
				 &leaves[(index + 1) % SIZES], &roots[size]));
		ck_assert(!holds(index, size, proof, &leaves[index],
				 &roots[(size + 1) % SIZES]));
		for (guint64 other = index % 8; other <= size;
		     other += 1 + size / 8)
			ck_assert(other == index ||
				  !holds(other, size, proof, &leaves[index],
					 &roots[size]));
	}
}
END_TEST

START_TEST(consistency)
{
	const guint64 size = (guint64)_i;

	for (guint64 smaller = 0; smaller <= size; smaller++) {
		g_autoptr(GArray) proof = miyin_tree_prove_beginning(
			suite, leaves, smaller, size);

		ck_assert(begins_here(smaller, size, proof));
		assert_wrong(smaller, size, proof, begins_here);
		if (smaller == 0)
			continue;
		ck_assert(!begins(smaller, size, proof,
				  &roots[(smaller + 1) % SIZES], &roots[size]));
		ck_assert(!begins(smaller, size, proof, &roots[smaller],
				  &roots[(size + 1) % SIZES]));
	}
	ck_assert(!begins(size + 1, size,
			  &(const GArray){ .data = NULL, .len = 0 },
			  &roots[size], &roots[size]));
}
END_TEST

/* Another history of the same length is none. */
START_TEST(forked)
{
	miyin_tree tree = { 0 };
	miyin_hash root;

	for (unsigned i = 0; i < 100; i++) {
		g_autofree char *entry =
			g_strdup_printf("entry %u", i == 50 ? 1000 : i);

		miyin_tree_append(&tree, suite, entry, strlen(entry));
	}
	miyin_tree_root(&tree, suite, &root);
	for (guint64 smaller = 1; smaller < 100; smaller++) {
		g_autoptr(GArray) proof =
			miyin_tree_prove_beginning(suite, leaves, smaller, 100);

		ck_assert(!begins(smaller, 100, proof, &roots[smaller], &root));
	}
}
END_TEST

int main(void)
{
	Suite *tests = suite_create("tree");
	TCase *tcase = tcase_create("tree");
	SRunner *runner = srunner_create(tests);
	int n_failed;

	tcase_add_unchecked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, known_roots);
	tcase_add_loop_test(tcase, inclusion, 0, SIZES);
	tcase_add_loop_test(tcase, consistency, 0, SIZES);
	tcase_add_test(tcase, forked);
	suite_add_tcase(tests, tcase);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
