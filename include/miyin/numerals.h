/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Chinese numerals: 三十, 二〇三〇, 卅, 壹佰零伍, 两. */
#ifndef MIYIN_NUMERALS_H
#define MIYIN_NUMERALS_H

#include <glib.h>

/*
 * The text with each number in European digits, below 10,000: 三十年 is 30年,
 * 二〇三〇年 is 2030年. A run of numerals that is no number (三十十, 3十, 一百五,
 * which some read as 105) stays as it is.
 *
 *   text   UTF-8
 *
 * Never NULL; free with g_free.
 */
char *miyin_numerals_to_digits(const char *text);

#endif
