/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/refusal.h>
#include <miyin/text.h>

#include <check.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#define PO "po/zh_CN.po"

/* In the order of the enumeration; programs and the register keep them. */
static const struct {
	const char *id;
	int n_arguments;
} table[MIYIN_N_REFUSALS] = {
	{ "no-level", 2 },
	{ "bad-level", 2 },
	{ "level-denied", 2 },
	{ "level-lowered", 1 },
	{ "reference", 1 },
	{ "over-limit", 3 },
	{ "job-limit", 2 },
	{ "holders", 2 },
	{ "bad-holder", 1 },
	{ "bad-approver", 1 },
	{ "bad-scope", 1 },
	{ "bad-reference", 1 },
	{ "no-identity", 0 },
	{ "raw-data", 1 },
	{ "unsupported-format", 1 },
	{ "encoding", 0 },
	{ "password", 0 },
	{ "encrypted", 0 },
	{ "forbidden", 0 },
	{ "no-pages", 0 },
	{ "too-many-pages", 2 },
	{ "too-large", 1 },
	{ "budget", 1 },
	{ "page-too-small", 3 },
	{ "bad-glyph", 1 },
	{ "mark-too-long", 1 },
	{ "period", 3 },
	{ "bad-period", 2 },
	{ "period-over", 1 },
	{ "declared", 3 },
	{ "declared-period", 2 },
	{ "declared-unfit", 2 },
	{ "unreadable", 1 },
	{ "carried", 1 },
	{ "damaged", 0 },
	{ "bad-option", 2 },
	{ "unknown-option", 2 },
	{ "split-value", 2 },
	{ "paper", 3 },
	{ "banner", 0 },
	{ "not-marked", 2 },
	{ "stream", 1 },
	{ "register", 0 },
	{ "config", 0 },
	{ "server", 0 },
	{ "timeout", 1 },
	{ "time-limit", 1 },
	{ "interrupted", 0 },
	{ "unknown", 0 },
	{ "device", 1 },
	{ "canceled", 0 },
};

static const char *const arguments[] = { "<first>", "<second>", "<third>",
					 "<fourth>", NULL };

static unsigned count(const char *text, const char *what)
{
	unsigned n = 0;

	for (; (text = strstr(text, what)); text += strlen(what))
		n++;
	return n;
}

START_TEST(id_round_trip)
{
	ck_assert_str_eq(miyin_refusal_id(_i), table[_i].id);
	ck_assert_int_eq(miyin_refusal_find(table[_i].id), _i);
	for (int other = 0; other < _i; other++)
		ck_assert_str_ne(table[other].id, table[_i].id);
}
END_TEST

static const char *const strange[] = { "",	     "error",
				       "over-limi",  "over-limits",
				       "Over-Limit", "over_limit",
				       "damaged " };

START_TEST(no_such_id)
{
	ck_assert_int_eq(miyin_refusal_find(strange[_i]), -1);
}
END_TEST

/* One whole sentence that says all its arguments and nothing unfilled. */
static void assert_sentence(int refusal, const GError *error)
{
	ck_assert(error->domain == MIYIN_REFUSAL);
	ck_assert_int_eq(error->code, refusal);
	for (int i = 0; i < 4; i++)
		ck_assert_msg((count(error->message, arguments[i]) > 0) ==
				      (i < table[refusal].n_arguments),
			      "argument %d: %s", i + 1, error->message);
	ck_assert_msg(!strpbrk(error->message, "%\n\t"), "%s", error->message);
}

START_TEST(sentence)
{
	g_autoptr(GError) error =
		miyin_refusal_new_list(_i, (char *const *)arguments);
	g_autoptr(GError) same = miyin_refusal_new(
		_i, arguments[0], arguments[1], arguments[2], arguments[3]);

	assert_sentence(_i, error);
	ck_assert_str_eq(same->message, error->message);
	ck_assert_msg(g_str_has_prefix(error->message, "Not printed: ") ||
			      _i == MIYIN_REFUSAL_CANCELED,
		      "%s", error->message);
	ck_assert(g_str_has_suffix(error->message, "."));
}
END_TEST

/* miyinmark may be of another version: fewer words are no crash. */
START_TEST(too_few_arguments)
{
	char *const none[] = { NULL };
	g_autoptr(GError) error = miyin_refusal_new_list(_i, none);

	ck_assert_int_eq(error->code, _i);
	ck_assert_uint_gt(strlen(error->message), 20);
	ck_assert_ptr_null(strstr(error->message, "(null)"));
}
END_TEST

/* What a user typed is no format. */
START_TEST(argument_with_percent)
{
	g_autoptr(GError) error =
		miyin_refusal_new(MIYIN_REFUSAL_BAD_LEVEL, "%s%n%1$s", "机密");

	ck_assert_ptr_nonnull(strstr(error->message, "\"%s%n%1$s\""));
	ck_assert_ptr_nonnull(strstr(error->message, "机密"));
}
END_TEST

