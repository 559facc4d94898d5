/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "admin/conftext.h"
#include "admin/cupsdconf.h"
#include "admin/operations.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "forbids.h"
#include "golden-text.h"

#define POLICY(name, limits)                                                   \
	"<Policy " name ">\n" limits                                           \
	"  <Limit All>\n    Order deny,allow\n  </Limit>\n</Policy>\n"
#define OWNER "    Require user @OWNER @SYSTEM\n"
#define NOBODY "    Require user miyin-nobody@\n"
#define DEBIAN                                                                 \
	"# Debian\nLogLevel warn\nPreserveJobFiles Yes\n"                      \
	"<Location />\n  Order allow,deny\n</Location>\n" POLICY(              \
		"default", "  <Limit Restart-Job CUPS-Get-Document>\n" OWNER   \
			   "  </Limit>\n")

static int count(const char *text, const char *word)
{
	int n = 0;

	for (text = strstr(text, word); text; text = strstr(text + 1, word))
		n++;
	return n;
}

/* ---- in and out again -------------------------------------------------- */

static const struct {
	const char *what, *text;
} files[] = {
	{ "Debian's file", DEBIAN },
	{ "an empty file", "" },
	{ "one empty line", "\n" },
	{ "several empty lines at the end", DEBIAN "\n\n\n" },
	{ "no last line end", DEBIAN "ServerAlias *" },
	{ "DOS line ends", "LogLevel warn\r\n<Policy default>\r\n"
			   "  <Limit All>\r\n  </Limit>\r\n</Policy>\r\n" },
	{ "DOS line ends but the last", "LogLevel warn\r\nBrowsing No" },
	{ "a return without line feed at the end", "LogLevel warn\r" },
	{ "no policy at all", "LogLevel warn\n" },
	{ "a default policy of another name",
	  POLICY("strict", "") "DefaultPolicy strict\n" },
	{ "a default policy that there is not", "DefaultPolicy strict\n" },
	/* Last: the scheduler would not start with it, nor does our block
	 * count inside it. */
	{ "an unfinished policy", "<Policy default>\n  <Limit All>\n" },
};

START_TEST(remove_undoes_add)
{
	g_autofree char *with = miyin_cupsdconf_add(files[_i].text, "miyin");
	g_autofree char *again = miyin_cupsdconf_add(with, "miyin");
	g_autofree char *without = miyin_cupsdconf_remove(with);
	g_autofree char *untouched = miyin_cupsdconf_remove(files[_i].text);

	ck_assert_msg(g_str_has_prefix(with, files[_i].text), "%s:\n%s",
		      files[_i].what, with);
	ck_assert_msg(g_str_equal(without, files[_i].text), "%s:\n%s",
		      files[_i].what, without);
	ck_assert_msg(g_str_equal(again, with), "%s twice:\n%s", files[_i].what,
		      again);
	ck_assert_str_eq(untouched, files[_i].text);
}
END_TEST

START_TEST(add_takes_force)
{
	g_autofree char *with = miyin_cupsdconf_add(files[_i].text, "miyin");
	g_autofree char *keep = miyin_conftext_get(with, "PreserveJobFiles");
	g_autofree char *policy = miyin_conftext_get(with, "DefaultPolicy");

	ck_assert_str_eq(keep, "No");
	ck_assert_str_eq(policy, "miyin-default");
	ck_assert(forbids(with, policy, "CUPS-Get-Document"));
	ck_assert_int_eq(count(with, "<Policy miyin>"), 1);
	ck_assert_int_eq(count(with, "<Policy miyin-device>"), 1);
	ck_assert_int_eq(count(with, "<Policy miyin-default>"), 1);
}
END_TEST

START_TEST(block_as_it_was)
{
	g_autofree char *with = miyin_cupsdconf_add(
		DEBIAN POLICY("strict",
			      "  <Limit Hold-Job>\n" OWNER "  </Limit>\n"),
		"miyin");
	g_autofree char *alone = miyin_cupsdconf_add("", "miyin");

	assert_golden(with, "cupsd.conf");
	assert_golden(alone, "cupsd-alone.conf");
}
END_TEST

