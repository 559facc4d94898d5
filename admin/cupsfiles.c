/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <glib/gi18n.h>
#include "conftext.h"
#include "checkup.h"
#include "queue.h"

static void check_file_device(miyin_checkup *c, const char *text,
			      const char *path)
{
	g_autofree char *value = miyin_conftext_get(text, "FileDevice");

	if (value && !miyin_conftext_is_off(value))
		miyin_checkup_hole(
			c,
			_("%s says FileDevice %s, so a queue may write to a "
			  "printer's device file without any backend; say "
			  "FileDevice No and restart the scheduler."),
			path, value);
}

/* As cupsd reads it: what begins with a digit is the number itself. */
static gboolean is_user(const char *value, uid_t id)
{
	const struct passwd *named;

	if (g_ascii_isdigit(*value))
		return (uid_t)atoi(value) == id;
	named = getpwnam(value);
	return named && named->pw_uid == id;
}

static gboolean is_group(const char *value, gid_t id)
{
	const struct group *named;

	if (g_ascii_isdigit(*value))
		return (gid_t)atoi(value) == id;
	named = getgrnam(value);
	return named && named->gr_gid == id;
}

/* Filters run as this user and group, and users' documents in filters. */
static void check_account(miyin_checkup *c, const char *text, const char *path,
			  const char *service)
{
	g_autofree char *user = miyin_conftext_get(text, "User");
	g_autofree char *group = miyin_conftext_get(text, "Group");
	const struct passwd *account = getpwnam(service);
	uid_t uid;
	gid_t gid;

	if (!account)
		return;
	/* The next getpwnam writes over it. */
	uid = account->pw_uid;
	gid = account->pw_gid;
	if (user && is_user(user, uid))
		miyin_checkup_hole(
			c,
			_("%s says User %s, so filters may read the keys and "
			  "write the register; say User lp and restart the "
			  "scheduler."),
			path, user);
	if (group && is_group(group, gid))
		miyin_checkup_hole(
			c,
			_("%s says Group %s, the group of the service user, so "
			  "filters reach what is its; say Group lp and restart "
			  "the scheduler."),
			path, group);
}

static void check_log(miyin_checkup *c, const char *text, const char *path)
{
	g_autofree char *mode = miyin_conftext_get(text, "LogFilePerm");

	if (mode && (strtol(mode, NULL, 8) & S_IRWXO))
		miyin_checkup_hole(
			c,
			_("%s says LogFilePerm %s, so everybody reads titles "
			  "and holders in the scheduler's log; say LogFilePerm "
			  "0640 and restart the scheduler."),
			path, mode);
}

/* What changes the programs that the scheduler starts, or their rules. */
static void check_environment(miyin_checkup *c, const char *text,
			      const char *path)
{
	g_auto(miyin_confline) l = { 0 };

	while (miyin_conftext_next(&text, &l)) {
		const gsize n = strcspn(l.value, " \t");
		g_autofree char *name = g_strndup(l.value, n);
		const char *value = l.value + n + strspn(l.value + n, " \t");

		if (g_ascii_strcasecmp(l.word, "SetEnv") &&
		    g_ascii_strcasecmp(l.word, "PassEnv"))
			continue;
		if (g_str_has_prefix(name, "LD_") ||
		    (g_str_equal(name, "MIYIN_CONF_DIR") &&
		     !g_str_equal(value, miyin_config_dir())))
			miyin_checkup_hole(
				c,
				_("%s says %s, so the gate runs with other "
				  "code or rules; take that line out and "
				  "restart the scheduler."),
				path, l.text);
	}
}

void miyin_cupsfiles_check(miyin_checkup *c)
{
	g_autofree char *path = g_build_filename(miyin_queue_server_root(),
						 "cups-files.conf", NULL);
	g_autoptr(GError) reason = NULL;
	g_autofree char *text = NULL;

	if (g_file_get_contents(path, &text, NULL, &reason)) {
		check_file_device(c, text, path);
		check_account(c, text, path, c->config->user);
		check_log(c, text, path);
		check_environment(c, text, path);
	} else if (!g_error_matches(reason, G_FILE_ERROR, G_FILE_ERROR_NOENT)) {
		miyin_checkup_hole(c, _("%s could not be looked at: %s"), path,
				   reason->message);
	}
}
