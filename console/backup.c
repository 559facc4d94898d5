/* SPDX-License-Identifier: GPL-3.0-or-later */
/* miyin backup: a copy of the register that is whole, while it is in use. */
#include <miyin/commands.h>
#include <glib/gi18n.h>
#include <stdio.h>
#include <miyin/error.h>
#include <miyin/register.h>
#include <miyin/service.h>

/* What an administrator says who put an older register back. */
static int accept(const miyin_config *config, const char *caller,
		  GError **error)
{
	g_autoptr(miyin_register) reg =
		miyin_register_open(config->register_path, FALSE, error);
	miyin_register_gap gap;

	if (!reg || !miyin_register_accept(reg, caller, &gap, error))
		return 1;
	if (gap.last == 0)
		puts(_("The register lacks nothing that was printed."));
	else
		printf(_("The register goes on without its events %u to %u, "
			 "until %s; documents that it does not know begin at "
			 "serial 000001 again.\n"),
		       (unsigned)gap.first, (unsigned)gap.last, gap.until);
	return 0;
}

static int copy(const miyin_config *config, const char *file,
		const char *caller, GError **error)
{
	g_autoptr(miyin_register) reg =
		miyin_register_open(config->register_path, FALSE, error);

	return reg && miyin_register_backup(reg, file, caller, error) ? 0 : 1;
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
	g_autofree char *caller = miyin_service_caller(g_getenv("SUDO_USER"));

	g_option_context_set_summary(
		context, _("Copy the whole register to a new file that only "
			   "the service's account reads."));
	g_option_context_add_main_entries(context, entries, GETTEXT_PACKAGE);
	if (!g_option_context_parse(context, &argc, &argv, error))
		return 2;
	if (restored ? files != NULL : !files || files[1] || *files[0] != '/') {
		g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_INPUT, "%s",
			    _("backup needs the whole path of one new file, or "
			      "--restored."));
		return 2;
	}
	if (!miyin_service_become(config->user, error))
		return 1;
	return restored ? accept(config, caller, error)
			: copy(config, files[0], caller, error);
}
