/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "backend/finaltype.h"
#include <miyin/deviceppd.h>
#include <miyin/error.h>

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define HEAD "*PPD-Adobe: \"4.3\"\n"
#define PASS "*cupsFilter2: \"application/pdf application/octet-stream 0 -\"\n"

static const struct {
	const char *what, *ppd, *monitor, *made;
} pairs[] = {
	{ "a raster driver",
	  HEAD "*cupsFilter: \"application/vnd.cups-raster 0 rastertopcl\"\n",
	  "none",
	  HEAD PASS "*%miyin-monitor: none\n"
		    "*%miyin: *cupsFilter: "
		    "\"application/vnd.cups-raster 0 rastertopcl\"\n" },
	{ "PostScript over a port monitor",
	  HEAD "*cupsPortMonitor socket: tbcp\n*ModelName: \"x\"\n", "tbcp",
	  HEAD PASS "*%miyin-monitor: tbcp\n"
		    "*%miyin: *cupsPortMonitor socket: tbcp\n"
		    "*ModelName: \"x\"\n" },
	{ "a prefilter, a keyword in other letters",
	  HEAD "*cupsPreFilter: \"application/pdf 0 x\"\n*CUPSFILTER: \"y\"\n",
	  NULL,
	  HEAD PASS "*%miyin-monitor: none\n"
		    "*%miyin: *cupsPreFilter: \"application/pdf 0 x\"\n"
		    "*%miyin: *CUPSFILTER: \"y\"\n" },
	{ "no line of a program", HEAD "*ModelName: \"x\"", NULL,
	  HEAD PASS "*%miyin-monitor: none\n*ModelName: \"x\"" },
};

START_TEST(there_and_back)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *monitor = NULL;
	g_autofree char *made =
		miyin_deviceppd_make(pairs[_i].ppd, pairs[_i].monitor, &error);
	g_autofree char *back = NULL;

	ck_assert_msg(made != NULL, "%s", pairs[_i].what);
	ck_assert_str_eq(made, pairs[_i].made);
	back = miyin_deviceppd_restore(made, &monitor, &error);
	ck_assert_msg(back != NULL, "%s", pairs[_i].what);
	ck_assert_str_eq(back, pairs[_i].ppd);
	if (g_strcmp0(pairs[_i].monitor, "tbcp") == 0)
		ck_assert_str_eq(monitor, "tbcp");
	else
		ck_assert_ptr_null(monitor);
}
END_TEST

static const struct {
	const char *what, *ppd;
} holes[] = {
	{ "the printer's own",
	  HEAD "*cupsFilter: \"application/vnd.cups-raster 0 rastertopcl\"\n" },
	{ "the printer's own, without a filter", HEAD "*ModelName: \"x\"\n" },
	{ "a second way", HEAD PASS "*%miyin-monitor: none\n"
				    "*cupsFilter: \"application/pdf 0 x\"\n" },
	{ "a second way in other letters",
	  HEAD PASS "*%miyin-monitor: none\n"
		    "*CupsFilter2: \"application/pdf a/b 0 x\"\n" },
	{ "a filter before all", HEAD PASS "*%miyin-monitor: none\n"
					   "*cupsPreFilter: \"a/b 0 x\"\n" },
	{ "no monitor line", HEAD PASS },
	{ "nothing", "" },
};

START_TEST(not_a_device_ppd)
{
	g_autoptr(GError) error = NULL;
	char *monitor = NULL;

	ck_assert_msg(!miyin_deviceppd_restore(holes[_i].ppd, &monitor, &error),
		      "%s", holes[_i].what);
	ck_assert(g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_INPUT));
	ck_assert_ptr_null(monitor);
}
END_TEST

START_TEST(not_twice)
{
	g_autofree char *made = miyin_deviceppd_make(HEAD, NULL, NULL);
	g_autoptr(GError) error = NULL;

	ck_assert_ptr_null(miyin_deviceppd_make(made, NULL, &error));
	ck_assert(g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_INPUT));
	ck_assert_ptr_null(miyin_deviceppd_make("no PPD", NULL, NULL));
}
END_TEST

static const struct {
	const char *what, *ppd, *last, *type;
} ends[] = {
	{ "a raster driver",
	  "*cupsFilter: \"application/vnd.cups-raster 0 rastertopcl\"\n",
	  "rastertopcl", "application/vnd.cups-raster" },
	{ "with a target",
	  "*cupsFilter2: \"application/vnd.cups-raster printer/x 5 conv\"\n",
	  "/opt/conv", "printer/x" },
	{ "PDF for the printer",
	  "*cupsFilter2: \"application/vnd.cups-pdf application/pdf 10 -\"\n"
	  "*cupsFilter2: \"image/urf image/urf 0 -\"\n",
	  "pdftopdf", "application/pdf" },
	{ "Apple's raster rather than PWG's",
	  "*cupsFilter2: \"image/pwg-raster image/pwg-raster 300 -\"\n"
	  "*cupsFilter2: \"image/urf image/urf 100 -\"\n",
	  "rastertopwg", "image/urf" },
	{ "nothing fits", "*cupsFilter: \"application/pdf 0 other\"\n",
	  "rastertopcl", "printer/miyin" },
};

START_TEST(final_type)
{
	char *const programs[] = { "first", (char *)ends[_i].last, NULL };
	g_autofree char *type = miyin_finaltype_find(ends[_i].ppd, programs);

	ck_assert_msg(strcmp(type, ends[_i].type) == 0, "%s: %s", ends[_i].what,
		      type);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("deviceppd");
	TCase *tcase = tcase_create("deviceppd");
	SRunner *runner;
	int n_failed;

	tcase_add_loop_test(tcase, there_and_back, 0, G_N_ELEMENTS(pairs));
	tcase_add_loop_test(tcase, not_a_device_ppd, 0, G_N_ELEMENTS(holes));
	tcase_add_test(tcase, not_twice);
	tcase_add_loop_test(tcase, final_type, 0, G_N_ELEMENTS(ends));
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
