/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The message catalogue: every message of every program has its Chinese, and no
 * Latin word is left over in it but what a Chinese reader types or sees so.
 */
#include <miyin/text.h>

#include <check.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>

#define PO "po/zh_CN.po"
#define EXTRACT                                                                \
	"xgettext --from-code=UTF-8 -k_ -kN_ -kngettext:1,2 -kNC_:1c,2 -o -"   \
	" $(ls base/*.c format/*.c rules/*.c evidence/*.c registry/*.c"        \
	" filter/*/*.c filter/*/*.cc gate/*.c backend/*.c trace/*.c"           \
	" trace/*.cc audit/*.c office/*.c admin/*.c console/*.c"               \
	" 2> /dev/null)"

static char *run(const char *script)
{
	const char *argv[] = { "sh", "-c", script, NULL };
	char *out = NULL;
	int status = -1;

	ck_assert(g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH,
			       NULL, NULL, &out, NULL, &status, NULL));
	ck_assert(g_spawn_check_wait_status(status, NULL));
	return out;
}

/* Each with its reason: it is typed, or stands in a file, as it is. */
static const char *const allowed[] = {
	/* commands, ours and the system's */
	"miyin",
	"doctor",
	"protect",
	"unprotect",
	"backup",
	"log",
	"copies",
	"document",
	"trace",
	"lpadmin",
	"lpoptions",
	"cupsenable",
	"cupsaccept",
	"systemctl",
	"disable",
	"chmod",
	"chown",
	"go-w",
	"ps",
	"nft",
	"nftables",
	"cups-browsed",
	"miyincollect",
	"miyinconvert",
	"miyin-backup",
	"timedatectl",
	"sha256",
	"verify",
	"--key",
	"--first-key",
	"seal-key",
	"sm3",
	"OpenSSL",
	"cupsctl",
	"mount",
	"restorecon",
	"semanage",
	"apt",
	"install",
	/* files and folders */
	"cupsd.conf",
	"cups-files.conf",
	"miyin.conf",
	"policy.conf",
	"error_log",
	"nftables.conf",
	"etc",
	"proc",
	"control.pdf",
	"pdf",
	/* settings and their values */
	"auth-info-required",
	"none",
	"No",
	"Yes",
	"MaxJobs",
	"FileDevice",
	"User",
	"Group",
	"lp",
	"root",
	"LogFilePerm",
	"PreserveJobFiles",
	"PreserveJobHistory",
	"MaxEvents",
	"DefaultAuthType",
	"Basic",
	"Negotiate",
	"SSLListen",
	"period-max",
	"DefaultEncryption",
	"printer-is-shared",
	"false",
	"true",
	"printer-op-policy",
	"printer-error-policy",
	"abort-job",
	"sandbox",
	"landlock",
	"preferred",
	"lsm",
	"hidepid",
	"level",
	"number-up",
	"MiyinLevel",
	"MiyinHolders",
	"MiyinApprover",
	"MiyinScope",
	"MiyinDocument",
	"MiyinPeriod",
	"CAP_SYS_ADMIN",
	"today",
	"yesterday",
	"7d",
	"12h",
	"d",
	"h",
	"min",
	"ok",
	"refused",
	"failed",
	"references",
	"owner",
	"user",
	"users",
	"queues",
	"current",
	"state-secret",
	"copies-per-job",
	"copies-per-document",
	/* names of formats, programs and units that Chinese keeps */
	"CUPS",
	"PDF",
	"PNG",
	"JPEG",
	"TIFF",
	"PNM",
	"WebP",
	"PPD",
	"URI",
	"JSON",
	"CSV",
	"WPS",
	"Excel",
	"JCL",
	"Landlock",
	"seccomp",
	"MiB",
	"KiB",
	"A3",
	"UTF-8",
	"UTF-16",
	"BOM",
	/* examples */
	"cn-gb9704",
	"7K3Q-9XMD-2FHT",
};

static gboolean is_allowed(const char *word)
{
	if (*word == '-')
		return TRUE; /* an option */
	for (unsigned i = 0; i < G_N_ELEMENTS(allowed); i++)
		if (g_str_equal(word, allowed[i]))
			return TRUE;
	return FALSE;
}

