/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Entries of the log as bytes, their chain and their seals: samples/log, and
 * what no entry is. */
#include <miyin/error.h>
#include <miyin/logentry.h>
#include <miyin/seal.h>

#include <check.h>
#include <stdlib.h>
#include <string.h>

static const miyin_logentry first = { .number = 1,
				      .key = 0,
				      .at = "2026-11-21T20:27:15+00:00" };

/* samples/log/copy.entry: a copy and the document that it is of. */
static GByteArray *make_sample(void)
{
	GByteArray *bytes = miyin_logentry_begin(&first);
	g_autoptr(GByteArray) document = g_byte_array_new();
	g_autoptr(GByteArray) copy = g_byte_array_new();

	miyin_logentry_add_number(document, "id", 1);
	miyin_logentry_add_text(document, "title", "关于印发的通知");
	miyin_logentry_add_text(document, "reference", NULL);
	miyin_logentry_add(bytes, "documents", "1", document->data,
			   document->len);
	miyin_logentry_add_number(copy, "id", 1);
	miyin_logentry_add_text(copy, "holder", "张三");
	miyin_logentry_add_number(copy, "pages_done", -1);
	miyin_logentry_add_text(copy, "detail", "");
	miyin_logentry_add(bytes, "copies", "1", copy->data, copy->len);
	return bytes;
}

static void read_sample(const char *name, char **bytes, gsize *length)
{
	g_autofree char *path = g_build_filename("samples/log", name, NULL);

	ck_assert(g_file_get_contents(path, bytes, length, NULL));
}

START_TEST(formats)
{
	g_autoptr(GByteArray) made = make_sample();
	g_autofree char *bytes = NULL;
	gsize length;

	read_sample("copy.entry", &bytes, &length);
	ck_assert_uint_eq(made->len, length);
	ck_assert_mem_eq(made->data, bytes, length);
}
END_TEST

START_TEST(parses)
{
	g_autoptr(GArray) rows = NULL;
	g_autofree char *bytes = NULL;
	const miyin_logentry_row *row;
	miyin_logentry entry;
	gsize length;

	read_sample("copy.entry", &bytes, &length);
	ck_assert(miyin_logentry_parse((guint8 *)bytes, length, &entry, &rows,
				       NULL));
	ck_assert_uint_eq(entry.number, 1);
	ck_assert_uint_eq(entry.key, 0);
	ck_assert_str_eq(entry.at, first.at);
	ck_assert_uint_eq(rows->len, 2);
	row = &g_array_index(rows, miyin_logentry_row, 1);
	ck_assert_uint_eq(row->n_table, strlen("copies"));
	ck_assert_mem_eq(row->table, "copies", row->n_table);
	ck_assert_uint_eq(row->n_key, 1);
}
END_TEST

static void assert_none(const guint8 *bytes, gsize length)
{
	g_autoptr(GError) error = NULL;
	g_autofree guint8 *exact = g_memdup2(bytes, MAX(length, 1));
	miyin_logentry entry = { .number = 42 };
	GArray *rows = NULL;

	ck_assert(!miyin_logentry_parse(exact, length, &entry, &rows, &error));
	ck_assert(g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_INPUT));
	ck_assert_uint_eq(entry.number, 42);
	ck_assert_ptr_null(rows);
}

/* All but one place, where the first of the two rows ends. */
START_TEST(cut_anywhere)
{
	g_autoptr(GByteArray) bytes = make_sample();
	unsigned n_whole = 0;

	for (guint n = 0; n < bytes->len; n++) {
		g_autoptr(GArray) rows = NULL;
		miyin_logentry entry;

		if (miyin_logentry_parse(bytes->data, n, &entry, &rows, NULL))
			n_whole++;
		else
			assert_none(bytes->data, n);
	}
	ck_assert_uint_eq(n_whole, 1);
}
END_TEST

static const struct {
	const char *what;
	miyin_logentry entry;
	const char *table, *key;
} wrong[] = {
	{ "number 0",
	  { .number = 0, .at = "2026-11-21T20:27:15+00:00" },
	  "keys",
	  "1" },
	{ "no time", { .number = 1 }, "keys", "1" },
	{ "a table without a name",
	  { .number = 1, .at = "2026-11-21T20:27:15+00:00" },
	  "",
	  "1" },
	{ "a row without a key",
	  { .number = 1, .at = "2026-11-21T20:27:15+00:00" },
	  "keys",
	  "" },
	{ "no UTF-8",
	  { .number = 1, .at = "2026-11-21T20:27:15+00:00" },
	  "\xff",
	  "1" },
	{ "no row",
	  { .number = 1, .at = "2026-11-21T20:27:15+00:00" },
	  NULL,
	  NULL },
	{ "a number of 64 bits",
	  { .number = G_MAXUINT64, .at = "2026-11-21T20:27:15+00:00" },
	  "keys",
	  "1" },
};

START_TEST(not_one)
{
	g_autoptr(GByteArray) bytes = miyin_logentry_begin(&wrong[_i].entry);

	if (wrong[_i].table)
		miyin_logentry_add(bytes, wrong[_i].table, wrong[_i].key, "",
				   0);
	assert_none(bytes->data, bytes->len);
}
END_TEST

