/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/error.h>
#include <miyin/keys.h>

#include <check.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* 00 01 02 ... 1f */
#define MASTER                                                                 \
	"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define OTHER "ff0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

static char *dir, *path;

static void make_dir(void)
{
	dir = g_dir_make_tmp("miyin-test-XXXXXX", NULL);
	path = g_build_filename(dir, "keys", NULL);
}

static void remove_dir(void)
{
	g_unlink(path);
	g_rmdir(dir);
	g_free(path);
	g_free(dir);
}

static void write_keys(const char *text, int mode)
{
	ck_assert(g_file_set_contents(path, text, -1, NULL));
	ck_assert_int_eq(g_chmod(path, mode), 0);
}

static char *hex(const unsigned char key[MIYIN_KEY_LENGTH])
{
	GString *text = g_string_new(NULL);

	for (int i = 0; i < MIYIN_KEY_LENGTH; i++)
		g_string_append_printf(text, "%02x", key[i]);
	return g_string_free(text, FALSE);
}

/* ---- files ------------------------------------------------------------ */

static const struct {
	const char *what, *text;
	unsigned current;
} good[] = {
	{ "one key", "[keys]\ncurrent = 1\n1 = " MASTER "\n", 1 },
	{ "no line end", "[keys]\ncurrent = 1\n1 = " MASTER, 1 },
	{ "capitals",
	  "[keys]\ncurrent=2\n2=FF0102030405060708090A0B0C0D0E0F"
	  "101112131415161718191A1B1C1D1E1F\n",
	  2 },
	{ "an old key and a new one",
	  "[keys]\ncurrent = 2\n1 = " MASTER "\n2 = " OTHER "\n", 2 },
	{ "the first and the last id",
	  "[keys]\ncurrent = 0\n15 = " MASTER "\n0 = " OTHER "\n", 0 },
	{ "a comment", "# kept by Li\n[keys]\ncurrent = 1\n1 = " MASTER, 1 },
};

START_TEST(reads)
{
	g_autoptr(miyin_keys) keys = NULL;
	g_autoptr(GError) error = NULL;
	unsigned char key[MIYIN_KEY_LENGTH];

	write_keys(good[_i].text, 0400);
	keys = miyin_keys_open(path, &error);
	ck_assert_msg(keys != NULL, "%s: %s", good[_i].what,
		      error ? error->message : "");
	ck_assert_uint_eq(miyin_keys_current(keys), good[_i].current);
	ck_assert(miyin_keys_derive(keys, good[_i].current, "qr", key, NULL));
}
END_TEST

static const struct {
	const char *what, *text, *why;
} bad[] = {
	{ "an empty file", "", "keys" },
	{ "no key file", "hello", "key" },
	{ "another group", "[key]\ncurrent = 1\n1 = " MASTER, "keys" },
	{ "no current", "[keys]\n1 = " MASTER, "current" },
	{ "no current, and a key 0", "[keys]\n0 = " MASTER, "current" },
	{ "current is a word, and a key 0",
	  "[keys]\ncurrent = new\n0 = " MASTER, "current" },
	{ "current names no key", "[keys]\ncurrent = 2\n1 = " MASTER,
	  "current" },
	{ "current is negative", "[keys]\ncurrent = -1\n1 = " MASTER,
	  "current" },
	{ "current is beyond", "[keys]\ncurrent = 16\n1 = " MASTER, "current" },
	{ "no key at all", "[keys]\ncurrent = 1\n", "current" },
	{ "truncated",
	  "[keys]\ncurrent = 1\n1 = 000102030405060708090a0b0c0d0e0f1011",
	  "\"1\"" },
	{ "one digit short",
	  "[keys]\ncurrent = 1\n1 = 00102030405060708090a0b0c0d0e0f10"
	  "1112131415161718191a1b1c1d1e1f",
	  "\"1\"" },
	{ "one digit more", "[keys]\ncurrent = 1\n1 = " MASTER "0", "\"1\"" },
	{ "mistyped",
	  "[keys]\ncurrent = 1\n1 = g00102030405060708090a0b0c0d0e0f"
	  "101112131415161718191a1b1c1d1e1f",
	  "\"1\"" },
	{ "an empty key", "[keys]\ncurrent = 1\n1 =\n", "\"1\"" },
	{ "key 16", "[keys]\ncurrent = 1\n1 = " MASTER "\n16 = " OTHER,
	  "\"16\"" },
	{ "a named key", "[keys]\ncurrent = 1\n1 = " MASTER "\nold = " OTHER,
	  "\"old\"" },
	{ "one id twice", "[keys]\ncurrent = 1\n1 = " MASTER "\n01 = " OTHER,
	  "\"01\"" },
	{ "bytes that are no text", "[keys]\ncurrent = 1\n1 = \xff\xfe",
	  "\"1\"" },
	{ "a second group", "[keys]\ncurrent = 1\n1 = " MASTER "\n[old]\n",
	  "one group" },
};

