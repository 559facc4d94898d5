/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "admin/queue.h"

#include <miyin/deviceuri.h>
#include <check.h>
#include <stdlib.h>

static const struct {
	const char *what, *uri, *shown;
} rows[] = {
	{ "nothing to hide", "socket://10.0.0.1:9100",
	  "socket://10.0.0.1:9100" },
	{ "user and password", "smb://u:secret@host/p", "smb://host/p" },
	{ "a user alone", "ipp://u@host/ipp/print", "ipp://host/ipp/print" },
	{ "an @ in the password", "ipp://u:p@ss@host/p", "ipp://host/p" },
	{ "three of them", "ipp://u:@@@host/p", "ipp://host/p" },
	{ "an @ in the path", "ipp://host/a@b", "ipp://host/a@b" },
	{ "an @ in both", "ipp://u:p@host/a@b", "ipp://host/a@b" },
	{ "no host", "usb:/dev/usb/lp0", "usb:/dev/usb/lp0" },
	{ "a password and no path", "ipp://u:p@ss@host", "ipp://host" },
};

START_TEST(no_part_of_a_password_is_shown)
{
	g_autofree char *shown = miyin_deviceuri_bare(rows[_i].uri);

	ck_assert_msg(g_str_equal(shown, rows[_i].shown), "%s: %s",
		      rows[_i].what, shown);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("queue");
	TCase *tcase = tcase_create("uri");
	SRunner *runner;
	int n_failed;

	tcase_add_loop_test(tcase, no_part_of_a_password_is_shown, 0,
			    G_N_ELEMENTS(rows));
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
