/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a text looks like. Two references or two names are the same to who
 * reads the paper when their skeletons are the same, whatever their code
 * points are: ａ and A, 0 and O, а of Russian and a of Latin, a text with a
 * character that nobody sees and the text without it.
 *
 * A skeleton is for comparing. It is no text to print or to show.
 */
#ifndef MIYIN_SKELETON_H
#define MIYIN_SKELETON_H

#include <glib.h>

/*
 * The skeleton of a text: NFKC_Casefold (Unicode, chapter 3.13) without all
 * that leaves no ink, then its confusables (UTS 39), with one sign for all
 * dashes and one pair for all brackets. Spaces count for nothing: 甲 1 and
 * 甲1 are alike, and so are 1 11 and 11 1.
 *
 *   text   need not be valid UTF-8; NULL is ""
 *
 * The same text always gives the same skeleton with one release of ICU; what
 * is stored must be made anew when ICU changes. Never NULL; free with g_free.
 */
char *miyin_text_skeleton(const char *text);

/* The text in simplified characters: 絕密 is 绝密. As it is if ICU has no table
 * for it. Free with g_free. */
char *miyin_text_simplify(const char *text);

/* Whether a reader of paper sees nothing of this character: spaces, fillers,
 * joiners, selectors, the empty Braille cell. */
gboolean miyin_text_is_invisible(gunichar c);

/* A text without all that: it must not part a number. Free with g_free. */
char *miyin_text_drop_invisible(const char *text);

#endif