/* ---- files that others have worked on ---------------------------------- */

START_TEST(lines_after_the_block_stay)
{
	g_autofree char *with = miyin_cupsdconf_add(DEBIAN, "miyin");
	g_autofree char *more = g_strconcat(with, "Browsing No\n", NULL);
	g_autofree char *without = miyin_cupsdconf_remove(more);

	ck_assert_str_eq(without, DEBIAN "Browsing No\n");
}
END_TEST

START_TEST(marks_in_other_letters)
{
	g_autofree char *without = miyin_cupsdconf_remove(
		"LogLevel warn\n  # MIYIN BEGIN \r\nx\n\t# Miyin End\r\n"
		"Browsing No\n");

	ck_assert_str_eq(without, "LogLevel warn\nBrowsing No\n");
}
END_TEST

START_TEST(two_blocks_go_both)
{
	g_autofree char *without =
		miyin_cupsdconf_remove("a\n# miyin begin\nx\n# miyin end\nb\n"
				       "# miyin begin\ny\n# miyin end\nc\n");

	ck_assert_str_eq(without, "a\nb\nc\n");
}
END_TEST

/* cupsctl writes the file anew without any comment. */
START_TEST(lost_marks_do_not_keep_our_policies)
{
	g_autofree char *with = miyin_cupsdconf_add(DEBIAN, "miyin");
	g_auto(GStrv) lines = g_strsplit(with, "\n", -1);
	g_autoptr(GString) bare = g_string_new(NULL);
	g_autofree char *without = NULL, *again = NULL;

	for (int i = 0; lines[i + 1]; i++)
		if (!strchr(lines[i], '#'))
			g_string_append_printf(bare, "%s\n", lines[i]);
	without = miyin_cupsdconf_remove(bare->str);
	ck_assert_int_eq(count(without, "miyin"), 0);
	ck_assert_int_eq(count(without, "<Policy default>"), 1);
	ck_assert_int_eq(count(without, "MaxEvents"), 0);
	ck_assert_int_eq(count(without, "DefaultEncryption"), 0);
	ck_assert_int_eq(count(without, "MaxJobsPerUser"), 0);
	again = miyin_cupsdconf_add(bare->str, "miyin");
	ck_assert_int_eq(count(again, "<Policy miyin>"), 1);
	ck_assert_int_eq(count(again, "DefaultPolicy"), 1);
}
END_TEST

START_TEST(begin_without_end_takes_nothing_else)
{
	g_autofree char *without = miyin_cupsdconf_remove(
		"a\n# miyin begin\nPreserveJobFiles No\n" POLICY("miyin",
								 "") "b\n");

	ck_assert_str_eq(without, "a\nb\n");
}
END_TEST

/* ---- the copy of the default policy ------------------------------------ */

#define COVER                                                                  \
	"<Policy miyin-default>\n"                                             \
	"  JobPrivateAccess @OWNER @SYSTEM miyin\n"                            \
	"  JobPrivateValues all\n"                                             \
	"  SubscriptionPrivateAccess @OWNER @SYSTEM\n"                         \
	"  SubscriptionPrivateValues all\n"

