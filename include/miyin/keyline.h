/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The lines of a key file, which GKeyFile does not tell: for a message that
 * says where. Lines are counted from 1; 0 means that there is none.
 */
#ifndef MIYIN_KEYLINE_H
#define MIYIN_KEYLINE_H

#include <glib.h>

/* The line of a setting, or of a group (key NULL) or of the group that lacks
 * the setting. */
unsigned miyin_keyline_find(const char *path, const char *group,
			    const char *key);

/* The first line that GKeyFile cannot read. */
unsigned miyin_keyline_find_broken(const char *text);

/*
 * The first group or setting that stands there a second time: GKeyFile would
 * take all of them for one, and the last word counts.
 *
 *   first   the line of the first time
 *   name    "[GROUP]" or "[GROUP] KEY", free with g_free; set where there is
 * one
 */
unsigned miyin_keyline_find_twice(const char *text, unsigned *first,
				  char **name);

#endif
