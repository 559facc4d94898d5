/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/levels.h>
#include <miyin/text.h>
#include <glib/gi18n.h>

miyin_levels *miyin_levels_open(const char *scheme_dir)
{
	g_auto(GStrv) names = miyin_scheme_list(scheme_dir);
	miyin_levels *levels = g_ptr_array_new_with_free_func(
		(GDestroyNotify)miyin_scheme_free);

	for (char **name = names; *name; name++) {
		miyin_scheme *scheme =
			miyin_scheme_open(scheme_dir, *name, NULL);

		if (scheme)
			g_ptr_array_add(levels, scheme);
	}
	return levels;
}

static char *join(GPtrArray *texts, const char *comma)
{
	g_ptr_array_add(texts, NULL);
	return g_strjoinv(comma, (char **)texts->pdata);
}

char *miyin_levels_find(const miyin_levels *levels, const char *name)
{
	g_autoptr(GPtrArray) ids = g_ptr_array_new();

	for (unsigned i = 0; i < levels->len; i++) {
		const miyin_level *level =
			miyin_scheme_find_level(levels->pdata[i], name);

		if (level && !miyin_text_is_among(ids, level->id))
			g_ptr_array_add(ids, level->id);
	}
	return ids->len > 0 ? join(ids, ",") : NULL;
}

static const miyin_level *find_id(const miyin_scheme *scheme, const char *id)
{
	for (unsigned i = 0; i < scheme->levels->len; i++) {
		const miyin_level *level = scheme->levels->pdata[i];

		if (g_str_equal(level->id, id))
			return level;
	}
	return NULL;
}

static const miyin_level *find_level(const miyin_levels *levels,
				     const char *scheme, const char *id)
{
	const miyin_level *found = NULL;

	for (unsigned i = 0; i < levels->len; i++) {
		const miyin_scheme *one = levels->pdata[i];
		const miyin_level *level = find_id(one, id);

		if (level && (!found || g_str_equal(one->name, scheme)))
			found = level;
	}
	return found;
}

const char *miyin_levels_text(const miyin_levels *levels, const char *scheme,
			      const char *id)
{
	const miyin_level *level = find_level(levels, scheme, id);

	return level ? level->text : id;
}

char *miyin_levels_typed(const miyin_levels *levels, const char *scheme,
			 const char *id)
{
	const miyin_level *level = find_level(levels, scheme, id);

	return level ? miyin_level_format_typed(level) : g_strdup(id);
}

char *miyin_levels_list(const miyin_levels *levels, const char *scheme)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);

	for (unsigned i = 0; i < levels->len; i++) {
		const miyin_scheme *one = levels->pdata[i];

		if (scheme && !g_str_equal(one->name, scheme))
			continue;
		for (unsigned k = 0; k < one->levels->len; k++) {
			g_autofree char *name = miyin_level_format_choice(
				one->levels->pdata[k]);

			if (!miyin_text_is_among(names, name))
				g_ptr_array_add(names, g_steal_pointer(&name));
		}
	}
	return join(names, _(", "));
}
