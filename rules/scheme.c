/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/scheme.h>
#include <miyin/controlsheet.h>
#include <miyin/error.h>
#include <miyin/keyfile.h>
#include <miyin/text.h>
#include <glib/gi18n.h>
#include <string.h>

#define STAR "★"
#define SUFFIX ".scheme"

static const char *const variables[] = {
	"mark",	 "level",    "period",	 "serial", "copy", "copies",   "holder",
	"date",	 "document", "title",	 "unit",   "user", "original", "page",
	"pages", "code",     "approver", "scope",  NULL,
};
static const char *const mark_variables[] = { "level", "period", NULL };
static const char *const no_variables[] = { NULL };

/* A level may have two first pages, and one key of the scheme says which is
 * printed; then all levels must have both, or the key could not be changed. */
static gboolean has_two_first_pages(GKeyFile *file)
{
	g_auto(GStrv) groups = g_key_file_get_groups(file, NULL);

	for (int i = 0; groups[i]; i++)
		if (g_key_file_has_key(file, groups[i], "first-page", NULL) ||
		    g_key_file_has_key(file, groups[i], "first-stamp", NULL))
			return TRUE;
	return FALSE;
}

static void read_head(miyin_keyfile_group *g, miyin_scheme *scheme)
{
	const gboolean two = has_two_first_pages(g->file);
	static const char *const first_pages[] = { "leave", "stamp", NULL };

	miyin_keyfile_check_group(
		g, two ? "title state-secret swap-even watermark first-page"
		       : "title state-secret swap-even watermark");
	scheme->state_secret = miyin_keyfile_get_truth(g, "state-secret");
	scheme->layout->swap_even = miyin_keyfile_get_truth(g, "swap-even");
	if (two)
		scheme->stamps_first =
			miyin_keyfile_get_choice(g, "first-page", first_pages);
	scheme->title = miyin_keyfile_get_text(g, "title");
	miyin_text_replace(&scheme->layout->watermark_text,
			   miyin_keyfile_get_text(g, "watermark"));
}

/* Names with commas between them; an empty value is no name. */
static char **get_names(const miyin_keyfile_group *g, const char *key)
{
	g_autofree char *text = miyin_keyfile_get_text(g, key);
	g_auto(GStrv) parts = miyin_text_parts(text);
	g_autoptr(GStrvBuilder) names = g_strv_builder_new();

	for (int i = 0; parts[i]; i++)
		if (*parts[i])
			g_strv_builder_add(names, parts[i]);
	return g_strv_builder_end(names);
}

static void level_free(miyin_level *level)
{
	g_free(level->id);
	g_free(level->text);
	g_free(level->text_en);
	g_free(level->abbreviation);
	g_free(level->mark);
	g_free(level->period);
	g_free(level->period_max);
	g_strfreev(level->first);
	g_strfreev(level->first_stamp);
	g_strfreev(level->other);
	g_strfreev(level->cover);
	g_free(level);
}

