/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What people and documents may be called. A name that goes on paper beside
 * our marks must not look like one of them, and must leave ink.
 */
#ifndef MIYIN_NAMING_H
#define MIYIN_NAMING_H

#include <glib.h>
#include <miyin/scheme.h>

#define MIYIN_HOLDER_MAX 40 /* characters */

/*
 * Whether a copy may be held, or approved, by this name: letters of any script, digits,
 * spaces and . - ' & ( ) · _ @ /, with a letter in it. It is no level and no
 * level with a period, has no words of a mark in it (第1份, 共3份, 份号,
 * 持有人, Copy 1 of 3, No. 000012), looks like no serial or code, and is none
 * of the words that stand for nobody (系统, 样张, none).
 *
 *   name     clean (miyin_text_clean)
 *   scheme   for its levels; may be NULL
 */
gboolean miyin_holder_is_allowed(const char *name, const miyin_scheme *scheme);

/*
 * Whether this may be said of whom copies go to: free words, but no star, no
 * words of a mark, and no level other than the lowest within a word
 * (内部审计处) anywhere.
 */
gboolean miyin_scope_is_allowed(const char *scope, const miyin_scheme *scheme);

/* Whether a document may be called so: one letter or digit at least, and
 * accents only where a language has them. */
gboolean miyin_reference_is_allowed(const char *reference);

/*
 * What a reference is to who reads it: its skeleton (skeleton.h) in simplified
 * characters, with the number before 号 and the year in brackets in digits,
 * without 第 and noughts before that number and signs behind the end: 12號,
 * 012号, 十二号, 第12号 and 12号. are 12号. 1-2号 is another, V1.01 is not
 * V1.1.
 *
 * It is stored in the register: what is changed here needs a step of schema.h.
 *
 * Never NULL; free with g_free.
 */
char *miyin_reference_skeleton(const char *reference);

#endif
