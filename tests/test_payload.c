/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/crockford.h>
#include <miyin/error.h>
#include <miyin/payload.h>

#include <check.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#define N_BITS 170
#define UNTOUCHED G_GUINT64_CONSTANT(0x5555555555)

/* The specimen key, written out: "miyin specimen, not a secret" and zeros. */
#define SPECIMEN                                                               \
	"[keys]\ncurrent = 0\n"                                                \
	"0 = 6d6979696e2073706563696d656e2c206e6f742061207365637265740000"     \
	"0000\n"
/* 00 01 02 ... 1f, as keys 1 and 15. */
#define COUNTING                                                               \
	"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n"
#define SITE "[keys]\ncurrent = 1\n1 = " COUNTING "15 = " COUNTING

static miyin_keys *open_keys(const char *text)
{
	g_autofree char *dir = g_dir_make_tmp("miyin-test-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(dir, "keys", NULL);
	miyin_keys *keys;

	ck_assert(g_file_set_contents_full(
		path, text, -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
	keys = miyin_keys_open(path, NULL);
	g_unlink(path);
	g_rmdir(dir);
	ck_assert_ptr_nonnull(keys);
	return keys;
}

/* ---- vectors ---------------------------------------------------------- */

/* Made with Python's hmac and hashlib. */
static const struct {
	const char *what, *keys;
	miyin_payload payload;
	const char *text;
} vectors[] = {
	{ "some page",
	  SPECIMEN,
	  { 0, G_GUINT64_CONSTANT(0x123456789a), 3, 9, 1 },
	  "M00938NKRK80C140020PYBXJ226VCHTPF5E" },
	{ "the least of everything",
	  SPECIMEN,
	  { 0, 0, 1, 1, 0 },
	  "M000000000004040000XKJ9HR7EJCT67RG2" },
	{ "the greatest of everything",
	  SPECIMEN,
	  { 0, G_GUINT64_CONSTANT(0xffffffffff), 1023, 1023, 65535 },
	  "M03ZZZZZZZZZZZZZZY0MXW7P36H4XP2VD07" },
	{ "a site's key",
	  SITE,
	  { 1, G_GUINT64_CONSTANT(0x123456789a), 3, 9, 1 },
	  "M04938NKRK80C140020QJSXJAG9F4YBR40H" },
	{ "the last key",
	  SITE,
	  { 15, 1, 1, 2, 4660 },
	  "M1W0000000404089380JR963XSNN71TB6WG" },
};

static void assert_same(const miyin_payload *a, const miyin_payload *b)
{
	ck_assert_uint_eq(a->key_id, b->key_id);
	ck_assert_uint_eq(a->copy_id, b->copy_id);
	ck_assert_uint_eq(a->page, b->page);
	ck_assert_uint_eq(a->pages, b->pages);
	ck_assert_uint_eq(a->site, b->site);
}

START_TEST(vector)
{
	g_autoptr(miyin_keys) keys = open_keys(vectors[_i].keys);
	char text[MIYIN_PAYLOAD_LENGTH + 1];
	miyin_payload payload;

	ck_assert(miyin_payload_format(&vectors[_i].payload, keys, text, NULL));
	ck_assert_msg(g_str_equal(text, vectors[_i].text), "%s: %s",
		      vectors[_i].what, text);
	ck_assert(miyin_payload_parse(vectors[_i].text, keys, &payload, NULL));
	assert_same(&payload, &vectors[_i].payload);
}
END_TEST

START_TEST(specimen_key_is_public)
{
	g_autoptr(miyin_keys) keys = miyin_keys_specimen();
	miyin_payload payload;

	ck_assert_uint_eq(miyin_keys_current(keys), 0);
	ck_assert(miyin_payload_parse(vectors[0].text, keys, &payload, NULL));
	assert_same(&payload, &vectors[0].payload);
}
END_TEST

/* ---- forgeries -------------------------------------------------------- */

/* Of the 90 signed bits some give a form that is none of ours; whatever they
 * give, it is never believed. */
START_TEST(every_bit)
{
	g_autoptr(miyin_keys) keys = open_keys(vectors[0].keys);
	miyin_payload payload = { .copy_id = UNTOUCHED };
	char text[MIYIN_PAYLOAD_LENGTH + 1];
	g_autoptr(GError) error = NULL;
	int at = 1 + _i / 5;

	memcpy(text, vectors[0].text, sizeof(text));
	text[at] = miyin_crockford_char(miyin_crockford_value(text[at]) ^
					16 >> _i % 5);
	ck_assert_str_ne(text, vectors[0].text);
	ck_assert(!miyin_payload_parse(text, keys, &payload, &error));
	if (g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_INPUT)) {
		ck_assert_ptr_nonnull(strstr(error->message, "not a trace"));
		ck_assert_uint_eq(payload.copy_id, UNTOUCHED);
		/* algorithm, page, pages, spare */
		ck_assert_msg(_i < 4 || (_i >= 48 && _i < 68) ||
				      (_i >= 84 && _i < 90),
			      "bit %d is form", _i);
	} else {
		ck_assert(g_error_matches(error, MIYIN_ERROR,
					  MIYIN_ERROR_TAMPER));
		ck_assert_ptr_nonnull(strstr(error->message, "signature"));
		/* What it claims to be. */
		ck_assert_uint_ne(payload.copy_id, UNTOUCHED);
		ck_assert(miyin_payload_parse(text, NULL, &payload, NULL));
	}
}
END_TEST

/* A page's code is not another page's. */
START_TEST(page_moved)
{
	g_autoptr(miyin_keys) keys = miyin_keys_specimen();
	miyin_payload first = vectors[0].payload, second = first, got;
	char one[MIYIN_PAYLOAD_LENGTH + 1], two[MIYIN_PAYLOAD_LENGTH + 1];
	g_autoptr(GError) error = NULL;

	second.page++;
	ck_assert(miyin_payload_format(&first, keys, one, NULL));
	ck_assert(miyin_payload_format(&second, keys, two, NULL));
	memcpy(one + 1, two + 1, 18); /* the second's 90 signed bits */
	ck_assert(!miyin_payload_parse(one, keys, &got, &error));
	ck_assert(g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_TAMPER));
}
END_TEST

static const struct {
	const char *what, *made_with, *read_with;
	unsigned key_id;
} strangers[] = {
	{ "another site's key of the same id", SITE,
	  "[keys]\ncurrent = 1\n1 = "
	  "ff0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
	  1 },
	{ "an unknown key id", SITE, SPECIMEN, 15 },
	{ "the specimen key on a site that has none", SPECIMEN, SITE, 0 },
};

START_TEST(stranger)
{
	g_autoptr(miyin_keys) theirs = open_keys(strangers[_i].made_with);
	g_autoptr(miyin_keys) ours = open_keys(strangers[_i].read_with);
	const miyin_payload is = { strangers[_i].key_id, 99, 1, 1, 7 };
	miyin_payload got;
	char text[MIYIN_PAYLOAD_LENGTH + 1];
	g_autoptr(GError) error = NULL;

	ck_assert(miyin_payload_format(&is, theirs, text, NULL));
	ck_assert(miyin_payload_parse(text, theirs, &got, NULL));
	memset(&got, 0, sizeof(got));
	ck_assert_msg(!miyin_payload_parse(text, ours, &got, &error), "%s",
		      strangers[_i].what);
	ck_assert(g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_TAMPER));
	assert_same(&got, &is);
}
END_TEST