START_TEST(malformed)
{
	g_autoptr(miyin_keys) keys = NULL;
	g_autoptr(GError) error = NULL;

	write_keys(bad[_i].text, 0400);
	keys = miyin_keys_open(path, &error);
	ck_assert_msg(!keys, "%s was read", bad[_i].what);
	ck_assert_msg(g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_INPUT),
		      "%s: %s", bad[_i].what, error->message);
	ck_assert_msg(strstr(error->message, path) &&
			      strstr(error->message, bad[_i].why),
		      "%s: %s", bad[_i].what, error->message);
	/* Nothing of a key may get into a log. */
	ck_assert_msg(!strstr(error->message, "0405060708"), "%s",
		      error->message);
}
END_TEST

static const struct {
	int mode;
	gboolean ok;
} modes[] = {
	{ 0400, TRUE },	 { 0600, TRUE },  { 0644, FALSE }, { 0440, FALSE },
	{ 0404, FALSE }, { 0420, FALSE }, { 0401, FALSE }, { 0777, FALSE },
};

START_TEST(readable_by_others)
{
	g_autoptr(miyin_keys) keys = NULL;
	g_autoptr(GError) error = NULL;

	write_keys(good[0].text, modes[_i].mode);
	keys = miyin_keys_open(path, &error);
	ck_assert_msg((keys != NULL) == modes[_i].ok, "mode %o",
		      modes[_i].mode);
	if (keys)
		return;
	ck_assert(g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM));
	ck_assert_ptr_nonnull(strstr(error->message, path));
	ck_assert_ptr_nonnull(strstr(error->message, "others may read"));
}
END_TEST

START_TEST(missing)
{
	g_autoptr(miyin_keys) keys = NULL;
	g_autoptr(GError) error = NULL;

	keys = miyin_keys_open(path, &error);
	ck_assert_ptr_null(keys);
	ck_assert(g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM));
	ck_assert_ptr_nonnull(strstr(error->message, path));
}
END_TEST

START_TEST(folder_for_a_file)
{
	g_autoptr(miyin_keys) keys = NULL;
	g_autoptr(GError) error = NULL;

	ck_assert_int_eq(g_chmod(dir, 0700), 0);
	keys = miyin_keys_open(dir, &error);
	ck_assert_ptr_null(keys);
	ck_assert(error->domain == MIYIN_ERROR);
	ck_assert_ptr_nonnull(strstr(error->message, dir));
}
END_TEST

/* ---- new ones --------------------------------------------------------- */

START_TEST(create_then_open)
{
	g_autoptr(miyin_keys) keys = NULL;
	unsigned char key[MIYIN_KEY_LENGTH];
	struct stat status;

	ck_assert(miyin_keys_create(path, NULL));
	ck_assert_int_eq(g_stat(path, &status), 0);
	ck_assert_uint_eq(status.st_mode & 07777, 0400);
	keys = miyin_keys_open(path, NULL);
	ck_assert_ptr_nonnull(keys);
	ck_assert_uint_eq(miyin_keys_current(keys), 1);
	ck_assert(miyin_keys_derive(keys, 1, "qr", key, NULL));
}
END_TEST

START_TEST(created_keys_differ)
{
	g_autoptr(miyin_keys) first = NULL, second = NULL;
	unsigned char a[MIYIN_KEY_LENGTH], b[MIYIN_KEY_LENGTH];

	ck_assert(miyin_keys_create(path, NULL));
	first = miyin_keys_open(path, NULL);
	ck_assert_int_eq(g_unlink(path), 0);
	ck_assert(miyin_keys_create(path, NULL));
	second = miyin_keys_open(path, NULL);
	ck_assert(miyin_keys_derive(first, 1, "qr", a, NULL));
	ck_assert(miyin_keys_derive(second, 1, "qr", b, NULL));
	ck_assert_mem_ne(a, b, sizeof(a));
}
END_TEST

/* Keys that paper was signed with are never written over. */
START_TEST(create_over)
{
	g_autofree char *before = NULL, *after = NULL;
	g_autoptr(GError) error = NULL;

	ck_assert(miyin_keys_create(path, NULL));
	ck_assert(g_file_get_contents(path, &before, NULL, NULL));
	ck_assert(!miyin_keys_create(path, &error));
	ck_assert(g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM));
	ck_assert_ptr_nonnull(strstr(error->message, path));
	ck_assert(g_file_get_contents(path, &after, NULL, NULL));
	ck_assert_str_eq(before, after);
}
END_TEST

