/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/policy.h>
#include <miyin/frame.h>
#include <miyin/levelperiod.h>
#include <miyin/period.h>
#include <miyin/text.h>
#include <miyin/keyfile.h>
#include <glib/gi18n.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>

#define LONGEST "900年" /* any that has an end */
#define PAGES_MAX 50	/* each takes a second to read */

const char *const miyin_verify_words[] = { "every-page", "sampled",
					   "structural", NULL };

const char miyin_policy_keys[] =
	"copies-per-document copies-per-job body verify users queues"
	" missing-glyph conditions declared-level declared-pages"
	" declared-unreadable carried-codes";

struct miyin_policy {
	GHashTable *levels; /* id -> miyin_limits */
	char **owners;	    /* @groups that own together, or NULL */
	miyin_budget budget;
};

static void limits_free(miyin_limits *limits)
{
	g_strfreev(limits->users);
	g_strfreev(limits->queues);
	g_strfreev(limits->conditions);
	g_free(limits);
}

/* A list with another sign in it would be one long name, which nobody has. */
static char **get_names(miyin_keyfile_group *g, const char *key)
{
	static const struct {
		const char *seen, *meant;
	} signs[] = {
		{ "，", "," }, { "、", "," }, { "；", "," },	 { ";", "," },
		{ "﹐", "," }, { "﹑", "," }, { "､", "," },	 { "＊", "*" },
		{ "＠", "@" }, { "﹫", "@" }, { "\u3000", " " },
	};
	g_autofree char *text = miyin_keyfile_get_text(g, key);
	char **names = miyin_text_parts(text);

	for (unsigned i = 0; text && i < G_N_ELEMENTS(signs); i++)
		if (strstr(text, signs[i].seen))
			miyin_keyfile_fail(g, key,
					   _(": write \"%s\" and not \"%s\""),
					   signs[i].meant, signs[i].seen);
	if (g_strv_contains((const char *const *)names, "@"))
		miyin_keyfile_fail(g, key,
				   _(": behind @ the name of a group is "
				     "missing"));
	return names;
}

/* 30年 among them would pass every limit. 长期 has no day. */
static void check_conditions(const miyin_limits *limits, miyin_keyfile_group *g)
{
	const GDate today = miyin_period_today();

	for (char **one = limits->conditions; *one; one++) {
		miyin_period_verdict verdict =
			miyin_period_judge(*one, LONGEST, NULL, &today, NULL);

		if (verdict == MIYIN_PERIOD_GOOD ||
		    verdict == MIYIN_PERIOD_ENDED)
			miyin_keyfile_fail(
				g, "conditions",
				_(": \"%s\" is a period that ends by itself, "
				  "which period-max bounds; take it out"),
				*one);
	}
}

static miyin_limits *read_limits(miyin_keyfile_group *g)
{
	static const char *const signs[] = { "refuse", "substitute", NULL };
	static const char *const answers[] = { "enforce", "warn", "off", NULL };
	static const char *const doubts[] = { "refuse", "warn", "accept",
					      NULL };
	miyin_limits *limits = g_new0(miyin_limits, 1);
	g_autofree char *conditions = NULL;

	miyin_keyfile_check_group(g, miyin_policy_keys);
	limits->copies_per_document = miyin_keyfile_get_number(
		g, "copies-per-document", 0, MIYIN_COPIES_MAX);
	limits->copies_per_job = miyin_keyfile_get_number(g, "copies-per-job",
							  0, MIYIN_COPIES_MAX);
	limits->body = miyin_keyfile_get_choice(g, "body", miyin_body_words);
	limits->verify =
		miyin_keyfile_get_choice(g, "verify", miyin_verify_words);
	limits->missing = miyin_keyfile_get_choice(g, "missing-glyph", signs);
	limits->declared =
		miyin_keyfile_get_choice(g, "declared-level", answers);
	limits->declared_pages =
		miyin_keyfile_get_number(g, "declared-pages", 1, PAGES_MAX);
	limits->unreadable =
		miyin_keyfile_get_choice(g, "declared-unreadable", doubts);
	limits->carried = miyin_keyfile_get_choice(g, "carried-codes", doubts);
	limits->users = get_names(g, "users");
	limits->queues = get_names(g, "queues");
	/* Words that are printed, as a user's are. */
	conditions = miyin_keyfile_get_text(g, "conditions");
	limits->conditions = miyin_text_split(conditions ? conditions : "");
	check_conditions(limits, g);
	return limits;
}

