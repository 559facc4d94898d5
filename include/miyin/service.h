/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The account of the service. It alone may read the keys and write the
 * register; a file that root made in its folder would lock it out, so root
 * becomes this account before it opens either.
 */
#ifndef MIYIN_SERVICE_H
#define MIYIN_SERVICE_H

#include <glib.h>

/*
 * Whether the process is root or this account. Errors: MISSING when there is
 * no such account, DENIED.
 */
gboolean miyin_service_check(const char *user, GError **error);

/*
 * Become the account, for good. Nothing to do when the process is it already.
 *
 * Errors: as miyin_service_check; SYSTEM.
 */
gboolean miyin_service_become(const char *user, GError **error);

/*
 * Login name of the person who gave a command, by one rule for the whole
 * program; ask before becoming the service:
 *
 *   1. whoever logged in: the login uid, which the kernel hands on through
 *      sudo, su and runuser and lets nobody change; but in a session without
 *      one (no pam_loginuid) anybody may set it, once, to whom he likes: so
 *      where SUDO_USER says another name that stands beside it,
 *      "li (sudo: wang)"
 *   2. where nobody has logged in, SUDO_USER, when root runs us: sudo set it,
 *      and root could write anything into the register
 *   3. the account that runs us
 *
 *   sudo_user   what sudo says, or NULL
 *
 * Source: proc_pid_loginuid(5), pam_loginuid(8).
 * Free with g_free.
 */
char *miyin_service_caller(const char *sudo_user);

#endif
