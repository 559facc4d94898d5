/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Times that people type. */
#ifndef MIYIN_WHEN_H
#define MIYIN_WHEN_H

#include <glib.h>

/*
 * Read a time that somebody typed: 2026-11-21, 2026-11-21 14:00, ISO 8601,
 * today, yesterday, or 7d, 12h, 30min ago. Without an offset it is in the
 * zone of now.
 *
 *   last   a day means its last second, not its first
 *   now    borrowed
 *
 * Returns it in the register's form (2026-11-21T06:00:00+00:00).
 * Errors: INPUT.
 */
char *miyin_when_parse(const char *text, gboolean last, GDateTime *now,
		       GError **error);

#endif
