/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who owns miyin's files, and who else may touch them. All of the protection
 * rests on this: whoever can change the backend, the policy or the keys needs
 * no way around the gate.
 */
#ifndef MIYIN_OWNERSHIP_H
#define MIYIN_OWNERSHIP_H

#include <glib.h>
#include <miyin/config.h>

/* One sentence for each file that is not as it must be; an empty list when
 * all are. Free with g_strfreev. */
char **miyin_ownership_check(const miyin_config *config);

#endif
