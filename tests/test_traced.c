/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the process that reads a scan may say, and what it does in its cell.
 */
#include <miyin/error.h>
#include <miyin/keys.h>
#include <miyin/memfile.h>
#include <miyin/payload.h>
#include <miyin/sandbox.h>
#include <miyin/trace.h>
#include "trace/traced.h"
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* A payload of the specimens, page 1 of 3. */
static char *payload_text(void)
{
	g_autoptr(miyin_keys) keys = miyin_keys_specimen();
	const miyin_payload payload = { .copy_id = 0x123456789a,
					.page = 1,
					.pages = 3,
					.site = 42,
					.key_id = miyin_keys_current(keys) };
	char text[MIYIN_PAYLOAD_LENGTH + 1];

	ck_assert(miyin_payload_format(&payload, keys, text, NULL));
	return miyin_code_write(MIYIN_CODE_QR, text);
}

/* ---- the words -------------------------------------------------------- */

#define WHERE "100 200 300 @ 1,2,3,4,5,6,7,8" /* @ stands for a payload */
#define CODE "1 " WHERE ";8,7,6,5,4,3,2,1 zxing 200 dpi\n"

static const struct {
	const char *name, *text;
	int n; /* codes; -1: refused */
} answers[] = {
	{ "no code", "MYT3 1 0\nend\n", 0 },
	{ "foreign codes", "MYT3 3 7\nend\n", 0 },
	{ "a code", "MYT3 1 0\n" CODE "end\n", 1 },
	{ "codes of two sheets",
	  "MYT3 2 0\n" CODE "2 " WHERE " zbar 200 dpi\nend\n", 2 },
	{ "nothing", "", -1 },
	{ "a line", "MYT3 1 0\n", -1 },
	{ "no end", "MYT3 1 0\n" CODE, -1 },
	{ "torn off", "MYT3 1 0\n" CODE "end", -1 },
	{ "more after the end", "MYT3 1 0\nend\n" CODE, -1 },
	{ "another version", "MYT9 1 0\nend\n", -1 },
	{ "no sheet", "MYT3 0 0\nend\n", -1 },
	{ "too many sheets", "MYT3 2001 0\nend\n", -1 },
	{ "less than none foreign", "MYT3 1 -1\nend\n", -1 },
	{ "too many numbers", "MYT3 1 0 0\nend\n", -1 },
	{ "a sheet that is not there", "MYT3 1 0\n2 " WHERE " zbar\nend\n",
	  -1 },
	{ "sheets that go down",
	  "MYT3 2 0\n2 " WHERE " zbar\n1 " WHERE " zbar\nend\n", -1 },
	{ "seen nowhere", "MYT3 1 0\n1 9 9 0 @ zbar\nend\n", -1 },
	{ "seen at no place", "MYT3 1 0\n1 9 9 0 @  zbar\nend\n", -1 },
	{ "three corners", "MYT3 1 0\n1 9 9 0 @ 1,2,3,4,5,6 zbar\nend\n", -1 },
	{ "five corners", "MYT3 1 0\n1 9 9 0 @ 1,2,3,4,5,6,7,8,9,0 zbar\nend\n",
	  -1 },
	{ "a corner beside all pages",
	  "MYT3 1 0\n1 9 9 0 @ 1,2,3,4,5,6,7,-8 zbar\nend\n", -1 },
	{ "a place after the last",
	  "MYT3 1 0\n1 9 9 0 @ 1,2,3,4,5,6,7,8; zbar\nend\n", -1 },
	{ "a scan without width",
	  "MYT3 1 0\n1 0 9 0 @ 1,2,3,4,5,6,7,8 zbar\nend\n", -1 },
	{ "a sheet with more behind", "MYT3 1 0\n1x " WHERE " zbar\nend\n",
	  -1 },
	{ "a payload of another form",
	  "MYT3 1 0\n1 9 9 0 qr:M123 1,2,3,4,5,6,7,8 zbar\nend\n", -1 },
	{ "a payload with more behind",
	  "MYT3 1 0\n1 9 9 0 @@ 1,2,3,4,5,6,7,8 zbar\nend\n", -1 },
	{ "no reader", "MYT3 1 0\n1 " WHERE "\nend\n", -1 },
	{ "an empty reader", "MYT3 1 0\n1 " WHERE " \nend\n", -1 },
	{ "a reader that drives the terminal",
	  "MYT3 1 0\n1 " WHERE " \x1b[2Jzbar\nend\n", -1 },
	{ "a reader that never ends",
	  "MYT3 1 0\n1 " WHERE
	  " aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\nend\n",
	  -1 },
	{ "an empty line", "MYT3 1 0\n\nend\n", -1 },
};

