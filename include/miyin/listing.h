/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists of the register: its events, or its copies, by what is asked of them.
 */
#ifndef MIYIN_LISTING_H
#define MIYIN_LISTING_H

#include <miyin/levels.h>
#include <miyin/office.h>

typedef struct {
	miyin_filter filter; /* its level: text or id */
	/* Queues that are none of the register's yet; may be NULL. */
	char *const *gates;
} miyin_wish;

/*
 * Hand on what is asked for, as miyin_register_log and
 * miyin_register_find_copies do.
 *
 * Errors: theirs; MISSING with what there is, when nothing was found and
 * something was asked for that never was: a mistake in most cases.
 */
gboolean miyin_listing_events(const miyin_office *office,
			      const miyin_levels *levels,
			      const miyin_wish *wish, miyin_event_func func,
			      gpointer data, GError **error);
gboolean miyin_listing_copies(const miyin_office *office,
			      const miyin_levels *levels,
			      const miyin_wish *wish, miyin_copy_func func,
			      gpointer data, GError **error);

#endif
