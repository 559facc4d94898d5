/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Texts of tests/golden; `make golden-update` writes them anew. */
#ifndef GOLDEN_TEXT_H
#define GOLDEN_TEXT_H

#include <check.h>
#include <glib.h>

static void assert_golden(const char *text, const char *name)
{
	g_autofree char *path = g_build_filename("tests/golden", name, NULL);
	g_autofree char *golden = NULL;

	if (g_getenv("GOLDEN_UPDATE"))
		ck_assert(g_file_set_contents(path, text, -1, NULL));
	ck_assert(g_file_get_contents(path, &golden, NULL, NULL));
	ck_assert_str_eq(text, golden);
}

#endif
