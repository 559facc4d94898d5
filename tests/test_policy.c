/* SPDX-License-Identifier: GPL-3.0-or-later */
/* policy.conf as people write it: what is wrong is told with its line. */
#include <check.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <miyin/error.h>
#include <miyin/policy.h>
#include <miyin/policydoubts.h>

#define HEAD "[references]\nowner = user\n"
#define REST                                                                   \
	"body = fit\nverify = every-page\nmissing-glyph = refuse\n"            \
	"conditions =\ndeclared-level = warn\ndeclared-pages = 3\n"            \
	"declared-unreadable = warn\ncarried-codes = refuse\n"
#define COPIES "copies-per-document = 3\ncopies-per-job = 2\n"
#define NAMES "users = root\nqueues = *\n"
#define JIMI "[level jimi]\n" COPIES NAMES REST

static char *dir, *path;

static void make_dir(void)
{
	dir = g_dir_make_tmp("miyin-policy.XXXXXX", NULL);
	path = g_build_filename(dir, "policy.conf", NULL);
}

static void remove_dir(void)
{
	g_remove(path);
	g_rmdir(dir);
	g_free(path);
	g_free(dir);
}

static void write_policy(const char *text)
{
	ck_assert(g_file_set_contents(path, text, -1, NULL));
}

/* Each is an error with its line and these words. */
static const struct {
	const char *what, *text;
	unsigned line;
	const char *words;
} faults[] = {
	{ "a group twice", HEAD JIMI "[level neibu]\n" COPIES NAMES REST JIMI,
	  29, "[level jimi] stands here a second time, after line 3" },
	{ "a group twice, one after the other", JIMI JIMI, 14,
	  "[level jimi] stands here a second time, after line 1" },
	{ "[references] twice", HEAD JIMI HEAD, 16,
	  "[references] stands here a second time, after line 1" },
	{ "a group twice, once indented", HEAD JIMI "  [references]\n", 16,
	  "[references] stands here a second time" },
	{ "a setting twice", "[level jimi]\n" COPIES NAMES "users = bin\n" REST,
	  6, "[level jimi] users stands here a second time, after line 4" },
	{ "a setting twice with other space",
	  "[level jimi]\n" COPIES NAMES REST "  users=bin\n", 14,
	  "[level jimi] users stands here a second time" },
	{ "a full-width comma",
	  "[level jimi]\n" COPIES "users = root，bin\nqueues = *\n" REST, 4,
	  "[level jimi] users: write \",\" and not \"，\"" },
	{ "an enumeration comma",
	  "[level jimi]\n" COPIES "users = root、bin\nqueues = *\n" REST, 4,
	  "[level jimi] users: write \",\" and not \"、\"" },
	{ "a semicolon",
	  "[level jimi]\n" COPIES "users = root; bin\nqueues = *\n" REST, 4,
	  "[level jimi] users: write \",\" and not \";\"" },
	{ "a full-width semicolon between queues",
	  "[level jimi]\n" COPIES "users = root\nqueues = A；B\n" REST, 5,
	  "[level jimi] queues: write \",\" and not \"；\"" },
	{ "a full-width star",
	  "[level jimi]\n" COPIES "users = ＊\nqueues = *\n" REST, 4,
	  "[level jimi] users: write \"*\" and not \"＊\"" },
	{ "a full-width @",
	  "[level jimi]\n" COPIES "users = ＠root\nqueues = *\n" REST, 4,
	  "[level jimi] users: write \"@\" and not \"＠\"" },
	{ "an ideographic space",
	  "[level jimi]\n" COPIES "users = root,　bin\nqueues = *\n" REST, 4,
	  "[level jimi] users: write \" \"" },
	{ "a full-width comma between owners",
	  "[references]\nowner = @bin，@root\n" JIMI, 2,
	  "[references] owner: write \",\" and not \"，\"" },
	{ "a group of no name",
	  "[level jimi]\n" COPIES "users = root, @\nqueues = *\n" REST, 4,
	  "[level jimi] users: behind @ the name of a group is missing" },
	{ "a full-width equals sign",
	  "[level jimi]\n" COPIES "users ＝ root\nqueues = *\n" REST, 4,
	  "neither [GROUP] nor KEY = VALUE" },
	{ "full-width brackets", HEAD "【level jimi】\n" COPIES, 3,
	  "neither [GROUP] nor KEY = VALUE" },
	{ "an open bracket", HEAD "[level jimi\n" COPIES, 3,
	  "neither [GROUP] nor KEY = VALUE" },
	{ "words behind a group", HEAD "[level jimi] # secret\n" COPIES, 3,
	  "neither [GROUP] nor KEY = VALUE" },
	{ "a setting before any group", "users = *\n" JIMI, 1,
	  "neither [GROUP] nor KEY = VALUE" },
	{ "another sign of a comment", HEAD "// see above\n" JIMI, 3,
	  "neither [GROUP] nor KEY = VALUE" },
	{ "a byte order mark", "\xef\xbb\xbf" HEAD JIMI, 1,
	  "save it as UTF-8 without one" },
	{ "full-width digits",
	  "[level jimi]\ncopies-per-document = ３\ncopies-per-job = 2\n" NAMES
		  REST,
	  2, "copies-per-document must be a number" },
};

