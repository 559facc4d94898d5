/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "selection.h"
#include "cells.h"
#include <miyin/protected.h>
#include "table.h"
#include <glib/gi18n.h>
#include <miyin/error.h>
#include <pwd.h>

/* More names than these help nobody. */
#define NAMES_MAX 20

void miyin_selection_add_options(miyin_selection *wish, GOptionContext *context)
{
	const GOptionEntry entries[] = {
		{ "user", 0, 0, G_OPTION_ARG_STRING, &wish->user,
		  N_("Only what this user did"), N_("USER") },
		{ "printer", 0, 0, G_OPTION_ARG_STRING, &wish->printer,
		  N_("Only this queue"), N_("QUEUE") },
		{ "level", 0, 0, G_OPTION_ARG_STRING, &wish->level,
		  N_("Only this level, by its text or id"), N_("LEVEL") },
		{ "holder", 0, 0, G_OPTION_ARG_STRING, &wish->holder,
		  N_("Only copies of this holder"), N_("NAME") },
		{ "document", 0, 0, G_OPTION_ARG_STRING, &wish->document,
		  N_("Only this document, by its reference or content hash"),
		  N_("DOCUMENT") },
		{ "event", 0, 0, G_OPTION_ARG_STRING, &wish->event,
		  N_("Only this event, such as printed"), N_("EVENT") },
		G_OPTION_ENTRY_NULL
	};

	g_option_context_add_main_entries(context, entries, GETTEXT_PACKAGE);
}

void miyin_selection_clear(miyin_selection *wish)
{
	g_free(wish->user);
	g_free(wish->printer);
	g_free(wish->level);
	g_free(wish->event);
	g_free(wish->holder);
	g_free(wish->document);
	g_free(wish->level_ids);
}

static gboolean fail(GError **error, const char *format, const char *name,
		     const char *list)
{
	g_autofree char *clean = miyin_table_clean(name);
	g_autofree char *said = miyin_table_clean(list);

/* Each format is one of the sentences below. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_MISSING, format, clean,
		    *said ? said : _("none"));
#pragma GCC diagnostic pop
	return FALSE;
}

gboolean miyin_selection_resolve(miyin_selection *wish,
				 const miyin_levels *levels, GError **error)
{
	g_autofree char *events = NULL;

	/* One whose scheme is gone is in the register by its id. */
	if (wish->level) {
		wish->level_ids = miyin_levels_find(levels, wish->level);
		if (!wish->level_ids)
			wish->level_ids = g_strdup(wish->level);
	}
	if (!wish->event)
		return TRUE;
	wish->event_id = miyin_cells_find_event(wish->event);
	if (wish->event_id)
		return TRUE;
	events = miyin_cells_list_events();
	return fail(error, _("There is no event \"%s\"; there is %s."),
		    wish->event, events);
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

static gboolean check_level(const miyin_selection *wish,
			    const miyin_levels *levels, miyin_register *reg,
			    GError **error)
{
	g_autofree char *ids = NULL, *list = NULL;
	g_auto(GStrv) known = NULL;

	if (!wish->level)
		return TRUE;
	ids = miyin_levels_find(levels, wish->level);
	if (ids)
		return TRUE;
	known = miyin_register_values(reg, MIYIN_EVENT_LEVEL, error);
	if (!known)
		return FALSE;
	if (g_strv_contains((const char *const *)known, wish->level))
		return TRUE;
	list = miyin_levels_list(levels, NULL);
	return fail(error, _("There is no level \"%s\"; there is %s."),
		    wish->level, list);
}

static gboolean is_protected(const miyin_config *config, const char *name)
{
	g_auto(GStrv) queues = miyin_protected_list(config, NULL);

	return queues && g_strv_contains((const char *const *)queues, name);
}

gboolean miyin_selection_explain(const miyin_selection *wish,
				 const miyin_config *config,
				 const miyin_levels *levels,
				 miyin_register *reg, GError **error)
{
	return check_level(wish, levels, reg, error) &&
	       check(reg, MIYIN_EVENT_USER, wish->user,
		     wish->user && getpwnam(wish->user),
		     _("There is no user \"%s\"; the register has %s."),
		     error) &&
	       check(reg, MIYIN_EVENT_PRINTER, wish->printer,
		     wish->printer && is_protected(config, wish->printer),
		     _("There is no printer \"%s\"; the register has %s."),
		     error) &&
	       check(reg, MIYIN_EVENT_HOLDER, wish->holder, FALSE,
		     _("There is no holder \"%s\"; the register has %s."),
		     error);
}
