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
 * Login name of the person at the terminal; ask before becoming the service.
 *
 *   sudo_user   what sudo says, counts only for root; or NULL
 *
 * Free with g_free.
 */
char *miyin_service_caller(const char *sudo_user);

#endif
