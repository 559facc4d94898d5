/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "filter/mark/calculator.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name;
	int n_in, n_out;
	const char *code, *written; /* NULL: it is none */
} codes[] = {
	{ "a sum", 1, 1, "{ 1 add }", "{ 1 add } " },
	{ "a choice", 1, 1, "{dup 0 lt{neg}{}ifelse}",
	  "{ dup 0 lt { neg } { } ifelse } " },
	/* A form feed ends a comment in PostScript, and not in Poppler. */
	{ "a comment", 1, 1, "{ 1 % \f showpage\n add }", "{ 1 add } " },
	{ "a tint of four inks", 1, 4, "{ 0 exch dup 0.5 mul exch 0 }",
	  "{ 0 exch dup 0.5 mul exch 0 } " },
	{ "a roll", 3, 3, "{ 3 -1 roll }", "{ 3 -1 roll } " },
	{ "an index", 2, 3, "{ 1 index }", "{ 1 index } " },
	{ "a copy", 2, 2, "{ 2 copy pop pop }", "{ 2 copy pop pop } " },
	{ "one of two inputs", 2, 1, "{ pop }", "{ pop } " },
	{ "a choice in a choice", 1, 1,
	  "{ dup 1 gt { pop 1 } { dup 0 lt { pop 0 } if } ifelse }",
	  "{ dup 1 gt { pop 1 } { dup 0 lt { pop 0 } if } ifelse } " },
	{ "an operator of PostScript", 1, 1, "{ showpage }", NULL },
	{ "a name", 1, 1, "{ /x }", NULL },
	{ "a string", 1, 1, "{ (x) }", NULL },
	{ "words before", 1, 1, "showpage { 1 add }", NULL },
	{ "words behind", 1, 1, "{ 1 add } showpage", NULL },
	{ "one more", 0, 1, "{ 1 } { 2 }", NULL },
	{ "an end too many", 0, 1, "{ 1 } }", NULL },
	{ "an end too few", 0, 1, "{ 1 { 2 }", NULL },
	{ "nothing", 1, 1, "", NULL },
	/* Numbers of others. */
	{ "leaves more", 1, 1, "{ 1 2 3 4 5 }", NULL },
	{ "leaves less", 1, 2, "{ }", NULL },
	{ "takes more", 1, 1, "{ pop pop 0 }", NULL },
	{ "takes more, and gives it back", 1, 1, "{ exch exch }", NULL },
	{ "takes more in one way", 1, 1,
	  "{ dup 0 gt { pop pop 0 0 } { } ifelse }", NULL },
	{ "leaves more in one way", 1, 1, "{ dup 0 gt { 1 } { } ifelse }",
	  NULL },
	{ "leaves more if", 1, 1, "{ dup 0 gt { 1 } if }", NULL },
	{ "an index beyond", 1, 2, "{ 1 index }", NULL },
	{ "an index that is reckoned", 1, 1, "{ 0 add index }", NULL },
	{ "a copy beyond", 1, 5, "{ 2 copy }", NULL },
	{ "a roll beyond", 1, 1, "{ 2 1 roll }", NULL },
	{ "a roll of less than none", 1, 1, "{ -1 1 roll }", NULL },
	{ "a roll by what is reckoned", 2, 1, "{ 1 exch roll }", NULL },
	{ "a procedure without an if", 1, 1, "{ { } }", NULL },
	{ "an if without a procedure", 1, 1, "{ true if }", NULL },
	{ "an if with two", 1, 1, "{ true { } { } if }", NULL },
	{ "an ifelse with one", 1, 1, "{ true { } ifelse }", NULL },
	{ "a procedure that waits", 1, 1, "{ true { } 1 pop if }", NULL },
	{ "an if of nobody", 1, 1, "if", NULL },
	{ "a hundred and one", 1, 1, "{ 50 copy 100 copy }", NULL },
};

START_TEST(calculator)
{
	GString *written =
		miyin_calculator_rewrite(codes[_i].code, strlen(codes[_i].code),
					 codes[_i].n_in, codes[_i].n_out);

	ck_assert_msg(codes[_i].written
			      ? written && g_str_equal(written->str,
						       codes[_i].written)
			      : !written,
		      "%s: %s", codes[_i].name, written ? written->str : "-");
	if (written)
		g_string_free(written, TRUE);
}
END_TEST

/* More than readers promise to keep. */
START_TEST(much)
{
	GString *code = g_string_new("{ ");

	for (int i = 0; i < 120; i++)
		g_string_append(code, "dup ");
	for (int i = 0; i < 120; i++)
		g_string_append(code, "pop ");
	g_string_append(code, "}");
	ck_assert_ptr_null(
		miyin_calculator_rewrite(code->str, code->len, 1, 1));
	g_string_free(code, TRUE);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("calculator");
	TCase *tcase = tcase_create("calculator");
	SRunner *runner;
	int n_failed;

	tcase_add_loop_test(tcase, calculator, 0, G_N_ELEMENTS(codes));
	tcase_add_test(tcase, much);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
