/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "keyfile.h"
#include <miyin/error.h>
#include <string.h>

static gboolean check_text(GKeyFile *file, const char *path, const char *group,
			   const char *key, GError **error);
static gboolean has_rule(const miyin_keyfile_rule *rules, const char *group,
			 const char *key);
static gboolean check_ends(GKeyFile *file, const char *path, GError **error);
static unsigned find_line(const char *path, const char *group, const char *key);
static gboolean is_key(const char *line, const char *key);

GKeyFile *miyin_keyfile_open(const char *path, GError **error)
{
	g_autoptr(GKeyFile) file = g_key_file_new();
	g_autoptr(GError) reason = NULL;

	if (g_key_file_load_from_file(file, path, G_KEY_FILE_KEEP_TRANSLATIONS,
				      &reason))
		return check_ends(file, path, error) ? g_steal_pointer(&file)
						     : NULL;
	g_set_error(error, MIYIN_ERROR,
		    reason->domain == G_KEY_FILE_ERROR ? MIYIN_ERROR_INPUT
						       : MIYIN_ERROR_SYSTEM,
		    "%s: %s", path, reason->message);
	return NULL;
}

gboolean miyin_keyfile_fail(const char *path, const char *group,
			    const char *key, GError **error, const char *format,
			    ...)
{
	unsigned line = find_line(path, group, key);
	g_autofree char *at =
		line ? g_strdup_printf(":%u", line) : g_strdup("");
	g_autofree char *words = NULL;
	va_list arguments;

	va_start(arguments, format);
	words = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_INPUT, "%s%s: [%s]%s%s%s",
		    path, at, group, key ? " " : "", key ? key : "", words);
	return FALSE;
}

gboolean miyin_keyfile_check(GKeyFile *file, const char *path,
			     const miyin_keyfile_rule *rules, GError **error)
{
	g_auto(GStrv) groups = g_key_file_get_groups(file, NULL);

	for (int g = 0; groups[g]; g++) {
		g_auto(GStrv) keys =
			g_key_file_get_keys(file, groups[g], NULL, NULL);

		for (int k = 0; keys[k]; k++) {
			if (has_rule(rules, groups[g], keys[k]))
				continue;
			return miyin_keyfile_fail(path, groups[g], keys[k],
						  error,
						  ": there is no such setting");
		}
	}
	for (; rules->group; rules++) {
		if (g_key_file_has_key(file, rules->group, rules->key, NULL)) {
			if (!check_text(file, path, rules->group, rules->key,
					error))
				return FALSE;
			continue;
		}
		return miyin_keyfile_fail(path, rules->group, rules->key, error,
					  " is missing");
	}
	return TRUE;
}

gboolean miyin_keyfile_check_group(GKeyFile *file, const char *path,
				   const char *group, const char *const *keys,
				   GError **error)
{
	g_auto(GStrv) found = g_key_file_get_keys(file, group, NULL, NULL);

	if (!found) {
		return miyin_keyfile_fail(path, group, NULL, error,
					  " is missing");
	}
	for (int i = 0; found[i]; i++) {
		if (g_strv_contains(keys, found[i]))
			continue;
		return miyin_keyfile_fail(path, group, found[i], error,
					  ": there is no such setting");
	}
	for (; *keys; keys++) {
		if (g_key_file_has_key(file, group, *keys, NULL)) {
			if (!check_text(file, path, group, *keys, error))
				return FALSE;
			continue;
		}
		return miyin_keyfile_fail(path, group, *keys, error,
					  " is missing");
	}
	return TRUE;
}

gboolean miyin_keyfile_get_number(GKeyFile *file, const char *path,
				  const char *group, const char *key,
				  unsigned least, unsigned greatest,
				  unsigned *number, GError **error)
{
	g_autofree char *text = g_key_file_get_string(file, group, key, NULL);
	guint64 value;

	if (!text || !g_ascii_string_to_unsigned(text, 10, least, greatest,
						 &value, NULL)) {
		return miyin_keyfile_fail(path, group, key, error,
					  " must be a number from %u to %u",
					  least, greatest);
	}
	*number = value;
	return TRUE;
}