START_TEST(tells_line)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *at = g_strdup_printf("%s:%u: ", path, faults[_i].line);

	write_policy(faults[_i].text);
	ck_assert_msg(!miyin_policy_open(path, &error), "%s was read",
		      faults[_i].what);
	ck_assert(g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_INPUT));
	ck_assert_msg(g_str_has_prefix(error->message, at), "%s: %s",
		      faults[_i].what, error->message);
	ck_assert_msg(strstr(error->message, faults[_i].words) != NULL,
		      "%s: %s", faults[_i].what, error->message);
}
END_TEST

START_TEST(tells_utf16)
{
	static const char text[] = "\xff\xfe[\0l\0]\0";
	g_autoptr(GError) error = NULL;

	ck_assert(g_file_set_contents(path, text, sizeof(text) - 1, NULL));
	ck_assert_ptr_null(miyin_policy_open(path, &error));
	ck_assert_ptr_nonnull(strstr(error->message, "UTF-16"));
}
END_TEST

/* A part behind a NUL must not be left out as if it were not there. */
START_TEST(reads_whole)
{
	static const char text[] = HEAD "\0" JIMI;
	g_autoptr(GError) error = NULL;

	ck_assert(g_file_set_contents(path, text, sizeof(text) - 1, NULL));
	ck_assert_ptr_null(miyin_policy_open(path, &error));
}
END_TEST

/* Commas of any kind stand between conditions, which are words of a person. */
START_TEST(reads_conditions)
{
	g_autoptr(miyin_policy) policy = NULL;

	write_policy("[level jimi]\n" COPIES NAMES
		     "body = fit\nverify = every-page\n"
		     "missing-glyph = refuse\nconditions = 公布前，启用前\n"
		     "declared-level = warn\ndeclared-pages = 3\n"
		     "declared-unreadable = warn\ncarried-codes = refuse\n");
	policy = miyin_policy_open(path, NULL);
	ck_assert_ptr_nonnull(policy);
	ck_assert_uint_eq(
		g_strv_length(miyin_policy_find(policy, "jimi")->conditions),
		2);
}
END_TEST

START_TEST(conditions_without_day)
{
	static const struct {
		const char *conditions;
		gboolean good;
	} rows[] = {
		{ "公布前, 长期", TRUE },  { "十年", FALSE },
		{ "公布前, 30年", FALSE }, { "2036-01-01", FALSE },
		{ "6 months", FALSE },	   { "", TRUE },
	};

	for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *text = g_strconcat(
			"[level jimi]\n" COPIES NAMES
			"body = fit\nverify = every-page\n"
			"missing-glyph = refuse\nconditions = ",
			rows[i].conditions,
			"\ndeclared-level = warn\ndeclared-pages = 3\n"
			"declared-unreadable = warn\ncarried-codes = refuse\n",
			NULL);
		g_autoptr(GError) error = NULL;
		g_autoptr(miyin_policy) policy = NULL;

		write_policy(text);
		policy = miyin_policy_open(path, &error);
		ck_assert_msg((policy != NULL) == rows[i].good, "%s",
			      rows[i].conditions);
		ck_assert(!error || strstr(error->message, "conditions"));
	}
}
END_TEST