/* user, or @groups; "user" becomes an empty list. */
static char **read_owners(miyin_keyfile_group *g)
{
	g_auto(GStrv) list = NULL;

	miyin_keyfile_check_group(g, "owner");
	list = get_names(g, "owner");
	if (g_strcmp0(list[0], "user") == 0 && !list[1])
		return g_new0(char *, 1);
	for (int i = 0; list[i]; i++)
		if (list[i][0] != '@' || !list[i][1])
			miyin_keyfile_fail(g, "owner",
					   _(": must be user, or @groups"));
	return g_steal_pointer(&list);
}

static void read_group(miyin_policy *policy, miyin_keyfile_group *g)
{
	if (g_str_equal(g->group, "references"))
		policy->owners = read_owners(g);
	else if (g_str_has_prefix(g->group, "level "))
		g_hash_table_insert(policy->levels, g_strdup(g->group + 6),
				    read_limits(g));
	else if (!g_str_equal(g->group, "budget"))
		miyin_keyfile_fail(g, NULL,
				   _(": there is no such group; "
				     "[level ID] and [references] are"));
}

miyin_policy *miyin_policy_open(const char *path, GError **error)
{
	g_autoptr(GKeyFile) file = miyin_keyfile_open(path, error);
	g_autoptr(miyin_policy) policy = g_new0(miyin_policy, 1);
	g_auto(GStrv) groups = NULL;
	miyin_keyfile_group g = { file, path, NULL, error, FALSE };

	policy->levels = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
					       (GDestroyNotify)limits_free);
	if (!file || !miyin_budget_read(file, path, &policy->budget, error))
		return NULL;
	groups = g_key_file_get_groups(file, NULL);
	for (int i = 0; groups[i] && !g.failed; i++) {
		g.group = groups[i];
		read_group(policy, &g);
	}
	return g.failed ? NULL : g_steal_pointer(&policy);
}

void miyin_policy_free(miyin_policy *policy)
{
	if (!policy)
		return;
	g_hash_table_unref(policy->levels);
	g_strfreev(policy->owners);
	g_free(policy);
}

const miyin_budget *miyin_policy_budget(const miyin_policy *policy)
{
	return &policy->budget;
}

gboolean miyin_policy_reads(const miyin_policy *policy)
{
	GHashTableIter at;
	gpointer limits;

	g_hash_table_iter_init(&at, policy->levels);
	while (g_hash_table_iter_next(&at, NULL, &limits))
		if (((miyin_limits *)limits)->declared != MIYIN_DECLARED_OFF)
			return TRUE;
	return FALSE;
}

const miyin_limits *miyin_policy_find(const miyin_policy *policy,
				      const char *level_id)
{
	return g_hash_table_lookup(policy->levels, level_id);
}

static gboolean in_group(const char *group, const char *user)
{
	const struct group *entry = getgrnam(group);
	const struct passwd *account;
	gid_t gid;

	if (!entry)
		return FALSE;
	gid = entry->gr_gid;
	for (char **member = entry->gr_mem; *member; member++)
		if (strcmp(*member, user) == 0)
			return TRUE;
	account = getpwnam(user);
	return account && account->pw_gid == gid;
}

gboolean miyin_policy_names(char *const *list, const char *name)
{
	for (; *list; list++) {
		if (g_str_equal(*list, "*") || g_str_equal(*list, name))
			return TRUE;
		if (**list == '@' && in_group(*list + 1, name))
			return TRUE;
	}
	return FALSE;
}

char **miyin_policy_owners(const miyin_policy *policy, const char *user)
{
	GPtrArray *names = g_ptr_array_new();

	for (char **owner = policy->owners; owner && *owner; owner++)
		if (in_group(*owner + 1, user))
			g_ptr_array_add(names, g_strdup(*owner));
	g_ptr_array_add(names, g_strdup(user));
	g_ptr_array_add(names, NULL);
	return (char **)g_ptr_array_free(names, FALSE);
}
