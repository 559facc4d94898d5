/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <glib/gi18n.h>
#include "conftext.h"
#include "queue.h"
#include "checkup.h"

#define FREE_MIB 200 /* what must be left at least, as beside the register */
#define SPOOL "/var/spool/cups" /* man cups-files.conf */

/* A job's files, and what is made of them, one after the other. */
static gboolean check_room(const char *dir, miyin_checkup *c)
{
	struct statvfs disk;
	guint64 mib;

	if (statvfs(dir, &disk) != 0)
		return FALSE;
	mib = (guint64)disk.f_bavail * disk.f_frsize >> 20;
	if (mib >= FREE_MIB && (disk.f_files == 0 || disk.f_favail > 0))
		return FALSE;
	miyin_checkup_hole(
		c,
		_("The disk of %s has %u MiB and room for %u more files, so "
		  "documents that are sent find none; make room."),
		dir, (unsigned)mib, (unsigned)MIN(disk.f_favail, G_MAXUINT));
	return TRUE;
}

/* The second only where the first has room: they are mostly on one disk. */
static void check_spool(miyin_checkup *c)
{
	g_autofree char *path = g_build_filename(miyin_queue_server_root(),
						 "cups-files.conf", NULL);
	g_autofree char *text = NULL, *spool = NULL, *tmp = NULL;

	if (!g_file_get_contents(path, &text, NULL, NULL))
		text = g_strdup("");
	spool = miyin_conftext_get(text, "RequestRoot");
	if (!spool)
		spool = g_strdup(SPOOL);
	tmp = miyin_conftext_get(text, "TempDir");
	if (!tmp)
		tmp = g_build_filename(spool, "tmp", NULL);
	if (!check_room(spool, c))
		check_room(tmp, c);
}

/* The kernel knows whether somebody keeps it in time. A server without a
 * network may be right all the same. */
static void check_clock(void)
{
	struct timex clock = { .modes = 0 };

	if (adjtimex(&clock) == TIME_ERROR || (clock.status & STA_UNSYNC))
		miyin_checkup_remark(_("No time server sets the clock of this "
				       "server, and the marks and the register "
				       "have its time; look at timedatectl."));
}

void miyin_serverhealth_check(miyin_checkup *c)
{
	check_spool(c);
	check_clock();
}
