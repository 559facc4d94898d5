/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any input into one clean single-copy PDF, by cups-filters' own programs.
 */
#ifndef MIYIN_COLLECT_CONVERT_H
#define MIYIN_COLLECT_CONVERT_H

#include <glib.h>
#include "collect_input.h"
#include "collect_options.h"

/*
 * Convert and lay out.
 *
 *   job, user, title   for the programs' argv; harmless words
 *
 * Returns a memory file at its start, or -1.
 * Errors: the refusals password, forbidden, no-pages, damaged, too-large,
 * raw-data; SYSTEM.
 */
int miyin_convert(const miyin_input *input, const miyin_options *options,
		  const char *job, GError **error);

#endif
