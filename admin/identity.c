/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <unistd.h>
#include <glib/gi18n.h>
#include <miyin/error.h>
#include <miyin/register.h>
#include "identity.h"
#include <miyin/service.h>

void miyin_identity_leave(miyin_identity entered)
{
	const gid_t root = 0;

	if (!entered || getuid() != 0)
		return;
	/* Going on as somebody else would do harm at every later step. */
	if (seteuid(0) != 0 || setegid(0) != 0 || setgroups(1, &root) != 0)
		g_error("miyin: cannot become root again");
}

miyin_identity miyin_identity_enter(const char *user, GError **error)
{
	const struct passwd *account;

	if (getuid() != 0)
		return TRUE;
	account = getpwnam(user);
	if (!account)
		return miyin_fail(error, MIYIN_ERROR_MISSING,
				  _("There is no user %s on this computer; "
				    "correct [service] user in miyin.conf."),
				  user);
	if (setgroups(1, &account->pw_gid) == 0 &&
	    setegid(account->pw_gid) == 0 && seteuid(account->pw_uid) == 0)
		return TRUE;
	miyin_fail(error, MIYIN_ERROR_SYSTEM,
		   _("Cannot become the user %s: %s"), user, g_strerror(errno));
	miyin_identity_leave(TRUE);
	return FALSE;
}

gboolean miyin_identity_note(const miyin_config *config, const char *event,
			     const char *queue, const char *detail,
			     GError **error)
{
	g_autofree char *caller = miyin_service_caller(g_getenv("SUDO_USER"));
	const miyin_event note = { .event = event,
				   .user = caller,
				   .printer = queue,
				   .detail = detail };
	g_auto(miyin_identity) service =
		miyin_identity_enter(config->user, error);
	g_autoptr(miyin_register) reg =
		service ? miyin_register_open(config, FALSE, error) : NULL;

	return reg && miyin_register_note(reg, &note, 0, error);
}
