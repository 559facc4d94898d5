/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cupsd.conf: is our block in it, and does nothing beside it undo it? */
#ifndef MIYIN_CHECKCONF_H
#define MIYIN_CHECKCONF_H

#include "checkup.h"

void miyin_checkconf(miyin_checkup *c);

#endif
