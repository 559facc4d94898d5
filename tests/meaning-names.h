/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a choice means, in a word. */
#ifndef MIYIN_TESTS_MEANING_NAMES_H
#define MIYIN_TESTS_MEANING_NAMES_H

#include <miyin/choice.h>

static const char *const meaning_names[MIYIN_N_MEANINGS] = {
	[MIYIN_MEANING_NONE] = "none",	     [MIYIN_MEANING_SIZE] = "size",
	[MIYIN_MEANING_SIDES] = "sides",     [MIYIN_MEANING_TRAY] = "tray",
	[MIYIN_MEANING_TYPE] = "type",	     [MIYIN_MEANING_COLOUR] = "colour",
	[MIYIN_MEANING_QUALITY] = "quality", [MIYIN_MEANING_BIN] = "bin",
	[MIYIN_MEANING_STAPLE] = "staple",   [MIYIN_MEANING_PUNCH] = "punch",
	[MIYIN_MEANING_FOLD] = "fold",
};

#endif