START_TEST(refuse)
{
	g_autoptr(GError) made = NULL;
	GError *error = NULL;

	ck_assert(!miyin_refuse(NULL, miyin_refusal_new(MIYIN_REFUSAL_BANNER)));
	ck_assert(!miyin_refuse_for(NULL, MIYIN_REFUSAL_BAD_GLYPH, "字"));
	ck_assert(!miyin_refuse_for(&made, MIYIN_REFUSAL_BAD_GLYPH, "字"));
	ck_assert_ptr_nonnull(strstr(made->message, "字"));
	ck_assert(
		!miyin_refuse(&error, miyin_refusal_new(MIYIN_REFUSAL_BANNER)));
	ck_assert(g_error_matches(error, MIYIN_REFUSAL, MIYIN_REFUSAL_BANNER));
	g_error_free(error);
}
END_TEST

/* ---- the Chinese ------------------------------------------------------ */

/* The text of a quoted line's strings, appended. */
static void append_quoted(GString *to, const char *line)
{
	const char *start = strchr(line, '"'), *end = strrchr(line, '"');
	g_autofree char *raw = NULL, *text = NULL;

	if (!start || end == start)
		return;
	raw = g_strndup(start + 1, end - start - 1);
	text = g_strcompress(raw);
	g_string_append(to, text);
}

/* "s" for %s and %2$s, "u" for %u, in order of the arguments. */
static char *get_conversions(const char *format)
{
	char letters[10] = "";
	unsigned n = 0;

	for (const char *at = strchr(format, '%'); at;
	     at = strchr(at + 1, '%')) {
		char *after;
		unsigned long place;

		if (at[1] == '%') {
			at++;
			continue;
		}
		place = strtoul(at + 1, &after, 10);
		if (*after == '$' && place > 0 && place < sizeof(letters))
			after++;
		else
			place = n + 1, after = (char *)at + 1;
		after += strspn(after, "0123456789.-+ #lzhj");
		n++;
		ck_assert_uint_lt(place, sizeof(letters));
		letters[place - 1] = *after;
	}
	return g_strdup(letters);
}

START_TEST(same_conversions)
{
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;
	g_autoptr(GString) id = g_string_new(NULL), str = g_string_new(NULL);
	GString *to = id;
	unsigned n_sentences = 0;

	if (!g_file_get_contents(PO, &text, NULL, NULL))
		return;
	lines = g_strsplit(text, "\n", -1);
	for (int i = 0; lines[i]; i++) {
		if (g_str_has_prefix(lines[i], "msgid ")) {
			g_string_truncate(id, 0);
			to = id;
		} else if (g_str_has_prefix(lines[i], "msgstr")) {
			g_string_truncate(str, 0);
			to = str;
		} else if (*lines[i] != '"') {
			continue;
		}
		append_quoted(to, lines[i]);
		if (to == str && (!lines[i + 1] || *lines[i + 1] != '"') &&
		    id->len > 0 && str->len > 0) {
			g_autofree char *a = get_conversions(id->str);
			g_autofree char *b = get_conversions(str->str);

			ck_assert_msg(g_str_equal(a, b), "\"%s\": \"%s\"",
				      id->str, str->str);
			n_sentences++;
		}
	}
	ck_assert_uint_gt(n_sentences, MIYIN_N_REFUSALS);
}
END_TEST

static char *locale_dir;

static void make_locale(void)
{
	g_autofree char *command = NULL;

	if (!g_file_test(PO, G_FILE_TEST_EXISTS))
		return;
	locale_dir = g_dir_make_tmp("miyin-test-XXXXXX", NULL);
	command = g_strdup_printf("d=%s/zh_CN/LC_MESSAGES; mkdir -p $d && "
				  "msgfmt -o $d/miyin.mo " PO,
				  locale_dir);
	ck_assert_int_eq(system(command), 0);
	miyin_text_set_language("zh_CN.UTF-8", locale_dir);
}

static void remove_locale(void)
{
	g_autofree char *command = NULL;

	if (!locale_dir)
		return;
	command = g_strdup_printf("rm -r %s", locale_dir);
	ck_assert_int_eq(system(command), 0);
	g_free(locale_dir);
}

START_TEST(in_chinese)
{
	g_autoptr(GError) error = NULL;

	if (!locale_dir)
		return;
	error = miyin_refusal_new_list(_i, (char *const *)arguments);
	assert_sentence(_i, error);
	ck_assert_msg(g_str_has_suffix(error->message, "。"), "%s",
		      error->message);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("refusal");
	TCase *tcase = tcase_create("refusal"), *chinese;
	SRunner *runner;
	int n_failed;

	tcase_add_loop_test(tcase, id_round_trip, 0, MIYIN_N_REFUSALS);
	tcase_add_loop_test(tcase, no_such_id, 0, G_N_ELEMENTS(strange));
	tcase_add_loop_test(tcase, sentence, 0, MIYIN_N_REFUSALS);
	tcase_add_loop_test(tcase, too_few_arguments, 0, MIYIN_N_REFUSALS);
	tcase_add_test(tcase, argument_with_percent);
	tcase_add_test(tcase, refuse);
	tcase_add_test(tcase, same_conversions);
	suite_add_tcase(suite, tcase);
	chinese = tcase_create("chinese");
	tcase_add_unchecked_fixture(chinese, make_locale, remove_locale);
	tcase_add_loop_test(chinese, in_chinese, 0, MIYIN_N_REFUSALS);
	suite_add_tcase(suite, chinese);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