START_TEST(create_in_no_folder)
{
	g_autofree char *nowhere = g_build_filename(dir, "no", "keys", NULL);
	g_autoptr(GError) error = NULL;

	ck_assert(!miyin_keys_create(nowhere, &error));
	ck_assert(g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM));
	ck_assert_ptr_nonnull(strstr(error->message, nowhere));
}
END_TEST

/* ---- deriving --------------------------------------------------------- */

/* HKDF-SHA-256 made with Python's hmac, no salt. */
static const struct {
	unsigned id;
	const char *purpose, *key;
} derived[] = {
	{ 1, "qr",
	  "403bb9b866fcb2e622fbb6c01c74836b83012f0776c11a204d20afbf48b4a502" },
	{ 1, "dots",
	  "f470a78c297b7f76d6d009afd03d524ee927b701d35528f27f903c2db8dbe7dd" },
};

START_TEST(derives)
{
	g_autoptr(miyin_keys) keys = NULL;
	unsigned char key[MIYIN_KEY_LENGTH];
	g_autofree char *text = NULL;

	write_keys(good[0].text, 0400);
	keys = miyin_keys_open(path, NULL);
	ck_assert(miyin_keys_derive(keys, derived[_i].id, derived[_i].purpose,
				    key, NULL));
	text = hex(key);
	ck_assert_str_eq(text, derived[_i].key);
}
END_TEST

START_TEST(differs_by_purpose_and_id)
{
	g_autoptr(GHashTable) seen =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	static const char *const purposes[] = { "qr", "dots", "q", "qrr" };
	g_autoptr(miyin_keys) keys = NULL;

	write_keys("[keys]\ncurrent=1\n1=" MASTER "\n2=" OTHER, 0400);
	keys = miyin_keys_open(path, NULL);
	g_hash_table_add(seen, g_strdup(MASTER));
	g_hash_table_add(seen, g_strdup(OTHER));
	for (unsigned id = 1; id <= 2; id++)
		for (unsigned i = 0; i < G_N_ELEMENTS(purposes); i++) {
			unsigned char key[MIYIN_KEY_LENGTH];

			ck_assert(miyin_keys_derive(keys, id, purposes[i], key,
						    NULL));
			ck_assert_msg(g_hash_table_add(seen, hex(key)),
				      "%u %s is another's key", id,
				      purposes[i]);
		}
	ck_assert_uint_eq(g_hash_table_size(seen), 10);
}
END_TEST

static const unsigned strange_ids[] = { 0, 2, 15, 16, 4096, G_MAXUINT };

START_TEST(no_such_id)
{
	g_autoptr(miyin_keys) keys = NULL;
	unsigned char key[MIYIN_KEY_LENGTH] = "left alone";
	g_autoptr(GError) error = NULL;
	g_autofree char *number = g_strdup_printf("%u", strange_ids[_i]);

	write_keys(good[0].text, 0400);
	keys = miyin_keys_open(path, NULL);
	ck_assert(!miyin_keys_derive(keys, strange_ids[_i], "qr", key, &error));
	ck_assert(g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_MISSING));
	ck_assert_ptr_nonnull(strstr(error->message, number));
	ck_assert_str_eq((char *)key, "left alone");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("keys");
	TCase *tcase = tcase_create("keys");
	SRunner *runner;
	int n_failed;

	tcase_add_checked_fixture(tcase, make_dir, remove_dir);
	tcase_add_loop_test(tcase, reads, 0, G_N_ELEMENTS(good));
	tcase_add_loop_test(tcase, malformed, 0, G_N_ELEMENTS(bad));
	tcase_add_loop_test(tcase, readable_by_others, 0, G_N_ELEMENTS(modes));
	tcase_add_test(tcase, missing);
	tcase_add_test(tcase, folder_for_a_file);
	tcase_add_test(tcase, create_then_open);
	tcase_add_test(tcase, created_keys_differ);
	tcase_add_test(tcase, create_over);
	tcase_add_test(tcase, create_in_no_folder);
	tcase_add_loop_test(tcase, derives, 0, G_N_ELEMENTS(derived));
	tcase_add_test(tcase, differs_by_purpose_and_id);
	tcase_add_loop_test(tcase, no_such_id, 0, G_N_ELEMENTS(strange_ids));
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
