/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Our block in the scheduler's cupsd.conf: the policies of gate and device
 * queues, and one of ours in the place of each policy of the administrator's,
 * as operations.h decides; no keeping of spool files and of events; no password
 * without TLS. It stands between two lines at the end:
 *
 *   # miyin begin
 *   # miyin end
 *
 * Taking it out leaves the file as it was, byte for byte.
 */
#ifndef MIYIN_CUPSDCONF_H
#define MIYIN_CUPSDCONF_H

#include <glib.h>
#include <miyin/queuepolicy.h>

/* ---- the text; what is returned is freed with g_free --------------------- */

/* The file with our block, made anew when it is there already.
 * user is the service user, who alone prints on device queues. */
char *miyin_cupsdconf_add(const char *text, const char *user);

/* The file without our block, and without our policies should another program
 * have rewritten the file and lost the lines that mark it. */
char *miyin_cupsdconf_remove(const char *text);

/* Our block as it stands in the file, or NULL. */
char *miyin_cupsdconf_block(const char *text);

/* The name of our policy in the place of one of the administrator's, and back;
 * and whether a policy is such a one, or any that we make. */
char *miyin_cupsdconf_cover(const char *text, const char *policy);
char *miyin_cupsdconf_uncover(const char *text, const char *cover);
gboolean miyin_cupsdconf_is_cover(const char *policy);
gboolean miyin_cupsdconf_is_ours(const char *policy);

/* The first "POLICY: OPERATION" that the policies in force decide otherwise
 * than our block would, whatever stands outside it; NULL when there is none. */
char *miyin_cupsdconf_differs(const char *text, const char *user);

/* ---- the scheduler ----------------------------------------------------- */

/* The file as the scheduler has it. Free with g_free. Errors: SYSTEM. */
char *miyin_cupsdconf_read(GError **error);

/* Put our block in, or make it anew; take it out. The file is left alone when
 * it is right already; else they wait until the scheduler answers again. Errors:
 * SYSTEM; BUSY when it does not within a minute. */
gboolean miyin_cupsdconf_install(const char *user, GError **error);
gboolean miyin_cupsdconf_uninstall(GError **error);

#endif
