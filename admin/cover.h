/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * No queue of the scheduler obeys a policy that is not ours: through one that
 * does, CUPS shows and does with the jobs of protected queues what the policy
 * of that queue allows. cupsdconf.h makes a policy of ours in the place of each
 * of the administrator's; here the queues get them.
 */
#ifndef MIYIN_COVER_H
#define MIYIN_COVER_H

#include <glib.h>

/* Put our block into cupsd.conf and every queue that is no gate or device queue
 * under our policy in the place of its own. Errors: as cupsdconf. */
gboolean miyin_cover_install(const char *user, GError **error);

/* Give them their own policies back, those that came meanwhile the default one,
 * and take our block out. Errors: as cupsdconf. */
gboolean miyin_cover_uninstall(GError **error);

#endif
