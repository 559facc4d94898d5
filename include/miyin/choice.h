/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a user may choose of a printer: paper, tray, kind of paper, sides,
 * colour, quality, output bin, staples, punch and fold. A driver's other
 * options can keep a page in the printer, print it more than once, or make it
 * so light that its marks are gone; they are the administrator's.
 *
 * An option is known by its exact name. The names are those of the 14,204
 * PPDs of Debian 12's drivers; tests/ppds.sh tells what passes of each.
 */
#ifndef MIYIN_CHOICE_H
#define MIYIN_CHOICE_H

#include <glib.h>

typedef enum {
	MIYIN_MEANING_NONE, /* not for the user */
	MIYIN_MEANING_SIZE,
	MIYIN_MEANING_SIDES,
	MIYIN_MEANING_TRAY,
	MIYIN_MEANING_TYPE,
	MIYIN_MEANING_COLOUR,
	MIYIN_MEANING_QUALITY,
	MIYIN_MEANING_BIN,
	MIYIN_MEANING_STAPLE,
	MIYIN_MEANING_PUNCH,
	MIYIN_MEANING_FOLD,
	MIYIN_N_MEANINGS
} miyin_meaning;

/* The meaning of a PPD's option, by its keyword. */
miyin_meaning miyin_choice_find_meaning(const char *option);

/*
 * What is wrong with one choice of an option that has a meaning: a word that
 * tells it ("draft", "NumCopies", "resolution"), or NULL when a user may make
 * the choice.
 *
 *   choice   its keyword
 *   text     what the user reads, any language and encoding, or NULL
 *   code     what it sends to the printer, and what foomatic makes of it, or
 *            NULL
 */
const char *miyin_choice_find_fault(miyin_meaning meaning, const char *choice,
				    const char *text, const char *code);

#endif
