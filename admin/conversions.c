/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conversions.h"
#include "queue.h"
#include <miyin/text.h>
#include <string.h>

#define RAW "application/octet-stream"

typedef struct {
	char *from, *to;
} conversion;

/* Adds what one line says. */
typedef void (*line_reader)(GPtrArray *all, const char *line);

static void conversion_free(gpointer data)
{
	conversion *c = data;

	g_free(c->from);
	g_free(c->to);
	g_free(c);
}

/* SOURCE DESTINATION COST FILTER, comments from "#" on. What is raw goes to the
 * backend, which refuses it. */
static void read_conversion(GPtrArray *all, const char *line)
{
	g_auto(GStrv) words = g_strsplit_set(line, " \t", -1);
	g_autoptr(GPtrArray) parts = g_ptr_array_new();
	conversion *c;

	for (char **word = words; *word && **word != '#'; word++)
		if (**word)
			g_ptr_array_add(parts, *word);
	if (parts->len != 4 || g_str_equal(parts->pdata[0], RAW))
		return;
	c = g_new0(conversion, 1);
	c->from = g_ascii_strdown(parts->pdata[0], -1);
	c->to = g_ascii_strdown(parts->pdata[1], -1);
	g_ptr_array_add(all, c);
}

/* TYPE RULES; a line that goes on with them begins with a blank. */
static void read_type(GPtrArray *all, const char *line)
{
	const gsize n = strcspn(line, " \t#");

	if (n > 0 && memchr(line, '/', n))
		g_ptr_array_add(all, g_ascii_strdown(line, (gssize)n));
}

static void read_file(GPtrArray *all, const char *path, line_reader reader)
{
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;

	if (!g_file_get_contents(path, &text, NULL, NULL))
		return;
	lines = g_strsplit_set(text, "\r\n", -1);
	for (char **line = lines; *line; line++)
		reader(all, *line);
}

static void read_folder(GPtrArray *all, const char *folder, const char *suffix,
			line_reader reader)
{
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	const char *name;

	while (dir && (name = g_dir_read_name(dir))) {
		g_autofree char *path = g_build_filename(folder, name, NULL);

		if (g_str_has_suffix(name, suffix))
			read_file(all, path, reader);
	}
}

/* folders: NULL for those of this server */
static void read_all(GPtrArray *all, const char *const *folders,
		     const char *suffix, line_reader reader)
{
	const char *data = g_getenv("CUPS_DATADIR");
	g_autofree char *mime =
		g_build_filename(data ? data : "/usr/share/cups", "mime", NULL);
	const char *const here[] = { miyin_queue_server_root(), mime, NULL };

	for (const char *const *folder = folders ? folders : here; *folder;
	     folder++)
		read_folder(all, *folder, suffix, reader);
}

static GPtrArray *read_conversions(const char *const *folders)
{
	GPtrArray *all = g_ptr_array_new_with_free_func(conversion_free);

	read_all(all, folders, ".convs", read_conversion);
	return all;
}

/* Names of the conversions, and of what is taken; borrowed. */
static GHashTable *find_leading(const GPtrArray *conversions,
				const char *const *taken)
{
	GHashTable *reached = g_hash_table_new(g_str_hash, g_str_equal);
	guint before;

	for (int i = 0; taken[i]; i++)
		g_hash_table_add(reached, (gpointer)taken[i]);
	do {
		before = g_hash_table_size(reached);
		for (unsigned i = 0; i < conversions->len; i++) {
			const conversion *c = conversions->pdata[i];

			if (g_hash_table_contains(reached, c->to))
				g_hash_table_add(reached, c->from);
		}
	} while (g_hash_table_size(reached) > before);
	return reached;
}

char **miyin_conversions_find(const char *const *folders,
			      const char *const *taken)
{
	g_autoptr(GPtrArray) conversions = read_conversions(folders);
	g_autoptr(GHashTable) reached = find_leading(conversions, taken);
	GPtrArray *found = g_ptr_array_new();
	GHashTableIter at;
	gpointer type;

	g_hash_table_iter_init(&at, reached);
	while (g_hash_table_iter_next(&at, &type, NULL))
		if (!g_strv_contains(taken, type))
			g_ptr_array_add(found, g_strdup(type));
	return miyin_text_sort(found);
}

static gboolean is_made(const GPtrArray *conversions, const char *type)
{
	for (unsigned i = 0; i < conversions->len; i++)
		if (g_str_equal(((conversion *)conversions->pdata[i])->to,
				type))
			return TRUE;
	return g_str_equal(type, RAW) ||
	       g_str_has_prefix(type, "application/vnd.cups-");
}

char **miyin_conversions_find_unknown(const char *const *folders,
				      const char *const *taken)
{
	g_autoptr(GPtrArray) conversions = read_conversions(folders);
	g_autoptr(GPtrArray) types = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GHashTable) seen = find_leading(conversions, taken);
	GPtrArray *found = g_ptr_array_new();

	read_all(types, folders, ".types", read_type);
	for (unsigned i = 0; i < types->len; i++) {
		char *type = types->pdata[i];

		if (g_hash_table_add(seen, type) && !is_made(conversions, type))
			g_ptr_array_add(found, g_strdup(type));
	}
	return miyin_text_sort(found);
}
