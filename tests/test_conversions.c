/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "admin/conversions.h"
#include "admin/gateppd.h"
#include <check.h>
#include <glib/gstdio.h>
#include <stdlib.h>

static const char *const taken[] = { "application/pdf", "text/plain", NULL };

static const struct {
	const char *what, *convs, *found; /* with a space between */
} rows[] = {
	{ "nothing", "", "" },
	{ "one step", "image/urf application/pdf 0 rastertopdf\n",
	  "image/urf" },
	{ "a comment and blanks",
	  "# a/b application/pdf 1 x\n\t image/urf  application/pdf\t9 y\n",
	  "image/urf" },
	{ "two steps, the last one first",
	  "b/b application/pdf 9 y\na/a b/b 9 x\n", "a/a b/b" },
	{ "a step without a program", "text/css text/plain 100 -\n",
	  "text/css" },
	{ "to another type", "a/a image/urf 9 x\n", "" },
	{ "of one that is taken", "text/plain application/pdf 9 x\n", "" },
	{ "in a circle", "a/a b/b 1 x\nb/b a/a 1 y\nb/b text/plain 1 z\n",
	  "a/a b/b" },
	{ "in capitals", "Image/URF Application/PDF 9 x\n", "image/urf" },
	{ "raw data", "application/octet-stream application/pdf 9 x\n", "" },
	{ "half a line", "image/urf application/pdf\n", "" },
	{ "the end of lines of another system",
	  "image/urf application/pdf 9 x\r\n", "image/urf" },
};

static char *find_in(const char *convs)
{
	g_autofree char *folder = g_dir_make_tmp("convs-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(folder, "a.convs", NULL);
	g_autofree char *other = g_build_filename(folder, "a.types", NULL);
	const char *folders[] = { "/nonexistent", folder, NULL };
	g_auto(GStrv) found = NULL;

	ck_assert(g_file_set_contents(path, convs, -1, NULL));
	ck_assert(g_file_set_contents(
		other, "z/z application/pdf 0 rastertopdf\n", -1, NULL));
	found = miyin_conversions_find(folders, taken);
	g_unlink(path);
	g_unlink(other);
	g_rmdir(folder);
	return g_strjoinv(" ", found);
}

START_TEST(leads_to_taken)
{
	g_autofree char *found = find_in(rows[_i].convs);

	ck_assert_msg(g_str_equal(found, rows[_i].found), "%s: %s",
		      rows[_i].what, found);
}
END_TEST

/* Known, and nothing becomes of them, nor are they made of another. */
START_TEST(unknown)
{
	g_autofree char *folder = g_dir_make_tmp("types-XXXXXX", NULL);
	g_autofree char *convs = g_build_filename(folder, "a.convs", NULL);
	g_autofree char *types = g_build_filename(folder, "a.types", NULL);
	const char *folders[] = { folder, NULL };
	g_auto(GStrv) found = NULL;
	g_autofree char *list = NULL;

	ck_assert(g_file_set_contents(convs,
				      "image/urf application/pdf 0 x\n"
				      "application/pdf made/here 0 y\n",
				      -1, NULL));
	ck_assert(g_file_set_contents(
		types,
		"# none/this\napplication/pdf pdf\nA/DOCX docx \\\n"
		"\tstring(0,PK)\nimage/urf urf\nmade/here\n"
		"z/z\nz/z more\napplication/octet-stream bin\n"
		"application/vnd.cups-command x\n",
		-1, NULL));
	found = miyin_conversions_find_unknown(folders, taken);
	list = g_strjoinv(" ", found);
	ck_assert_str_eq(list, "a/docx z/z");
	g_unlink(convs);
	g_unlink(types);
	g_rmdir(folder);
}
END_TEST

/* The gate knows all that Debian's CUPS and cups-filters convert. */
START_TEST(of_this_server)
{
	g_auto(GStrv) ours = miyin_gateppd_types();
	g_auto(GStrv) found =
		miyin_conversions_find(NULL, (const char *const *)ours);
	g_autofree char *list = g_strjoinv(" ", found);

	ck_assert_str_eq(list, "");
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("convs");
	Suite *suite = suite_create("conversions");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_loop_test(tcase, leads_to_taken, 0, G_N_ELEMENTS(rows));
	tcase_add_test(tcase, unknown);
	tcase_add_test(tcase, of_this_server);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
