/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/config.h>
#include <miyin/error.h>
#include <miyin/policy.h>
#include <miyin/scheme.h>

#include <check.h>
#include <glib/gstdio.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>

/* ---- a folder of one's own -------------------------------------------- */

static char *dir;

static void make_dir(void)
{
	g_autofree char *schemes = NULL;

	dir = g_dir_make_tmp("miyin-test-XXXXXX", NULL);
	schemes = g_build_filename(dir, "schemes", NULL);
	ck_assert_int_eq(g_mkdir(schemes, 0700), 0);
}

static void remove_dir(void)
{
	static const char *const names[] = { "miyin.conf", "policy.conf",
					     "schemes/a.scheme", "schemes" };

	for (unsigned i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *path = g_build_filename(dir, names[i], NULL);

		g_remove(path);
	}
	ck_assert_int_eq(g_rmdir(dir), 0);
	g_free(dir);
}

/* The text with one line replaced, or left out when by is NULL, or added
 * behind the last when line is NULL. */
static char *change(const char *text, const char *line, const char *by)
{
	g_autoptr(GString) whole = g_string_new(text);
	g_autofree char *new_line =
		by ? g_strconcat(by, "\n", NULL) : g_strdup("");

	if (line) {
		g_autofree char *old_line = g_strconcat(line, "\n", NULL);

		ck_assert_msg(g_string_replace(whole, old_line, new_line, 1) ==
				      1,
			      "no line \"%s\"", line);
	} else {
		g_string_append(whole, new_line);
	}
	return g_strdup(whole->str);
}

static char *write_file(const char *name, const char *text)
{
	char *path = g_build_filename(dir, name, NULL);

	ck_assert(g_file_set_contents(path, text, -1, NULL));
	return path;
}

/* Who mends the file must be told where. */
static void assert_told(const char *what, const GError *error, const char *path,
			const char *group, const char *key)
{
	ck_assert_ptr_nonnull(error);
	ck_assert_msg(g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_INPUT),
		      "%s: %s", what, error->message);
	ck_assert_msg(strstr(error->message, path) != NULL, "%s: %s", what,
		      error->message);
	ck_assert_msg(!group || strstr(error->message, group), "%s: %s", what,
		      error->message);
	ck_assert_msg(!key || strstr(error->message, key), "%s: %s", what,
		      error->message);
}

/* ---- miyin.conf ------------------------------------------------------- */

static const char config_text[] = "# Where things are.\n"
				  "[site]\n"
				  "id = 17\n"
				  "name = 某市人民政府办公室\n"
				  "[service]\n"
				  "user = miyin\n"
				  "[register]\n"
				  "path = /var/lib/miyin/register.db\n"
				  "[keys]\n"
				  "path = /var/lib/miyin/keys\n"
				  "[programs]\n"
				  "path = /usr/lib/cups/filter\n"
				  "locale = /usr/share/locale\n";

START_TEST(config_reads)
{
	g_autoptr(miyin_config) config = NULL;
	g_autofree char *path = write_file("miyin.conf", config_text);
	g_autofree char *policy = g_build_filename(dir, "policy.conf", NULL);
	g_autofree char *schemes = g_build_filename(dir, "schemes", NULL);

	config = miyin_config_open(dir, NULL);
	ck_assert_ptr_nonnull(config);
	ck_assert_uint_eq(config->site, 17);
	ck_assert_str_eq(config->site_name, "某市人民政府办公室");
	ck_assert_str_eq(config->user, "miyin");
	ck_assert_str_eq(config->register_path, "/var/lib/miyin/register.db");
	ck_assert_str_eq(config->keys_path, "/var/lib/miyin/keys");
	ck_assert_str_eq(config->program_dir, "/usr/lib/cups/filter");
	ck_assert_str_eq(config->locale_dir, "/usr/share/locale");
	ck_assert_str_eq(config->state_dir, "/var/lib/miyin");
	ck_assert(config->landlock_required); /* nothing is said */
	ck_assert_ptr_null(config->server);
	ck_assert_str_eq(config->policy_path, policy);
	ck_assert_str_eq(config->scheme_dir, schemes);
}
END_TEST

START_TEST(config_server)
{
	g_autofree char *text =
		g_strconcat(config_text, "[server]\nname = 二号楼\n", NULL);
	g_autofree char *empty =
		g_strconcat(config_text, "[server]\nname =\n", NULL);
	g_autofree char *path = write_file("miyin.conf", text);
	g_autoptr(miyin_config) config = miyin_config_open(dir, NULL);
	g_autoptr(GError) error = NULL;

	ck_assert_ptr_nonnull(config);
	ck_assert_str_eq(config->server, "二号楼");
	ck_assert(g_file_set_contents(path, empty, -1, NULL));
	ck_assert_ptr_null(miyin_config_open(dir, &error));
	assert_told("an empty server", error, path, "[server]", "name");
}
END_TEST

static const struct {
	const char *word;
	gboolean required;
} landlocks[] = { { "required", TRUE }, { "preferred", FALSE } };

START_TEST(config_landlock)
{
	g_autofree char *text =
		g_strdup_printf("%s[sandbox]\nlandlock = %s\n", config_text,
				landlocks[_i].word);
	g_autofree char *path = write_file("miyin.conf", text);
	g_autoptr(miyin_config) config = miyin_config_open(dir, NULL);

	ck_assert_ptr_nonnull(config);
	ck_assert_int_eq(config->landlock_required, landlocks[_i].required);
}
END_TEST

