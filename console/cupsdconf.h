/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Our block in the scheduler's cupsd.conf: the policies of gate and device
 * queues, a default policy under which nobody gets a spool file back, and no
 * keeping of spool files. It stands between two lines at the end:
 *
 *   # miyin begin
 *   # miyin end
 *
 * Taking it out leaves the file as it was, byte for byte.
 */
#ifndef MIYIN_CUPSDCONF_H
#define MIYIN_CUPSDCONF_H

#include <glib.h>

#define MIYIN_POLICY_GATE "miyin"
#define MIYIN_POLICY_DEVICE "miyin-device"
#define MIYIN_POLICY_DEFAULT "miyin-default"

/* No account of this name: what only he may do, nobody may, not even root. */
#define MIYIN_NOBODY "miyin-nobody"

/* ---- the text ---------------------------------------------------------- */

/* The file with our block, made anew when it is there already.
 * user is the service user, who alone prints on device queues. */
char *miyin_cupsdconf_add(const char *text, const char *user);

/* The file without our block, and without our policies should another program
 * have rewritten the file and lost the lines that mark it. */
char *miyin_cupsdconf_remove(const char *text);

/* Our block as it stands in the file, or NULL. */
char *miyin_cupsdconf_block(const char *text);

/* The value of a directive outside all sections, the last one counts; NULL
 * when there is none. */
char *miyin_cupsdconf_get(const char *text, const char *directive);

/* Whether an operation has a Limit of its own in a policy that lets nobody
 * but MIYIN_NOBODY. */
gboolean miyin_cupsdconf_forbids(const char *text, const char *policy,
				 const char *operation);

/* ---- the scheduler ----------------------------------------------------- */

/* Errors: SYSTEM. */
char *miyin_cupsdconf_read(GError **error);

/* Put the file in force and wait until the scheduler answers again.
 * Errors: SYSTEM; BUSY when it does not answer within a minute. */
gboolean miyin_cupsdconf_write(const char *text, GError **error);

/* Put our block in, or make it anew; take it out. The file is left alone when
 * it is right already. Errors: as read and write. */
gboolean miyin_cupsdconf_install(const char *user, GError **error);
gboolean miyin_cupsdconf_uninstall(GError **error);

#endif
