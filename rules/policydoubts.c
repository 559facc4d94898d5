/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/policydoubts.h>
#include <miyin/policy.h>
#include <miyin/keyfile.h>
#include <miyin/keyline.h>
#include <miyin/text.h>
#include <glib/gi18n.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>

#define LEVEL "level "

typedef struct {
	const char *path;
	GKeyFile *file;
	char **groups;
	GPtrArray *doubts; /* sentences */
} policy_text;

/* What to write where nothing was said: nobody is let do more by it. */
static const struct {
	const char *key, *value;
} proposals[] = {
	{ "copies-per-document", "1" },
	{ "copies-per-job", "1" },
	{ "body", "auto" },
	{ "verify", "every-page" },
	{ "users", "*" },
	{ "queues", "*" },
	{ "missing-glyph", "refuse" },
	{ "conditions", "" },
	{ "declared-level", "enforce" },
	{ "declared-pages", "3" },
	{ "declared-unreadable", "warn" },
	{ "carried-codes", "refuse" },
};

static const char *propose(const char *key)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(proposals); i++)
		if (g_str_equal(proposals[i].key, key))
			return proposals[i].value;
	return "";
}

static gboolean open_text(policy_text *p, const char *path)
{
	*p = (policy_text){ .path = path,
			    .file = miyin_keyfile_open(path, NULL),
			    .doubts = g_ptr_array_new() };
	if (p->file)
		p->groups = g_key_file_get_groups(p->file, NULL);
	return p->file != NULL;
}

static char **close_text(policy_text *p)
{
	g_clear_pointer(&p->file, g_key_file_unref);
	g_strfreev(p->groups);
	g_ptr_array_add(p->doubts, NULL);
	return (char **)g_ptr_array_free(p->doubts, FALSE);
}

static void G_GNUC_PRINTF(2, 3) add(policy_text *p, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	g_ptr_array_add(p->doubts, g_strdup_vprintf(format, arguments));
	va_end(arguments);
}

/* Each key once, with all its groups: an upgrade brings one for all. */
static void find_lacks(policy_text *p, const char *key)
{
	g_autoptr(GString) lines = g_string_new(NULL);

	for (char **group = p->groups; *group; group++)
		if (g_str_has_prefix(*group, LEVEL) &&
		    !g_key_file_has_key(p->file, *group, key, NULL))
			g_string_append_printf(
				lines, "%s%u", lines->len > 0 ? ", " : "",
				miyin_keyline_find(p->path, *group, NULL));
	if (lines->len > 0)
		add(p,
		    _("%s: the groups that begin in these "
		      "lines lack %s, without which nothing is "
		      "printed: %s; add to each a line such as "
		      "%s = %s"),
		    p->path, key, lines->str, key, propose(key));
}

/* Of a name with a realm only its server knows. */
static gboolean is_user(const char *name)
{
	return !*name || strchr(name, '@') || getpwnam(name);
}

static void doubt_name(policy_text *p, const char *group, const char *key,
		       const char *name, const GPtrArray *queues)
{
	unsigned line = miyin_keyline_find(p->path, group, key);

	if (!*name || g_str_equal(name, "*"))
		return;
	if (queues && !miyin_text_is_among(queues, name))
		add(p,
		    _("%s:%u: [%s] %s: no protected queue "
		      "is called \"%s\"; correct the name, "
		      "or take it out"),
		    p->path, line, group, key, name);
	else if (!queues && *name == '@' && !getgrnam(name + 1))
		add(p,
		    _("%s:%u: [%s] %s: there is no group "
		      "\"%s\" on this computer, so it "
		      "allows nobody; correct the name, or "
		      "take it out"),
		    p->path, line, group, key, name + 1);
	else if (!queues && *name != '@' && !is_user(name))
		add(p,
		    _("%s:%u: [%s] %s: there is no user "
		      "\"%s\" on this computer, so it "
		      "allows nobody; correct the name, or "
		      "take it out"),
		    p->path, line, group, key, name);
}

static void doubt_names(policy_text *p, const char *group, const char *key,
			const GPtrArray *queues)
{
	g_autofree char *text =
		g_key_file_get_string(p->file, group, key, NULL);
	g_auto(GStrv) names = miyin_text_parts(text);

	for (char **name = names; *name; name++)
		doubt_name(p, group, key, *name, queues);
}

static void doubt_numbers(policy_text *p, const char *group)
{
	int all = g_key_file_get_integer(p->file, group, "copies-per-document",
					 NULL);
	int job =
		g_key_file_get_integer(p->file, group, "copies-per-job", NULL);

	if (job > all)
		add(p,
		    _("%s:%u: [%s] copies-per-job is %d, but "
		      "copies-per-document allows %d over all "
		      "jobs; make it %d or fewer"),
		    p->path,
		    miyin_keyline_find(p->path, group, "copies-per-job"), group,
		    job, all, all);
}

char **miyin_policydoubts_list_lacks(const char *path)
{
	g_auto(GStrv) keys = g_strsplit(miyin_policy_keys, " ", -1);
	policy_text p;

	if (!open_text(&p, path))
		return close_text(&p);
	for (char **key = keys; *key; key++)
		find_lacks(&p, *key);
	return close_text(&p);
}

char **miyin_policydoubts_list(const char *path, const GPtrArray *queues)
{
	policy_text p;

	if (!open_text(&p, path))
		return close_text(&p);
	for (char **group = p.groups; *group; group++) {
		if (!g_str_has_prefix(*group, LEVEL))
			continue;
		doubt_numbers(&p, *group);
		doubt_names(&p, *group, "users", NULL);
		if (queues)
			doubt_names(&p, *group, "queues", queues);
	}
	/* "user" is a word there. */
	if (g_key_file_has_key(p.file, "references", "owner", NULL)) {
		g_autofree char *owner = g_key_file_get_string(
			p.file, "references", "owner", NULL);

		if (owner && !g_str_equal(g_strstrip(owner), "user"))
			doubt_names(&p, "references", "owner", NULL);
	}
	return close_text(&p);
}

char **miyin_policydoubts_list_levels(const char *path,
				      const char *const *levels)
{
	policy_text p;

	if (!open_text(&p, path))
		return close_text(&p);
	for (char **group = p.groups; *group; group++) {
		const char *id = *group + strlen(LEVEL);

		if (g_str_has_prefix(*group, LEVEL) &&
		    !g_strv_contains(levels, id))
			add(&p,
			    _("%s:%u: no scheme has a level of the "
			      "id \"%s\", so this group is for "
			      "nothing; correct the id, or take "
			      "the group out"),
			    path, miyin_keyline_find(path, *group, NULL), id);
	}
	return close_text(&p);
}
