/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A marking scheme: the levels of one rule book and the words of their marks.
 * Data, never an enum: <conf>/schemes/NAME.scheme, doc/format-scheme.md.
 */
#ifndef MIYIN_SCHEME_H
#define MIYIN_SCHEME_H

#include <glib.h>

typedef struct {
	char *id;		/* jimi */
	unsigned rank;		/* higher is more secret */
	char *text;		/* 机密 */
	char *text_en;		/* Secret */
	char *mark;		/* {level}★{period} */
	char *period;		/* used when the job names none; may be "" */
} miyin_level;

typedef struct {
	char *name;		/* cn-gb9704 */
	char *title;
	GPtrArray *levels;	/* of miyin_level, highest rank first */
} miyin_scheme;

/* Errors: MISSING when there is no such scheme, INPUT with file and key. */
miyin_scheme *miyin_scheme_open(const char *dir, const char *name,
				GError **error);
void miyin_scheme_free(miyin_scheme *scheme);

/*
 * Find a level by its id or by its text in either language; NULL when there
 * is none. Owned by the scheme.
 */
const miyin_level *miyin_scheme_find_level(const miyin_scheme *scheme,
					   const char *name);

/* The level line: 机密★10年. Free with g_free. */
char *miyin_level_format_mark(const miyin_level *level, const char *period);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(miyin_scheme, miyin_scheme_free)

#endif
