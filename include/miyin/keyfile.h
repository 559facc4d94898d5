/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Key files that are read strictly: every key must be there, and none else.
 * Errors name file, line, group and key, so that an administrator can mend them.
 */
#ifndef MIYIN_KEYFILE_H
#define MIYIN_KEYFILE_H

#include <glib.h>

typedef struct {
	const char *group; /* NULL ends a list */
	const char *key;
} miyin_keyfile_rule;

/* Errors: SYSTEM; INPUT with the line that cannot be read, or of a group or
 * setting that stands there twice. */
GKeyFile *miyin_keyfile_open(const char *path, GError **error);

/*
 * Say what is wrong with a setting, or with a group (key NULL), as
 * "PATH:LINE: [GROUP] KEY WORDS". The line is read off the file; of a setting
 * that is missing it is the group's, and without that it is left out.
 *
 *   format, ...   the words, with what separates them from the key
 *
 * Returns FALSE, with an INPUT error.
 */
gboolean miyin_keyfile_fail(const char *path, const char *group,
			    const char *key, GError **error, const char *format,
			    ...) G_GNUC_PRINTF(5, 6);

/* All of rules there, as UTF-8 text, and nothing else. Errors: INPUT. */
gboolean miyin_keyfile_check(GKeyFile *file, const char *path,
			     const miyin_keyfile_rule *rules, GError **error);

/* One group: all of keys there, as text, and nothing else. Errors: INPUT. */
gboolean miyin_keyfile_check_group(GKeyFile *file, const char *path,
				   const char *group, const char *const *keys,
				   GError **error);

/*
 * Settings, with the parameters of GLib's own functions and the file's name,
 * which errors tell with the line.
 *
 * Errors: INPUT when it is no number from least to greatest.
 */
gboolean miyin_keyfile_get_number(GKeyFile *file, const char *path,
				  const char *group, const char *key,
				  unsigned least, unsigned greatest,
				  unsigned *number, GError **error);

/* A text that is not empty. Free with g_free. Errors: INPUT. */
gboolean miyin_keyfile_get_word(GKeyFile *file, const char *path,
				const char *group, const char *key, char **word,
				GError **error);

/* A path that does not depend on the caller's folder. Free with g_free.
 * Errors: INPUT. */
gboolean miyin_keyfile_get_path(GKeyFile *file, const char *path,
				const char *group, const char *key,
				char **value, GError **error);

/* The place of a value in a list of words. Errors: INPUT, telling them. */
gboolean miyin_keyfile_get_choice(GKeyFile *file, const char *path,
				  const char *group, const char *key,
				  const char *const *words, int *choice,
				  GError **error);

#endif
