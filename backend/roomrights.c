/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "roomrights.h"
#include <miyin/account.h>
#include <miyin/sandbox.h>
#include <errno.h>
#include <linux/landlock.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define DRIVER_USER "lp"
#define NOBODY 65534

/* All rights of Landlock's first version; later ones only add to them. */
#define ALL ((LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1)
#define READ (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define RUN (READ | LANDLOCK_ACCESS_FS_EXECUTE)
#define DEVICES (READ | LANDLOCK_ACCESS_FS_WRITE_FILE)

/* Where drivers and what they read are. Spool folders, homes and other
 * people's temporary files are not here. */
static const struct {
	const char *path;
	guint64 rights;
} places[] = {
	{ "/usr", RUN },	 { "/bin", RUN },
	{ "/sbin", RUN },	 { "/lib", RUN },
	{ "/lib64", RUN },	 { "/opt", RUN },
	{ "/etc", READ },	 { "/proc", READ },
	{ "/sys", READ },	 { "/var/lib", READ },
	{ "/var/cache", READ },	 { "/dev/null", DEVICES },
	{ "/dev/zero", READ },	 { "/dev/full", DEVICES },
	{ "/dev/random", READ }, { "/dev/urandom", READ },
	{ "/dev/fd", READ },
};

/* The scheduler's own places, where they are others. */
static const char *const variables[] = { "CUPS_SERVERBIN", "CUPS_DATADIR",
					 "CUPS_SERVERROOT", "CUPS_FONTPATH" };

static gboolean restrict_files(const char *folder)
{
	const struct landlock_ruleset_attr all = { .handled_access_fs = ALL };
	int rules =
		(int)syscall(SYS_landlock_create_ruleset, &all, sizeof(all), 0);
	gboolean ok = rules >= 0;

	if (!ok)
		return errno == ENOSYS || errno == EOPNOTSUPP;
	for (unsigned i = 0; ok && i < G_N_ELEMENTS(places); i++)
		ok = miyin_sandbox_allow(rules, places[i].path,
					 places[i].rights);
	for (unsigned i = 0; ok && i < G_N_ELEMENTS(variables); i++)
		if (g_getenv(variables[i]))
			ok = miyin_sandbox_allow(rules, g_getenv(variables[i]),
						 RUN);
	ok = ok && miyin_sandbox_allow(rules, folder, ALL) &&
	     syscall(SYS_landlock_restrict_self, rules, 0) == 0;
	close(rules);
	return ok;
}

/* lp itself would lie open to all filters of the scheduler. */
static gboolean take_driver(const char *folder, uid_t account)
{
	const struct passwd *lp = getpwnam(DRIVER_USER);

	/* Their time by the clock is ours to measure: they may have to wait
	 * for the printer. */
	alarm(0);
	return lp &&
	       (geteuid() != 0 ||
		(chown(folder, account, lp->pw_gid) == 0 &&
		 miyin_account_become(account, lp->pw_gid))) &&
	       prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	       restrict_files(folder);
}

gboolean miyin_roomrights_take(miyin_room_kind kind,
			       const miyin_room_limits *limits,
			       const char *folder, uid_t account)
{
	const miyin_sandbox_room room = { folder, NULL };

	miyin_sandbox_limit(limits->cpu_s, limits->memory_bytes,
			    limits->file_bytes);
	switch (kind) {
	case MIYIN_ROOM_ENGINE:
		return geteuid() != 0 || miyin_account_become(NOBODY, NOBODY);
	case MIYIN_ROOM_CONVERT:
		return miyin_sandbox_enter(MIYIN_SANDBOX_CONVERT, &room, NULL);
	default:
		return take_driver(folder, account);
	}
}
