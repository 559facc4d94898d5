/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The log under the register: what is written is in it, in the same transaction
 * and in the last state; its keys are the service's alone and go on with each
 * entry.
 */
#include "register-file.h"
#include <glib/gstdio.h>
#include <miyin/checkpoint.h>
#include <miyin/logentry.h>
#include <miyin/seal.h>
#include <openssl/evp.h>
#include <string.h>
#include <sys/stat.h>

static char *read_file(const char *name)
{
	g_autofree char *file = g_build_filename(dir, name, NULL);
	char *text = NULL;

	ck_assert_msg(g_file_get_contents(file, &text, NULL, NULL), "%s", file);
	return text;
}

static unsigned read_index(void)
{
	g_autofree char *text = read_file("seal-key");

	ck_assert(g_str_has_prefix(text, "miyin-seal 1 "));
	return (unsigned)strtoul(text + strlen("miyin-seal 1 "), NULL, 10);
}

static char *get_text(const char *sql)
{
	sqlite3 *db;
	sqlite3_stmt *statement;
	char *text;

	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_prepare_v2(db, sql, -1, &statement, NULL),
			 SQLITE_OK);
	ck_assert_int_eq(sqlite3_step(statement), SQLITE_ROW);
	text = g_strdup((const char *)sqlite3_column_text(statement, 0));
	sqlite3_finalize(statement);
	sqlite3_close(db);
	return text;
}

START_TEST(keys)
{
	static const struct {
		const char *name;
		unsigned mode;
	} files[] = {
		{ "seal-key", 0600 },
		{ "head-key", 0400 },
		{ "first-key", 0400 },
	};
	g_autoptr(miyin_register) reg = open_register();

	for (unsigned i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autofree char *file =
			g_build_filename(dir, files[i].name, NULL);
		struct stat status;

		ck_assert_int_eq(stat(file, &status), 0);
		ck_assert_uint_eq(status.st_mode & 07777, files[i].mode);
		ck_assert_uint_eq(status.st_uid, geteuid());
	}
}
END_TEST

/* One for each transaction, and what is taken back leaves none. */
START_TEST(entries)
{
	g_autoptr(miyin_register) reg = open_register();
	const miyin_request other = new_request("job-2", 1, 1);
	g_autoptr(GPtrArray) copies = NULL;

	ck_assert_int_eq(get_number("SELECT count(*) FROM log"), 1);
	print_one(reg, "job-1", 100);
	ck_assert_int_eq(get_number("SELECT count(*) FROM log"), 6);
	ck_assert(!miyin_register_issue(reg, &other, &copies, NULL));
	ck_assert_int_eq(get_number("SELECT count(*) FROM log"), 6);
	print_one(reg, "job-3", 101);
	ck_assert_int_eq(get_number("SELECT count(*) FROM log"), 11);
	ck_assert_int_eq(get_number("SELECT count(*) FROM log WHERE"
				    " length(seal) <> 32"),
			 0);
	ck_assert_int_eq(get_number("SELECT size FROM log_state"), 11);
	ck_assert_uint_eq(read_index(), 11);
}
END_TEST

/* Who takes it now has none of before. */
START_TEST(seal_goes_on)
{
	g_autoptr(miyin_register) reg = open_register();
	g_autoptr(miyin_suite) suite = miyin_suite_open("sha256", NULL);
	g_autofree char *first = read_file("first-key");
	g_autofree char *text = NULL;
	g_auto(miyin_seal) seal = { 0 };
	char hex[MIYIN_SEAL_KEY];

	print_one(reg, "job-1", 100);
	text = read_file("seal-key");
	ck_assert(miyin_seal_scan(&seal, g_strchomp(first), NULL));
	for (unsigned i = 0; i < 6; i++) {
		miyin_seal_print(&seal, hex);
		ck_assert_ptr_null(strstr(text, hex));
		miyin_seal_evolve(&seal, suite, i + 1);
	}
	miyin_seal_print(&seal, hex);
	ck_assert_ptr_nonnull(strstr(text, hex));
}
END_TEST

/* An older one leads to the same. */
START_TEST(seal_put_back)
{
	g_autoptr(miyin_register) reg = open_register();
	g_autofree char *file = g_build_filename(dir, "seal-key", NULL);
	g_autofree char *old = read_file("seal-key");
	g_autofree char *text = NULL, *again = NULL;

	print_one(reg, "job-1", 100);
	text = read_file("seal-key");
	ck_assert(g_file_set_contents(file, old, -1, NULL));
	g_clear_pointer(&reg, miyin_register_close);
	reg = open_register();
	print_one(reg, "job-2", 101);
	again = read_file("seal-key");
	ck_assert_uint_eq(read_index(), 11);
	ck_assert_str_ne(text, again);
}
END_TEST

static const char *const lost[] = { "seal-key", "head-key" };

