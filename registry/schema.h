/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MIYIN_SCHEMA_H
#define MIYIN_SCHEMA_H

#include "store.h"

#define MIYIN_SCHEMA_VERSION 5

/*
 * Bring a register to this version's tables (schema_sql.h), in one unit of
 * work: the tables of a new one, and what an older one still needs.
 *
 *   create   an empty file may become one
 *
 * Errors: SYSTEM when it is no register, or of a later version.
 */
gboolean miyin_schema_upgrade(miyin_register *reg, gboolean create,
			      GError **error);

#endif
