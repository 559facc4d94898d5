/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/keyfile.h>
#include <miyin/keyline.h>
#include <miyin/error.h>
#include <glib/gi18n.h>
#include <string.h>

static gboolean fail_at(const char *path, unsigned line, GError **error,
			const char *words)
{
	g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_INPUT, "%s:%u: %s", path,
		    line, words);
	return FALSE;
}

/* As an editor of another system saves it; what it is does not show there. */
static gboolean check_encoding(const char *path, const char *text, gsize length,
			       GError **error)
{
	if (strlen(text) == length && !g_str_has_prefix(text, "\xef\xbb\xbf"))
		return TRUE;
	return fail_at(path, 1, error,
		       _("the file is in UTF-16 or begins with a byte order "
			 "mark; save it as UTF-8 without one"));
}

static gboolean check_twice(const char *path, const char *text, GError **error)
{
	g_autofree char *name = NULL;
	g_autofree char *words = NULL;
	unsigned first;
	unsigned line = miyin_keyline_find_twice(text, &first, &name);

	if (line == 0)
		return TRUE;
	words = g_strdup_printf(_("%s stands here a second time, after line "
				  "%u; take one of the two out"),
				name, first);
	return fail_at(path, line, error, words);
}

gboolean miyin_keyfile_fail(const char *path, const char *group,
			    const char *key, GError **error, const char *format,
			    ...)
{
	unsigned line = miyin_keyline_find(path, group, key);
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
						  _(" must not end with a \\"));
		}
	}
	return TRUE;
}

GKeyFile *miyin_keyfile_open(const char *path, GError **error)
{
	g_autoptr(GKeyFile) file = g_key_file_new();
	g_autoptr(GError) reason = NULL;
	g_autofree char *text = NULL;
	gsize length;

	if (!g_file_get_contents(path, &text, &length, &reason)) {
		gboolean gone = g_error_matches(reason, G_FILE_ERROR,
						G_FILE_ERROR_NOENT);

		g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM,
			    gone ? _("There is no file %s.%s")
				 : _("%s cannot be read: %s"),
			    path, gone ? "" : reason->message);
		return NULL;
	}
	if (!check_encoding(path, text, length, error))
		return NULL;
	/* The parser's words hold the line itself, which may be a key's. */
	if (!g_key_file_load_from_data(file, text, length,
				       G_KEY_FILE_KEEP_TRANSLATIONS, NULL)) {
		fail_at(path, miyin_keyline_find_broken(text), error,
			_("this line is neither [GROUP] nor KEY = VALUE nor "
			  "a comment (#)"));
		return NULL;
	}
	return check_twice(path, text, error) && check_ends(file, path, error)
		       ? g_steal_pointer(&file)
		       : NULL;
}

/* GKeyFile has no text for a value in another encoding. */
static gboolean check_text(GKeyFile *file, const char *path, const char *group,
			   const char *key, GError **error)
{
	g_autofree char *text = g_key_file_get_string(file, group, key, NULL);

	if (text)
		return TRUE;
	return miyin_keyfile_fail(path, group, key, error,
				  _(" is not UTF-8 text"));
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
			return miyin_keyfile_fail(
				path, groups[g], keys[k], error,
				_(": there is no such setting"));
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
					  _(" is missing"));
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
					  _(" is missing"));
	}
	for (int i = 0; found[i]; i++) {
		if (g_strv_contains(keys, found[i]))
			continue;
		return miyin_keyfile_fail(path, group, found[i], error,
					  _(": there is no such setting"));
	}
	for (; *keys; keys++) {
		if (g_key_file_has_key(file, group, *keys, NULL)) {
			if (!check_text(file, path, group, *keys, error))
				return FALSE;
			continue;
		}
		return miyin_keyfile_fail(path, group, *keys, error,
					  _(" is missing"));
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
					  _(" must be a number from %u to %u"),
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
		return miyin_keyfile_fail(path, group, key, error,
					  _(" is empty"));
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
		return miyin_keyfile_fail(
			path, group, key, error,
			_(" must be a path from the root (/)"));
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
	return miyin_keyfile_fail(path, group, key, error,
				  _(" must be one of %s"), all);
}
