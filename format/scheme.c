/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/scheme.h>
#include <miyin/error.h>
#include "keyfile.h"

static void level_free(miyin_level *level);
static miyin_level *read_level(GKeyFile *file, const char *path,
			       const char *group, GError **error);
static gboolean is_name(const char *name);
static int by_rank(gconstpointer a, gconstpointer b);

miyin_scheme *miyin_scheme_open(const char *dir, const char *name,
				GError **error)
{
	static const char *const keys[] = { "title", NULL };
	g_autofree char *base = g_strconcat(name, ".scheme", NULL);
	g_autofree char *path = g_build_filename(dir, base, NULL);
	g_autoptr(GKeyFile) file = NULL;
	g_autoptr(miyin_scheme) scheme = g_new0(miyin_scheme, 1);
	g_auto(GStrv) groups = NULL;

	scheme->levels =
		g_ptr_array_new_with_free_func((GDestroyNotify)level_free);
	if (!is_name(name) || !g_file_test(path, G_FILE_TEST_EXISTS)) {
		g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_MISSING,
			    "There is no marking scheme \"%s\" in %s.", name,
			    dir);
		return NULL;
	}
	file = miyin_keyfile_open(path, error);
	if (!file || !miyin_keyfile_check_group(file, path, "scheme", keys,
						error))
		return NULL;
	scheme->name = g_strdup(name);
	scheme->title = g_key_file_get_string(file, "scheme", "title", NULL);
	groups = g_key_file_get_groups(file, NULL);
	for (int i = 0; groups[i]; i++) {
		miyin_level *level;

		if (g_str_equal(groups[i], "scheme"))
			continue;
		level = read_level(file, path, groups[i], error);
		if (!level)
			return NULL;
		g_ptr_array_add(scheme->levels, level);
	}
	g_ptr_array_sort(scheme->levels, by_rank);
	return g_steal_pointer(&scheme);
}

void miyin_scheme_free(miyin_scheme *scheme)
{
	if (!scheme)
		return;
	g_free(scheme->name);
	g_free(scheme->title);
	g_ptr_array_unref(scheme->levels);
	g_free(scheme);
}

const miyin_level *miyin_scheme_find_level(const miyin_scheme *scheme,
					   const char *name)
{
	for (unsigned i = 0; i < scheme->levels->len; i++) {
		const miyin_level *level = scheme->levels->pdata[i];

		if (g_str_equal(level->id, name) ||
		    g_str_equal(level->text, name) ||
		    g_ascii_strcasecmp(level->text_en, name) == 0)
			return level;
	}
	return NULL;
}

char *miyin_level_format_mark(const miyin_level *level, const char *period)
{
	g_autoptr(GString) mark = g_string_new(level->mark);

	g_string_replace(mark, "{level}", level->text, 0);
	/* The rule's default period holds for a mark without one, but a bare
	 * star would say nothing. */
	if (!*period)
		g_string_replace(mark, "★{period}", "", 0);
	g_string_replace(mark, "{period}", period, 0);
	return g_strdup(mark->str);
}

static void level_free(miyin_level *level)
{
	g_free(level->id);
	g_free(level->text);
	g_free(level->text_en);
	g_free(level->mark);
	g_free(level->period);
	g_free(level);
}

static miyin_level *read_level(GKeyFile *file, const char *path,
			       const char *group, GError **error)
{
	static const char *const keys[] = { "rank",    "text",   "text[en]",
					    "mark",    "period", NULL };
	miyin_level *level;

	if (!g_str_has_prefix(group, "level ") || !is_name(group + 6)) {
		g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_INPUT,
			    "%s: [%s]: there is no such group; [scheme] and "
			    "[level ID] are", path, group);
		return NULL;
	}
	level = g_new0(miyin_level, 1);
	level->id = g_strdup(group + 6);
	/* A level without a word would be found by no word. */
	if (!miyin_keyfile_check_group(file, path, group, keys, error) ||
	    !miyin_keyfile_get_number(file, path, group, "rank", 1, 99,
				      &level->rank, error) ||
	    !miyin_keyfile_get_word(file, path, group, "text", &level->text,
				    error) ||
	    !miyin_keyfile_get_word(file, path, group, "text[en]",
				    &level->text_en, error) ||
	    !miyin_keyfile_get_word(file, path, group, "mark", &level->mark,
				    error)) {
		level_free(level);
		return NULL;
	}
	level->period = g_key_file_get_string(file, group, "period", NULL);
	return level;
}

static gboolean is_name(const char *name)
{
	if (!*name)
		return FALSE;
	for (; *name; name++)
		if (!g_ascii_isalnum(*name) && *name != '-' && *name != '_')
			return FALSE;
	return TRUE;
}

static int by_rank(gconstpointer a, gconstpointer b)
{
	const miyin_level *const *left = a, *const *right = b;

	return (int)(*right)->rank - (int)(*left)->rank;
}