static const struct {
	const char *what, *line, *by, *group, *key;
} config_faults[] = {
	{ "a site of no number", "id = 17", "id = seventeen", "[site]", "id" },
	{ "a site below 0", "id = 17", "id = -1", "[site]", "id" },
	{ "a site beyond 16 bits", "id = 17", "id = 65536", "[site]", "id" },
	{ "a site with more behind", "id = 17", "id = 17 18", "[site]", "id" },
	{ "an empty site", "id = 17", "id =", "[site]", "id" },
	{ "no site", "id = 17", NULL, "[site]", "id" },
	{ "no name", "name = 某市人民政府办公室", NULL, "[site]", "name" },
	{ "a name in GBK", "name = 某市人民政府办公室",
	  "name = \xc4\xb3\xca\xd0", "[site]", "name" },
	{ "no user", "user = miyin", NULL, "[service]", "user" },
	{ "an empty user", "user = miyin", "user =", "[service]", "user" },
	{ "a user that ends within an escape", "user = miyin", "user = a\\q\\",
	  "[service]", "user" },
	{ "a mistyped key", "user = miyin", "usr = miyin", "[service]", "usr" },
	{ "a mistyped group", "[register]", "[regster]", "[regster]", "path" },
	{ "no register", "path = /var/lib/miyin/register.db", NULL,
	  "[register]", "path" },
	{ "an empty register", "path = /var/lib/miyin/register.db",
	  "path =", "[register]", "path" },
	{ "a register beside the caller's folder",
	  "path = /var/lib/miyin/register.db", "path = register.db",
	  "[register]", "path" },
	{ "a register in GBK", "path = /var/lib/miyin/register.db",
	  "path = /\xca\xd0", "[register]", "path" },
	{ "no keys", "path = /var/lib/miyin/keys", NULL, "[keys]", "path" },
	{ "keys in GBK", "path = /var/lib/miyin/keys", "path = /\xca\xd0",
	  "[keys]", "path" },
	{ "no programs", "path = /usr/lib/cups/filter", NULL, "[programs]",
	  "path" },
	{ "programs beside the caller's folder", "path = /usr/lib/cups/filter",
	  "path = ../filter", "[programs]", "path" },
	{ "no locale", "locale = /usr/share/locale", NULL, "[programs]",
	  "locale" },
	{ "one setting too many", "[site]", "[site]\nalso = 1", "[site]",
	  "also" },
	{ "one group too many", NULL, "[more]\na = b", "[more]", "a" },
	{ "an empty group of the sandbox", "[keys]", "[sandbox]\n[keys]",
	  "[sandbox]", "landlock" },
	{ "a Landlock that is neither", "[keys]",
	  "[sandbox]\nlandlock = optional\n[keys]", "[sandbox]", "landlock" },
	{ "another sandbox", "[keys]",
	  "[sandbox]\nlandlock = required\nseccomp = off\n[keys]", "[sandbox]",
	  "seccomp" },
	{ "no key file", "[site]", "site", NULL, NULL },
	{ "a group that does not end", "[site]", "[site", NULL, NULL },
};

START_TEST(config_refuses)
{
	g_autofree char *text = change(config_text, config_faults[_i].line,
				       config_faults[_i].by);
	g_autofree char *path = write_file("miyin.conf", text);
	g_autoptr(GError) error = NULL;
	miyin_config *config = miyin_config_open(dir, &error);

	ck_assert_msg(!config, "%s was read", config_faults[_i].what);
	assert_told(config_faults[_i].what, error, path,
		    config_faults[_i].group, config_faults[_i].key);
}
END_TEST

START_TEST(config_missing)
{
	g_autoptr(GError) error = NULL;

	ck_assert_ptr_null(miyin_config_open(dir, &error));
	ck_assert(g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM));
	ck_assert_ptr_nonnull(strstr(error->message, dir));
	ck_assert_ptr_nonnull(strstr(error->message, "miyin.conf"));
}
END_TEST

START_TEST(config_dir_of_environment)
{
	g_unsetenv("MIYIN_CONF_DIR");
	ck_assert_str_eq(miyin_config_dir(), MIYIN_CONF_DIR);
	g_setenv("MIYIN_CONF_DIR", "", TRUE);
	ck_assert_str_eq(miyin_config_dir(), MIYIN_CONF_DIR);
	g_setenv("MIYIN_CONF_DIR", "/tmp/x", TRUE);
	ck_assert_str_eq(miyin_config_dir(), "/tmp/x");
}
END_TEST

/* ---- policy.conf ------------------------------------------------------ */

static const char policy_text[] = "[level jimi]\n"
				  "copies-per-document = 3\n"
				  "copies-per-job = 2\n"
				  "body = fit\n"
				  "verify = structural\n"
				  "users = li, wang ,@lp\n"
				  "queues = *\n"
				  "missing-glyph = substitute\n"
				  "conditions = 会议开始前,  公布前 ,\n"
				  "declared-level = warn\n"
				  "declared-pages = 3\n"
				  "declared-unreadable = refuse\n"
				  "carried-codes = warn\n"
				  "[level neibu]\n"
				  "copies-per-document = 999\n"
				  "copies-per-job = 0\n"
				  "body = keep\n"
				  "verify = every-page\n"
				  "users = *\n"
				  "queues = a\n"
				  "missing-glyph = refuse\n"
				  "conditions =\n"
				  "declared-level = enforce\n"
				  "declared-pages = 50\n"
				  "declared-unreadable = warn\n"
				  "carried-codes = refuse\n"
				  "[level mimi]\n"
				  "copies-per-document = 0\n"
				  "copies-per-job = 999\n"
				  "body = auto\n"
				  "verify = sampled\n"
				  "users =\n"
				  "queues =\n"
				  "missing-glyph = refuse\n"
				  "conditions = 25X1\n"
				  "declared-level = off\n"
				  "declared-pages = 1\n"
				  "declared-unreadable = accept\n"
				  "carried-codes = accept\n";

