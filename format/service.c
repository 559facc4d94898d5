/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/service.h>

#include <errno.h>
#include <glib/gi18n.h>
#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include <miyin/error.h>
#include <miyin/text.h>

static const struct passwd *find_account(const char *user, GError **error);

gboolean miyin_service_check(const char *user, GError **error)
{
	const struct passwd *account;

	if (geteuid() == 0)
		return TRUE;
	account = find_account(user, error);
	if (!account)
		return FALSE;
	if (geteuid() == account->pw_uid)
		return TRUE;
	g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_DENIED,
		    _("miyin must be run as root or %s."), user);
	return FALSE;
}

gboolean miyin_service_become(const char *user, GError **error)
{
	const struct passwd *account = find_account(user, error);
	uid_t uid;
	gid_t gid;

	if (!account || !miyin_service_check(user, error))
		return FALSE;
	uid = account->pw_uid;
	gid = account->pw_gid;
	if (geteuid() == uid)
		return TRUE;
	if (setgroups(1, &gid) < 0 || setresgid(gid, gid, gid) < 0 ||
	    setresuid(uid, uid, uid) < 0) {
		g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM,
			    _("Cannot become the user %s: %s"), user,
			    g_strerror(errno));
		return FALSE;
	}
	/* An account with uid 0 under another name would come back. */
	if (setuid(0) == 0 || getegid() != gid) {
		g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM,
			    _("The user %s has the rights of root."), user);
		return FALSE;
	}
	return TRUE;
}

char *miyin_service_caller(const char *sudo_user)
{
	const struct passwd *account;

	if (getuid() == 0 && sudo_user && *sudo_user)
		return miyin_text_clean(sudo_user, MIYIN_TEXT_MAX);
	account = getpwuid(getuid());
	if (account)
		return miyin_text_clean(account->pw_name, MIYIN_TEXT_MAX);
	return g_strdup_printf("%u", (unsigned)getuid());
}

static const struct passwd *find_account(const char *user, GError **error)
{
	const struct passwd *account;

	account = getpwnam(user);
	if (!account)
		g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_MISSING,
			    _("There is no user %s on this computer."), user);
	return account;
}
