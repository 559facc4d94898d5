/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/keyline.h>
#include <string.h>

/* "[GROUP]" of a group's line, KEY of a setting's, NULL of any other: as
 * GKeyFile reads them. */
static char *name_of(const char *line)
{
	const char *end;

	while (g_ascii_isspace(*line))
		line++;
	if (*line == '[') {
		end = strchr(line, ']');
		return end ? g_strndup(line, end + 1 - line) : NULL;
	}
	end = strchr(line, '=');
	return *line == '#' || !end ? NULL
				    : g_strchomp(g_strndup(line, end - line));
}

unsigned miyin_keyline_find(const char *path, const char *group,
			    const char *key)
{
	g_autofree char *head = g_strconcat("[", group, "]", NULL);
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;
	gboolean inside = FALSE;
	unsigned found = 0;

	if (!g_file_get_contents(path, &text, NULL, NULL))
		return 0;
	lines = g_strsplit(text, "\n", -1);
	for (unsigned i = 0; lines[i]; i++) {
		g_autofree char *name = name_of(lines[i]);
		gboolean named = FALSE;

		if (name && *name == '[') {
			inside = g_str_equal(name, head);
			named = !found;
		} else if (name && key) {
			named = g_str_equal(name, key);
		}
		if (inside && named)
			found = i + 1;
	}
	return found;
}

static gboolean is_readable(const char *text, gsize length)
{
	g_autoptr(GKeyFile) file = g_key_file_new();

	return length == 0 ||
	       g_key_file_load_from_data(file, text, length,
					 G_KEY_FILE_KEEP_TRANSLATIONS, NULL);
}

/* The parser itself is asked, so that it and we never disagree. */
unsigned miyin_keyline_find_broken(const char *text)
{
	const char *end = text;

	for (unsigned line = 1; *end; line++) {
		end = strchr(end, '\n') ? strchr(end, '\n') + 1
					: end + strlen(end);
		if (!is_readable(text, end - text))
			return line;
	}
	return 0;
}

unsigned miyin_keyline_find_twice(const char *text, unsigned *first,
				  char **name)
{
	g_autoptr(GHashTable) seen =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autofree char *group = g_strdup("");
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (unsigned i = 0; lines[i]; i++) {
		g_autofree char *part = name_of(lines[i]);
		g_autofree char *whole = NULL;
		gpointer before;

		if (part && *part == '[') {
			g_free(group);
			group = g_strdup(part);
			whole = g_strdup(part);
		} else if (part) {
			whole = g_strdup_printf("%s %s", group, part);
		} else {
			continue;
		}
		before = g_hash_table_lookup(seen, whole);
		if (before) {
			*first = GPOINTER_TO_UINT(before);
			*name = g_steal_pointer(&whole);
			return i + 1;
		}
		g_hash_table_insert(seen, g_steal_pointer(&whole),
				    GUINT_TO_POINTER(i + 1));
	}
	return 0;
}
