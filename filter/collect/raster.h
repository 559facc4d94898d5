/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * PWG and Apple raster: pages that a client without a driver drew itself.
 */
#ifndef MIYIN_COLLECT_RASTER_H
#define MIYIN_COLLECT_RASTER_H

#include <glib.h>

/* Whether bytes begin so. CUPS' own raster, made for one printer, does not. */
gboolean miyin_raster_sniff(const guint8 *bytes, gsize length);

/*
 * Whether each page that a raster begins is there to its last line; what was
 * cut off on its way would print with its rest white.
 *
 *   file   mapped and read in a process of its own
 *
 * Errors: the refusal damaged; SYSTEM.
 */
gboolean miyin_raster_check(int file, GError **error);

#endif