static const struct {
	const char *what, *limits, *wanted;
} copies[] = {
	{ "it alone", "  <Limit CUPS-Get-Document>\n" OWNER "  </Limit>\n",
	  COVER "  <Limit All>\n" },
	{ "among others",
	  "  <Limit Hold-Job CUPS-Get-Document Cancel-Job>\n" OWNER
	  "  </Limit>\n",
	  COVER "  <Limit Hold-Job Cancel-Job>\n" OWNER "  </Limit>\n" },
	{ "in small letters",
	  "  <limit cups-get-document>\n" OWNER "  </limit>\n",
	  COVER "  <Limit All>\n" },
	{ "by its number", "  <Limit 0x4027 Cancel-Job>\n" OWNER "  </Limit>\n",
	  COVER "  <Limit Cancel-Job>\n" },
	{ "twice",
	  "  <Limit CUPS-Get-Document>\n" OWNER "  </Limit>\n"
	  "  <Limit CUPS-Get-Document Cancel-Job>\n" OWNER "  </Limit>\n",
	  COVER "  <Limit Cancel-Job>\n" },
	{ "nowhere", "  <Limit Cancel-Job>\n" OWNER "  </Limit>\n",
	  COVER "  <Limit Cancel-Job>\n" OWNER },
	{ "by another of its names",
	  "  <Limit Create-Job-Subscription CUPS-Add-Printer "
	  "Cancel-Job>\n" OWNER "  </Limit>\n",
	  COVER "  <Limit Cancel-Job>\n" OWNER },
	{ "whatever the table decides",
	  "  <Limit Get-Jobs Purge-Jobs CUPS-Create-Local-Printer>\n"
	  "    Order deny,allow\n  </Limit>\n",
	  COVER "  <Limit All>\n" },
	{ "what it says of privacy",
	  "  JobPrivateAccess all\n  jobprivatevalues none\n"
	  "  SubscriptionPrivateAccess all\n  SubscriptionPrivateValues none\n"
	  "  <Limit Cancel-Job>\n" OWNER "  </Limit>\n",
	  COVER "  <Limit Cancel-Job>\n" OWNER },
	{ "in a comment only", "  # CUPS-Get-Document\n",
	  COVER "  # CUPS-Get-Document\n" },
};

START_TEST(copy_without_get_document)
{
	g_autofree char *text =
		g_strconcat("<Policy default>\n", copies[_i].limits,
			    "  <Limit All>\n  </Limit>\n</Policy>\n", NULL);
	g_autofree char *with = miyin_cupsdconf_add(text, "miyin");

	ck_assert_msg(strstr(with, copies[_i].wanted) != NULL, "%s",
		      copies[_i].what);
	ck_assert(forbids(with, "miyin-default", "CUPS-Get-Document"));
}
END_TEST

START_TEST(copy_is_of_the_policy_in_force)
{
	g_autofree char *with = miyin_cupsdconf_add(
		POLICY("default", "") POLICY(
			"strict",
			"  <Limit Hold-Job>\n" OWNER
			"  </Limit>\n") "DefaultPolicy default\nDEFAULTPOLICY "
					"strict\n",
		"miyin");

	ck_assert(strstr(with, COVER "  <Limit Hold-Job>\n" OWNER) != NULL);
}
END_TEST

START_TEST(without_policies_there_is_the_built_in_one)
{
	g_autofree char *with = miyin_cupsdconf_add("LogLevel warn\n", "miyin");

	ck_assert(strstr(with, COVER "  <Limit Create-Job "
				     "Print-Job Validate-Job>\n") != NULL);
}
END_TEST

/* ---- who may do what --------------------------------------------------- */

static const struct {
	const char *policy, *operation;
	gboolean forbidden;
} operations[] = {
	{ "miyin", "Restart-Job", TRUE },
	{ "miyin", "Reprocess-Job", TRUE },
	{ "miyin", "Resubmit-Job", TRUE },
	{ "miyin", "CUPS-Move-Job", TRUE },
	{ "miyin", "Set-Job-Attributes", TRUE },
	{ "miyin", "CUPS-Get-Document", TRUE },
	{ "miyin", "Print-URI", TRUE },
	{ "miyin", "Send-URI", TRUE },
	{ "miyin", "Print-Job", FALSE },
	{ "miyin", "Cancel-Job", FALSE },
	{ "miyin", "Hold-Job", FALSE },
	{ "miyin", "Release-Job", FALSE },
	{ "miyin", "Get-Jobs", FALSE },
	{ "miyin", "0x7fff", TRUE },
	{ "miyin-device", "0x7fff", TRUE },
	{ "miyin-device", "Restart-Job", TRUE },
	{ "miyin-device", "CUPS-Move-Job", TRUE },
	{ "miyin-device", "Set-Job-Attributes", TRUE },
	{ "miyin-device", "CUPS-Get-Document", TRUE },
	{ "miyin-device", "Print-URI", TRUE },
	{ "miyin-device", "Get-Printer-Attributes", FALSE },
	{ "miyin-default", "CUPS-Get-Document", TRUE },
	{ "miyin-default", "0x4027", TRUE },
	{ "default", "CUPS-Get-Document", FALSE },
	{ "no-such-policy", "CUPS-Get-Document", FALSE },
};

