/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/config.h>
#include <miyin/keyfile.h>

/* Groups that may be missing. */
static const miyin_keyfile_rule optional[] = {
	{ "sandbox", "landlock" },
	{ "printers", "direct" },
	{ "server", "name" },
};

static const miyin_keyfile_rule rules[] = {
	{ "site", "id" },	  { "site", "name" }, { "service", "user" },
	{ "register", "path" },	  { "keys", "path" }, { "programs", "path" },
	{ "programs", "locale" }, { NULL, NULL },
};

const char *miyin_config_dir(void)
{
	const char *dir = g_getenv("MIYIN_CONF_DIR");

	return dir && *dir ? dir : MIYIN_CONF_DIR;
}

static gboolean check_rules(GKeyFile *file, const char *path, GError **error)
{
	miyin_keyfile_rule all[G_N_ELEMENTS(optional) + G_N_ELEMENTS(rules)];
	unsigned n = 0;

	for (unsigned i = 0; i < G_N_ELEMENTS(optional); i++)
		if (g_key_file_has_group(file, optional[i].group))
			all[n++] = optional[i];
	for (unsigned i = 0; i < G_N_ELEMENTS(rules); i++)
		all[n++] = rules[i];
	return miyin_keyfile_check(file, path, all, error);
}

static gboolean read_direct(GKeyFile *file, const char *path,
			    gboolean *accepted, GError **error)
{
	static const char *const words[] = { "report", "accept", NULL };
	int choice = 0;

	if (g_key_file_has_group(file, "printers") &&
	    !miyin_keyfile_get_choice(file, path, "printers", "direct", words,
				      &choice, error))
		return FALSE;
	*accepted = choice == 1;
	return TRUE;
}

static gboolean read_landlock(GKeyFile *file, const char *path,
			      gboolean *required, GError **error)
{
	static const char *const words[] = { "preferred", "required", NULL };
	int choice = 1;

	if (g_key_file_has_group(file, "sandbox") &&
	    !miyin_keyfile_get_choice(file, path, "sandbox", "landlock", words,
				      &choice, error))
		return FALSE;
	*required = choice == 1;
	return TRUE;
}

miyin_config *miyin_config_open(const char *dir, GError **error)
{
	g_autofree char *path = g_build_filename(dir, "miyin.conf", NULL);
	g_autoptr(GKeyFile) file = miyin_keyfile_open(path, error);
	g_autoptr(miyin_config) config = g_new0(miyin_config, 1);

	if (!file || !check_rules(file, path, error) ||
	    !miyin_keyfile_get_number(file, path, "site", "id", 0, 65535,
				      &config->site, error) ||
	    !miyin_keyfile_get_word(file, path, "service", "user",
				    &config->user, error) ||
	    !miyin_keyfile_get_path(file, path, "register", "path",
				    &config->register_path, error) ||
	    !miyin_keyfile_get_path(file, path, "keys", "path",
				    &config->keys_path, error) ||
	    !miyin_keyfile_get_path(file, path, "programs", "path",
				    &config->program_dir, error) ||
	    !miyin_keyfile_get_path(file, path, "programs", "locale",
				    &config->locale_dir, error) ||
	    !read_landlock(file, path, &config->landlock_required, error) ||
	    !read_direct(file, path, &config->direct_accepted, error))
		return NULL;
	if (g_key_file_has_group(file, "server") &&
	    !miyin_keyfile_get_word(file, path, "server", "name",
				    &config->server, error))
		return NULL;
	config->site_name = g_key_file_get_string(file, "site", "name", NULL);
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
