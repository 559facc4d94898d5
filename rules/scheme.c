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

static gboolean read_head(GKeyFile *file, const char *path,
			  miyin_scheme *scheme, GError **error)
{
	const char *const keys[] = {
		"title",
		"state-secret",
		"swap-even",
		"watermark",
		has_two_first_pages(file) ? "first-page" : NULL,
		NULL,
	};
	static const char *const answers[] = { "false", "true", NULL };
	static const char *const first_pages[] = { "leave", "stamp", NULL };
	int state_secret, swap, stamp = FALSE;

	if (!miyin_keyfile_check_group(file, path, "scheme", keys, error) ||
	    !miyin_keyfile_get_choice(file, path, "scheme", "state-secret",
				      answers, &state_secret, error) ||
	    !miyin_keyfile_get_choice(file, path, "scheme", "swap-even",
				      answers, &swap, error) ||
	    (has_two_first_pages(file) &&
	     !miyin_keyfile_get_choice(file, path, "scheme", "first-page",
				       first_pages, &stamp, error)))
		return FALSE;
	scheme->title = g_key_file_get_string(file, "scheme", "title", NULL);
	scheme->state_secret = state_secret;
	scheme->stamps_first = stamp;
	scheme->layout->swap_even = swap;
	g_free(scheme->layout->watermark_text);
	scheme->layout->watermark_text =
		g_key_file_get_string(file, "scheme", "watermark", NULL);
	return TRUE;
}

