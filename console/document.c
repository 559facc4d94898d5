/* SPDX-License-Identifier: GPL-3.0-or-later */
/* miyin document: whose a document is, and the officer's word on it. */
#include <miyin/commands.h>
#include "table.h"
#include <glib/gi18n.h>
#include <stdio.h>
#include <miyin/error.h>
#include <miyin/office.h>

typedef struct {
	char **document;
	char *owner;
	gboolean common, own;
} options;

static void clear_options(options *wish)
{
	g_strfreev(wish->document);
	g_free(wish->owner);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(options, clear_options)

static gboolean parse_options(int argc, char **argv, options *wish,
			      GError **error)
{
	const GOptionEntry entries[] = {
		{ "owner", 0, 0, G_OPTION_ARG_STRING, &wish->owner,
		  N_("Give it to this user, or @group"), N_("USER") },
		{ "common", 0, 0, G_OPTION_ARG_NONE, &wish->common,
		  N_("Its content is everybody's: others print it at any "
		     "level"),
		  NULL },
		{ "own", 0, 0, G_OPTION_ARG_NONE, &wish->own,
		  N_("Its content is no longer everybody's"), NULL },
		{ G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY,
		  &wish->document, NULL, NULL },
		G_OPTION_ENTRY_NULL
	};
	g_autoptr(GOptionContext) context = g_option_context_new(_("DOCUMENT"));

	g_option_context_set_summary(context,
				     _("Show whose a document is, or say it."));
	g_option_context_add_main_entries(context, entries, GETTEXT_PACKAGE);
	if (!g_option_context_parse(context, &argc, &argv, error))
		return FALSE;
	if (wish->document && *wish->document[0] && !wish->document[1] &&
	    !(wish->common && wish->own) && (!wish->owner || *wish->owner))
		return TRUE;
	return miyin_fail(
		error, MIYIN_ERROR_INPUT,
		_("document needs the name of one document, and --common "
		  "or --own but not both."));
}

static void print_record(const miyin_document_record *record)
{
	const miyin_column columns[] = {
		{ .name = "" },
		{ .name = "" },
		{ .name = NULL },
	};
	g_autoptr(miyin_table) table =
		miyin_table_new(MIYIN_TABLE_PEOPLE, columns, 0);
	g_autofree char *copies = g_strdup_printf("%u", record->used);
	const char *const lines[][2] = {
		{ _("Document"), record->name },
		{ _("Title"), record->title },
		{ _("Owner"), record->owner },
		{ _("Level"), record->level },
		{ _("Copies"), copies },
		{ _("Content"), record->common ? _("everybody's") : _("own") },
		{ _("Time"), record->created_at },
	};
	g_autofree char *text = NULL;

	for (unsigned i = 0; i < G_N_ELEMENTS(lines); i++)
		miyin_table_add(table, lines[i]);
	text = miyin_table_format(table);
	fputs(text, stdout);
}

int miyin_command_document(int argc, char **argv, const miyin_config *config,
			   GError **error)
{
	g_auto(options) wish = { 0 };
	g_auto(miyin_actor) actor = { 0 };
	g_auto(miyin_office) office = { 0 };
	miyin_document_record record = { 0 };

	if (!parse_options(argc, argv, &wish, error))
		return 2;
	miyin_actor_init_here(&actor, MIYIN_ROLE_OFFICER,
			      g_getenv("SUDO_USER"));
	if (!miyin_office_open(&office, &actor, config, error) ||
	    !miyin_office_document(&office, wish.document[0], wish.owner,
				   wish.common ? 1
				   : wish.own  ? 0
					       : -1,
				   &record, error))
		return 1;
	print_record(&record);
	miyin_document_record_clear(&record);
	return 0;
}
