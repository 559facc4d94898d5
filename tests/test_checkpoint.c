/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signed heads: those of samples/log, and what none is. */
#include <miyin/checkpoint.h>
#include <miyin/error.h>

#include <check.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

typedef EVP_PKEY pair;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(pair, EVP_PKEY_free)

static const char *const suites[] = { "sha256", "sm3" };

/* Of the secret key 00 01 02 ... 1f. */
#define PEM                                                                    \
	"-----BEGIN PRIVATE KEY-----\n"                                        \
	"MC4CAQAwBQYDK2VwBCIEIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f\n"   \
	"-----END PRIVATE KEY-----\n"

static const miyin_checkpoint head = { .origin = (char *)"miyin/site-7",
				       .size = 300,
				       .root = { { 1, 2, 3 } } };

static char *read_sample(const char *name)
{
	g_autofree char *path = g_build_filename("samples/log", name, NULL);
	char *text;

	ck_assert(g_file_get_contents(path, &text, NULL, NULL));
	return text;
}

/* A signature of Ed25519 is the same each time. */
START_TEST(known)
{
	g_autoptr(miyin_suite) suite = miyin_suite_open("sha256", NULL);
	g_autoptr(pair) key = miyin_suite_read_key(suite, PEM, NULL);
	g_autofree char *wanted = read_sample("head.note");
	g_autofree char *wanted_key = read_sample("head.key");
	g_autofree char *found =
		miyin_checkpoint_format(suite, key, &head, NULL);
	g_autofree char *name = miyin_checkpoint_key(suite, key, head.origin);

	ck_assert_str_eq(found, wanted);
	ck_assert_str_eq(name, g_strchomp(wanted_key));
}
END_TEST

START_TEST(round_trip)
{
	g_autoptr(miyin_suite) suite = miyin_suite_open(suites[_i], NULL);
	g_autoptr(pair) key = miyin_suite_new_key(suite, NULL);
	g_autoptr(pair) other = miyin_suite_new_key(suite, NULL);
	g_autoptr(GBytes) raw = miyin_suite_public(key);
	g_autoptr(pair) public = miyin_suite_read_public(
		suite, g_bytes_get_data(raw, NULL), g_bytes_get_size(raw));
	g_autofree char *pem = miyin_suite_write_key(key, NULL);
	g_autoptr(pair) again = miyin_suite_read_key(suite, pem, NULL);
	g_autofree char *text =
		miyin_checkpoint_format(suite, again, &head, NULL);
	g_auto(miyin_checkpoint) found = { 0 };
	g_autoptr(GError) error = NULL;

	ck_assert_ptr_nonnull(public);
	ck_assert_ptr_nonnull(text);
	ck_assert(miyin_checkpoint_parse(text, strlen(text), &found, NULL));
	ck_assert_str_eq(found.origin, head.origin);
	ck_assert_uint_eq(found.size, head.size);
	ck_assert_mem_eq(&found.root, &head.root, sizeof(head.root));
	ck_assert(miyin_checkpoint_check(suite, public, text, strlen(text),
					 NULL));
	ck_assert(!miyin_checkpoint_check(suite, other, text, strlen(text),
					  &error));
	ck_assert(g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_TAMPER));
}
END_TEST

/* Whatever byte is another one, it is not what was signed. */
START_TEST(changed)
{
	g_autoptr(miyin_suite) suite = miyin_suite_open(suites[_i], NULL);
	g_autoptr(pair) key = miyin_suite_new_key(suite, NULL);
	g_autofree char *text =
		miyin_checkpoint_format(suite, key, &head, NULL);
	const gsize length = strlen(text);

	for (gsize i = 0; i < length; i++)
		for (int bit = 0; bit < 8; bit++) {
			text[i] ^= 1 << bit;
			ck_assert_msg(!miyin_checkpoint_check(suite, key, text,
							      length, NULL),
				      "byte %zu", i);
			text[i] ^= 1 << bit;
		}
	for (gsize i = 0; i < length; i++)
		ck_assert(!miyin_checkpoint_check(suite, key, text, i, NULL));
}
END_TEST