/* Each can be read, and is told all the same. words NULL: nothing is. */
static const struct {
	const char *what, *text;
	unsigned line;
	const char *words;
} doubts[] = {
	{ "as it should be", HEAD JIMI, 0, NULL },
	{ "an unknown user",
	  "[level jimi]\n" COPIES "users = root, nosuch\nqueues = *\n" REST, 4,
	  "[level jimi] users: there is no user \"nosuch\"" },
	{ "an unknown group",
	  "[level jimi]\n" COPIES "users = @nosuch\nqueues = *\n" REST, 4,
	  "[level jimi] users: there is no group \"nosuch\"" },
	{ "users with blanks between",
	  "[level jimi]\n" COPIES "users = root bin\nqueues = *\n" REST, 4,
	  "there is no user \"root bin\"" },
	{ "a remark behind a value",
	  "[level jimi]\n" COPIES "users = root # all\nqueues = *\n" REST, 4,
	  "there is no user \"root # all\"" },
	{ "a user of a realm",
	  "[level jimi]\n" COPIES "users = li@OFFICE.CN\nqueues = *\n" REST, 4,
	  NULL },
	{ "a comma at the end",
	  "[level jimi]\n" COPIES "users = root,\nqueues = *\n" REST, 4, NULL },
	{ "an unknown owner", "[references]\nowner = @nosuch\n" JIMI, 2,
	  "[references] owner: there is no group \"nosuch\"" },
	{ "a queue that is not protected",
	  "[level jimi]\n" COPIES "users = *\nqueues = Office, Ofice\n" REST, 5,
	  "[level jimi] queues: no protected queue is called \"Ofice\"" },
	{ "more copies a job than a document",
	  "[level jimi]\ncopies-per-document = 3\ncopies-per-job = 4\n" NAMES
		  REST,
	  3, "copies-per-job is 4, but copies-per-document allows 3" },
	{ "as many copies a job as a document",
	  "[level jimi]\ncopies-per-document = 3\ncopies-per-job = 3\n" NAMES
		  REST,
	  3, NULL },
};

START_TEST(doubts_told)
{
	g_autoptr(GPtrArray) queues = g_ptr_array_new();
	g_auto(GStrv) list = NULL;
	g_autofree char *all = NULL;
	g_autofree char *at = g_strdup_printf("%s:%u: ", path, doubts[_i].line);

	g_ptr_array_add(queues, "Office");
	write_policy(doubts[_i].text);
	list = miyin_policydoubts_list(path, queues);
	all = g_strjoinv("\n", list);
	if (!doubts[_i].words) {
		ck_assert_msg(!list[0], "%s: %s", doubts[_i].what, all);
		return;
	}
	ck_assert_msg(strstr(all, at) && strstr(all, doubts[_i].words),
		      "%s: %s", doubts[_i].what, all);
	ck_assert_msg(!list[1], "%s: %s", doubts[_i].what, all);
}
END_TEST

/* As an upgrade brings one: all of them at once, and what to write. */
START_TEST(lacks_told)
{
	g_auto(GStrv) list = NULL;
	g_autofree char *all = NULL;

	write_policy("[level jimi]\n" COPIES NAMES
		     "[level neibu]\n" COPIES NAMES);
	list = miyin_policydoubts_list_lacks(path);
	ck_assert_uint_eq(g_strv_length(list), 8);
	all = g_strjoinv("\n", list);
	ck_assert_msg(strstr(all, "lack carried-codes, without which nothing "
				  "is printed: 1, 6; add to each a line such "
				  "as carried-codes = refuse") != NULL,
		      "%s", all);
}
END_TEST

/* A scheme asks for the id, not for the word that is printed. */
START_TEST(levels_told)
{
	static const char *const known[] = { "jimi", NULL };
	g_auto(GStrv) list = NULL;

	write_policy(HEAD JIMI "[level 秘密]\n" COPIES NAMES REST);
	list = miyin_policydoubts_list_levels(path, known);
	ck_assert_uint_eq(g_strv_length(list), 1);
	ck_assert_ptr_nonnull(strstr(
		list[0], ":16: no scheme has a level of the id \"秘密\""));
}
END_TEST

START_TEST(doubts_of_nothing)
{
	g_auto(GStrv) list = miyin_policydoubts_list("/nowhere", NULL);

	ck_assert_uint_eq(g_strv_length(list), 0);
}
END_TEST

/* Else a newcomer would begin with an hour of them. */
START_TEST(sample_is_fine)
{
	g_auto(GStrv) list =
		miyin_policydoubts_list("samples/policies/default.conf", NULL);

	ck_assert_msg(!list[0], "%s", list[0]);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("policy");
	TCase *tcase = tcase_create("lines");
	SRunner *runner;
	int n_failed;

	tcase_add_checked_fixture(tcase, make_dir, remove_dir);
	tcase_add_loop_test(tcase, tells_line, 0, G_N_ELEMENTS(faults));
	tcase_add_test(tcase, tells_utf16);
	tcase_add_test(tcase, reads_whole);
	tcase_add_test(tcase, reads_conditions);
	tcase_add_test(tcase, conditions_without_day);
	tcase_add_loop_test(tcase, doubts_told, 0, G_N_ELEMENTS(doubts));
	tcase_add_test(tcase, lacks_told);
	tcase_add_test(tcase, levels_told);
	tcase_add_test(tcase, doubts_of_nothing);
	tcase_add_test(tcase, sample_is_fine);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
