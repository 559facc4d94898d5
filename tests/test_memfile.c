/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/error.h>
#include <miyin/memfile.h>

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int new_file(const char *text)
{
	int fd = miyin_memfile_new("test", NULL);

	ck_assert_int_ge(fd, 0);
	ck_assert(miyin_memfile_write(fd, text, strlen(text), NULL));
	miyin_memfile_rewind(fd);
	return fd;
}

static void assert_holds(int fd, const char *text)
{
	g_autoptr(GBytes) bytes = miyin_memfile_map(fd, NULL);
	gsize length;
	const char *data;

	ck_assert_ptr_nonnull(bytes);
	data = g_bytes_get_data(bytes, &length);
	ck_assert_uint_eq(length, strlen(text));
	/* Also when it is empty: memchr and g_strndup want an address. */
	ck_assert_ptr_nonnull(data);
	ck_assert(memcmp(data, text, length) == 0);
}

static const char *const texts[] = { "", "a", "some text" };

START_TEST(what_is_written_is_mapped)
{
	int fd = new_file(texts[_i]);

	assert_holds(fd, texts[_i]);
	close(fd);
}
END_TEST

START_TEST(what_cannot_be_mapped_is_the_systems_fault)
{
	g_autoptr(GError) error = NULL;
	int ends[2];

	ck_assert_int_eq(pipe(ends), 0);
	ck_assert_ptr_null(miyin_memfile_map(ends[0], &error));
	ck_assert(g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM));
	close(ends[0]);
	close(ends[1]);
}
END_TEST

START_TEST(a_stream_is_copied)
{
	int from = new_file(texts[_i]), to = new_file("");
	guint64 length = 99;

	ck_assert(miyin_memfile_fill(to, from, 9, &length, NULL));
	ck_assert_uint_eq(length, strlen(texts[_i]));
	assert_holds(to, texts[_i]);
	close(from);
	close(to);
}
END_TEST

START_TEST(more_than_the_limit_is_refused)
{
	int from = new_file("some text"), to = new_file("");
	g_autoptr(GError) error = NULL;
	guint64 length = 99;

	ck_assert(!miyin_memfile_fill(to, from, 8, &length, &error));
	ck_assert(g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_INPUT));
	ck_assert_uint_eq(length, 99);
	close(from);
	close(to);
}
END_TEST

START_TEST(a_text_is_no_longer_than_it_may_be)
{
	int fd = new_file(texts[_i]);
	const gsize length = strlen(texts[_i]);
	g_autofree char *text = miyin_memfile_text(fd, length, NULL);
	g_autoptr(GError) error = NULL;

	ck_assert_str_eq(text, texts[_i]);
	if (length > 0) {
		ck_assert_ptr_null(miyin_memfile_text(fd, length - 1, &error));
		ck_assert(g_error_matches(error, MIYIN_ERROR,
					  MIYIN_ERROR_SYSTEM));
	}
	close(fd);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("memfile");
	TCase *tcase = tcase_create("memfile");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_loop_test(tcase, what_is_written_is_mapped, 0,
			    G_N_ELEMENTS(texts));
	tcase_add_loop_test(tcase, a_text_is_no_longer_than_it_may_be, 0,
			    G_N_ELEMENTS(texts));
	tcase_add_test(tcase, what_cannot_be_mapped_is_the_systems_fault);
	tcase_add_loop_test(tcase, a_stream_is_copied, 0, G_N_ELEMENTS(texts));
	tcase_add_test(tcase, more_than_the_limit_is_refused);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