START_TEST(policy_reads)
{
	g_autofree char *path = write_file("policy.conf", policy_text);
	g_autoptr(miyin_policy) policy = miyin_policy_open(path, NULL);
	const miyin_limits *limits;

	ck_assert_ptr_nonnull(policy);
	limits = miyin_policy_find(policy, "jimi");
	ck_assert_ptr_nonnull(limits);
	ck_assert_uint_eq(limits->copies_per_document, 3);
	ck_assert_uint_eq(limits->copies_per_job, 2);
	ck_assert_int_eq(limits->body, MIYIN_BODY_FIT);
	ck_assert_int_eq(limits->verify, MIYIN_VERIFY_STRUCTURAL);
	ck_assert_uint_eq(g_strv_length(limits->users), 3);
	ck_assert_str_eq(limits->users[1], "wang");
	ck_assert_str_eq(limits->users[2], "@lp");
	ck_assert_str_eq(limits->queues[0], "*");
	ck_assert_uint_eq(g_strv_length(limits->conditions), 2);
	ck_assert_str_eq(limits->conditions[1], "公布前");
	ck_assert_int_eq(limits->missing, MIYIN_MISSING_SUBSTITUTE);
	ck_assert_int_eq(limits->declared, MIYIN_DECLARED_WARN);
	ck_assert_uint_eq(limits->declared_pages, 3);
	ck_assert_int_eq(limits->unreadable, MIYIN_DOUBT_REFUSE);
	ck_assert_int_eq(limits->carried, MIYIN_DOUBT_WARN);
	limits = miyin_policy_find(policy, "neibu");
	ck_assert_uint_eq(limits->copies_per_document, 999);
	ck_assert_uint_eq(limits->copies_per_job, 0);
	ck_assert_int_eq(limits->body, MIYIN_BODY_KEEP);
	ck_assert_int_eq(limits->verify, MIYIN_VERIFY_EVERY_PAGE);
	ck_assert_int_eq(limits->missing, MIYIN_MISSING_REFUSE);
	ck_assert_int_eq(limits->declared, MIYIN_DECLARED_ENFORCE);
	limits = miyin_policy_find(policy, "mimi");
	ck_assert_int_eq(limits->verify, MIYIN_VERIFY_SAMPLED);
	ck_assert_uint_eq(limits->copies_per_document, 0);
	ck_assert_uint_eq(limits->copies_per_job, 999);
	ck_assert_int_eq(limits->body, MIYIN_BODY_AUTO);
	ck_assert_int_eq(limits->declared, MIYIN_DECLARED_OFF);
	/* Nobody, nowhere. */
	ck_assert(!miyin_policy_names(limits->users, "li"));
	ck_assert(!miyin_policy_names(limits->queues, "a"));
	/* A level without a group may not be printed. */
	ck_assert_ptr_null(miyin_policy_find(policy, "juemi"));
	ck_assert_ptr_null(miyin_policy_find(policy, ""));
	ck_assert_ptr_null(miyin_policy_find(policy, "Jimi"));
}
END_TEST

START_TEST(policy_empty)
{
	g_autofree char *path = write_file("policy.conf", "# nothing yet\n");
	g_autoptr(miyin_policy) policy = miyin_policy_open(path, NULL);

	ck_assert_ptr_nonnull(policy);
	ck_assert_ptr_null(miyin_policy_find(policy, "jimi"));
}
END_TEST

/* daemon is in the group of its name, as every account is in its own. */
static const struct {
	const char *what, *text, *owners; /* NULL: an error */
} owner_rows[] = {
	{ "nothing said", "", "daemon" },
	{ "the user", "[references]\nowner = user\n", "daemon" },
	{ "a group of his", "[references]\nowner = @daemon\n",
	  "@daemon,daemon" },
	{ "the first of several that he is in",
	  "[references]\nowner = @bin, @daemon\n", "@daemon,daemon" },
	{ "none of his", "[references]\nowner = @bin\n", "daemon" },
	{ "a name", "[references]\nowner = daemon\n", NULL },
	{ "a group of no name", "[references]\nowner = @\n", NULL },
	{ "both", "[references]\nowner = user, @bin\n", NULL },
	{ "no owner", "[references]\n", NULL },
	{ "another key", "[references]\nowner = user\nlevel = 3\n", NULL },
};

START_TEST(policy_owners)
{
	g_autofree char *path = write_file("policy.conf", owner_rows[_i].text);
	g_autoptr(GError) error = NULL;
	g_autoptr(miyin_policy) policy = miyin_policy_open(path, &error);
	g_auto(GStrv) owners = NULL;
	g_autofree char *list = NULL;

	ck_assert_msg((policy != NULL) == (owner_rows[_i].owners != NULL), "%s",
		      owner_rows[_i].what);
	if (!policy) {
		assert_told(owner_rows[_i].what, error, path, "[references]",
			    "");
		return;
	}
	owners = miyin_policy_owners(policy, "daemon");
	list = g_strjoinv(",", owners);
	ck_assert_str_eq(list, owner_rows[_i].owners);
}
END_TEST