START_TEST(operation_forbidden_or_not)
{
	g_autofree char *with = miyin_cupsdconf_add(DEBIAN, "miyin");

	ck_assert_msg(
		forbids(with, operations[_i].policy,
			operations[_i].operation) == operations[_i].forbidden,
		"%s: %s", operations[_i].policy, operations[_i].operation);
}
END_TEST

/* ---- the whole table --------------------------------------------------- */

static const char *const policies[MIYIN_N_PLACES] = {
	[MIYIN_AT_GATE] = "miyin",
	[MIYIN_AT_DEVICE] = "miyin-device",
	[MIYIN_AT_SERVER] = "miyin-default",
};

/* As ppd/rights has them. */
static const char *const may_names[] = {
	[MIYIN_MAY_NOBODY] = "nobody",
	[MIYIN_MAY_ANYONE] = "anyone",
	[MIYIN_MAY_LOGIN] = "login",
	[MIYIN_MAY_OWNER_ALONE] = "owner-alone",
	[MIYIN_MAY_OWNER] = "owner",
	[MIYIN_MAY_OPERATOR] = "operator",
	[MIYIN_MAY_SERVICE] = "service",
	[MIYIN_MAY_SERVICE_OPERATOR] = "service-operator",
	[MIYIN_MAY_AS_BEFORE] = "as-before",
};

START_TEST(the_table_is_that_of_the_file)
{
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;
	unsigned n, n_read = 0;
	const miyin_operation *rows = miyin_operations_list(&n);

	ck_assert(g_file_get_contents("ppd/operations", &text, NULL, NULL));
	lines = g_strsplit(text, "\n", -1);
	for (int i = 0; lines[i]; i++) {
		char name[64], may[MIYIN_N_PLACES][32];
		unsigned number;

		if (sscanf(lines[i], "0x%x %63s %31s %31s %31s", &number, name,
			   may[0], may[1], may[2]) != 5)
			continue;
		ck_assert_msg(n_read < n && rows[n_read].operation ==
						    (ipp_op_t)number,
			      "%s", lines[i]);
		ck_assert_msg(*name == '(' ||
				      g_str_equal(ippOpString(number), name),
			      "%s", lines[i]);
		for (int p = 0; p < MIYIN_N_PLACES; p++)
			ck_assert_str_eq(may_names[rows[n_read].may[p]],
					 g_str_equal(may[p], "-") ? "nobody"
								  : may[p]);
		ck_assert(g_str_equal(may[0], "-") == g_str_equal(may[2], "-"));
		n_read++;
	}
	ck_assert_int_eq(n_read, n);
}
END_TEST

/* libcups has no list of its operations but their names. */
START_TEST(the_table_has_every_operation)
{
	unsigned n_named = 0;

	for (int i = 2; i < 0x8000; i++)
		if (g_ascii_isalpha(*ippOpString(i)) && i != 0x4000) {
			n_named++;
			ck_assert_msg(miyin_operations_find(i) != NULL, "%s",
				      ippOpString(i));
		}
	ck_assert_int_gt(n_named, 100);
}
END_TEST

START_TEST(the_table_is_what_is_written)
{
	g_autofree char *with = miyin_cupsdconf_add(DEBIAN, "miyin");
	g_autofree char *none = miyin_cupsdconf_differs(with, "miyin");
	unsigned n;
	const miyin_operation *rows = miyin_operations_list(&n);

	ck_assert_msg(none == NULL, "%s", none);
	/* What has no name of its own falls under "All". */
	for (unsigned i = 0; i < n; i++)
		for (int p = 0; p < MIYIN_N_PLACES; p++)
			ck_assert_msg(
				(rows[i].may[p] == MIYIN_MAY_NOBODY) ==
						forbids(with, policies[p],
							ippOpString(
								rows[i].operation)) ||
					(p == MIYIN_AT_SERVER &&
					 !g_ascii_isalpha(*ippOpString(
						 rows[i].operation))),
				"%s: %s", policies[p],
				ippOpString(rows[i].operation));
}
END_TEST

