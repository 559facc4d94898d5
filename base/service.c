/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/service.h>

#include <errno.h>
#include <glib/gi18n.h>
#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include <miyin/error.h>
#include <miyin/text.h>

#define LOGIN_UID "/proc/self/loginuid"

static const struct passwd *find_account(const char *user, GError **error)
{
	const struct passwd *account;

	account = getpwnam(user);
	if (!account)
		miyin_fail(error, MIYIN_ERROR_MISSING,
			   _("There is no user %s on this computer; "
			     "correct [service] user in miyin.conf."),
			   user);
	return account;
}

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
	return miyin_fail(error, MIYIN_ERROR_DENIED,
			  _("miyin must be run as root or %s."), user);
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
	    setresuid(uid, uid, uid) < 0)
		return miyin_fail(error, MIYIN_ERROR_SYSTEM,
				  _("Cannot become the user %s: %s"), user,
				  g_strerror(errno));
	/* An account with uid 0 under another name would come back. */
	if (setuid(0) == 0 || getegid() != gid)
		return miyin_fail(error, MIYIN_ERROR_SYSTEM,
				  _("The user %s has the rights of root."),
				  user);
	return TRUE;
}

static char *name_of(uid_t uid)
{
	const struct passwd *account = getpwuid(uid);

	return account ? miyin_text_clean(account->pw_name, MIYIN_TEXT_MAX)
		       : g_strdup_printf("%u", (unsigned)uid);
}

/* (uid_t)-1: nobody has logged in, or this kernel does not count. */
static uid_t read_login_uid(void)
{
	g_autofree char *text = NULL;
	uid_t uid;

	if (!g_file_get_contents(LOGIN_UID, &text, NULL, NULL) ||
	    !miyin_text_to_number(g_strchomp(text), 0, G_MAXUINT32, &uid))
		return (uid_t)-1;
	return uid;
}

char *miyin_service_caller(const char *sudo_user)
{
	uid_t login = read_login_uid();
	g_autofree char *name = name_of(login != (uid_t)-1 ? login : getuid());
	g_autofree char *sudo =
		getuid() == 0 && sudo_user && *sudo_user
			? miyin_text_clean(sudo_user, MIYIN_TEXT_MAX)
			: NULL;

	if (!sudo || g_str_equal(sudo, name))
		return g_steal_pointer(&name);
	if (login == (uid_t)-1)
		return g_steal_pointer(&sudo);
	return g_strdup_printf("%s (sudo: %s)", name, sudo);
}
