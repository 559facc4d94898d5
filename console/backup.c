/* SPDX-License-Identifier: GPL-3.0-or-later */
/* miyin backup: a copy of the register that is whole, while it is in use. */
#include <miyin/commands.h>
#include <glib/gi18n.h>
#include <stdio.h>
#include <miyin/error.h>
#include <miyin/office.h>

/* What an administrator says who put an older register back. */
static gboolean accept(const miyin_office *office, GError **error)
{
	miyin_register_gap gap;

	if (!miyin_office_accept(office, &gap, error))
		return FALSE;
	if (gap.last == 0)
		puts(_("The register lacks nothing that was printed."));
	else
		printf(_("The register goes on without its events %u to %u, "
			 "until %s; documents that it does not know begin at "
			 "serial 000001 again.\n"),
		       (unsigned)gap.first, (unsigned)gap.last, gap.until);
	return TRUE;
}

int miyin_command_backup(int argc, char **argv, const miyin_config *config,
			 GError **error)
{
	g_auto(GStrv) files = NULL;
	gboolean restored = FALSE;
	const GOptionEntry entries[] = {
		{ "restored", 0, 0, G_OPTION_ARG_NONE, &restored,
		  N_("Print again with a register that was put back"), NULL },
		{ G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &files,
		  NULL, NULL },
		G_OPTION_ENTRY_NULL
	};
	g_autoptr(GOptionContext) context = g_option_context_new(_("FILE"));
	g_auto(miyin_actor) actor = { 0 };
	g_auto(miyin_office) office = { 0 };

	g_option_context_set_summary(
		context, _("Copy the whole register to a new file that only "
			   "the service's account reads."));
	g_option_context_add_main_entries(context, entries, GETTEXT_PACKAGE);
	if (!g_option_context_parse(context, &argc, &argv, error))
		return 2;
	if (restored ? files != NULL : !files || files[1] || *files[0] != '/') {
		miyin_fail(error, MIYIN_ERROR_INPUT,
			   _("backup needs the whole path of one new file, or "
			     "--restored."));
		return 2;
	}
	miyin_actor_init_here(&actor, MIYIN_ROLE_ADMINISTRATOR,
			      g_getenv("SUDO_USER"));
	if (!miyin_office_open(&office, &actor, config, error))
		return 1;
	return (restored ? accept(&office, error)
			 : miyin_office_backup(&office, files[0], error))
		       ? 0
		       : 1;
}
