/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Straight to the printer's address: any account of the server could do that.
 * Rules of nftables let only the accounts that CUPS runs backends as, root and
 * lp, reach the printers of protected queues: the whole address, whatever
 * port, but on this machine itself the port alone. They stand in a file beside
 * miyin.conf, for the system to load when it starts, and in force at once.
 *
 * Other hosts are a matter of the network, and root of root.
 */
#ifndef MIYIN_FIREWALL_H
#define MIYIN_FIREWALL_H

#include <glib.h>
#include <miyin/config.h>

/* Whether the file is there: somebody asked for the rules. */
gboolean miyin_firewall_is_wanted(void);

/* Whether rules can close this printer, or it is on no network. Errors: MISSING
 * for a device that names no address that can be found. */
gboolean miyin_firewall_can_close(const char *uri, GError **error);

/* Make the rules anew for all protected queues, and load them; none are left
 * when no queue is protected. On failure all is as before, but that the file
 * goes with the last queue. Errors: MISSING when there is no nft, SYSTEM. */
gboolean miyin_firewall_install(const miyin_config *config, GError **error);

/* The same as a command of its own, which says what came of it on standard
 * output. Returns its exit status; 1 with an error. */
int miyin_firewall_close_all(const miyin_config *config, GError **error);

/*
 * Try to reach a printer as the user nobody, for two seconds.
 *
 * Returns its address and port if that worked, else NULL. Free with g_free.
 */
char *miyin_firewall_reach(const char *uri);

/* What an administrator has to know of it, on standard output. */
void miyin_firewall_tell(const char *uri, gboolean is_closed);

#endif
