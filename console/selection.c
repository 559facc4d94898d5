/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "selection.h"
#include "cells.h"
#include "table.h"
#include <glib/gi18n.h>
#include <miyin/error.h>
#include <miyin/protected.h>

gboolean miyin_selection_parse(miyin_selection *typed, GOptionContext *context,
			       int *argc, char ***argv, GError **error)
{
	const GOptionEntry entries[] = {
		{ "json", 0, 0, G_OPTION_ARG_NONE, &typed->json,
		  N_("Print an array of JSON objects"), NULL },
		{ "csv", 0, 0, G_OPTION_ARG_NONE, &typed->csv,
		  N_("Print CSV for WPS and Excel"), NULL },
		{ "user", 0, 0, G_OPTION_ARG_STRING, &typed->user,
		  N_("Only what this user did"), N_("USER") },
		{ "printer", 0, 0, G_OPTION_ARG_STRING, &typed->printer,
		  N_("Only this queue"), N_("QUEUE") },
		{ "level", 0, 0, G_OPTION_ARG_STRING, &typed->level,
		  N_("Only this level, by its text or id"), N_("LEVEL") },
		{ "holder", 0, 0, G_OPTION_ARG_STRING, &typed->holder,
		  N_("Only copies of this holder"), N_("NAME") },
		{ "document", 0, 0, G_OPTION_ARG_STRING, &typed->document,
		  N_("Only this document, by its reference or content hash"),
		  N_("DOCUMENT") },
		{ "event", 0, 0, G_OPTION_ARG_STRING, &typed->event,
		  N_("Only this event, such as printed"), N_("EVENT") },
		G_OPTION_ENTRY_NULL
	};
	char **const words[] = { &typed->user,	 &typed->printer,
				 &typed->level,	 &typed->event,
				 &typed->holder, &typed->document };

	g_option_context_add_main_entries(context, entries, GETTEXT_PACKAGE);
	if (!g_option_context_parse(context, argc, argv, error))
		return FALSE;
	for (unsigned i = 0; i < G_N_ELEMENTS(words); i++)
		if (*words[i] && !**words[i])
			return miyin_fail(error, MIYIN_ERROR_INPUT,
					  _("An option has no value; leave it "
					    "out to list all."));
	if (!typed->json || !typed->csv)
		return TRUE;
	return miyin_fail(error, MIYIN_ERROR_INPUT,
			  _("--json and --csv exclude each other."));
}

void miyin_selection_clear(miyin_selection *typed)
{
	g_free(typed->user);
	g_free(typed->printer);
	g_free(typed->level);
	g_free(typed->event);
	g_free(typed->holder);
	g_free(typed->document);
	g_strfreev(typed->gates);
}

gboolean miyin_selection_resolve(miyin_selection *typed,
				 const miyin_config *config, miyin_wish *wish,
				 GError **error)
{
	g_autofree char *name = NULL, *events = NULL;

	if (typed->printer)
		typed->gates = miyin_protected_list(config, NULL);
	*wish = (miyin_wish){
		.filter = { .user = typed->user,
			    .printer = typed->printer,
			    .holder = typed->holder,
			    .document = typed->document,
			    .level = typed->level,
			    .event = typed->event ? miyin_cells_find_event(
							    typed->event)
						  : NULL },
		.gates = typed->gates,
	};
	if (!typed->event || wish->filter.event)
		return TRUE;
	name = miyin_table_clean(typed->event);
	events = miyin_cells_list_events();
	return miyin_fail(error, MIYIN_ERROR_MISSING,
			  _("There is no event \"%s\"; there is %s."), name,
			  events);
}
