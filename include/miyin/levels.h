/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The levels of all schemes of this server, for lists of the register: what
 * people call them. A scheme that cannot be read is left to doctor.
 */
#ifndef MIYIN_LEVELS_H
#define MIYIN_LEVELS_H

#include <glib.h>
#include <miyin/scheme.h>

typedef GPtrArray miyin_levels; /* of miyin_scheme, by name */

miyin_levels *miyin_levels_open(const char *scheme_dir);

/* The ids of all that are called so, with commas between; or NULL. The same
 * word names a level in more than one scheme. Free with g_free. */
char *miyin_levels_find(const miyin_levels *levels, const char *name);

/* What stands on paper for an id: in the scheme of this name, or "", in the
 * first that has it; else the id itself. Borrowed. */
const char *miyin_levels_text(const miyin_levels *levels, const char *scheme,
			      const char *id);

/* The same as it is typed: in English the id. Free with g_free. */
char *miyin_levels_typed(const miyin_levels *levels, const char *scheme,
			 const char *id);

/* All of them as people type them, or those of one scheme unless it is NULL.
 * Free with g_free. */
char *miyin_levels_list(const miyin_levels *levels, const char *scheme);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(miyin_levels, g_ptr_array_unref)

#endif
