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
 *   job        for the programs' argv; a harmless word
 *   repaired   set to whether it is a PDF that only a repair made readable
 *
 * Returns a memory file at its start, or -1.
 * Errors: the refusals password, encrypted, forbidden, no-pages, damaged,
 * too-large, raw-data, server; SYSTEM.
 */
int miyin_convert(const miyin_input *input, const miyin_options *options,
		  const char *job, gboolean *repaired, GError **error);

#endif