static const struct {
	const char *what, *line, *by, *key;
} policy_faults[] = {
	{ "copies of no number", "copies-per-document = 3",
	  "copies-per-document = many", "copies-per-document" },
	{ "copies below 0", "copies-per-document = 3",
	  "copies-per-document = -1", "copies-per-document" },
	{ "a thousand copies", "copies-per-document = 3",
	  "copies-per-document = 1000", "copies-per-document" },
	{ "copies in hexadecimal", "copies-per-document = 3",
	  "copies-per-document = 0x3", "copies-per-document" },
	{ "no copies a document", "copies-per-document = 3", NULL,
	  "copies-per-document" },
	{ "no copies a job", "copies-per-job = 2", NULL, "copies-per-job" },
	{ "copies a job of no number", "copies-per-job = 2",
	  "copies-per-job = *", "copies-per-job" },
	{ "an unknown body", "body = fit", "body = shrink", "body" },
	{ "a body in capitals", "body = fit", "body = Fit", "body" },
	{ "no body", "body = fit", NULL, "body" },
	{ "an unknown verify", "verify = structural", "verify = no", "verify" },
	{ "no verify", "verify = structural", NULL, "verify" },
	{ "no users", "users = li, wang ,@lp", NULL, "users" },
	{ "users in GBK", "users = li, wang ,@lp", "users = \xc0\xee",
	  "users" },
	{ "no queues", "queues = *", NULL, "queues" },
	{ "queues in GBK", "queues = *", "queues = \xc0\xee", "queues" },
	{ "no word about missing glyphs", "missing-glyph = substitute", NULL,
	  "missing-glyph" },
	{ "an unknown answer to missing glyphs", "missing-glyph = substitute",
	  "missing-glyph = box", "missing-glyph" },
	{ "no conditions", "conditions = 会议开始前,  公布前 ,", NULL,
	  "conditions" },
	{ "no word about declared levels", "declared-level = warn", NULL,
	  "declared-level" },
	{ "an unknown answer to declared levels", "declared-level = warn",
	  "declared-level = ask", "declared-level" },
	{ "an empty answer to declared levels", "declared-level = warn",
	  "declared-level =", "declared-level" },
	{ "no page to read", "declared-pages = 3", "declared-pages = 0",
	  "declared-pages" },
	{ "no word about pages to read", "declared-pages = 3", NULL,
	  "declared-pages" },
	{ "no word about text that cannot be read",
	  "declared-unreadable = refuse", NULL, "declared-unreadable" },
	{ "an unknown answer to it", "declared-unreadable = refuse",
	  "declared-unreadable = enforce", "declared-unreadable" },
	{ "no word about carried codes", "carried-codes = warn", NULL,
	  "carried-codes" },
	{ "a mistyped key", "queues = *", "queus = *", "queus" },
	{ "one setting too many", "queues = *", "queues = *\ncolour = no",
	  "colour" },
};

START_TEST(policy_refuses)
{
	g_autofree char *text = change(policy_text, policy_faults[_i].line,
				       policy_faults[_i].by);
	g_autofree char *path = write_file("policy.conf", text);
	g_autoptr(GError) error = NULL;
	miyin_policy *policy = miyin_policy_open(path, &error);

	ck_assert_msg(!policy, "%s was read", policy_faults[_i].what);
	assert_told(policy_faults[_i].what, error, path, "[level jimi]",
		    policy_faults[_i].key);
}
END_TEST

static const char *const strange_groups[] = { "[jimi]", "[Level jimi]",
					      "[leveljimi]", "[default]" };

START_TEST(policy_refuses_group)
{
	g_autofree char *text =
		change(policy_text, "[level jimi]", strange_groups[_i]);
	g_autofree char *path = write_file("policy.conf", text);
	g_autoptr(GError) error = NULL;

	ck_assert_ptr_null(miyin_policy_open(path, &error));
	assert_told(strange_groups[_i], error, path, strange_groups[_i], NULL);
}
END_TEST

START_TEST(policy_missing)
{
	g_autofree char *path = g_build_filename(dir, "policy.conf", NULL);
	g_autoptr(GError) error = NULL;

	ck_assert_ptr_null(miyin_policy_open(path, &error));
	ck_assert(g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM));
	ck_assert_ptr_nonnull(strstr(error->message, path));
}
END_TEST

/* ---- who may ---------------------------------------------------------- */

static const struct {
	const char *what;
	const char *list[4];
	const char *name;
	gboolean may;
} names[] = {
	{ "everybody", { "*" }, "li", TRUE },
	{ "by name", { "wang", "li" }, "li", TRUE },
	{ "not on the list", { "wang", "li" }, "zhang", FALSE },
	{ "an empty list", { NULL }, "li", FALSE },
	{ "an empty name on the list", { "" }, "li", FALSE },
	{ "another case", { "Li" }, "li", FALSE },
	{ "a part of a name", { "liu" }, "li", FALSE },
	{ "a longer name", { "li" }, "liu", FALSE },
	{ "by the account's group", { "@root" }, "root", TRUE },
	{ "not in the group", { "@root" }, "nobody", FALSE },
	{ "no such group", { "@no-such-group" }, "root", FALSE },
	{ "no such account", { "@root" }, "no-such-account", FALSE },
	{ "a group without its sign", { "daemon" }, "root", FALSE },
	{ "a sign alone", { "@" }, "root", FALSE },
	{ "a user named like a group", { "@root" }, "@nobody", FALSE },
};