gboolean miyin_keyfile_get_word(GKeyFile *file, const char *path,
				const char *group, const char *key, char **word,
				GError **error)
{
	g_autofree char *text = g_key_file_get_string(file, group, key, NULL);

	if (!text || !*text) {
		return miyin_keyfile_fail(path, group, key, error, " is empty");
	}
	*word = g_steal_pointer(&text);
	return TRUE;
}

gboolean miyin_keyfile_get_path(GKeyFile *file, const char *path,
				const char *group, const char *key,
				char **value, GError **error)
{
	g_autofree char *text = g_key_file_get_string(file, group, key, NULL);

	if (!text || !g_path_is_absolute(text)) {
		return miyin_keyfile_fail(path, group, key, error,
					  " must be a path from the root (/)");
	}
	*value = g_steal_pointer(&text);
	return TRUE;
}

gboolean miyin_keyfile_get_choice(GKeyFile *file, const char *path,
				  const char *group, const char *key,
				  const char *const *words, int *choice,
				  GError **error)
{
	g_autofree char *text = g_key_file_get_string(file, group, key, NULL);
	g_autofree char *all = NULL;

	for (int i = 0; text && words[i]; i++) {
		if (g_str_equal(text, words[i])) {
			*choice = i;
			return TRUE;
		}
	}
	all = g_strjoinv(", ", (char **)words);
	return miyin_keyfile_fail(path, group, key, error, " must be one of %s",
				  all);
}

/* GKeyFile has no text for a value in another encoding. */
static gboolean check_text(GKeyFile *file, const char *path, const char *group,
			   const char *key, GError **error)
{
	g_autofree char *text = g_key_file_get_string(file, group, key, NULL);

	if (text)
		return TRUE;
	return miyin_keyfile_fail(path, group, key, error,
				  " is not UTF-8 text");
}

static gboolean has_rule(const miyin_keyfile_rule *rules, const char *group,
			 const char *key)
{
	for (; rules->group; rules++)
		if (g_str_equal(rules->group, group) &&
		    g_str_equal(rules->key, key))
			return TRUE;
	return FALSE;
}

/* GLib 2.74 writes a warning over an error of its own when a value ends in the
 * middle of an escape. */
static gboolean check_ends(GKeyFile *file, const char *path, GError **error)
{
	g_auto(GStrv) groups = g_key_file_get_groups(file, NULL);

	for (int g = 0; groups[g]; g++) {
		g_auto(GStrv) keys =
			g_key_file_get_keys(file, groups[g], NULL, NULL);

		for (int k = 0; keys[k]; k++) {
			g_autofree char *value = g_key_file_get_value(
				file, groups[g], keys[k], NULL);

			if (!value || !g_str_has_suffix(value, "\\"))
				continue;
			return miyin_keyfile_fail(path, groups[g], keys[k],
						  error,
						  " must not end with a \\");
		}
	}
	return TRUE;
}

/* GKeyFile does not tell. Of a key that stands there twice the last counts. */
static unsigned find_line(const char *path, const char *group, const char *key)
{
	g_autofree char *text = NULL;
	g_autofree char *head = g_strconcat("[", group, "]", NULL);
	g_auto(GStrv) lines = NULL;
	gboolean inside = FALSE;
	unsigned found = 0;

	if (!g_file_get_contents(path, &text, NULL, NULL))
		return 0;
	lines = g_strsplit(text, "\n", -1);
	for (unsigned i = 0; lines[i]; i++) {
		gboolean named = FALSE;

		if (lines[i][0] == '[') {
			inside = g_str_equal(g_strchomp(lines[i]), head);
			named = !found;
		} else if (key) {
			named = is_key(lines[i], key);
		}
		if (inside && named)
			found = i + 1;
	}
	return found;
}

static gboolean is_key(const char *line, const char *key)
{
	const char *end;

	while (g_ascii_isspace(*line))
		line++;
	if (!g_str_has_prefix(line, key))
		return FALSE;
	for (end = line + strlen(key); *end == ' ' || *end == '\t'; end++)
		;
	return *end == '=';
}