START_TEST(no_key)
{
	g_autoptr(miyin_register) reg = open_register();
	const miyin_request request = new_request("job-1", 1, 1);
	g_autofree char *file = g_build_filename(dir, lost[_i], NULL);
	g_autoptr(GPtrArray) copies = NULL;
	g_autoptr(GError) error = NULL;

	g_clear_pointer(&reg, miyin_register_close);
	ck_assert_int_eq(g_unlink(file), 0);
	reg = miyin_register_open(CONFIG(path), FALSE, NULL);
	ck_assert_ptr_nonnull(reg);
	ck_assert(!miyin_register_issue(reg, &request, &copies, &error));
	ck_assert(g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM));
	ck_assert_ptr_nonnull(strstr(error->message, lost[_i]));
	ck_assert_int_eq(get_number("SELECT count(*) FROM copies"), 0);
}
END_TEST

static const char *const garbage[] = {
	"",
	"miyin-seal 1 00000000000000000000 00\n",
	"miyin-seal 2 00000000000000000000 "
	"0000000000000000000000000000000000000000000000000000000000000000\n",
	"miyin-seal 1 00000000000000000000 "
	"000000000000000000000000000000000000000000000000000000000000000x\n",
	"miyin-seal 1 00000000000000000000 "
	"00000000000000000000000000000000000000000000000000000000000000000",
};

START_TEST(broken_key)
{
	g_autoptr(miyin_register) reg = open_register();
	const miyin_request request = new_request("job-1", 1, 1);
	g_autofree char *file = g_build_filename(dir, "seal-key", NULL);
	g_autoptr(GPtrArray) copies = NULL;
	g_autoptr(GError) error = NULL;

	ck_assert(g_file_set_contents(file, garbage[_i], -1, NULL));
	g_clear_pointer(&reg, miyin_register_close);
	reg = miyin_register_open(CONFIG(path), FALSE, NULL);
	ck_assert(!miyin_register_issue(reg, &request, &copies, &error));
	ck_assert(g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM));
}
END_TEST

/* The head is signed, in either suite, with the key that the log begins with;
 * some are kept. */
static const char *const suites[] = { "sha256", "sm3" };

START_TEST(heads)
{
	const miyin_config config = { .register_path = path,
				      .site = 7,
				      .suite = suites[_i] };
	g_autoptr(miyin_register) reg =
		miyin_register_open(&config, TRUE, NULL);
	g_autoptr(miyin_suite) suite = miyin_suite_open(suites[_i], NULL);
	g_autofree char *pem = read_file("head-key");
	EVP_PKEY *key = miyin_suite_read_key(suite, pem, NULL);
	g_autofree char *note = NULL, *kept = NULL;
	g_auto(miyin_checkpoint) head = { 0 };

	ck_assert_ptr_nonnull(key);
	for (int i = 0; i < 14; i++) {
		g_autofree char *uuid = g_strdup_printf("job-%d", i);

		print_one(reg, uuid, 100 + i);
	}
	note = get_text("SELECT note FROM log_state");
	ck_assert(miyin_checkpoint_check(suite, key, note, strlen(note), NULL));
	ck_assert(miyin_checkpoint_parse(note, strlen(note), &head, NULL));
	ck_assert_str_eq(head.origin, "miyin/site-7");
	ck_assert_uint_eq(head.size, 71);
	kept = get_text("SELECT note FROM heads WHERE size = 64");
	ck_assert(miyin_checkpoint_check(suite, key, kept, strlen(kept), NULL));
	ck_assert_int_eq(get_number("SELECT count(*) FROM heads"), 1);
	EVP_PKEY_free(key);
}
END_TEST

/* A unit of work that is long is several entries. */
START_TEST(many)
{
	g_autoptr(miyin_register) reg = open_register();
	g_autofree char *long_name = g_strnfill(1000, 'x');
	g_autofree char **names = g_new0(char *, 1001);
	miyin_request request = new_request("job-1", 1000, 1000);
	g_autoptr(GPtrArray) copies = NULL;

	for (int i = 0; i < 1000; i++)
		names[i] = long_name;
	request.holders = names;
	ck_assert(miyin_register_issue(reg, &request, &copies, NULL));
	ck_assert_int_gt(get_number("SELECT count(*) FROM log"), 2);
	ck_assert_int_le(get_number("SELECT max(length(entry)) FROM log"),
			 MIYIN_LOGENTRY_LENGTH_MAX / 2);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("ledger");
	TCase *tcase = new_tcase(suite, "ledger", 20);

	tcase_add_test(tcase, keys);
	tcase_add_test(tcase, entries);
	tcase_add_test(tcase, seal_goes_on);
	tcase_add_test(tcase, seal_put_back);
	tcase_add_loop_test(tcase, no_key, 0, G_N_ELEMENTS(lost));
	tcase_add_loop_test(tcase, broken_key, 0, G_N_ELEMENTS(garbage));
	tcase_add_loop_test(tcase, heads, 0, G_N_ELEMENTS(suites));
	tcase_add_test(tcase, many);
	return run_suite(suite);
}
