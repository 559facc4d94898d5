/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a policy says that can hardly be meant, or what it lacks: for who looks
 * after it. What makes it unusable miyin_policy_open tells, but only the first.
 */
#ifndef MIYIN_POLICYDOUBTS_H
#define MIYIN_POLICYDOUBTS_H

#include <glib.h>

/*
 * All return whole sentences, each with its file and line; none for a file
 * that cannot be read. Free with g_strfreev.
 */

/* Keys that level groups lack, as those of an older version do: each once, with
 * all its groups. */
char **miyin_policydoubts_list_lacks(const char *path);

/*
 * Of a policy that can be used: users and groups that this computer does not
 * know, queues that are not protected, more copies a job than a document.
 *
 *   queues   GPtrArray of the names of protected queues, or NULL: do not ask
 */
char **miyin_policydoubts_list(const char *path, const GPtrArray *queues);

/* Level groups that no scheme has: they harm nobody. */
char **miyin_policydoubts_list_levels(const char *path,
				      const char *const *levels);

#endif
