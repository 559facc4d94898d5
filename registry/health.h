/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MIYIN_HEALTH_H
#define MIYIN_HEALTH_H

#include "store.h"

/* Enter the key that miyin_register_use_key found new. Part of the caller's
 * unit of work. Errors: SYSTEM. */
gboolean miyin_health_enter_key(miyin_register *reg, GError **error);

#endif
