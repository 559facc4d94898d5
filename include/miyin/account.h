/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Accounts that no other process has: for what works on a user's document or
 * copy, so that neither the scheduler's filters, which all are lp's, nor the
 * programs of another job can trace it or open its files.
 */
#ifndef MIYIN_ACCOUNT_H
#define MIYIN_ACCOUNT_H

#include <glib.h>
#include <sys/types.h>

/* The range that they are from. */
void miyin_account_range(unsigned *first, unsigned *last);

/*
 * Take one for a process or its child: no other process gets it as long as the
 * caller lives, who stays root. Where all process numbers have one it goes by
 * them, else by a lock that the caller holds to its end.
 *
 *   pid   of the caller
 *
 * Returns FALSE, and leaves account, when there is none left.
 */
gboolean miyin_account_take(pid_t pid, uid_t *account);

/* Be this one for good, in no group but its own. Of root. */
gboolean miyin_account_become(uid_t uid, gid_t gid);

#endif
