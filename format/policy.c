/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/policy.h>
#include <miyin/error.h>
#include "keyfile.h"
#include <grp.h>
#include <pwd.h>
#include <string.h>

#define COPIES_MAX 999

const char *const miyin_verify_words[] = { "every-page", "sampled",
					   "structural", NULL };

struct miyin_policy {
	GHashTable *levels;	/* id -> miyin_limits */
};

static void limits_free(miyin_limits *limits);
static miyin_limits *read_limits(GKeyFile *file, const char *path,
				 const char *group, GError **error);
static char **get_list(GKeyFile *file, const char *group, const char *key);
static gboolean in_group(const char *group, const char *user);

miyin_policy *miyin_policy_open(const char *path, GError **error)
{
	g_autoptr(GKeyFile) file = miyin_keyfile_open(path, error);
	g_autoptr(miyin_policy) policy = g_new0(miyin_policy, 1);
	g_auto(GStrv) groups = NULL;

	policy->levels = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
					       (GDestroyNotify)limits_free);
	if (!file)
		return NULL;
	groups = g_key_file_get_groups(file, NULL);
	for (int i = 0; groups[i]; i++) {
		miyin_limits *limits;

		if (!g_str_has_prefix(groups[i], "level ")) {
			miyin_keyfile_fail(path, groups[i], NULL, error,
					   ": there is no such group; "
					   "[level ID] is");
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
	g_free(policy);
}

const miyin_limits *miyin_policy_find(const miyin_policy *policy,
				      const char *level_id)
{
	return g_hash_table_lookup(policy->levels, level_id);
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

static void limits_free(miyin_limits *limits)
{
	g_strfreev(limits->users);
	g_strfreev(limits->queues);
	g_free(limits);
}

static miyin_limits *read_limits(GKeyFile *file, const char *path,
				 const char *group, GError **error)
{
	static const char *const keys[] = { "copies-per-document",
					    "copies-per-job", "body", "verify",
					    "users", "queues",
					    "missing-glyph", "declared-level",
					    NULL };
	static const char *const bodies[] = { "keep", "fit", "auto", "raster",
					      NULL };
	static const char *const signs[] = { "refuse", "substitute", NULL };
	static const char *const answers[] = { "enforce", "warn", "off", NULL };
	miyin_limits *limits = g_new0(miyin_limits, 1);
	int body, verify, missing, declared;

	if (!miyin_keyfile_check_group(file, path, group, keys, error) ||
	    !miyin_keyfile_get_number(file, path, group, keys[0], 0, COPIES_MAX,
				      &limits->copies_per_document, error) ||
	    !miyin_keyfile_get_number(file, path, group, keys[1], 0, COPIES_MAX,
				      &limits->copies_per_job, error) ||
	    !miyin_keyfile_get_choice(file, path, group, "body", bodies, &body,
				      error) ||
	    !miyin_keyfile_get_choice(file, path, group, "verify",
				      miyin_verify_words, &verify, error) ||
	    !miyin_keyfile_get_choice(file, path, group, "missing-glyph", signs,
				      &missing, error) ||
	    !miyin_keyfile_get_choice(file, path, group, "declared-level",
				      answers, &declared, error)) {
		limits_free(limits);
		return NULL;
	}
	limits->body = body;
	limits->verify = verify;
	limits->missing = missing;
	limits->declared = declared;
	limits->users = get_list(file, group, "users");
	limits->queues = get_list(file, group, "queues");
	return limits;
}

static char **get_list(GKeyFile *file, const char *group, const char *key)
{
	g_autofree char *text = g_key_file_get_string(file, group, key, NULL);
	char **list = g_strsplit(text, ",", -1);

	for (int i = 0; list[i]; i++)
		g_strstrip(list[i]);
	return list;
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
