/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A marking scheme: the levels of one rule book, the words of their marks and
 * where they stand. Data, never an enum: <conf>/schemes/NAME.scheme,
 * doc/format-scheme.md.
 */
#ifndef MIYIN_SCHEME_H
#define MIYIN_SCHEME_H

#include <glib.h>
#include <miyin/layout.h>

typedef struct {
	char *id;	    /* jimi */
	unsigned rank;	    /* higher is more secret */
	char *text;	    /* 机密 */
	char *text_en;	    /* Secret */
	char *abbreviation; /* JM2: one more name that users may give */
	char *mark;	    /* {level}★{period} */
	char *period;	    /* used when the job names none; may be "" */
	char *period_max;   /* "": no limit */
	char **first, **other, **cover; /* names of lines by page class */
	char **first_stamp;		/* of another first page, or NULL */
	gboolean codes;
	gboolean control; /* a control sheet with every job */
	miyin_watermark watermark;
} miyin_level;

typedef struct {
	char *name; /* cn-gb9704 */
	char *title;
	gboolean state_secret; /* only then may a mark have the star */
	gboolean stamps_first; /* first_stamp is the first page, not first */
	GPtrArray *levels;     /* of miyin_level, highest rank first */
	miyin_layout *layout;  /* all lines and codes, texts with {variables} */
	char **control;	       /* words of control sheets, or NULL */
} miyin_scheme;

/* What the variables of a layout stand for. Strings are borrowed. */
typedef struct {
	const char *mark, *level, *period, *serial, *holder, *date, *document,
		*title, *unit, *user, *original, *approver, *scope;
	unsigned copy_no, n_copies, n_pages;
	const char *missing; /* characters that no font has, or NULL: a sign
				 * stands for them in all but mark and level */
} miyin_words;

/* The names of the schemes in a folder, in the order of their bytes. Free with
 * g_strfreev. */
char **miyin_scheme_list(const char *dir);

/* Errors: MISSING when there is no such scheme, telling which there are; INPUT
 * with file, group, key and what is allowed. */
miyin_scheme *miyin_scheme_open(const char *dir, const char *name,
				GError **error);
void miyin_scheme_free(miyin_scheme *scheme);

/*
 * Find a level by its id, its text in either language or its abbreviation;
 * NULL when there is none. Owned by the scheme.
 */
const miyin_level *miyin_scheme_find_level(const miyin_scheme *scheme,
					   const char *name);

/* Whether there is a cover sheet before each copy. */
gboolean miyin_level_has_cover(const miyin_level *level);

/* How a list of levels names one, jimi (机密) or 机密, and how it is typed, in
 * the language that is spoken: by its text in Chinese where that is one word,
 * else by its id. Free with g_free. */
char *miyin_level_format_choice(const miyin_level *level);
char *miyin_level_format_typed(const miyin_level *level);

/* The level line: 机密★10年. Free with g_free. */
char *miyin_level_format_mark(const miyin_level *level, const char *period);

/*
 * The layout of a copy: this level's lines with their words.
 *
 *   reprint   the document had copies before this job
 */
miyin_layout *miyin_scheme_layout(const miyin_scheme *scheme,
				  const miyin_level *level,
				  const miyin_words *words, gboolean reprint);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(miyin_scheme, miyin_scheme_free)

#endif