START_TEST(may)
{
	ck_assert_msg(miyin_policy_names((char *const *)names[_i].list,
					 names[_i].name) == names[_i].may,
		      "%s", names[_i].what);
}
END_TEST

/* Whoever this machine has as member of a group. */
START_TEST(may_as_member)
{
	unsigned n = 0;
	const struct group *entry;

	setgrent();
	while ((entry = getgrent())) {
		g_autofree char *sign = NULL, *member = NULL;

		if (!entry->gr_mem[0])
			continue;
		sign = g_strconcat("@", entry->gr_name, NULL);
		member = g_strdup(entry->gr_mem[0]);
		char *const list[] = { sign, NULL };

		ck_assert_msg(miyin_policy_names(list, member), "%s: %s", sign,
			      member);
		if (++n == 3)
			break;
	}
	endgrent();
}
END_TEST

/* ---- schemes ---------------------------------------------------------- */

static const char scheme_text[] = "[scheme]\n"
				  "title = 测试\n"
				  "state-secret = true\n"
				  "swap-even = true\n"
				  "watermark = {level} {holder}\n"
				  "[level low]\n"
				  "rank = 1\n"
				  "text = 内部\n"
				  "text[en] = Internal\n"
				  "abbreviation = NB\n"
				  "mark = {level}\n"
				  "period =\n"
				  "period-max =\n"
				  "first = stamp ,mark\n"
				  "other =\n"
				  "cover =\n"
				  "control = false\n"
				  "codes = false\n"
				  "watermark = light\n"
				  "[level top-1]\n"
				  "rank = 99\n"
				  "text = 绝密\n"
				  "text[en] = Top Secret\n"
				  "abbreviation = JM1\n"
				  "mark = {level}★{period}\n"
				  "period = 30年\n"
				  "period-max = 40年\n"
				  "first = mark, code\n"
				  "other = code\n"
				  "cover = mark\n"
				  "control = true\n"
				  "codes = true\n"
				  "watermark = tile\n"
				  "[line mark]\n"
				  "text = {mark}\n"
				  "at = top-left\n"
				  "x = 28\n"
				  "y = 18.6\n"
				  "width = 135\n"
				  "font = serif\n"
				  "weight = bold\n"
				  "size = 16\n"
				  "colour = #ff0080\n"
				  "when = always\n"
				  "[line code]\n"
				  "text = {code} {page}/{pages}\n"
				  "at = right-of-code-2\n"
				  "x = 1\n"
				  "y = 8.4\n"
				  "width = 100\n"
				  "font = mono\n"
				  "weight = normal\n"
				  "size = 9.5\n"
				  "colour = #000000\n"
				  "when = always\n"
				  "[line stamp]\n"
				  "text = {original} {unit}\n"
				  "at = bottom-centre\n"
				  "x = 0\n"
				  "y = 30\n"
				  "width = 60\n"
				  "font = Noto Sans CJK SC\n"
				  "weight = normal\n"
				  "size = 8\n"
				  "colour = #c00000\n"
				  "when = reprint\n"
				  "[code 1]\n"
				  "at = top-right\n"
				  "x = 26\n"
				  "y = 8.5\n"
				  "size = 17\n"
				  "[code 2]\n"
				  "at = bottom-left\n"
				  "x = 8\n"
				  "y = 9\n"
				  "size = 18.5\n";

START_TEST(scheme_reads)
{
	g_autofree char *path = write_file("schemes/a.scheme", scheme_text);
	g_autofree char *schemes = g_path_get_dirname(path);
	g_autoptr(miyin_scheme) scheme = miyin_scheme_open(schemes, "a", NULL);
	const miyin_level *top, *low;

	ck_assert_ptr_nonnull(scheme);
	ck_assert_str_eq(scheme->name, "a");
	ck_assert_str_eq(scheme->title, "测试");
	ck_assert_uint_eq(scheme->levels->len, 2);
	top = scheme->levels->pdata[0];
	low = scheme->levels->pdata[1];
	ck_assert_str_eq(top->id, "top-1");
	ck_assert_uint_eq(top->rank, 99);
	ck_assert_str_eq(top->text, "绝密");
	ck_assert_str_eq(top->text_en, "Top Secret");
	ck_assert_str_eq(top->mark, "{level}★{period}");
	ck_assert_str_eq(top->period, "30年");
	ck_assert_str_eq(top->period_max, "40年");
	ck_assert_str_eq(top->abbreviation, "JM1");
	ck_assert_str_eq(low->id, "low");
	ck_assert_str_eq(low->period, "");
	ck_assert_str_eq(low->period_max, "");
	ck_assert_ptr_eq(miyin_scheme_find_level(scheme, "top-1"), top);
	ck_assert_ptr_eq(miyin_scheme_find_level(scheme, "绝密"), top);
	ck_assert_ptr_eq(miyin_scheme_find_level(scheme, "Top Secret"), top);
	ck_assert_ptr_eq(miyin_scheme_find_level(scheme, "top secret"), top);
	ck_assert_ptr_eq(miyin_scheme_find_level(scheme, "JM1"), top);
	ck_assert_ptr_eq(miyin_scheme_find_level(scheme, "jm1"), top);
	ck_assert_ptr_eq(miyin_scheme_find_level(scheme, "low"), low);
	ck_assert_ptr_null(miyin_scheme_find_level(scheme, "Top-1"));
	ck_assert_ptr_null(miyin_scheme_find_level(scheme, "绝"));
	ck_assert_ptr_null(miyin_scheme_find_level(scheme, "绝密★"));
	ck_assert_ptr_null(miyin_scheme_find_level(scheme, ""));
}
END_TEST

