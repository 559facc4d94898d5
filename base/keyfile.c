/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/keyfile.h>
#include <miyin/keyline.h>
#include <miyin/error.h>
#include <miyin/text.h>
#include <glib/gi18n.h>
#include <string.h>

static gboolean fail_at(const char *path, unsigned line, GError **error,
			const char *words)
{
	return miyin_fail(error, MIYIN_ERROR_INPUT, "%s:%u: %s", path, line,
			  words);
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

void miyin_keyfile_fail(miyin_keyfile_group *g, const char *key,
			const char *format, ...)
{
	g_autofree char *at = NULL, *words = NULL;
	va_list arguments;
	unsigned line;

	if (g->failed)
		return;
	g->failed = TRUE;
	line = g->path ? miyin_keyline_find(g->path, g->group, key) : 0;
	at = line ? g_strdup_printf(":%u", line) : g_strdup("");
	va_start(arguments, format);
	words = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	miyin_fail(g->error, MIYIN_ERROR_INPUT, "%s%s%s[%s]%s%s%s",
		   g->path ? g->path : "", at, g->path ? ": " : "", g->group,
		   key ? " " : "", key ? key : "", words);
}

/* GLib 2.74 writes a warning over an error of its own when a value ends in the
 * middle of an escape. */
static gboolean check_ends(GKeyFile *file, const char *path, GError **error)
{
	g_auto(GStrv) groups = g_key_file_get_groups(file, NULL);
	miyin_keyfile_group g = { file, path, NULL, error, FALSE };

	for (int i = 0; groups[i]; i++) {
		g_auto(GStrv) keys =
			g_key_file_get_keys(file, groups[i], NULL, NULL);

		g.group = groups[i];
		for (int k = 0; keys[k]; k++) {
			g_autofree char *value = g_key_file_get_value(
				file, groups[i], keys[k], NULL);

			if (value && g_str_has_suffix(value, "\\"))
				miyin_keyfile_fail(
					&g, keys[k],
					_(" must not end with a \\"));
		}
	}
	return !g.failed;
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

		miyin_fail(error, MIYIN_ERROR_SYSTEM,
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

char *miyin_keyfile_get_text(const miyin_keyfile_group *g, const char *key)
{
	return g_key_file_get_string(g->file, g->group, key, NULL);
}

/* GKeyFile has no text for a value in another encoding. */
static void check_setting(miyin_keyfile_group *g, const char *key)
{
	g_autofree char *text = miyin_keyfile_get_text(g, key);

	if (!g_key_file_has_key(g->file, g->group, key, NULL))
		miyin_keyfile_fail(g, key, _(" is missing"));
	else if (!text)
		miyin_keyfile_fail(g, key, _(" is not UTF-8 text"));
}

gboolean miyin_keyfile_check_group(miyin_keyfile_group *g, const char *keys)
{
	g_auto(GStrv) wanted = g_strsplit(keys, " ", -1);
	g_auto(GStrv) found =
		g_key_file_get_keys(g->file, g->group, NULL, NULL);

	if (!found)
		miyin_keyfile_fail(g, NULL, _(" is missing"));
	for (int i = 0; found && found[i]; i++)
		if (!miyin_text_has_name(keys, found[i]))
			miyin_keyfile_fail(g, found[i],
					   _(": there is no such setting"));
	for (int i = 0; wanted[i]; i++)
		check_setting(g, wanted[i]);
	return !g->failed;
}

unsigned miyin_keyfile_get_number(miyin_keyfile_group *g, const char *key,
				  unsigned least, unsigned greatest)
{
	g_autofree char *text = miyin_keyfile_get_text(g, key);
	unsigned value = 0;

	if (!miyin_text_to_number(text, least, greatest, &value))
		miyin_keyfile_fail(g, key, _(" must be a number from %u to %u"),
				   least, greatest);
	return value;
}

double miyin_keyfile_get_measure(miyin_keyfile_group *g, const char *key,
				 double least, double greatest)
{
	g_autofree char *text = miyin_keyfile_get_text(g, key);
	double value = 0;

	if (!miyin_text_to_measure(text, least, greatest, &value))
		miyin_keyfile_fail(g, key, _(" must be a number from %g to %g"),
				   least, greatest);
	return value;
}

char *miyin_keyfile_get_word(miyin_keyfile_group *g, const char *key)
{
	char *text = miyin_keyfile_get_text(g, key);

	if (!text || !*text)
		miyin_keyfile_fail(g, key, _(" is empty"));
	return text;
}

char *miyin_keyfile_get_path(miyin_keyfile_group *g, const char *key)
{
	char *text = miyin_keyfile_get_text(g, key);

	if (!text || !g_path_is_absolute(text))
		miyin_keyfile_fail(g, key,
				   _(" must be a path from the root (/)"));
	return text;
}

int miyin_keyfile_get_choice(miyin_keyfile_group *g, const char *key,
			     const char *const *words)
{
	g_autofree char *text = miyin_keyfile_get_text(g, key);
	g_autofree char *all = NULL;

	for (int i = 0; text && words[i]; i++)
		if (g_str_equal(text, words[i]))
			return i;
	all = g_strjoinv(", ", (char **)words);
	miyin_keyfile_fail(g, key, _(" must be one of %s"), all);
	return 0;
}

gboolean miyin_keyfile_get_truth(miyin_keyfile_group *g, const char *key)
{
	static const char *const words[] = { "false", "true", NULL };

	return miyin_keyfile_get_choice(g, key, words);
}
