/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/listing.h>
#include <glib/gi18n.h>
#include <miyin/error.h>
#include <miyin/text.h>
#include <pwd.h>

/* More names than these help nobody. */
#define NAMES_MAX 20
#define LIST_MAX (NAMES_MAX * (MIYIN_TEXT_MAX + 2))

/* ---- why there is nothing ---------------------------------------------- */

static gboolean fail(GError **error, const char *sentence, const char *name,
		     const char *list)
{
	g_autofree char *clean = miyin_text_clean(name, MIYIN_TEXT_MAX);
	g_autofree char *said = miyin_text_clean(list, LIST_MAX);
	char *const values[] = { clean, *said ? said : (char *)_("none"),
				 NULL };
	g_autofree char *words = miyin_text_fill(sentence, values);

	return miyin_fail(error, MIYIN_ERROR_MISSING, "%s", words);
}

/* No more than NAMES_MAX; free with g_free. */
static char *list_names(char **names)
{
	const unsigned n = g_strv_length(names);
	GString *list = g_string_new(NULL);

	for (unsigned i = 0; i < MIN(n, NAMES_MAX); i++)
		g_string_append_printf(list, "%s%s", i > 0 ? _(", ") : "",
				       names[i]);
	if (n > NAMES_MAX)
		g_string_append(list, "…");
	return g_string_free(list, FALSE);
}

/* Whether what was asked for stands in the register, or elsewhere. */
static gboolean check(miyin_register *reg, miyin_event_column column,
		      const char *name, gboolean elsewhere, const char *format,
		      GError **error)
{
	g_auto(GStrv) known = NULL;
	g_autofree char *list = NULL;

	if (!name || elsewhere)
		return TRUE;
	known = miyin_register_values(reg, column, error);
	if (!known)
		return FALSE;
	if (g_strv_contains((const char *const *)known, name))
		return TRUE;
	list = list_names(known);
	return fail(error, format, name, list);
}

static gboolean check_level(const miyin_filter *filter,
			    const miyin_levels *levels, miyin_register *reg,
			    GError **error)
{
	g_autofree char *ids = NULL, *list = NULL;
	g_auto(GStrv) known = NULL;

	if (!filter->level)
		return TRUE;
	ids = miyin_levels_find(levels, filter->level);
	if (ids)
		return TRUE;
	known = miyin_register_values(reg, MIYIN_EVENT_LEVEL, error);
	if (!known)
		return FALSE;
	if (g_strv_contains((const char *const *)known, filter->level))
		return TRUE;
	list = miyin_levels_list(levels, NULL);
	return fail(error, _("There is no level \"%s\"; there is %s."),
		    filter->level, list);
}

static gboolean explain(const miyin_office *office, const miyin_levels *levels,
			const miyin_wish *wish, GError **error)
{
	miyin_register *reg = office->reg;
	const miyin_filter *filter = &wish->filter;
	const char *const *gates = (const char *const *)wish->gates;

	return check_level(filter, levels, reg, error) &&
	       check(reg, MIYIN_EVENT_USER, filter->user,
		     filter->user && getpwnam(filter->user),
		     _("There is no user \"%s\"; the register has %s."),
		     error) &&
	       check(reg, MIYIN_EVENT_PRINTER, filter->printer,
		     filter->printer && gates &&
			     g_strv_contains(gates, filter->printer),
		     _("There is no printer \"%s\"; the register has %s."),
		     error) &&
	       check(reg, MIYIN_EVENT_HOLDER, filter->holder, FALSE,
		     _("There is no holder \"%s\"; the register has %s."),
		     error);
}

/* ---- rows --------------------------------------------------------------- */

typedef struct {
	miyin_event_func tell_event;
	miyin_copy_func tell_copy;
	gpointer data;
	gboolean any;
} rows;

static gboolean pass_event(const miyin_event *event, gpointer data)
{
	rows *to = data;

	to->any = TRUE;
	return to->tell_event(event, to->data);
}

static gboolean pass_copy(const miyin_copy_record *copy, gpointer data)
{
	rows *to = data;

	to->any = TRUE;
	return to->tell_copy(copy, to->data);
}

/* By the ids of its level; one whose scheme is gone is in the register by its
 * id. Free ids with g_free. */
static miyin_filter by_ids(const miyin_wish *wish, const miyin_levels *levels,
			   char **ids)
{
	miyin_filter filter = wish->filter;

	*ids = filter.level ? miyin_levels_find(levels, filter.level) : NULL;
	if (*ids)
		filter.level = *ids;
	return filter;
}

gboolean miyin_listing_events(const miyin_office *office,
			      const miyin_levels *levels,
			      const miyin_wish *wish, miyin_event_func func,
			      gpointer data, GError **error)
{
	g_autofree char *ids = NULL;
	const miyin_filter filter = by_ids(wish, levels, &ids);
	rows to = { .tell_event = func, .data = data };

	return miyin_register_log(office->reg, &filter, pass_event, &to,
				  error) &&
	       (to.any || explain(office, levels, wish, error));
}

gboolean miyin_listing_copies(const miyin_office *office,
			      const miyin_levels *levels,
			      const miyin_wish *wish, miyin_copy_func func,
			      gpointer data, GError **error)
{
	g_autofree char *ids = NULL;
	const miyin_filter filter = by_ids(wish, levels, &ids);
	rows to = { .tell_copy = func, .data = data };

	return miyin_register_find_copies(office->reg, &filter, pass_copy, &to,
					  error) &&
	       (to.any || explain(office, levels, wish, error));
}