START_TEST(answer)
{
	g_autofree char *code = payload_text();
	g_auto(GStrv) parts = g_strsplit(answers[_i].text, "@", -1);
	g_autofree char *text = g_strjoinv(code, parts);
	g_autoptr(GError) error = NULL;
	g_autoptr(miyin_traced) traced =
		miyin_traced_parse(text, strlen(text), &error);
	g_autofree char *again = NULL;

	if (answers[_i].n < 0) {
		ck_assert_msg(!traced, "%s was taken", answers[_i].name);
		ck_assert(
			g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_INPUT));
		return;
	}
	ck_assert_msg(traced, "%s was refused", answers[_i].name);
	ck_assert_int_eq(traced->sightings->len, answers[_i].n);
	again = miyin_traced_format(traced, NULL);
	ck_assert_str_eq(again, text);
}
END_TEST

START_TEST(answer_with_zero)
{
	static const char text[] = "MYT3 1 0\nend\n\0MYT3";

	ck_assert_ptr_null(miyin_traced_parse(text, sizeof(text) - 1, NULL));
}
END_TEST

static const struct {
	const char *text, *message;
	int code;
} failures[] = {
	{ "MYE1 input a b\n", "a b", MIYIN_ERROR_INPUT },
	{ "MYE1 system no memory\n", "no memory", MIYIN_ERROR_SYSTEM },
	{ "MYE1 input a\x1b]0;b\n", "a]0;b", MIYIN_ERROR_INPUT },
	{ "MYE1 tamper a\n", "The reader of the scan gave no proper answer.",
	  MIYIN_ERROR_INPUT },
	{ "MYE1 input \r\r\n", "The reader of the scan gave no proper answer.",
	  MIYIN_ERROR_INPUT },
	{ "MYE1 input\n", "The reader of the scan gave no proper answer.",
	  MIYIN_ERROR_INPUT },
};

START_TEST(failure)
{
	g_autoptr(GError) error = NULL;

	ck_assert_ptr_null(miyin_traced_parse(
		failures[_i].text, strlen(failures[_i].text), &error));
	ck_assert_int_eq(error->code, failures[_i].code);
	ck_assert_str_eq(error->message, failures[_i].message);
}
END_TEST

/* ---- the process ------------------------------------------------------ */

static int scan_of(const void *bytes, gsize length)
{
	int fd = miyin_memfile_new("scan", NULL);

	ck_assert(fd >= 0 && miyin_memfile_write(fd, bytes, length, NULL));
	miyin_memfile_rewind(fd);
	return fd;
}

START_TEST(apart_without_code)
{
	static const char white[] = "P1\n2 2\n0 0\n0 0\n";
	int fd = scan_of(white, strlen(white));
	g_autoptr(miyin_traced) traced = miyin_trace_sandboxed(fd, "x", NULL);

	ck_assert_ptr_nonnull(traced);
	ck_assert_uint_eq(traced->n_sheets, 1);
	ck_assert_uint_eq(traced->sightings->len, 0);
	close(fd);
}
END_TEST

START_TEST(apart_with_stranger)
{
	int fd = scan_of("not a picture", 13);
	g_autoptr(GError) error = NULL;

	ck_assert_ptr_null(miyin_trace_sandboxed(fd, "her scan.png", &error));
	ck_assert(g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_INPUT));
	ck_assert_ptr_nonnull(
		strstr(error->message, "her scan.png is not a picture"));
	close(fd);
}
END_TEST

static void leave_memory(gsize bytes)
{
	FILE *file = fopen("/proc/self/statm", "re");
	struct rlimit memory = { 0, RLIM_INFINITY };
	gulong pages = 0;

	ck_assert(file && fscanf(file, "%lu", &pages) == 1);
	fclose(file);
	memory.rlim_cur = pages * sysconf(_SC_PAGESIZE) + bytes;
	ck_assert(setrlimit(RLIMIT_AS, &memory) == 0);
}

/* 40 megapixels in 32 MiB: it dies of it, we do not. */
START_TEST(apart_beyond_its_limits)
{
	const gsize n = 40000000;
	g_autofree guint8 *bytes = g_malloc0(n + 20);
	g_autoptr(GError) error = NULL;
	int head = g_snprintf((char *)bytes, 20, "P5\n8000 5000\n255\n");
	int fd = scan_of(bytes, head + n);

	g_clear_pointer(&bytes, g_free);
	leave_memory(32 << 20);
	ck_assert_ptr_null(miyin_trace_sandboxed(fd, "big.pgm", &error));
	ck_assert_ptr_nonnull(strstr(error->message, "big.pgm"));
	close(fd);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("traced");
	TCase *tcase = tcase_create("traced");
	SRunner *runner;
	int n_failed;

	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase, answer, 0, G_N_ELEMENTS(answers));
	tcase_add_test(tcase, answer_with_zero);
	tcase_add_loop_test(tcase, failure, 0, G_N_ELEMENTS(failures));
	tcase_add_test(tcase, apart_without_code);
	tcase_add_test(tcase, apart_with_stranger);
	if (!MIYIN_SANITIZED && !MIYIN_SANDBOX_OFF) /* no limit of memory */
		tcase_add_test(tcase, apart_beyond_its_limits);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