START_TEST(no_such_key)
{
	g_autoptr(miyin_keys) keys = miyin_keys_specimen();
	const miyin_payload payload = { .key_id = 3, .page = 1, .pages = 1 };
	char text[MIYIN_PAYLOAD_LENGTH + 1] = "left alone";
	g_autoptr(GError) error = NULL;

	ck_assert(!miyin_payload_format(&payload, keys, text, &error));
	ck_assert(g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_MISSING));
	ck_assert_ptr_nonnull(strstr(error->message, "3"));
	ck_assert_str_eq(text, "left alone");
}
END_TEST

/* ---- form ------------------------------------------------------------- */

static const struct {
	const char *what, *text;
} forms[] = {
	{ "a printed code", "M00938NKRK80C140020PYBXJ226VCHTPF5E" },
	{ "the same with another signature",
	  "M00938NKRK80C1400200000000000000000" },
};

static const struct {
	const char *what, *text;
} malformed[] = {
	{ "nothing", "" },
	{ "the letter alone", "M" },
	{ "truncated", "M00938NKRK80C140020PYBXJ226VCHTPF5" },
	{ "one too long", "M00938NKRK80C140020PYBXJ226VCHTPF5EE" },
	{ "another first letter", "N00938NKRK80C140020PYBXJ226VCHTPF5E" },
	{ "a small first letter", "m00938NKRK80C140020PYBXJ226VCHTPF5E" },
	{ "the letter U", "M00938NKRK80C140020PYBXJ226VCHTPF5U" },
	{ "a space", "M00938NKRK80C140020PYBXJ226VCHTPF5 " },
	{ "a hyphen", "M00938NKRK80C140020PYBXJ226VCHT-F5E" },
	{ "a byte that is no text", "M00938NKRK80C140020PYBXJ226VCHTPF5\xff" },
	{ "algorithm 1", "M20938NKRK80C140020PYBXJ226VCHTPF5E" },
	{ "page 0", "M00938NKRK800140020PYBXJ226VCHTPF5E" },
	{ "page 3 of 2", "M00938NKRK80C080020PYBXJ226VCHTPF5E" },
	{ "page 3 of 0", "M00938NKRK80C000020PYBXJ226VCHTPF5E" },
	{ "spare bits set", "M00938NKRK80C140021PYBXJ226VCHTPF5E" },
	{ "a web address", "https://example.com/?q=123456789012" },
};

