/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands behind a level in its line: its period, or something else. */
#ifndef MIYIN_MARKPERIOD_H
#define MIYIN_MARKPERIOD_H

#include "glyphs.h"

/* 10年, ·6个月, 长期, 2027年1月1日, 公布前 */
gboolean miyin_markperiod_is(const miyin_glyphs *l, guint from, guint to);

/* What a line goes on with after a gap may be another thing: 机密★10年 特急. */
char *miyin_markperiod_write(const miyin_glyphs *l, guint from);

/* Without a star only what is a period: 机密 1 has its page number there, and
 * 机密 2026年11月 its month. Takes the text. */
char *miyin_markperiod_certain(char *take_text);

/* Behind a star anything may be a condition, but no number, page or month.
 * Takes the text. */
char *miyin_markperiod_likely(char *take_text);

#endif