/* The words of a text that are none of these; free with g_free. */
static char *left_over(const char *text)
{
	g_autoptr(GRegex) holes =
		g_regex_new("%(\\d\\$)?[-0-9.#]*l?[a-z]|\\\\n|\\\\\"|"
			    "\\[[a-z -]*" /* a group of a file */,
			    0, 0, NULL);
	g_autoptr(GRegex) words =
		g_regex_new("-{0,2}[0-9]*[A-Za-z][A-Za-z0-9_.-]*", 0, 0, NULL);
	g_autofree char *plain =
		g_regex_replace_literal(holes, text, -1, 0, " ", 0, NULL);
	g_autoptr(GMatchInfo) at = NULL;
	g_autoptr(GString) left = g_string_new(NULL);

	for (g_regex_match(words, plain, 0, &at); g_match_info_matches(at);
	     g_match_info_next(at, NULL)) {
		g_autofree char *word = g_match_info_fetch(at, 0);

		if (!is_allowed(word))
			g_string_append_printf(left, " %s", word);
	}
	return g_string_free(g_steal_pointer(&left), FALSE);
}

static const struct {
	const char *text, *left;
} samples[] = {
	{ "未打印：请选择密级", "" },
	{ "未打印：level 请选择 -o MiyinLevel=%s", "" },
	{ "未打印：choose a %1$s", " choose a" },
	{ "密级 jimi 不可用", " jimi" },
	{ "请运行 lpadmin -p %s -o printer-is-shared=false。", "" },
	{ "%.1f mm", " mm" },
};

START_TEST(finds_words)
{
	g_autofree char *left = left_over(samples[_i].text);

	ck_assert_str_eq(left, samples[_i].left);
}
END_TEST

/* ---- what never reached the catalogue ---------------------------------- */

/* Where an administrator or an officer reads what a program says. The printing
 * path says what is no refusal to the error log of the scheduler, in English as
 * the log is; so do the readers of what only our own programs write: form,
 * order, sheets. */
#define SPOKEN                                                                      \
	"cat $(ls base/*.c format/*.c rules/*.c registry/*.c trace/*.c"             \
	" office/*.c console/*.c admin/*.c gate/engine.c gate/step.c gate/copy.c |" \
	" grep -v -x -e format/form.c -e format/order.c -e format/sheets.c)"

/* Each with its reason. */
static const char *const unspoken[] = {
	/* to a program of ours that reads another's answer */
	"more than % bytes",
	/* names and options alone */
	"miyin ",
	"miyin: %s\n",
};

#define LITERAL "\"(?:\\\\.|[^\"\\\\])*\""

/* The words of all calls that say something, but for those in _(); free with
 * g_free. */
static char *find_unspoken(const char *source)
{
	g_autoptr(GRegex) calls = g_regex_new(
		"\\b(?:g_set_error(?:_literal)?|g_error_new(?:_literal)?|"
		"g_prefix_error|miyin_fail|miyin_keyfile_fail|g_print|g_printerr|"
		"refuse|fail|fail_at|fprintf|fputs|puts)\\s*\\(((?:" LITERAL
		"|[^\";])*+);",
		0, 0, NULL);
	g_autoptr(GRegex) spoken =
		g_regex_new("\\b_\\(\\s*(?:" LITERAL "\\s*)+\\)|"
			    "\\bngettext\\([^;]*|"
			    "^[^,\"]*\\bg, \"[^,\"]*\"," /* a setting */,
			    0, 0, NULL);
	g_autoptr(GRegex) literals = g_regex_new(LITERAL, 0, 0, NULL);
	g_autoptr(GRegex) words = g_regex_new(
		"%[-0-9.#]*l?[a-z]|\\\\.|\\[[a-z ]*\\]", 0, 0, NULL);
	g_autoptr(GString) left = g_string_new(NULL);
	g_autoptr(GMatchInfo) at = NULL;

	for (g_regex_match(calls, source, 0, &at); g_match_info_matches(at);
	     g_match_info_next(at, NULL)) {
		g_autofree char *call = g_match_info_fetch(at, 1);
		g_autofree char *rest = g_regex_replace_literal(
			spoken, call, -1, 0, "", 0, NULL);
		g_autoptr(GString) text = g_string_new(NULL);
		g_autoptr(GMatchInfo) part = NULL;
		g_autofree char *bare = NULL;

		for (g_regex_match(literals, rest, 0, &part);
		     g_match_info_matches(part);
		     g_match_info_next(part, NULL)) {
			g_autofree char *one = g_match_info_fetch(part, 0);

			g_string_append_len(text, one + 1, strlen(one) - 2);
		}
		bare = g_regex_replace_literal(words, text->str, -1, 0, " ", 0,
					       NULL);
		if (g_regex_match_simple("[A-Za-z]{3}", bare, 0, 0))
			g_string_append_printf(left, "%s\n", text->str);
	}
	return g_string_free(g_steal_pointer(&left), FALSE);
}

