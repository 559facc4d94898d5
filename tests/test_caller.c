/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "backend/caller.h"

#include <check.h>
#include <stdlib.h>

/* The accounts root (0), daemon (1) and lp (7) are on every Debian. */
static const struct {
	const char *what;
	miyin_caller_words words;
	const char *name;
} rows[] = {
	{ "over the socket", { "daemon", "daemon", "1", "none" }, "daemon" },
	{ "with a password", { "daemon", "daemon", NULL, "none" }, "daemon" },
	{ "root, whose uid cupsd does not tell",
	  { "root", "root", NULL, "none" },
	  "root" },
	{ "an older scheduler", { "lp", "lp", "7", NULL }, "lp" },
	{ "of another realm",
	  { "lp@EXAMPLE.ORG", "lp@EXAMPLE.ORG", NULL, "none" },
	  "lp@EXAMPLE.ORG" },
	{ "nobody logged in", { "daemon", NULL, NULL, "none" }, NULL },
	{ "an empty login", { "daemon", "", NULL, "none" }, NULL },
	{ "no owner", { "", "", NULL, "none" }, NULL },
	{ "no owner at all", { NULL, NULL, NULL, NULL }, NULL },
	{ "auth-info names another", { "daemon", "root", "1", "none" }, NULL },
	{ "the owner claims another", { "root", "daemon", "1", "none" }, NULL },
	{ "another's uid", { "daemon", "daemon", "7", "none" }, NULL },
	{ "a uid and no account",
	  { "miyin-no-such", "miyin-no-such", "1", "none" },
	  NULL },
	{ "a queue that takes auth-info",
	  { "daemon", "daemon", "1", "username,password" },
	  NULL },
	{ "a queue that takes tickets",
	  { "daemon", "daemon", "1", "negotiate" },
	  NULL },
	{ "a name with a line end",
	  { "daemon\nroot", "daemon\nroot", NULL, "none" },
	  NULL },
	{ "a name with an invisible letter",
	  { "daemon\xe2\x80\x8b", "daemon\xe2\x80\x8b", NULL, "none" },
	  NULL },
};

START_TEST(all_sources_agree)
{
	g_autofree char *name = miyin_caller_find(&rows[_i].words);

	ck_assert_msg(g_strcmp0(name, rows[_i].name) == 0, "%s: %s",
		      rows[_i].what, name);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("caller");
	TCase *tcase = tcase_create("caller");
	SRunner *runner;
	int n_failed;

	tcase_add_loop_test(tcase, all_sources_agree, 0, G_N_ELEMENTS(rows));
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