/* Each change to a copy of the table is seen, wherever it is written. */
START_TEST(a_change_of_one_operation_is_seen)
{
	unsigned n;
	const miyin_operation *rows = miyin_operations_list(&n);
	const miyin_operation *row = rows + _i % n;
	const char *policy = policies[_i / n];
	g_autofree char *with = miyin_cupsdconf_add(DEBIAN, "miyin");
	g_autofree char *more = g_strdup_printf(
		"%s<Policy %s>\n<Limit %s>\nAllow from all\n</Limit>\n"
		"</Policy>\n",
		with, policy, ippOpString(row->operation));
	g_autofree char *differs = miyin_cupsdconf_differs(more, "miyin");
	g_autofree char *wanted =
		g_strdup_printf("%s: %s", policy, ippOpString(row->operation));
	g_autofree char *mended = miyin_cupsdconf_add(more, "miyin");

	if (row->may[_i / n] == MIYIN_MAY_AS_BEFORE)
		ck_assert_msg(!differs, "%s", differs);
	else
		ck_assert_msg(g_strcmp0(differs, wanted) == 0, "%s: %s", wanted,
			      differs);
	ck_assert_msg(g_str_equal(mended, with), "%s", wanted);
}
END_TEST

START_TEST(who_logs_in_does_so_over_tls)
{
	g_autofree char *with = miyin_cupsdconf_add("", "miyin");
	const char *start = strstr(with, "<Policy miyin>");
	g_autofree char *ours = g_strndup(
		start, strstr(start, "<Policy miyin-default>") - start);

	ck_assert_int_gt(count(ours, "AuthType Default"), 8);
	ck_assert_int_eq(count(ours, "AuthType Default"),
			 count(ours, "Encryption Required"));
	ck_assert_int_eq(count(ours, "AuthType Default"),
			 count(ours, "Require "));
}
END_TEST

/* Without its marks our block goes all the same, and nothing else does. */
static const struct {
	const char *what, *before, *after; /* after: what cupsctl puts last */
	const char *changed;		   /* one of our settings */
	const char *by; /* and what stands in its place, or NULL */
} unmarked[] = {
	{ "as it was", "LogLevel warn\n", "", NULL, NULL },
	{ "settings of the administrator",
	  "PreserveJobFiles Yes\nMaxEvents 100\n", "", NULL, NULL },
	{ "the same ones", "MaxEvents 0\nPreserveJobFiles No\n", "", NULL,
	  NULL },
	{ "the same ones twice",
	  "PreserveJobFiles No\nMaxEvents 0\nDefaultEncryption Required\n", "",
	  NULL, NULL },
	{ "a number of jobs of the administrator's", "MaxJobsPerUser 20\n", "",
	  NULL, NULL },
	{ "one of ours changed by cupsctl", "LogLevel warn\n",
	  "PreserveJobFiles Yes\n", "PreserveJobFiles No\n", NULL },
	{ "one of ours changed in its place", "LogLevel warn\n", "",
	  "MaxEvents 0\n", "MaxEvents 50\n" },
	{ "the last of ours changed by cupsctl", "LogLevel warn\n",
	  "MaxJobsPerUser 7\n", "MaxJobsPerUser 100\n", NULL },
};