static const struct {
	const char *source, *left;
} calls[] = {
	{ "g_set_error(error, D, C, _(\"Not \" \"here: %s\"), why);", "" },
	{ "g_set_error(error, D, C, \"Not \" \"here; %s\", why);",
	  "Not here; %s\n" },
	{ "fprintf(stderr, \"%s: %u\\n\", _(\"no\"), n);", "" },
	{ "if (x)\n\tputs(\"done\");", "done\n" },
	{ "miyin_keyfile_fail(&g, key, \" is empty\");", " is empty\n" },
	{ "miyin_keyfile_fail(g, \"colour\", _(\" is empty\"));", "" },
	{ "g_printerr(ngettext(\"one\", \"%u of them\", n), n);", "" },
};

START_TEST(finds_calls)
{
	g_autofree char *left = find_unspoken(calls[_i].source);

	ck_assert_str_eq(left, calls[_i].left);
}
END_TEST

static gboolean may_stay(const char *text)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(unspoken); i++) {
		g_autofree char *typed = g_strescape(unspoken[i], NULL);

		if (g_str_equal(text, typed))
			return TRUE;
	}
	return FALSE;
}

START_TEST(is_in_catalogue)
{
	g_autofree char *source = run(SPOKEN);
	g_autofree char *left = find_unspoken(source);
	g_auto(GStrv) lines = g_strsplit(left, "\n", -1);

	ck_assert_uint_gt(strlen(source), 100000);
	for (int i = 0; lines[i]; i++)
		ck_assert_msg(!*lines[i] || may_stay(lines[i]),
			      "not in gettext: %s", lines[i]);
}
END_TEST

/* ---- what the register has --------------------------------------------- */

/* Words that are entered in English, or said by a program that speaks no other
 * language, and who has each of them as a phrase to translate. */
static const struct {
	const char *said, *known;
	unsigned least; /* of them at least */
} entered[] = {
	{ "cat gate/admit.c gate/heed.c gate/print.c backend/chain.c"
	  " backend/device.c backend/miyindevice.c backend/recorder.c"
	  " backend/supervisor.c registry/dossier.c registry/head.c"
	  " registry/issue.c registry/ownership.c registry/recovery.c",
	  "console/note.c", 30 },
	{ "cat filter/mark/verify.c", "gate/step.c", 7 },
};

/* Literals that stand one behind another are one. */
static char *join_literals(const char *source)
{
	g_autoptr(GRegex) wide =
		g_regex_new("%\"\\s*G_GINT64_FORMAT\\s*\"", 0, 0, NULL);
	g_autoptr(GRegex) comment =
		g_regex_new("/\\*.*?\\*/", G_REGEX_DOTALL, 0, NULL);
	g_autoptr(GRegex) seam = g_regex_new("(?<!\\\\)\"\\s+\"", 0, 0, NULL);
	g_autofree char *bare =
		g_regex_replace_literal(comment, source, -1, 0, "", 0, NULL);
	g_autofree char *plain =
		g_regex_replace_literal(wide, bare, -1, 0, "%d", 0, NULL);

	return g_regex_replace_literal(seam, plain, -1, 0, "", 0, NULL);
}

/* Every value as %s; free with g_strfreev. */
static char **list_words(const char *source, const char *form)
{
	g_autoptr(GRegex) words = g_regex_new(form, 0, 0, NULL);
	g_autoptr(GRegex) value =
		g_regex_new("“?%[-0-9.]*[dfsu]”?", 0, 0, NULL);
	g_autofree char *joined = join_literals(source);
	g_autoptr(GStrvBuilder) list = g_strv_builder_new();
	g_autoptr(GMatchInfo) at = NULL;

	for (g_regex_match(words, joined, 0, &at); g_match_info_matches(at);
	     g_match_info_next(at, NULL)) {
		g_autofree char *one = g_match_info_fetch(at, 1);
		g_autofree char *plain = g_regex_replace_literal(
			value, one, -1, 0, "%s", 0, NULL);
		g_auto(GStrv) notes = g_strsplit(plain, "; ", -1);

		g_strv_builder_addv(list, (const char **)notes);
	}
	return g_strv_builder_end(list);
}

