/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "gate/claims.h"
#include <miyin/error.h>
#include <miyin/refusal.h>

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define HASH64                                                                 \
	"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

/* ---- fields -----------------------------------------------------------------
 */

static const struct {
	const char *what, *name, *value;
	const char *clean; /* NULL: the record is refused */
} claims[] = {
	{ "a title", "title", "Plan B", "Plan B" },
	{ "an escape sequence", "title", "\x1b%-12345X@PJL", "%-12345X@PJL" },
	{ "text turned round", "document",
	  "a\xe2\x80\xae"
	  "fdp",
	  "afdp" },
	{ "a filler alone", "holders", "\xe3\x85\xa4", "" },
	{ "bytes that are no text", "title", "\xff\xfe", NULL },
	{ "GBK", "holders", "\xd5\xc5\xc8\xfd", NULL },
	{ "a number of copies", "copies", "3", "3" },
	{ "no number", "copies", "", NULL },
	{ "a sign", "copies", "-3", NULL },
	{ "a number in other digits", "copies", "３", NULL },
	{ "a number with a word", "copies", "3x", NULL },
	{ "a long number", "copies", "00000000003", NULL },
	{ "a hash", "content-hash", HASH64, HASH64 },
	{ "no hash", "content-hash", "", NULL },
	{ "half a hash", "content-hash", "0123456789abcdef", NULL },
	{ "a hash in capitals", "content-hash",
	  "0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef",
	  NULL },
	{ "a reference for a hash", "content-hash", "甲2026-1", NULL },
	{ "a control sheet", "control", "true", "true" },
	{ "none", "control", "", "" },
	{ "perhaps", "control", "yes", NULL },
	{ "sides", "sides", "two-sided-long-edge", "two-sided-long-edge" },
	{ "three sides", "sides", "three-sided", NULL },
	{ "sides and more", "sides", "one-sided copies=9", NULL },
	{ "a paper", "page-size", "A4", "A4" },
	{ "a paper of one's own", "page-size", "Custom.100.5x200mm",
	  "Custom.100.5x200mm" },
	{ "a paper with an option behind it", "page-size", "A4 copies=9",
	  NULL },
	{ "a paper with a command", "page-size", "A4;id", NULL },
	{ "a paper with quotes", "media", "\"A4\"", NULL },
	{ "a paper with braces", "media", "{a=b}", NULL },
	{ "a paper in Chinese", "media", "甲4", NULL },
	{ "an option", "device", "InputSlot=Tray2", "InputSlot=Tray2" },
	{ "an option without a name", "device", "=Tray2", NULL },
	{ "an option without a value", "device", "InputSlot=", NULL },
	{ "an option that is none", "device", "InputSlot", NULL },
	{ "two options in one", "device", "InputSlot=Tray2 copies=9", NULL },
	{ "an option with a backslash", "device", "InputSlot=Tray\\ 2", NULL },
	{ "an option with an escape", "device",
	  "InputSlot=\x1b"
	  "E",
	  NULL },
	{ "an option with a quote", "device", "a'b=c", NULL },
	{ "lines", "words", "机密★10年\xe2\x80\xa8通知\x1b\xe2\x80\xa8",
	  "机密★10年\xe2\x80\xa8通知\xe2\x80\xa8" },
	{ "a field of nobody's", "priority", "9", NULL },
	{ "a field of another record", "reason", "damaged", NULL },
	{ "a field without a name", "", "x", NULL },
	{ "a name that goes on", "titles", "x", NULL },
};

START_TEST(checked)
{
	g_autoptr(miyin_frame) frame = miyin_frame_new(MIYIN_FRAME_DOCUMENT);
	g_autoptr(GError) error = NULL;
	gboolean ok;

	miyin_frame_add(frame, claims[_i].name, claims[_i].value);
	if (!g_str_equal(claims[_i].name, "content-hash"))
		miyin_frame_add(frame, "content-hash", HASH64);
	ok = miyin_claims_check(frame, &error);
	ck_assert_msg(ok == (claims[_i].clean != NULL), "%s: %s",
		      claims[_i].what, ok ? "taken" : error->message);
	if (ok)
		ck_assert_str_eq(miyin_frame_get(frame, claims[_i].name),
				 claims[_i].clean);
	else
		ck_assert(
			g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_INPUT));
}
END_TEST