static void assert_list(char *const *list, const char *words)
{
	g_autofree char *all = g_strjoinv("|", (char **)list);

	ck_assert_str_eq(all, words);
}

/* What the pages of a level bear. */
START_TEST(scheme_reads_pages)
{
	g_autofree char *path = write_file("schemes/a.scheme", scheme_text);
	g_autofree char *schemes = g_path_get_dirname(path);
	g_autoptr(miyin_scheme) scheme = miyin_scheme_open(schemes, "a", NULL);
	const miyin_level *top, *low;

	ck_assert_ptr_nonnull(scheme);
	ck_assert(scheme->state_secret);
	ck_assert(scheme->layout->swap_even);
	ck_assert_str_eq(scheme->layout->watermark_text, "{level} {holder}");
	top = scheme->levels->pdata[0];
	low = scheme->levels->pdata[1];
	assert_list(top->first, "mark|code");
	assert_list(top->other, "code");
	assert_list(top->cover, "mark");
	ck_assert(top->codes);
	ck_assert(top->control);
	ck_assert(miyin_level_has_cover(top));
	ck_assert_int_eq(top->watermark, MIYIN_WATERMARK_TILE);
	assert_list(low->first, "stamp|mark");
	assert_list(low->other, "");
	assert_list(low->cover, "");
	ck_assert(!low->codes);
	ck_assert(!low->control);
	ck_assert(!miyin_level_has_cover(low));
	ck_assert_int_eq(low->watermark, MIYIN_WATERMARK_LIGHT);
}
END_TEST

static const miyin_line scheme_lines[] = {
	{ .name = "mark",
	  .text = "{mark}",
	  .at = MIYIN_AT_TOP_LEFT,
	  .x_mm = 28,
	  .y_mm = 18.6,
	  .width_mm = 135,
	  .font = "serif",
	  .bold = TRUE,
	  .size_pt = 16,
	  .colour = 0xff0080 },
	{ .name = "code",
	  .text = "{code} {page}/{pages}",
	  .at = MIYIN_AT_RIGHT_OF_2,
	  .x_mm = 1,
	  .y_mm = 8.4,
	  .width_mm = 100,
	  .font = "mono",
	  .size_pt = 9.5,
	  .colour = 0 },
	{ .name = "stamp",
	  .text = "{original} {unit}",
	  .reprint_only = TRUE,
	  .at = MIYIN_AT_BOTTOM_CENTRE,
	  .x_mm = 0,
	  .y_mm = 30,
	  .width_mm = 60,
	  .font = "Noto Sans CJK SC",
	  .size_pt = 8,
	  .colour = 0xc00000 },
};

START_TEST(scheme_reads_line)
{
	g_autofree char *path = write_file("schemes/a.scheme", scheme_text);
	g_autofree char *schemes = g_path_get_dirname(path);
	g_autoptr(miyin_scheme) scheme = miyin_scheme_open(schemes, "a", NULL);
	const miyin_line *want = &scheme_lines[_i], *is;

	ck_assert_ptr_nonnull(scheme);
	ck_assert_uint_eq(scheme->layout->lines->len,
			  G_N_ELEMENTS(scheme_lines));
	is = scheme->layout->lines->pdata[_i];
	ck_assert_str_eq(is->name, want->name);
	ck_assert_str_eq(is->text, want->text);
	ck_assert_int_eq(is->reprint_only, want->reprint_only);
	ck_assert_int_eq(is->at, want->at);
	ck_assert_double_eq_tol(is->x_mm, want->x_mm, 1e-9);
	ck_assert_double_eq_tol(is->y_mm, want->y_mm, 1e-9);
	ck_assert_double_eq_tol(is->width_mm, want->width_mm, 1e-9);
	ck_assert_str_eq(is->font, want->font);
	ck_assert_int_eq(is->bold, want->bold);
	ck_assert_double_eq_tol(is->size_pt, want->size_pt, 1e-9);
	ck_assert_uint_eq(is->colour, want->colour);
}
END_TEST

START_TEST(scheme_reads_codes)
{
	g_autofree char *path = write_file("schemes/a.scheme", scheme_text);
	g_autofree char *schemes = g_path_get_dirname(path);
	g_autoptr(miyin_scheme) scheme = miyin_scheme_open(schemes, "a", NULL);
	const miyin_codeplace *spots;

	ck_assert_ptr_nonnull(scheme);
	ck_assert_uint_eq(scheme->layout->codes->len, 2);
	spots = (const miyin_codeplace *)scheme->layout->codes->data;
	ck_assert_int_eq(spots[0].at, MIYIN_AT_TOP_RIGHT);
	ck_assert_double_eq_tol(spots[0].x_mm, 26, 1e-9);
	ck_assert_double_eq_tol(spots[0].y_mm, 8.5, 1e-9);
	ck_assert_double_eq_tol(spots[0].size_mm, 17, 1e-9);
	ck_assert_int_eq(spots[1].at, MIYIN_AT_BOTTOM_LEFT);
	ck_assert_double_eq_tol(spots[1].x_mm, 8, 1e-9);
	ck_assert_double_eq_tol(spots[1].y_mm, 9, 1e-9);
	ck_assert_double_eq_tol(spots[1].size_mm, 18.5, 1e-9);
}
END_TEST