START_TEST(without_marks_our_settings_go)
{
	g_autofree char *with =
		miyin_cupsdconf_add(unmarked[_i].before, "miyin");
	g_auto(GStrv) lines = g_strsplit(with, "\n", -1);
	g_autoptr(GString) bare = g_string_new(NULL);
	g_autofree char *without = NULL, *again = NULL, *wanted = NULL;

	for (int i = 0; lines[i + 1]; i++)
		if (!strchr(lines[i], '#'))
			g_string_append_printf(bare, "%s\n", lines[i]);
	if (unmarked[_i].changed)
		ck_assert_int_eq(
			g_string_replace(bare, unmarked[_i].changed,
					 unmarked[_i].by ? unmarked[_i].by : "",
					 0),
			1);
	g_string_append(bare, unmarked[_i].after);
	without = miyin_cupsdconf_remove(bare->str);
	wanted = g_strconcat(unmarked[_i].before,
			     unmarked[_i].by ? unmarked[_i].by : "",
			     unmarked[_i].after, NULL);
	ck_assert_msg(g_str_equal(without, wanted), "%s:\n%s",
		      unmarked[_i].what, without);
	again = miyin_cupsdconf_add(bare->str, "miyin");
	ck_assert_int_eq(count(again, "<Policy miyin>"), 1);
}
END_TEST

/* cupsctl breaks longer ones, and the scheduler does not start again. */
START_TEST(lines_are_short)
{
	g_autofree char *with = miyin_cupsdconf_add(DEBIAN, "miyin");
	g_auto(GStrv) lines = g_strsplit(with, "\n", -1);

	for (int i = 0; lines[i]; i++)
		ck_assert_msg(strlen(lines[i]) < 1000, "%s", lines[i]);
}
END_TEST

/* No operation may stand in two limits: the last would count. */
START_TEST(operations_are_named_once)
{
	static const char *const starts[] = { "<Policy miyin>",
					      "<Policy miyin-device>" };
	g_autofree char *with = miyin_cupsdconf_add("", "miyin");
	const char *start = strstr(with, starts[_i]);
	g_autofree char *body =
		g_strndup(start, strstr(start, "</Policy>") - start);
	g_auto(GStrv) lines = g_strsplit(body, "\n", -1);
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GStringChunk) words = g_string_chunk_new(64);

	for (int i = 0; lines[i]; i++) {
		g_auto(GStrv) names = NULL;

		if (!strstr(lines[i], "<Limit "))
			continue;
		names = g_strsplit_set(strchr(lines[i], ' ') + 9, " >", -1);
		for (int n = 0; names[n]; n++)
			ck_assert_msg(
				!*names[n] ||
					g_hash_table_add(
						seen, g_string_chunk_insert(
							      words, names[n])),
				"%s", names[n]);
	}
	ck_assert_int_gt(g_hash_table_size(seen), 10);
}
END_TEST

START_TEST(the_service_user_is_named)
{
	g_autofree char *with = miyin_cupsdconf_add("", "printmarks");

	ck_assert(strstr(with, "Require user printmarks\n") != NULL);
	ck_assert(strstr(with, "Require user printmarks @SYSTEM\n") != NULL);
	ck_assert(strstr(with, "%s") == NULL);
}
END_TEST

/* ---- directives -------------------------------------------------------- */

static const struct {
	const char *what, *text, *value;
} directives[] = {
	{ "plain", "FileDevice Yes\n", "Yes" },
	{ "missing", "LogLevel warn\n", NULL },
	{ "the last counts", "FileDevice Yes\nFileDevice No\n", "No" },
	{ "other letters and spaces", "  filedevice \t Yes  \r\n", "Yes" },
	{ "a comment", "#FileDevice Yes\n", NULL },
	{ "a comment behind it", "FileDevice No # Yes\n", "No" },
	{ "no last line end", "FileDevice Yes", "Yes" },
	{ "inside a section", "<Location />\nFileDevice Yes\n</Location>\n",
	  NULL },
	{ "after a section", "<Location />\n</Location>\nFileDevice Yes\n",
	  "Yes" },
	{ "without value", "FileDevice\n", "" },
};

START_TEST(directive_value)
{
	g_autofree char *value =
		miyin_conftext_get(directives[_i].text, "FileDevice");

	ck_assert_msg(g_strcmp0(value, directives[_i].value) == 0, "%s: %s",
		      directives[_i].what, value);
}
END_TEST