START_TEST(more_behind)
{
	g_autoptr(GByteArray) bytes = make_sample();

	g_byte_array_append(bytes, (const guint8 *)"x", 1);
	assert_none(bytes->data, bytes->len);
	bytes->data[0] ^= 1;
	assert_none(bytes->data, bytes->len - 1);
}
END_TEST

START_TEST(too_long)
{
	const gsize n = MIYIN_LOGENTRY_LENGTH_MAX;
	g_autofree char *image = g_malloc0(n);
	g_autoptr(GByteArray) bytes = miyin_logentry_begin(&first);

	miyin_logentry_add(bytes, "keys", "1", image, n);
	assert_none(bytes->data, bytes->len);
}
END_TEST

/* ---- chain and seals ---------------------------------------------------- */

static const char *const suites[] = { "sha256", "sm3" };

START_TEST(chain)
{
	g_autoptr(miyin_suite) suite = miyin_suite_open(suites[_i], NULL);
	const miyin_hash zero = { 0 };
	miyin_hash a, b, c;

	miyin_logentry_chain(suite, &zero, "one", 3, &a);
	miyin_logentry_chain(suite, &a, "two", 3, &b);
	miyin_logentry_chain(suite, &zero, "two", 3, &c);
	ck_assert_mem_ne(&b, &c, sizeof(b));
	miyin_logentry_chain(suite, &c, "one", 3, &c);
	ck_assert_mem_ne(&b, &c, sizeof(b));
}
END_TEST

/* The same by OpenSSL's command: echo -n one | openssl dgst -sm3 */
START_TEST(digests)
{
	static const char *const hashes[] = {
		"7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed",
		"66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",
	};
	static const char *const texts[] = { "one", "abc" };
	g_autoptr(miyin_suite) suite = miyin_suite_open(suites[_i], NULL);
	guint8 hash[MIYIN_HASH_LENGTH];
	char text[65];

	miyin_suite_digest(suite, texts[_i], 3, hash);
	for (unsigned i = 0; i < sizeof(hash); i++)
		g_snprintf(text + 2 * i, 3, "%02x", hash[i]);
	ck_assert_str_eq(text, hashes[_i]);
}
END_TEST

START_TEST(seals)
{
	g_autoptr(miyin_suite) suite = miyin_suite_open(suites[_i], NULL);
	g_auto(miyin_seal) kept = { 0 }, used = { 0 };
	const miyin_hash entry = { { 1, 2, 3 } }, other = { { 1, 2, 4 } };
	miyin_hash a, b;
	char text[MIYIN_SEAL_KEY];

	ck_assert(miyin_seal_init(&used, NULL));
	miyin_seal_print(&used, text);
	ck_assert(miyin_seal_scan(&kept, text, NULL));
	for (guint64 i = 0; i < 100; i++) {
		miyin_seal_evolve(&used, suite, i);
		miyin_seal_make(&used, suite, &entry, &a);
	}
	/* The first key leads to each later one. */
	miyin_seal_make(&kept, suite, &entry, &b);
	ck_assert_mem_ne(&a, &b, sizeof(a));
	miyin_seal_evolve(&kept, suite, 99);
	miyin_seal_make(&kept, suite, &entry, &b);
	ck_assert_mem_eq(&a, &b, sizeof(a));
	miyin_seal_make(&kept, suite, &other, &b);
	ck_assert_mem_ne(&a, &b, sizeof(a));
	miyin_seal_clear(&used);
	for (unsigned i = 0; i < sizeof(used.key); i++)
		ck_assert_uint_eq(used.key[i], 0);
}
END_TEST

START_TEST(no_key)
{
	static const char *const texts[] = {
		"", "00", "x",
		"zz00000000000000000000000000000000000000000000000000000000000000",
		"000000000000000000000000000000000000000000000000000000000000000000"
	};

	for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autoptr(GError) error = NULL;
		miyin_seal seal = { .index = 42 };

		ck_assert(!miyin_seal_scan(&seal, texts[i], &error));
		ck_assert(
			g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_INPUT));
		ck_assert_uint_eq(seal.index, 42);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("logentry");
	TCase *tcase = tcase_create("logentry");
	SRunner *runner = srunner_create(suite);
	int n_failed;

	tcase_add_test(tcase, formats);
	tcase_add_test(tcase, parses);
	tcase_add_test(tcase, cut_anywhere);
	tcase_add_loop_test(tcase, not_one, 0, G_N_ELEMENTS(wrong));
	tcase_add_test(tcase, more_behind);
	tcase_add_test(tcase, too_long);
	tcase_add_loop_test(tcase, chain, 0, G_N_ELEMENTS(suites));
	tcase_add_loop_test(tcase, digests, 0, G_N_ELEMENTS(suites));
	tcase_add_loop_test(tcase, seals, 0, G_N_ELEMENTS(suites));
	tcase_add_test(tcase, no_key);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
