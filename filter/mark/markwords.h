/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The words that stand beside a level in a mark: 绝密件, 机密 特急, 密级为机密,
 * "SECRET", STRICTLY CONFIDENTIAL. A line near the top that has a level and
 * nothing but such words, numbers and signs is a mark, whatever their order.
 */
#ifndef MIYIN_MARKWORDS_H
#define MIYIN_MARKWORDS_H

#include "glyphs.h"

/* Behind the level that stands at a place, or 0; which one into *level, and
 * whether it is written in letters that have capitals. */
typedef guint (*miyin_level_at)(const miyin_glyphs *l, guint at,
				unsigned *level, gboolean *cased,
				gpointer data);

/* A list of levels is no mark: of each script there is one at most. */
gboolean miyin_markwords_only(const miyin_glyphs *l, miyin_level_at level_at,
			      gpointer data);

#endif
