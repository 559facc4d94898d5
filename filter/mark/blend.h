/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether anything of a PDF shines through. Most programs write transparency
 * groups around pages on which all is opaque; Ghostscript's ps2write makes a
 * picture of every such page, unless it is told that there is nothing to
 * blend. Then text stays text.
 */
#ifndef MIYIN_BLEND_H
#define MIYIN_BLEND_H

#include <glib.h>

/*
 * blends: TRUE when an object anywhere in the file has an opacity below one, a
 * soft mask or a blend mode. What cannot be read is taken to blend.
 *
 * Errors: INPUT when it is no PDF.
 */
gboolean miyin_blend_find(GBytes *pdf, gboolean *blends, GError **error);

#endif