static gboolean is_known(const char *words, char *const *phrases)
{
	for (; *phrases; phrases++) {
		g_auto(GStrv) values = miyin_text_match(words, *phrases);

		if (values || strstr(*phrases, words))
			return TRUE;
	}
	return FALSE;
}

START_TEST(is_phrased)
{
	g_autofree char *said = run(entered[_i].said);
	g_autofree char *read = g_strdup_printf("cat %s", entered[_i].known);
	g_autofree char *known = run(read);
	g_auto(GStrv) phrases = list_words(known, "N_\\(\\s*\"([^\"]*)\"\\)");
	/* Two words or more, neither translated there nor a list of names;
	 * statements and lines of a log have capitals. */
	g_auto(GStrv) words = list_words(
		said,
		"(?<!_\\()(?<!\\[\\] = )(?<!\\[\\] =\n\t)\"(?=[^\"]*[a-z]{2})([a-z%][^A-Z\"\\\\:]* [^A-Z\"\\\\]*)\"");

	ck_assert_uint_ge(g_strv_length(words), entered[_i].least);
	for (int i = 0; words[i]; i++)
		ck_assert_msg(is_known(words[i], phrases),
			      "%s has no phrase \"%s\"", entered[_i].known,
			      words[i]);
}
END_TEST

/* ---- what is in it ----------------------------------------------------- */

/* A colon behind Chinese is a Chinese one; behind a program, a path or a setting
 * alone it is that of the computer. */
static gboolean has_wrong_colon(const char *text)
{
	return g_regex_match_simple("\\p{Han}.*: ", text, 0, 0) ||
	       (g_regex_match_simple("^[^\\p{Han}”）》]*：", text, 0, 0) &&
		!g_str_equal(text, "%s：%s") /* a sentence before it */);
}

static const struct {
	const char *text;
	gboolean wrong;
} colons[] = {
	{ "未打印：请选择密级", FALSE },
	{ "未打印: 请选择密级", TRUE },
	{ "无法读取 %s：%s", FALSE },
	{ "无法读取 %s: %s", TRUE },
	{ "%s: 没有这一组", FALSE },
	{ "%s：没有这一组", TRUE },
	{ ": 不得为空", FALSE },
	{ "：不得为空", TRUE },
	{ "例如 2026-11-21 14:00", FALSE },
};

START_TEST(finds_colons)
{
	ck_assert_int_eq(has_wrong_colon(colons[_i].text), colons[_i].wrong);
}
END_TEST

/* What a reader gets. */
static char **list_messages(void)
{
	g_autofree char *all =
		run("msgattrib --translated --no-obsolete --no-wrap " PO
		    " | sed -n 's/^msgstr[^\"]*\"\\(..*\\)\"$/\\1/p'");
	char **texts = g_strsplit(g_strchomp(all), "\n", -1);

	ck_assert_uint_gt(g_strv_length(texts), 300);
	return texts;
}

START_TEST(is_chinese)
{
	g_auto(GStrv) texts = list_messages();

	for (int i = 0; texts[i]; i++) {
		g_autofree char *left = left_over(texts[i]);

		/* The head of the file is no message. */
		if (strstr(texts[i], "Project-Id-Version"))
			continue;
		ck_assert_msg(!*left, "%s: left over:%s", texts[i], left);
		ck_assert_msg(!has_wrong_colon(texts[i]), "%s: its colon",
			      texts[i]);
	}
}
END_TEST

START_TEST(is_complete)
{
	g_autofree char *all = run(EXTRACT " | grep -c '^msgid'");
	g_autofree char *left = run(
		EXTRACT " | msgmerge -q -N " PO " - |"
			" msgattrib --untranslated --no-obsolete --no-wrap |"
			" { grep -v '^msgid \"\"$' || true; } |"
			" { grep '^msgid' || true; }");

	ck_assert_int_gt(atoi(all), 300);
	ck_assert_msg(!*left, "without Chinese: %s", left);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("catalogue");
	TCase *tcase = tcase_create("zh_CN");
	SRunner *runner;
	int failed;

	tcase_add_loop_test(tcase, finds_words, 0, G_N_ELEMENTS(samples));
	tcase_add_loop_test(tcase, finds_calls, 0, G_N_ELEMENTS(calls));
	tcase_add_loop_test(tcase, finds_colons, 0, G_N_ELEMENTS(colons));
	tcase_add_test(tcase, is_in_catalogue);
	tcase_add_loop_test(tcase, is_phrased, 0, G_N_ELEMENTS(entered));
	tcase_add_test(tcase, is_chinese);
	tcase_add_test(tcase, is_complete);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
