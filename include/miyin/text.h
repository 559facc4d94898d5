/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Text from users: titles, references, holders, periods. It comes from
 * anybody and goes on paper, into the register and onto terminals.
 */
#ifndef MIYIN_TEXT_H
#define MIYIN_TEXT_H

#include <glib.h>

#define MIYIN_TEXT_MAX 127 /* code points */

/*
 * Make user text safe: valid UTF-8 in NFC, no control, format, bidi,
 * private-use or unassigned character, none that nobody sees, runs of space as one, no space at the
 * ends, cut at max code points. Bytes that are not UTF-8 become U+FFFD.
 * Never NULL; free with g_free.
 */
char *miyin_text_clean(const char *text, unsigned max);

/*
 * What a user means by the value of a free option: a print dialog sends free
 * text as Custom.TEXT, and None for nothing. NULL is nothing too. Clean.
 */
char *miyin_text_typed(const char *value, unsigned max);

#define MIYIN_TEXT_SIGN "〓" /* for a character that is not in the fonts */

/* The text with the sign for each character that is one of missing. Both may
 * be NULL. Never NULL; free with g_free. */
char *miyin_text_substitute(const char *text, const char *missing);

/* Put a text, which is taken, in the place of another, which may have been its
 * source. */
void miyin_text_replace(char **text, char *take_text);

/* A number in decimal digits and nothing else, set only when it is one from
 * least to greatest. No text (NULL) is none. */
gboolean miyin_text_to_number(const char *text, unsigned least,
			      unsigned greatest, unsigned *number);

/* The same with a point and parts, whatever the locale. */
gboolean miyin_text_to_measure(const char *text, double least, double greatest,
			       double *measure);

/* 64 hexadecimal digits in small letters, as SHA-256 is written here. */
gboolean miyin_text_is_hash(const char *text);

/* An array of texts, which is taken, as a list in the order of their bytes, NULL
 * at its end. */
char **miyin_text_sort(GPtrArray *take_texts);

/* Split a list at , ; ， 、 or ； into clean names, no empty ones.
 * Free with g_strfreev. */
char **miyin_text_split(const char *list);

/* The parts of a setting with commas between them, without the blanks around
 * them; empty ones too. Nothing has none. Free with g_strfreev. */
char **miyin_text_parts(const char *list);

/*
 * Speak the language of a CUPS LANG value ("zh_CN.UTF-8", "zh-cn", "en"):
 * gettext then answers in it. Needs no installed locale.
 */
void miyin_text_set_language(const char *lang, const char *locale_dir);

/*
 * What a text has in the places of %s (%1$s) in a sentence, where it is that
 * sentence, else NULL: the whole first, then the shortest that fits. Free with
 * g_strfreev.
 */
char **miyin_text_match(const char *sentence, const char *text);

/* A sentence, mostly a translation, with up to four values in the places of %s;
 * one that the list lacks is "". Free with g_free. */
char *miyin_text_fill(const char *sentence, char *const *values);

/* Whether this is one of a list of names with blanks between them. */
gboolean miyin_text_has_name(const char *list, const char *name);

/* Whether one of an array of texts is this one. */
gboolean miyin_text_is_among(const GPtrArray *texts, const char *text);

#endif