/* Read with a Chinese server as with an English one. */
START_TEST(scheme_in_any_language)
{
	static const char *const languages[] = { "en", "zh_CN", "C" };

	g_autofree char *path = write_file("schemes/a.scheme", scheme_text);
	g_autofree char *schemes = g_path_get_dirname(path);

	for (unsigned i = 0; i < G_N_ELEMENTS(languages); i++) {
		g_autoptr(miyin_scheme) scheme = NULL;
		const miyin_level *top;

		g_setenv("LANGUAGE", languages[i], TRUE);
		scheme = miyin_scheme_open(schemes, "a", NULL);
		top = scheme->levels->pdata[0];
		ck_assert_str_eq(top->text, "绝密");
		ck_assert_str_eq(top->text_en, "Top Secret");
	}
}
END_TEST

static const struct {
	const char *what, *line, *by, *group, *key;
} scheme_faults[] = {
	{ "no title", "title = 测试", NULL, "[scheme]", "title" },
	{ "no [scheme]", "[scheme]", "[level x]", NULL, NULL },
	{ "a title in GBK", "title = 测试", "title = \xb2\xe2", "[scheme]",
	  "title" },
	{ "a rank of no number", "rank = 1", "rank = low", "[level low]",
	  "rank" },
	{ "rank 0", "rank = 1", "rank = 0", "[level low]", "rank" },
	{ "rank 100", "rank = 1", "rank = 100", "[level low]", "rank" },
	{ "no rank", "rank = 1", NULL, "[level low]", "rank" },
	{ "no text", "text = 内部", NULL, "[level low]", "text" },
	{ "a text in GBK", "text = 内部", "text = \xc4\xda", "[level low]",
	  "text" },
	{ "an empty text", "text = 内部", "text =", "[level low]", "text" },
	{ "no English", "text[en] = Internal", NULL, "[level low]",
	  "text[en]" },
	{ "an empty English", "text[en] = Internal",
	  "text[en] =", "[level low]", "text[en]" },
	{ "another language", "text[en] = Internal", "text[de] = Intern",
	  "[level low]", "text[de]" },
	{ "no mark", "mark = {level}", NULL, "[level low]", "mark" },
	{ "an empty mark", "mark = {level}", "mark =", "[level low]", "mark" },
	{ "no period", "period =", NULL, "[level low]", "period" },
	{ "one setting too many", "period =", "period =\ncolour = red",
	  "[level low]", "colour" },
	{ "no abbreviation", "abbreviation = NB", NULL, "[level low]",
	  "abbreviation" },
	{ "no greatest period", "period-max =", NULL, "[level low]",
	  "period-max" },
	{ "no word about the first page", "first = stamp ,mark", NULL,
	  "[level low]", "first" },
	{ "no word about other pages", "other =", NULL, "[level low]",
	  "other" },
	{ "no word about covers", "cover =", NULL, "[level low]", "cover" },
	{ "no word about control sheets", "control = false", NULL,
	  "[level low]", "control" },
	{ "no word about codes", "codes = false", NULL, "[level low]",
	  "codes" },
	{ "no word about the watermark", "watermark = light", NULL,
	  "[level low]", "watermark" },
	{ "lines in GBK", "other =", "other = \xd5\xc2", "[level low]",
	  "other" },
	{ "no word about the state", "state-secret = true", NULL, "[scheme]",
	  "state-secret" },
	{ "no word about even pages", "swap-even = true", NULL, "[scheme]",
	  "swap-even" },
	{ "an unknown word about even pages", "swap-even = true",
	  "swap-even = 1", "[scheme]", "swap-even" },
	{ "a line without a name", "[line mark]", "[line ]", "[line ]", NULL },
	{ "a line's name with a space", "[line mark]", "[line the mark]",
	  "[line the mark]", NULL },
	{ "a star where it is no state secret", "state-secret = true",
	  "state-secret = false", "[level top-1]", "star" },
	{ "a level without id", "[level low]", "[level ]", "[level ]", NULL },
	{ "an id with a space", "[level low]", "[level very low]",
	  "[level very low]", NULL },
	{ "an id with a slash", "[level low]", "[level ../low]",
	  "[level ../low]", NULL },
	{ "a mistyped group", "[level low]", "[levl low]", "[levl low]", NULL },
	{ "no key file", "[scheme]", "scheme", NULL, NULL },
};

START_TEST(scheme_refuses)
{
	g_autofree char *text = change(scheme_text, scheme_faults[_i].line,
				       scheme_faults[_i].by);
	g_autofree char *path = write_file("schemes/a.scheme", text);
	g_autofree char *schemes = g_path_get_dirname(path);
	g_autoptr(GError) error = NULL;

	ck_assert_msg(!miyin_scheme_open(schemes, "a", &error), "%s was read",
		      scheme_faults[_i].what);
	assert_told(scheme_faults[_i].what, error, path,
		    scheme_faults[_i].group, scheme_faults[_i].key);
}
END_TEST

/* The name comes from a queue's settings, not from us. */
static const char *const strange_schemes[] = {
	"b", "", ".", "a.scheme", "../schemes/a", "a/", "./a", "a b", "A"
};

