/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/config.h>
#include <miyin/keyfile.h>

static const struct {
	const char *name, *keys;
	gboolean optional;
} groups[] = {
	{ "sandbox", "landlock", TRUE },      { "printers", "direct", TRUE },
	{ "evidence", "suite", TRUE },	      { "server", "name", TRUE },
	{ "site", "id name", FALSE },	      { "service", "user", FALSE },
	{ "register", "path", FALSE },	      { "keys", "path", FALSE },
	{ "programs", "path locale", FALSE },
};

const char *miyin_config_dir(void)
{
	const char *dir = g_getenv("MIYIN_CONF_DIR");

	return dir && *dir ? dir : MIYIN_CONF_DIR;
}

/* Whether it is the second of two words; otherwise where its group is missing. */
static gboolean read_choice(miyin_keyfile_group *g, const char *group,
			    const char *key, const char *const *words,
			    gboolean otherwise)
{
	g->group = group;
	return g_key_file_has_group(g->file, group)
		       ? miyin_keyfile_get_choice(g, key, words)
		       : otherwise;
}

static char *read_path(miyin_keyfile_group *g, const char *group,
		       const char *key)
{
	g->group = group;
	return miyin_keyfile_get_path(g, key);
}

/* First what is there and unknown: mostly it is what is missing, mistyped. */
static gboolean check(miyin_keyfile_group *g)
{
	g_auto(GStrv) found = g_key_file_get_groups(g->file, NULL);

	for (int i = 0; found[i]; i++) {
		const char *keys = "";

		for (unsigned k = 0; k < G_N_ELEMENTS(groups); k++)
			if (g_str_equal(groups[k].name, found[i]))
				keys = groups[k].keys;
		g->group = found[i];
		miyin_keyfile_check_group(g, keys);
	}
	for (unsigned k = 0; k < G_N_ELEMENTS(groups); k++) {
		g->group = groups[k].name;
		if (!groups[k].optional)
			miyin_keyfile_check_group(g, groups[k].keys);
	}
	return !g->failed;
}

miyin_config *miyin_config_open(const char *dir, GError **error)
{
	static const char *const landlock[] = { "preferred", "required", NULL };
	static const char *const suites[] = { "sha256", "sm3", NULL };
	static const char *const direct[] = { "report", "accept", NULL };
	g_autofree char *path = g_build_filename(dir, "miyin.conf", NULL);
	g_autoptr(GKeyFile) file = miyin_keyfile_open(path, error);
	g_autoptr(miyin_config) config = g_new0(miyin_config, 1);
	miyin_keyfile_group g = { file, path, NULL, error, FALSE };

	if (!file || !check(&g))
		return NULL;
	g.group = "site";
	config->site = miyin_keyfile_get_number(&g, "id", 0, 65535);
	config->site_name = miyin_keyfile_get_text(&g, "name");
	g.group = "service";
	config->user = miyin_keyfile_get_word(&g, "user");
	config->register_path = read_path(&g, "register", "path");
	config->keys_path = read_path(&g, "keys", "path");
	config->program_dir = read_path(&g, "programs", "path");
	config->locale_dir = read_path(&g, "programs", "locale");
	config->landlock_required =
		read_choice(&g, "sandbox", "landlock", landlock, TRUE);
	config->direct_accepted =
		read_choice(&g, "printers", "direct", direct, FALSE);
	config->suite =
		suites[read_choice(&g, "evidence", "suite", suites, FALSE)];
	g.group = "server";
	if (g_key_file_has_group(file, "server"))
		config->server = miyin_keyfile_get_word(&g, "name");
	if (g.failed)
		return NULL;
	config->policy_path = g_build_filename(dir, "policy.conf", NULL);
	config->scheme_dir = g_build_filename(dir, "schemes", NULL);
	config->state_dir = g_path_get_dirname(config->register_path);
	return g_steal_pointer(&config);
}

void miyin_config_free(miyin_config *config)
{
	if (!config)
		return;
	g_free(config->server);
	g_free(config->site_name);
	g_free(config->user);
	g_free(config->register_path);
	g_free(config->keys_path);
	g_free(config->program_dir);
	g_free(config->locale_dir);
	g_free(config->policy_path);
	g_free(config->scheme_dir);
	g_free(config->state_dir);
	g_free(config);
}