static miyin_level *read_level(miyin_keyfile_group *g)
{
	const gboolean two = has_two_first_pages(g->file);
	g_autofree char *keys = g_strconcat(
		"rank text text[en] abbreviation mark period period-max first"
		" other codes watermark cover control",
		two ? " first-stamp" : NULL, NULL);
	miyin_level *level = g_new0(miyin_level, 1);

	miyin_keyfile_check_group(g, keys);
	level->id = g_strdup(g->group + 6);
	level->rank = miyin_keyfile_get_number(g, "rank", 1, 99);
	level->codes = miyin_keyfile_get_truth(g, "codes");
	level->watermark =
		miyin_keyfile_get_choice(g, "watermark", miyin_watermark_words);
	level->control = miyin_keyfile_get_truth(g, "control");
	/* A level without a word would be found by no word. */
	level->text = miyin_keyfile_get_word(g, "text");
	level->text_en = miyin_keyfile_get_word(g, "text[en]");
	level->abbreviation = miyin_keyfile_get_word(g, "abbreviation");
	level->mark = miyin_keyfile_get_word(g, "mark");
	level->period = miyin_keyfile_get_text(g, "period");
	level->period_max = miyin_keyfile_get_text(g, "period-max");
	level->first = get_names(g, "first");
	if (two)
		level->first_stamp = get_names(g, "first-stamp");
	level->other = get_names(g, "other");
	level->cover = get_names(g, "cover");
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

static void read_code(miyin_keyfile_group *g, miyin_layout *layout)
{
	miyin_codeplace spot;

	if (g->group[5] != (layout->codes->len > 0 ? '2' : '1'))
		miyin_keyfile_fail(g, NULL, _(": [code 1] must come first"));
	else if (miyin_codeplace_read(g, &spot))
		g_array_append_val(layout->codes, spot);
}

static void read_group(miyin_keyfile_group *g, miyin_scheme *scheme)
{
	const char *group = g->group;

	if (g_str_equal(group, "scheme"))
		return;
	if (g_str_has_prefix(group, "level ") && is_name(group + 6))
		g_ptr_array_add(scheme->levels, read_level(g));
	else if (g_str_has_prefix(group, "line ") && is_name(group + 5))
		g_ptr_array_add(scheme->layout->lines, miyin_line_read(g));
	else if (g_str_equal(group, "code 1") || g_str_equal(group, "code 2"))
		read_code(g, scheme->layout);
	else if (g_str_equal(group, "control"))
		scheme->control = miyin_controlsheet_read(g);
	else
		miyin_keyfile_fail(g, NULL,
				   _(": there is no such group; [scheme], "
				     "[level ID], [line NAME], [control], "
				     "[code 1] and [code 2] are"));
}

const miyin_level *miyin_scheme_find_level(const miyin_scheme *scheme,
					   const char *name)
{
	for (unsigned i = 0; i < scheme->levels->len; i++) {
		const miyin_level *level = scheme->levels->pdata[i];

		if (g_str_equal(level->id, name) ||
		    g_str_equal(level->text, name) ||
		    g_ascii_strcasecmp(level->text_en, name) == 0 ||
		    g_ascii_strcasecmp(level->abbreviation, name) == 0)
			return level;
	}
	return NULL;
}

/* Who asks for a level by one of its names must not get another. */
static void check_level_names(const miyin_scheme *scheme,
			      miyin_keyfile_group *g, const miyin_level *level)
{
	const char *const names[] = { level->id, level->text, level->text_en,
				      level->abbreviation };

	for (unsigned i = 0; i < G_N_ELEMENTS(names); i++) {
		const miyin_level *other =
			miyin_scheme_find_level(scheme, names[i]);

		g_assert(other); /* at least the level itself */
		if (other != level)
			miyin_keyfile_fail(
				g, NULL, _(": [level %s] is called \"%s\" too"),
				other->id, names[i]);
	}
}

static const miyin_line *find_line(const miyin_scheme *scheme, const char *name)
{
	for (unsigned i = 0; i < scheme->layout->lines->len; i++) {
		const miyin_line *line = scheme->layout->lines->pdata[i];

		if (g_str_equal(line->name, name))
			return line;
	}
	return NULL;
}

/* Beside a code that is not there a line would stand anywhere. */
static void check_lines(const miyin_scheme *scheme, miyin_keyfile_group *g,
			const char *key, const miyin_level *level,
			char *const *names)
{
	unsigned n_codes = level->codes ? scheme->layout->codes->len : 0;

	for (; names && *names; names++) {
		const miyin_line *line = find_line(scheme, *names);
		unsigned code = !line				 ? 0
				: line->at >= MIYIN_AT_LEFT_OF_2 ? 2
				: line->at >= MIYIN_AT_LEFT_OF_1 ? 1
								 : 0;

		if (!line)
			miyin_keyfile_fail(g, key, _(": there is no [line %s]"),
					   *names);
		else if (code > n_codes)
			miyin_keyfile_fail(
				g, key,
				_(": [line %s] stands beside code %u, which "
				  "this level does not have"),
				line->name, code);
	}
}

/* The law forbids the state mark on what is no state secret. */
static void check_text(const miyin_scheme *scheme, miyin_keyfile_group *g,
		       const char *key, const char *text,
		       const char *const *allowed)
{
	if (!scheme->state_secret && strstr(text, STAR))
		miyin_keyfile_fail(
			g, key,
			_(": the star belongs to state secrets only; set "
			  "state-secret = true or write another sign"));
	for (const char *at = strchr(text, '{'); at; at = strchr(at + 1, '{')) {
		const char *end = strchr(at, '}');
		g_autofree char *name =
			g_strndup(at + 1, end ? end - at - 1 : 0);
		g_autofree char *all = g_strjoinv(", ", (char **)allowed);

		if (!end || !g_strv_contains(allowed, name))
			miyin_keyfile_fail(
				g, key,
				_(": {%s} may not stand here; these may: %s"),
				name, *allowed ? all : _("none"));
	}
}

static void check_level(const miyin_scheme *scheme, miyin_keyfile_group *g,
			const miyin_level *level)
{
	const struct {
		const char *key;
		char *const *names;
	} lists[] = {
		{ "first", level->first },
		{ "first-stamp", level->first_stamp },
		{ "other", level->other },
		{ "cover", level->cover },
	};
	g_autofree char *group = g_strconcat("level ", level->id, NULL);

	g->group = group;
	check_level_names(scheme, g, level);
	check_text(scheme, g, "mark", level->mark, mark_variables);
	check_text(scheme, g, "text", level->text, no_variables);
	for (unsigned i = 0; i < G_N_ELEMENTS(lists); i++)
		check_lines(scheme, g, lists[i].key, level, lists[i].names);
}

static void check_scheme(const miyin_scheme *scheme, miyin_keyfile_group *g)
{
	for (unsigned i = 0; i < scheme->layout->lines->len; i++) {
		const miyin_line *line = scheme->layout->lines->pdata[i];
		g_autofree char *group = g_strconcat("line ", line->name, NULL);

		g->group = group;
		check_text(scheme, g, "text", line->text, variables);
	}
	for (unsigned i = 0; i < scheme->levels->len; i++)
		check_level(scheme, g, scheme->levels->pdata[i]);
	g->group = "control";
	for (unsigned i = 0; scheme->control && scheme->control[i]; i++)
		check_text(scheme, g, miyin_controlsheet_key(i),
			   scheme->control[i], no_variables);
	g->group = "scheme";
	check_text(scheme, g, "watermark", scheme->layout->watermark_text,
		   variables);
}

static int by_rank(gconstpointer a, gconstpointer b)
{
	const miyin_level *const *left = a, *const *right = b;

	return (int)(*right)->rank - (int)(*left)->rank;
}

char **miyin_scheme_list(const char *dir_path)
{
	g_autoptr(GDir) dir = g_dir_open(dir_path, 0, NULL);
	GPtrArray *names = g_ptr_array_new();
	const char *file;

	while (dir && (file = g_dir_read_name(dir)))
		if (g_str_has_suffix(file, SUFFIX))
			g_ptr_array_add(
				names,
				g_strndup(file, strlen(file) - strlen(SUFFIX)));
	return miyin_text_sort(names);
}

static void tell_no_scheme(const char *dir, const char *name, GError **error)
{
	g_auto(GStrv) names = miyin_scheme_list(dir);
	g_autofree char *list = g_strjoinv(_(", "), names);

	miyin_fail(error, MIYIN_ERROR_MISSING,
		   _("There is no marking scheme \"%s\" in %s; there is %s."),
		   name, dir, *list ? list : _("none"));
}

miyin_scheme *miyin_scheme_open(const char *dir, const char *name,
				GError **error)
{
	g_autofree char *base = g_strconcat(name, SUFFIX, NULL);
	g_autofree char *path = g_build_filename(dir, base, NULL);
	g_autoptr(GKeyFile) file = NULL;
	g_autoptr(miyin_scheme) scheme = g_new0(miyin_scheme, 1);
	g_auto(GStrv) groups = NULL;
	miyin_keyfile_group g;

	scheme->layout = miyin_layout_new();
	scheme->levels =
		g_ptr_array_new_with_free_func((GDestroyNotify)level_free);
	if (!is_name(name) || !g_file_test(path, G_FILE_TEST_EXISTS)) {
		tell_no_scheme(dir, name, error);
		return NULL;
	}
	scheme->name = g_strdup(name);
	file = miyin_keyfile_open(path, error);
	if (!file)
		return NULL;
	g = (miyin_keyfile_group){ file, path, "scheme", error, FALSE };
	read_head(&g, scheme);
	groups = g_key_file_get_groups(file, NULL);
	for (int i = 0; groups[i] && !g.failed; i++) {
		g.group = groups[i];
		read_group(&g, scheme);
	}
	if (!g.failed && scheme->levels->len == 0) {
		miyin_fail(error, MIYIN_ERROR_INPUT,
			   _("%s: there is no [level ID]"), path);
		return NULL;
	}
	if (!g.failed)
		check_scheme(scheme, &g);
	if (g.failed)
		return NULL;
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
	g_strfreev(scheme->control);
	miyin_layout_free(scheme->layout);
	g_free(scheme);
}

gboolean miyin_level_has_cover(const miyin_level *level)
{
	return level->cover[0] != NULL;
}