/* Each field once, but for the options of the device. */
START_TEST(twice)
{
	static const char *const fields[][2] = {
		{ "title", "a" },    { "copies", "1" },
		{ "level", "jimi" }, { "content-hash", HASH64 },
		{ "holders", "a" },  { "sides", "one-sided" },
	};
	g_autoptr(miyin_frame) frame = miyin_frame_new(MIYIN_FRAME_DOCUMENT);

	miyin_frame_add(frame, "device", "a=b");
	miyin_frame_add(frame, "device", "a=c");
	miyin_frame_add(frame, fields[_i][0], fields[_i][1]);
	if (!miyin_frame_get(frame, "content-hash"))
		miyin_frame_add(frame, "content-hash", HASH64);
	ck_assert(miyin_claims_check(frame, NULL));
	miyin_frame_add(frame, fields[_i][0], fields[_i][1]);
	ck_assert(!miyin_claims_check(frame, NULL));
}
END_TEST

START_TEST(too_long)
{
	static const char *const names[] = { "title", "document", "period",
					     "media", "device",	  "level" };
	g_autofree char *value = g_strnfill(300, 'x');
	g_autoptr(miyin_frame) frame = miyin_frame_new(MIYIN_FRAME_DOCUMENT);

	value[1] = '=';
	miyin_frame_add(frame, "content-hash", HASH64);
	ck_assert(miyin_claims_check(frame, NULL));
	miyin_frame_add(frame, names[_i], value);
	ck_assert(!miyin_claims_check(frame, NULL));
}
END_TEST

/* ---- refusals
 * ---------------------------------------------------------------- */

static const struct {
	const char *what, *reason, *detail, *id;
} rejects[] = {
	{ "a sentence without arguments", "damaged",
	  "Not printed: the document is damaged and cannot be repaired; save "
	  "it again and print the new file.",
	  "damaged" },
	{ "a sentence with its arguments", "bad-option",
	  "Not printed: \"foo\" is not a value of option sides; check the "
	  "option and print again.",
	  "bad-option" },
	{ "an option that there is not", "unknown-option",
	  "Not printed: there is no option \"MiyinLevle\"; write it as one of "
	  "MiyinLevel and print again.",
	  "unknown-option" },
	{ "a sheet that the printer has not", "paper",
	  "Not printed: the printer takes no sheet of 9 x 9 mm, but from 10 x "
	  "10 to 20 x 20 mm; choose a paper of its list.",
	  "paper" },
	{ "the sentence of another", "damaged",
	  "Not printed: this PDF opens only with a password; remove the "
	  "password and print again.",
	  "stream" },
	{ "words of one's own", "damaged",
	  "Printed: ask 13800000000 for your paper.", "stream" },
	{ "a sentence and more", "damaged",
	  "Not printed: the document is damaged and cannot be repaired; save "
	  "it again and print the new file. Call 13800000000.",
	  "stream" },
	{ "a refusal of the register's", "over-limit",
	  "Not printed: the number of copies that 机密 allows of this document "
	  "is 3, with 0 left; ask the confidentiality officer.",
	  "stream" },
	{ "an end that is none", "canceled",
	  "Canceled: 3 of 3 copies were printed.", "stream" },
	{ "no sentence", "damaged", "", "stream" },
};

START_TEST(rejected)
{
	g_autoptr(miyin_frame) frame = miyin_frame_new(MIYIN_FRAME_REJECT);
	g_autoptr(GError) refusal = NULL;

	miyin_frame_add(frame, "reason", rejects[_i].reason);
	miyin_frame_add(frame, "detail", rejects[_i].detail);
	ck_assert(miyin_claims_check(frame, NULL));
	refusal = miyin_claims_refusal(frame);
	ck_assert(refusal->domain == MIYIN_REFUSAL);
	ck_assert_msg(
		g_str_equal(miyin_refusal_id(refusal->code), rejects[_i].id),
		"%s: %s", rejects[_i].what, refusal->message);
}
END_TEST

/* What has no hash would be one document with all others that have none. */
START_TEST(no_hash)
{
	g_autoptr(miyin_frame) frame = miyin_frame_new(MIYIN_FRAME_DOCUMENT);

	miyin_frame_add(frame, "title", "Plan B");
	ck_assert(!miyin_claims_check(frame, NULL));
}
END_TEST

START_TEST(unknown_reason)
{
	g_autoptr(miyin_frame) frame = miyin_frame_new(MIYIN_FRAME_REJECT);

	miyin_frame_add(frame, "reason", "because");
	ck_assert(!miyin_claims_check(frame, NULL));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("claims");
	TCase *tcase = tcase_create("claims");
	SRunner *runner;
	int n_failed;

	tcase_add_loop_test(tcase, checked, 0, G_N_ELEMENTS(claims));
	tcase_add_loop_test(tcase, twice, 0, 6);
	tcase_add_loop_test(tcase, too_long, 0, 6);
	tcase_add_loop_test(tcase, rejected, 0, G_N_ELEMENTS(rejects));
	tcase_add_test(tcase, no_hash);
	tcase_add_test(tcase, unknown_reason);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
