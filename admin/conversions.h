/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the scheduler knows (its *.types files) and what it can make of it (its
 * *.convs). A type that it would first make one of the gate's own of goes
 * through a filter of its own on the way, as lp, outside of the account and the
 * budget of a job.
 *
 * Source: cups 2.4.2, scheduler/mime.c, mime_load_convs.
 */
#ifndef MIYIN_CONVERSIONS_H
#define MIYIN_CONVERSIONS_H

#include <glib.h>

/*
 * The types, sorted, that lead to one of those that are taken and are none of
 * them.
 *
 *   folders   where these files are; NULL at the end. NULL: those of this server
 *   taken     types, NULL at the end
 *
 * Free with g_strfreev.
 */
char **miyin_conversions_find(const char *const *folders,
			      const char *const *taken);

/*
 * The types, sorted, of files that the scheduler knows and can make nothing of:
 * it would refuse them itself, in its own words, and nobody would enter that. Not
 * those that programs make of others. As above otherwise.
 */
char **miyin_conversions_find_unknown(const char *const *folders,
				      const char *const *taken);

#endif