START_TEST(form_only)
{
	miyin_payload payload;

	ck_assert_msg(miyin_payload_parse(forms[_i].text, NULL, &payload, NULL),
		      "%s", forms[_i].what);
	assert_same(&payload, &vectors[0].payload);
}
END_TEST

START_TEST(no_form)
{
	g_autoptr(miyin_keys) keys = miyin_keys_specimen();
	const miyin_keys *const both[] = { NULL, keys };

	for (int i = 0; i < 2; i++) {
		miyin_payload payload = { .copy_id = UNTOUCHED };
		g_autoptr(GError) error = NULL;

		ck_assert_msg(!miyin_payload_parse(malformed[_i].text, both[i],
						   &payload, &error),
			      "%s", malformed[_i].what);
		ck_assert(
			g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_INPUT));
		ck_assert_ptr_nonnull(strstr(error->message, "not a trace"));
		ck_assert_uint_eq(payload.copy_id, UNTOUCHED);
	}
}
END_TEST

START_TEST(round_trips)
{
	g_autoptr(miyin_keys) keys = open_keys(SITE);
	g_autoptr(GRand) rand = g_rand_new_with_seed(3);

	for (int i = 0; i < 500; i++) {
		miyin_payload is = { .key_id = i % 2 ? 1 : 15 }, got;
		char text[MIYIN_PAYLOAD_LENGTH + 1];

		is.copy_id = (guint64)g_rand_int(rand) << 8 |
			     (g_rand_int(rand) & 255);
		is.pages = g_rand_int_range(rand, 1, MIYIN_PAGES_MAX + 1);
		is.page = g_rand_int_range(rand, 1, is.pages + 1);
		is.site = g_rand_int_range(rand, 0, 65536);
		ck_assert(miyin_payload_format(&is, keys, text, NULL));
		ck_assert_uint_eq(strlen(text), MIYIN_PAYLOAD_LENGTH);
		ck_assert_uint_eq(strspn(text, "0123456789ABCDEFGHJKMNPQRSTVW"
					       "XYZ"),
				  MIYIN_PAYLOAD_LENGTH);
		ck_assert(miyin_payload_parse(text, keys, &got, NULL));
		assert_same(&got, &is);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("payload");
	TCase *tcase = tcase_create("payload");
	SRunner *runner;
	int n_failed;

	tcase_add_loop_test(tcase, vector, 0, G_N_ELEMENTS(vectors));
	tcase_add_test(tcase, specimen_key_is_public);
	tcase_add_loop_test(tcase, every_bit, 0, N_BITS);
	tcase_add_test(tcase, page_moved);
	tcase_add_loop_test(tcase, stranger, 0, G_N_ELEMENTS(strangers));
	tcase_add_test(tcase, no_such_key);
	tcase_add_loop_test(tcase, form_only, 0, G_N_ELEMENTS(forms));
	tcase_add_loop_test(tcase, no_form, 0, G_N_ELEMENTS(malformed));
	tcase_add_test(tcase, round_trips);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
