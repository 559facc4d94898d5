/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Key files that are read strictly: every key must be there, and none else.
 * Errors name file, line, group and key, so that an administrator can mend them.
 */
#ifndef MIYIN_KEYFILE_H
#define MIYIN_KEYFILE_H

#include <glib.h>

/* Errors: SYSTEM; INPUT with the line that cannot be read, or of a group or
 * setting that stands there twice. */
GKeyFile *miyin_keyfile_open(const char *path, GError **error);

/* A group that is read key by key. What is wrong first is told; afterwards there
 * is no other error, and who has read all asks whether it failed. */
typedef struct {
	GKeyFile *file;
	const char *path; /* for messages; NULL: it is no file's */
	const char *group;
	GError **error;
	gboolean failed;
} miyin_keyfile_group;

/*
 * Say what is wrong with a setting, or with the group (key NULL), as
 * "PATH:LINE: [GROUP] KEY WORDS". The line is read off the file; of a setting
 * that is missing it is the group's, and without that it is left out; without a
 * path both are. An INPUT error.
 *
 *   format, ...   the words, with what separates them from the key
 */
void miyin_keyfile_fail(miyin_keyfile_group *g, const char *key,
			const char *format, ...) G_GNUC_PRINTF(3, 4);

/* One group: all of keys (with blanks between) there, as UTF-8 text, and nothing
 * else. */
gboolean miyin_keyfile_check_group(miyin_keyfile_group *g, const char *keys);

/*
 * Settings. One that is none of what it must be is a failure, and then 0, NULL
 * or the text as it is. Free texts with g_free.
 */

/* NULL when it is not there or no text; this is no failure. */
char *miyin_keyfile_get_text(const miyin_keyfile_group *g, const char *key);

unsigned miyin_keyfile_get_number(miyin_keyfile_group *g, const char *key,
				  unsigned least, unsigned greatest);
double miyin_keyfile_get_measure(miyin_keyfile_group *g, const char *key,
				 double least, double greatest);

/* A text that is not empty. */
char *miyin_keyfile_get_word(miyin_keyfile_group *g, const char *key);

/* A path that does not depend on the caller's folder. */
char *miyin_keyfile_get_path(miyin_keyfile_group *g, const char *key);

/* The place of a value in a list of words. */
int miyin_keyfile_get_choice(miyin_keyfile_group *g, const char *key,
			     const char *const *words);
gboolean miyin_keyfile_get_truth(miyin_keyfile_group *g, const char *key);

#endif