START_TEST(scheme_missing)
{
	g_autofree char *path = write_file("schemes/a.scheme", scheme_text);
	g_autofree char *schemes = g_path_get_dirname(path);
	g_autoptr(GError) error = NULL;

	ck_assert_ptr_null(
		miyin_scheme_open(schemes, strange_schemes[_i], &error));
	ck_assert(g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_MISSING));
	ck_assert_ptr_nonnull(strstr(error->message, schemes));
	ck_assert_ptr_nonnull(strstr(error->message, strange_schemes[_i]));
}
END_TEST

static const struct {
	const char *what, *mark, *period, *line;
} marks[] = {
	{ "with a period", "{level}★{period}", "10年", "机密★10年" },
	{ "without a period the star goes too", "{level}★{period}", "",
	  "机密" },
	{ "a mark that has none", "{level}", "10年", "机密" },
	{ "the period first", "{period} {level}", "长期", "长期 机密" },
	{ "the level twice", "{level}/{level}", "", "机密/机密" },
	{ "a period that looks like a level", "{level}★{period}", "{level}",
	  "机密★{level}" },
	{ "a period that looks like itself", "{level}★{period}", "{period}",
	  "机密★{period}" },
};

START_TEST(mark)
{
	miyin_level level = { .text = (char *)"机密",
			      .mark = (char *)marks[_i].mark };
	g_autofree char *line =
		miyin_level_format_mark(&level, marks[_i].period);

	ck_assert_msg(g_str_equal(line, marks[_i].line), "%s: %s",
		      marks[_i].what, line);
}
END_TEST

/* ---- what is delivered ------------------------------------------------ */

START_TEST(samples_fit_together)
{
	g_autoptr(miyin_scheme) scheme =
		miyin_scheme_open("samples/schemes", "cn-gb9704", NULL);
	g_autoptr(miyin_policy) policy =
		miyin_policy_open("samples/policies/default.conf", NULL);

	ck_assert_ptr_nonnull(scheme);
	ck_assert_ptr_nonnull(policy);
	ck_assert_uint_ge(scheme->levels->len, 4);
	for (unsigned i = 0; i < scheme->levels->len; i++) {
		const miyin_level *level = scheme->levels->pdata[i];
		const miyin_limits *limits =
			miyin_policy_find(policy, level->id);

		ck_assert_msg(limits != NULL, "no policy for %s", level->id);
		ck_assert_uint_le(limits->copies_per_job,
				  limits->copies_per_document);
		/* A stricter level never allows more. */
		if (i > 0) {
			const miyin_level *higher =
				scheme->levels->pdata[i - 1];

			ck_assert_uint_gt(higher->rank, level->rank);
			ck_assert_uint_le(miyin_policy_find(policy, higher->id)
						  ->copies_per_document,
					  limits->copies_per_document);
		}
	}
}
END_TEST

static TCase *config_cases(void)
{
	TCase *tcase = tcase_create("config");

	tcase_add_checked_fixture(tcase, make_dir, remove_dir);
	tcase_add_test(tcase, config_reads);
	tcase_add_test(tcase, config_server);
	tcase_add_loop_test(tcase, config_landlock, 0, G_N_ELEMENTS(landlocks));
	tcase_add_loop_test(tcase, config_refuses, 0,
			    G_N_ELEMENTS(config_faults));
	tcase_add_test(tcase, config_missing);
	tcase_add_test(tcase, config_dir_of_environment);
	return tcase;
}

static TCase *policy_cases(void)
{
	TCase *tcase = tcase_create("policy");

	tcase_add_checked_fixture(tcase, make_dir, remove_dir);
	tcase_add_test(tcase, policy_reads);
	tcase_add_test(tcase, policy_empty);
	tcase_add_loop_test(tcase, policy_owners, 0, G_N_ELEMENTS(owner_rows));
	tcase_add_loop_test(tcase, policy_refuses, 0,
			    G_N_ELEMENTS(policy_faults));
	tcase_add_loop_test(tcase, policy_refuses_group, 0,
			    G_N_ELEMENTS(strange_groups));
	tcase_add_test(tcase, policy_missing);
	tcase_add_loop_test(tcase, may, 0, G_N_ELEMENTS(names));
	tcase_add_test(tcase, may_as_member);
	return tcase;
}

static TCase *scheme_cases(void)
{
	TCase *tcase = tcase_create("scheme");

	tcase_add_checked_fixture(tcase, make_dir, remove_dir);
	tcase_add_test(tcase, scheme_reads);
	tcase_add_test(tcase, scheme_reads_pages);
	tcase_add_loop_test(tcase, scheme_reads_line, 0,
			    G_N_ELEMENTS(scheme_lines));
	tcase_add_test(tcase, scheme_reads_codes);
	tcase_add_test(tcase, scheme_in_any_language);
	tcase_add_loop_test(tcase, scheme_refuses, 0,
			    G_N_ELEMENTS(scheme_faults));
	tcase_add_loop_test(tcase, scheme_missing, 0,
			    G_N_ELEMENTS(strange_schemes));
	tcase_add_loop_test(tcase, mark, 0, G_N_ELEMENTS(marks));
	tcase_add_test(tcase, samples_fit_together);
	return tcase;
}

int main(void)
{
	Suite *suite = suite_create("config");
	SRunner *runner;
	int n_failed;

	suite_add_tcase(suite, config_cases());
	suite_add_tcase(suite, policy_cases());
	suite_add_tcase(suite, scheme_cases());
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