static const struct {
	const char *what, *text, *in_clear;
} addresses[] = {
	{ "nothing", "", NULL },
	{ "what Debian ships",
	  "Listen localhost:631\n"
	  "Listen /run/cups/cups.sock\n",
	  NULL },
	{ "loopback addresses", "Listen 127.0.0.1:631\nListen [::1]:631\n",
	  NULL },
	{ "an address", "Listen localhost:631\nlisten 10.0.0.1:631\n",
	  "listen 10.0.0.1:631" },
	{ "all addresses", "Listen *:631\n", "Listen *:631" },
	{ "a port, as cupsctl --remote-any has it", "Port 631\n", "Port 631" },
	{ "a host that only begins so", "Listen localhost.lab.test:631\n",
	  "Listen localhost.lab.test:631" },
	{ "over TLS", "SSLListen 10.0.0.1:631\nSSLPort 443\n", NULL },
	{ "both", "SSLListen 10.0.0.1:632\nPort 631\n", "Port 631" },
	{ "a comment", "#Port 631\n", NULL },
};

START_TEST(who_listens_in_clear)
{
	g_autofree char *found = miyin_conftext_in_clear(addresses[_i].text);

	ck_assert_msg(g_strcmp0(found, addresses[_i].in_clear) == 0, "%s: %s",
		      addresses[_i].what, found);
}
END_TEST

static TCase *text_cases(void)
{
	TCase *tcase = tcase_create("text");

	tcase_add_loop_test(tcase, remove_undoes_add, 0, G_N_ELEMENTS(files));
	tcase_add_loop_test(tcase, add_takes_force, 0, G_N_ELEMENTS(files) - 1);
	tcase_add_test(tcase, block_as_it_was);
	tcase_add_test(tcase, lines_after_the_block_stay);
	tcase_add_test(tcase, marks_in_other_letters);
	tcase_add_test(tcase, two_blocks_go_both);
	tcase_add_test(tcase, lost_marks_do_not_keep_our_policies);
	tcase_add_loop_test(tcase, without_marks_our_settings_go, 0,
			    G_N_ELEMENTS(unmarked));
	tcase_add_test(tcase, lines_are_short);
	tcase_add_test(tcase, begin_without_end_takes_nothing_else);
	tcase_add_loop_test(tcase, who_listens_in_clear, 0,
			    G_N_ELEMENTS(addresses));
	tcase_add_loop_test(tcase, directive_value, 0,
			    G_N_ELEMENTS(directives));
	return tcase;
}

static TCase *policy_cases(void)
{
	TCase *tcase = tcase_create("policies");

	tcase_add_loop_test(tcase, copy_without_get_document, 0,
			    G_N_ELEMENTS(copies));
	tcase_add_test(tcase, copy_is_of_the_policy_in_force);
	tcase_add_test(tcase, without_policies_there_is_the_built_in_one);
	tcase_add_loop_test(tcase, operation_forbidden_or_not, 0,
			    G_N_ELEMENTS(operations));
	tcase_add_loop_test(tcase, operations_are_named_once, 0, 2);
	tcase_add_test(tcase, the_service_user_is_named);
	return tcase;
}

static TCase *table_cases(void)
{
	TCase *tcase = tcase_create("table");
	unsigned n;

	miyin_operations_list(&n);
	tcase_add_test(tcase, the_table_is_that_of_the_file);
	tcase_add_test(tcase, the_table_has_every_operation);
	tcase_add_test(tcase, the_table_is_what_is_written);
	tcase_add_loop_test(tcase, a_change_of_one_operation_is_seen, 0,
			    MIYIN_N_PLACES * n);
	tcase_add_test(tcase, who_logs_in_does_so_over_tls);
	return tcase;
}

int main(void)
{
	Suite *suite = suite_create("cupsdconf");
	SRunner *runner;
	int n_failed;

	suite_add_tcase(suite, text_cases());
	suite_add_tcase(suite, policy_cases());
	suite_add_tcase(suite, table_cases());
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
