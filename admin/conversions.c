/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conversions.h"
#include "queue.h"
#include <string.h>

#define TYPES ".types"
#define CONVERSIONS ".convs"

typedef struct {
	char *from, *to;
} conversion;

static void conversion_free(gpointer data)
{
	conversion *c = data;

	g_free(c->from);
	g_free(c->to);
	g_free(c);
}

/* SOURCE DESTINATION COST FILTER, comments from "#" on. What is raw goes to the
 * backend, which refuses it. */
static void read_line(GPtrArray *all, const char *line)
{
	g_auto(GStrv) words = g_strsplit_set(line, " \t", -1);
	g_autoptr(GPtrArray) parts = g_ptr_array_new();
	conversion *c;

	for (char **word = words; *word && **word != '#'; word++)
		if (**word)
			g_ptr_array_add(parts, *word);
	if (parts->len != 4 ||
	    g_str_equal(parts->pdata[0], "application/octet-stream"))
		return;
	c = g_new0(conversion, 1);
	c->from = g_ascii_strdown(parts->pdata[0], -1);
	c->to = g_ascii_strdown(parts->pdata[1], -1);
	g_ptr_array_add(all, c);
}

/* TYPE RULES, a backslash at the end of a line that goes on. */
static void read_type(GPtrArray *all, const char *line)
{
	const gsize n = strcspn(line, " \t#");

	if (n > 0 && memchr(line, '/', n))
		g_ptr_array_add(all, g_ascii_strdown(line, (gssize)n));
}

static void read_text(GPtrArray *all, const char *text, const char *suffix)
{
	g_auto(GStrv) lines = g_strsplit_set(text, "\r\n", -1);

	for (char **line = lines; *line; line++)
		if (g_str_equal(suffix, TYPES))
			read_type(all, *line);
		else
			read_line(all, *line);
}

static void read_folder(GPtrArray *all, const char *folder, const char *suffix)
{
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	const char *name;

	while (dir && (name = g_dir_read_name(dir))) {
		g_autofree char *path = g_build_filename(folder, name, NULL);
		g_autofree char *text = NULL;

		if (g_str_has_suffix(name, suffix) &&
		    g_file_get_contents(path, &text, NULL, NULL))
			read_text(all, text, suffix);
	}
}

/* folders: NULL for those of this server */
static void read_all(GPtrArray *all, const char *const *folders,
		     const char *suffix)
{
	const char *data = g_getenv("CUPS_DATADIR");
	g_autofree char *mime =
		g_build_filename(data ? data : "/usr/share/cups", "mime", NULL);

	const char *const here[] = { miyin_queue_server_root(), mime, NULL };

	for (const char *const *folder = folders ? folders : here; *folder;
	     folder++)
		read_folder(all, *folder, suffix);
}

static gint compare_names(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

char **miyin_conversions_find(const char *const *folders,
			      const char *const *taken)
{
	g_autoptr(GPtrArray) all =
		g_ptr_array_new_with_free_func(conversion_free);
	g_autoptr(GHashTable) reached =
		g_hash_table_new(g_str_hash, g_str_equal);
	GPtrArray *found = g_ptr_array_new();
	guint before;

	read_all(all, folders, CONVERSIONS);
	for (int i = 0; taken[i]; i++)
		g_hash_table_add(reached, (gpointer)taken[i]);
	do {
		before = g_hash_table_size(reached);
		for (unsigned i = 0; i < all->len; i++) {
			const conversion *c = all->pdata[i];

			if (g_hash_table_contains(reached, c->to) &&
			    g_hash_table_add(reached, c->from))
				g_ptr_array_add(found, g_strdup(c->from));
		}
	} while (g_hash_table_size(reached) > before);
	g_ptr_array_sort(found, compare_names);
	g_ptr_array_add(found, NULL);
	return (char **)g_ptr_array_free(found, FALSE);
}

static gboolean is_made(const GPtrArray *conversions, const char *type)
{
	for (unsigned i = 0; i < conversions->len; i++)
		if (g_str_equal(((conversion *)conversions->pdata[i])->to,
				type))
			return TRUE;
	return g_str_equal(type, "application/octet-stream") ||
	       g_str_has_prefix(type, "application/vnd.cups-");
}

char **miyin_conversions_find_unknown(const char *const *folders,
				      const char *const *taken)
{
	g_autoptr(GPtrArray) conversions =
		g_ptr_array_new_with_free_func(conversion_free);
	g_autoptr(GPtrArray) types = g_ptr_array_new_with_free_func(g_free);
	g_auto(GStrv) leading = miyin_conversions_find(folders, taken);
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	GPtrArray *found = g_ptr_array_new();

	read_all(conversions, folders, CONVERSIONS);
	read_all(types, folders, TYPES);
	for (unsigned i = 0; i < types->len; i++) {
		const char *type = types->pdata[i];

		if (g_hash_table_add(seen, (gpointer)type) &&
		    !g_strv_contains(taken, type) &&
		    !g_strv_contains((const char *const *)leading, type) &&
		    !is_made(conversions, type))
			g_ptr_array_add(found, g_strdup(type));
	}
	g_ptr_array_sort(found, compare_names);
	g_ptr_array_add(found, NULL);
	return (char **)g_ptr_array_free(found, FALSE);
}
