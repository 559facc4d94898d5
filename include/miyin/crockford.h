/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Crockford's base 32: 0-9 and A-Z without I, L, O and U. Reading forgives
 * lower case, O for 0, and I or L for 1.
 */
#ifndef MIYIN_CROCKFORD_H
#define MIYIN_CROCKFORD_H

#include <glib.h>

/* The character of a value 0-31. */
char miyin_crockford_char(unsigned value);

/* The value 0-31 of a character, or -1. */
int miyin_crockford_value(char c);

#endif