#define ROOT "AQIDAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
#define SIGNED "\n— a AAAAAAAA\n"

static const struct {
	const char *what, *text;
} none[] = {
	{ "nothing", "" },
	{ "no signature", "a\n1\n" ROOT "\n" },
	{ "no empty line", "a\n1\n" ROOT "— a AAAAAAAA\n" },
	{ "no name", "\n1\n" ROOT SIGNED },
	{ "a name with a blank", "a b\n1\n" ROOT SIGNED },
	{ "a name with a plus", "a+b\n1\n" ROOT SIGNED },
	{ "a size with a zero before it", "a\n01\n" ROOT SIGNED },
	{ "a size with a sign", "a\n+1\n" ROOT SIGNED },
	{ "a size of 64 bits", "a\n18446744073709551615\n" ROOT SIGNED },
	{ "no size", "a\n\n" ROOT SIGNED },
	{ "a short root", "a\n1\nAQID\n" SIGNED },
	{ "a root that is written otherwise",
	  "a\n1\nAQIDAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=\n" SIGNED },
	{ "a signature of nobody", "a\n1\n" ROOT "\n—  AAAAAAAA\n" },
	{ "a signature of nothing", "a\n1\n" ROOT "\n— a AAAA\n" },
	{ "no line's end", "a\n1\n" ROOT "\n— a AAAAAAAA" },
	{ "more behind", "a\n1\n" ROOT SIGNED "\n" },
	{ "no UTF-8", "\xff\n1\n" ROOT SIGNED },
};

START_TEST(not_one)
{
	g_autoptr(GError) error = NULL;
	miyin_checkpoint found = { .size = 42 };

	ck_assert_msg(!miyin_checkpoint_parse(none[_i].text,
					      strlen(none[_i].text), &found,
					      &error),
		      "%s", none[_i].what);
	ck_assert(g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_INPUT));
	ck_assert_uint_eq(found.size, 42);
	ck_assert_ptr_null(found.origin);
}
END_TEST

/* As others write them: a line of a later kind, signatures of witnesses. */
START_TEST(of_others)
{
	static const char text[] =
		"a\n1\n" ROOT "later\n\n— a AAAAAAAA\n— w/1 AAAAAAAB\n";
	g_auto(miyin_checkpoint) found = { 0 };

	ck_assert(miyin_checkpoint_parse(text, strlen(text), &found, NULL));
	ck_assert_uint_eq(found.size, 1);
}
END_TEST

START_TEST(no_suite)
{
	g_autoptr(GError) error = NULL;

	ck_assert_ptr_null(miyin_suite_open("md5", &error));
	ck_assert(g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_INPUT));
	g_clear_error(&error);
	ck_assert_ptr_null(miyin_suite_open(NULL, &error));
}
END_TEST

/* A key of the other suite, or of none. */
START_TEST(no_key)
{
	g_autoptr(miyin_suite) suite = miyin_suite_open("sm3", NULL);
	static const guint8 off[65] = { 4, 1 };

	ck_assert_ptr_null(miyin_suite_read_key(suite, PEM, NULL));
	ck_assert_ptr_null(miyin_suite_read_key(suite, "", NULL));
	ck_assert_ptr_null(miyin_suite_read_public(suite, off, sizeof(off)));
	ck_assert_ptr_null(miyin_suite_read_public(suite, off, 32));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("checkpoint");
	TCase *tcase = tcase_create("checkpoint");
	SRunner *runner = srunner_create(suite);
	int n_failed;

	tcase_add_test(tcase, known);
	tcase_add_loop_test(tcase, round_trip, 0, G_N_ELEMENTS(suites));
	tcase_add_loop_test(tcase, changed, 0, G_N_ELEMENTS(suites));
	tcase_add_loop_test(tcase, not_one, 0, G_N_ELEMENTS(none));
	tcase_add_test(tcase, of_others);
	tcase_add_test(tcase, no_suite);
	tcase_add_test(tcase, no_key);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
