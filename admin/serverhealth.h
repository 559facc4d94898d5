/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Has this server what printing needs: room for documents, and the time?
 * For miyin doctor. */
#ifndef MIYIN_SERVERHEALTH_H
#define MIYIN_SERVERHEALTH_H

#include <glib.h>

/*
 *   remarks   GPtrArray of char *, to which what harms nobody yet is added
 *
 * Returns a sentence for each thing that is wrong; free with g_strfreev.
 */
char **miyin_serverhealth_check(GPtrArray *remarks);

#endif
