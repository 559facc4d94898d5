/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which queues of this server are gates. */
#ifndef MIYIN_PROTECTED_H
#define MIYIN_PROTECTED_H

#include <glib.h>
#include <miyin/config.h>

/* Their names, sorted. Errors: SYSTEM. */
char **miyin_protected_list(const miyin_config *config, GError **error);

#endif
