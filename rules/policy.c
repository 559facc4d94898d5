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

const char *const miyin_policy_keys[] = { "copies-per-document",
					  "copies-per-job",
					  "body",
					  "verify",
					  "users",
					  "queues",
					  "missing-glyph",
					  "conditions",
					  "declared-level",
					  "declared-pages",
					  "declared-unreadable",
					  "carried-codes",
					  NULL };

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

static char **get_list(GKeyFile *file, const char *group, const char *key)
{
	g_autofree char *text = g_key_file_get_string(file, group, key, NULL);
	char **list = g_strsplit(text, ",", -1);

	for (int i = 0; list[i]; i++)
		g_strstrip(list[i]);
	return list;
}

/* A list with another sign in it would be one long name, which nobody has. */
static gboolean check_signs(GKeyFile *file, const char *path, const char *group,
			    const char *key, GError **error)
{
	static const struct {
		const char *seen, *meant;
	} signs[] = {
		{ "，", "," }, { "、", "," }, { "；", "," },	 { ";", "," },
		{ "﹐", "," }, { "﹑", "," }, { "､", "," },	 { "＊", "*" },
		{ "＠", "@" }, { "﹫", "@" }, { "\u3000", " " },
	};
	g_autofree char *text = g_key_file_get_string(file, group, key, NULL);
	g_auto(GStrv) names = get_list(file, group, key);

	for (unsigned i = 0; i < G_N_ELEMENTS(signs); i++)
		if (strstr(text, signs[i].seen))
			return miyin_keyfile_fail(
				path, group, key, error,
				_(": write \"%s\" and not \"%s\""),
				signs[i].meant, signs[i].seen);
	for (int i = 0; names[i]; i++)
		if (g_str_equal(names[i], "@"))
			return miyin_keyfile_fail(
				path, group, key, error,
				_(": behind @ the name of a group is "
				  "missing"));
	return TRUE;
}

/* Words that are printed, as a user's are. */
static char **get_texts(GKeyFile *file, const char *group, const char *key)
{
	g_autofree char *text = g_key_file_get_string(file, group, key, NULL);

	return miyin_text_split(text);
}

/* 30年 among them would pass every limit. 长期 has no day. */
static gboolean check_conditions(const miyin_limits *limits, const char *path,
				 const char *group, GError **error)
{
	const GDate today = miyin_period_today();

	for (char **one = limits->conditions; *one; one++) {
		miyin_period_verdict verdict =
			miyin_period_judge(*one, LONGEST, NULL, &today, NULL);

		if (verdict == MIYIN_PERIOD_GOOD ||
		    verdict == MIYIN_PERIOD_ENDED)
			return miyin_keyfile_fail(
				path, group, "conditions", error,
				_(": \"%s\" is a period that ends by itself, "
				  "which period-max bounds; take it out"),
				*one);
	}
	return TRUE;
}

static miyin_limits *read_limits(GKeyFile *file, const char *path,
				 const char *group, GError **error)
{
	const char *const *keys = miyin_policy_keys;
	static const char *const signs[] = { "refuse", "substitute", NULL };
	static const char *const answers[] = { "enforce", "warn", "off", NULL };
	miyin_limits *limits = g_new0(miyin_limits, 1);
	static const char *const doubts[] = { "refuse", "warn", "accept",
					      NULL };
	int body, verify, missing, declared, unreadable, carried;

	if (!miyin_keyfile_check_group(file, path, group, keys, error) ||
	    !miyin_keyfile_get_number(file, path, group, keys[0], 0,
				      MIYIN_COPIES_MAX,
				      &limits->copies_per_document, error) ||
	    !miyin_keyfile_get_number(file, path, group, keys[1], 0,
				      MIYIN_COPIES_MAX, &limits->copies_per_job,
				      error) ||
	    !miyin_keyfile_get_choice(file, path, group, "body",
				      miyin_body_words, &body, error) ||
	    !miyin_keyfile_get_choice(file, path, group, "verify",
				      miyin_verify_words, &verify, error) ||
	    !miyin_keyfile_get_choice(file, path, group, "missing-glyph", signs,
				      &missing, error) ||
	    !miyin_keyfile_get_choice(file, path, group, "declared-level",
				      answers, &declared, error) ||
	    !miyin_keyfile_get_number(file, path, group, "declared-pages", 1,
				      PAGES_MAX, &limits->declared_pages,
				      error) ||
	    !miyin_keyfile_get_choice(file, path, group, "declared-unreadable",
				      doubts, &unreadable, error) ||
	    !miyin_keyfile_get_choice(file, path, group, "carried-codes",
				      doubts, &carried, error) ||
	    !check_signs(file, path, group, "users", error) ||
	    !check_signs(file, path, group, "queues", error)) {
		limits_free(limits);
		return NULL;
	}
	limits->body = body;
	limits->verify = verify;
	limits->missing = missing;
	limits->declared = declared;
	limits->unreadable = unreadable;
	limits->carried = carried;
	limits->users = get_list(file, group, "users");
	limits->queues = get_list(file, group, "queues");
	limits->conditions = get_texts(file, group, "conditions");
	if (!check_conditions(limits, path, group, error)) {
		limits_free(limits);
		return NULL;
	}
	return limits;
}

/* user, or @groups; "user" becomes an empty list. */
static char **read_owners(GKeyFile *file, const char *path, GError **error)
{
	static const char *const keys[] = { "owner", NULL };
	g_auto(GStrv) list = NULL;

	if (!miyin_keyfile_check_group(file, path, "references", keys, error) ||
	    !check_signs(file, path, "references", "owner", error))
		return NULL;
	list = get_list(file, "references", "owner");
	if (g_strcmp0(list[0], "user") == 0 && !list[1])
		return g_new0(char *, 1);
	for (int i = 0; list[i]; i++)
		if (list[i][0] != '@' || !list[i][1]) {
			miyin_keyfile_fail(path, "references", "owner", error,
					   _(": must be user, or @groups"));
			return NULL;
		}
	return g_steal_pointer(&list);
}

miyin_policy *miyin_policy_open(const char *path, GError **error)
{
	g_autoptr(GKeyFile) file = miyin_keyfile_open(path, error);
	g_autoptr(miyin_policy) policy = g_new0(miyin_policy, 1);
	g_auto(GStrv) groups = NULL;

	policy->levels = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
					       (GDestroyNotify)limits_free);
	if (!file || !miyin_budget_read(file, path, &policy->budget, error))
		return NULL;
	groups = g_key_file_get_groups(file, NULL);
	for (int i = 0; groups[i]; i++) {
		miyin_limits *limits;

		if (g_str_equal(groups[i], "references")) {
			policy->owners = read_owners(file, path, error);
			if (!policy->owners)
				return NULL;
			continue;
		}
		if (g_str_equal(groups[i], "budget"))
			continue;
		if (!g_str_has_prefix(groups[i], "level ")) {
			miyin_keyfile_fail(
				path, groups[i], NULL, error,
				_(": there is no such group; "
				  "[level ID] and [references] are"));
			return NULL;
		}
		limits = read_limits(file, path, groups[i], error);
		if (!limits)
			return NULL;
		g_hash_table_insert(policy->levels, g_strdup(groups[i] + 6),
				    limits);
	}
	return g_steal_pointer(&policy);
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
