/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The notes of the register, for who reads them. What a program enters is data:
 * an id, or one of a fixed list of phrases with values in them. They are worded
 * here, in the reader's language; so is a refusal, whoever read it first.
 */
#ifndef MIYIN_NOTE_H
#define MIYIN_NOTE_H

#include <miyin/levels.h>

/*
 * What a list tells of an event.
 *
 *   reason   a refusal's id, or ""
 *   detail   as it was entered
 *
 * A phrase that is not known stands as it is. Free with g_free.
 */
char *miyin_note_format(const miyin_levels *levels, const char *reason,
			const char *detail);

/* The same without the reason. Free with g_free. */
char *miyin_note_format_detail(const miyin_levels *levels, const char *reason,
			       const char *detail);

/* The word for the id of a refusal. */
const char *miyin_note_format_reason(const char *reason);

#endif