/* Names with commas between them; an empty value is no name. */
static char **get_names(GKeyFile *file, const char *group, const char *key)
{
	g_autofree char *text = g_key_file_get_string(file, group, key, NULL);
	g_auto(GStrv) parts = g_strsplit(text, ",", -1);
	g_autoptr(GStrvBuilder) names = g_strv_builder_new();

	for (int i = 0; parts[i]; i++)
		if (*g_strstrip(parts[i]))
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

static miyin_level *read_level(GKeyFile *file, const char *path,
			       const char *group, GError **error)
{
	const char *const keys[] = {
		"rank",	      "text",
		"text[en]",   "abbreviation",
		"mark",	      "period",
		"period-max", "first",
		"other",      "codes",
		"watermark",  "cover",
		"control",    has_two_first_pages(file) ? "first-stamp" : NULL,
		NULL,
	};
	static const char *const answers[] = { "false", "true", NULL };
	int codes, watermark, control;
	miyin_level *level;
	unsigned rank;

	if (!miyin_keyfile_check_group(file, path, group, keys, error) ||
	    !miyin_keyfile_get_number(file, path, group, "rank", 1, 99, &rank,
				      error) ||
	    !miyin_keyfile_get_choice(file, path, group, "codes", answers,
				      &codes, error) ||
	    !miyin_keyfile_get_choice(file, path, group, "watermark",
				      miyin_watermark_words, &watermark,
				      error) ||
	    !miyin_keyfile_get_choice(file, path, group, "control", answers,
				      &control, error))
		return NULL;
	level = g_new0(miyin_level, 1);
	level->id = g_strdup(group + 6);
	level->rank = rank;
	level->codes = codes;
	level->watermark = watermark;
	level->control = control;
	/* A level without a word would be found by no word. */
	if (!miyin_keyfile_get_word(file, path, group, "text", &level->text,
				    error) ||
	    !miyin_keyfile_get_word(file, path, group, "text[en]",
				    &level->text_en, error) ||
	    !miyin_keyfile_get_word(file, path, group, "abbreviation",
				    &level->abbreviation, error) ||
	    !miyin_keyfile_get_word(file, path, group, "mark", &level->mark,
				    error)) {
		level_free(level);
		return NULL;
	}
	level->period = g_key_file_get_string(file, group, "period", NULL);
	level->period_max =
		g_key_file_get_string(file, group, "period-max", NULL);
	level->first = get_names(file, group, "first");
	if (has_two_first_pages(file))
		level->first_stamp = get_names(file, group, "first-stamp");
	level->other = get_names(file, group, "other");
	level->cover = get_names(file, group, "cover");
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

static gboolean read_group(GKeyFile *file, const char *path, const char *group,
			   miyin_scheme *scheme, GError **error)
{
	if (g_str_has_prefix(group, "level ") && is_name(group + 6)) {
		miyin_level *level = read_level(file, path, group, error);

		if (level)
			g_ptr_array_add(scheme->levels, level);
		return level != NULL;
	}
	if (g_str_has_prefix(group, "line ") && is_name(group + 5)) {
		miyin_line *line = miyin_line_read(file, path, group, error);

		if (line)
			g_ptr_array_add(scheme->layout->lines, line);
		return line != NULL;
	}
	if (g_str_equal(group, "code 1") || g_str_equal(group, "code 2")) {
		unsigned n_before = scheme->layout->codes->len;
		miyin_codeplace spot;

		if (group[5] != (n_before > 0 ? '2' : '1')) {
			return miyin_keyfile_fail(
				path, group, NULL, error,
				_(": [code 1] must come first"));
		}
		if (!miyin_codeplace_read(file, path, group, &spot, error))
			return FALSE;
		g_array_append_val(scheme->layout->codes, spot);
		return TRUE;
	}
	if (g_str_equal(group, "control")) {
		scheme->control = miyin_controlsheet_read(file, path, error);
		return scheme->control != NULL;
	}
	return miyin_keyfile_fail(path, group, NULL, error,
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
static gboolean check_level_names(const miyin_scheme *scheme, const char *path,
				  const char *group, const miyin_level *level,
				  GError **error)
{
	const char *const names[] = { level->id, level->text, level->text_en,
				      level->abbreviation };

	for (unsigned i = 0; i < G_N_ELEMENTS(names); i++) {
		const miyin_level *other =
			miyin_scheme_find_level(scheme, names[i]);

		g_assert(other); /* at least the level itself */
		if (other == level)
			continue;
		return miyin_keyfile_fail(
			path, group, NULL, error,
			_(": [level %s] is called \"%s\" too"), other->id,
			names[i]);
	}
	return TRUE;
}

/* A setting of a scheme's file, for who finds it wrong. */
typedef struct {
	const miyin_scheme *scheme;
	const char *path, *group, *key;
} setting;

/* Beside a code that is not there a line would stand anywhere. */
static gboolean check_code(const setting *at, const miyin_level *level,
			   const miyin_line *line, GError **error)
{
	unsigned n_codes = level->codes ? at->scheme->layout->codes->len : 0;
	unsigned code = line->at >= MIYIN_AT_LEFT_OF_2	 ? 2
			: line->at >= MIYIN_AT_LEFT_OF_1 ? 1
							 : 0;

	if (code <= n_codes)
		return TRUE;
	return miyin_keyfile_fail(at->path, at->group, at->key, error,
				  _(": [line %s] stands beside code %u, which "
				    "this level does not have"),
				  line->name, code);
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

static gboolean check_names(const setting *at, const miyin_level *level,
			    char *const *names, GError **error)
{
	for (; names && *names; names++) {
		const miyin_line *line = find_line(at->scheme, *names);

		if (!line)
			return miyin_keyfile_fail(
				at->path, at->group, at->key, error,
				_(": there is no [line %s]"), *names);
		if (!check_code(at, level, line, error))
			return FALSE;
	}
	return TRUE;
}

/* The law forbids the state mark on what is no state secret. */
static gboolean check_text(const setting *is, const char *text,
			   const char *const *allowed, GError **error)
{
	if (!is->scheme->state_secret && strstr(text, STAR))
		return miyin_keyfile_fail(
			is->path, is->group, is->key, error,
			_(": the star belongs to state secrets only; set "
			  "state-secret = true or write another sign"));
	for (const char *at = strchr(text, '{'); at; at = strchr(at + 1, '{')) {
		const char *end = strchr(at, '}');
		g_autofree char *name =
			g_strndup(at + 1, end ? end - at - 1 : 0);

		if (end && g_strv_contains(allowed, name))
			continue;
		g_autofree char *all = g_strjoinv(", ", (char **)allowed);

		return miyin_keyfile_fail(
			is->path, is->group, is->key, error,
			_(": {%s} may not stand here; these may: %s"), name,
			*allowed ? all : _("none"));
	}
	return TRUE;
}

static gboolean check_level(const miyin_scheme *scheme, const char *path,
			    const miyin_level *level, GError **error)
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
	setting at = { scheme, path, group, "mark" };

	if (!check_level_names(scheme, path, group, level, error) ||
	    !check_text(&at, level->mark, mark_variables, error))
		return FALSE;
	at.key = "text";
	if (!check_text(&at, level->text, no_variables, error))
		return FALSE;
	for (unsigned i = 0; i < G_N_ELEMENTS(lists); i++) {
		at.key = lists[i].key;
		if (!check_names(&at, level, lists[i].names, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean check_scheme(const miyin_scheme *scheme, const char *path,
			     GError **error)
{
	setting at;

	if (scheme->levels->len == 0) {
		g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_INPUT,
			    _("%s: there is no [level ID]"), path);
		return FALSE;
	}
	for (unsigned i = 0; i < scheme->layout->lines->len; i++) {
		const miyin_line *line = scheme->layout->lines->pdata[i];
		g_autofree char *group = g_strconcat("line ", line->name, NULL);

		at = (setting){ scheme, path, group, "text" };
		if (!check_text(&at, line->text, variables, error))
			return FALSE;
	}
	for (unsigned i = 0; i < scheme->levels->len; i++)
		if (!check_level(scheme, path, scheme->levels->pdata[i], error))
			return FALSE;
	for (unsigned i = 0; scheme->control && scheme->control[i]; i++) {
		at = (setting){ scheme, path, "control",
				miyin_controlsheet_key(i) };
		if (!check_text(&at, scheme->control[i], no_variables, error))
			return FALSE;
	}
	at = (setting){ scheme, path, "scheme", "watermark" };
	return check_text(&at, scheme->layout->watermark_text, variables,
			  error);
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

	g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_MISSING,
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

	scheme->layout = miyin_layout_new();
	scheme->levels =
		g_ptr_array_new_with_free_func((GDestroyNotify)level_free);
	if (!is_name(name) || !g_file_test(path, G_FILE_TEST_EXISTS)) {
		tell_no_scheme(dir, name, error);
		return NULL;
	}
	scheme->name = g_strdup(name);
	file = miyin_keyfile_open(path, error);
	if (!file || !read_head(file, path, scheme, error))
		return NULL;
	groups = g_key_file_get_groups(file, NULL);
	for (int i = 0; groups[i]; i++)
		if (!g_str_equal(groups[i], "scheme") &&
		    !read_group(file, path, groups[i], scheme, error))
			return NULL;
	if (!check_scheme(scheme, path, error))
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
