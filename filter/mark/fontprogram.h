/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Embedded font programs without a name that is more than letters to a printer
 * language.
 */
#ifndef MIYIN_FONTPROGRAM_H
#define MIYIN_FONTPROGRAM_H

#include <glib.h>
#include <qpdf/qpdf-c.h>
#include "inert.h"

/* A font program's stream; a cleaner, see inert.h. */
qpdf_oh miyin_fontprogram_clean(miyin_inert *n, qpdf_oh stream);

/*
 * Spell the names and strings of a CFF font in their places.
 *
 * Returns FALSE when bytes are no CFF font; they may then be half changed.
 * Source: Adobe Technical Note 5176.
 */
gboolean miyin_fontprogram_spell_cff(guint8 *bytes, gsize length);

#endif
