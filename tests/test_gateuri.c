/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <check.h>
#include <miyin/gateuri.h>
#include <stdlib.h>

static const struct {
	const char *device, *level, *uri;
} rows[] = {
	{ "Office-device", NULL, "miyin:/Office-device?scheme=eu" },
	{ "Office-device", "jimi",
	  "miyin:/Office-device?scheme=eu&level=jimi" },
	{ "打印机1-device", "jimi",
	  "miyin:/%E6%89%93%E5%8D%B0%E6%9C%BA1-device?scheme=eu&level=jimi" },
	{ "a?b&c=%41", NULL, "miyin:/a%3Fb%26c%3D%2541?scheme=eu" },
};

START_TEST(there_and_back)
{
	g_autofree char *uri =
		miyin_gateuri_format(rows[_i].device, "eu", rows[_i].level);
	g_autofree char *start = miyin_gateuri_start(rows[_i].device);
	g_autofree char *device = miyin_gateuri_device(uri);
	g_autofree char *scheme = miyin_gateuri_setting(uri, "scheme");
	g_autofree char *level = miyin_gateuri_setting(uri, "level");

	ck_assert_str_eq(uri, rows[_i].uri);
	ck_assert(g_str_has_prefix(uri, start));
	ck_assert_str_eq(device, rows[_i].device);
	ck_assert_str_eq(scheme, "eu");
	ck_assert_pstr_eq(level, rows[_i].level);
}
END_TEST

START_TEST(other_uris)
{
	g_autofree char *bare = miyin_gateuri_device("miyin:/Office-device");
	g_autofree char *none =
		miyin_gateuri_setting("miyin:/a?schemes=x&s", "scheme");

	ck_assert_str_eq(bare, "Office-device");
	ck_assert_ptr_null(none);
	ck_assert_ptr_null(miyin_gateuri_device("ipp://host/a?scheme=eu"));
	ck_assert_ptr_null(miyin_gateuri_device("miyin:/%zz?scheme=eu"));
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("uri");
	Suite *suite = suite_create("gateuri");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_loop_test(tcase, there_and_back, 0, G_N_ELEMENTS(rows));
	tcase_add_test(tcase, other_uris);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
