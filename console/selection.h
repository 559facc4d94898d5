/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a list of the register is asked for: the options that miyin log and
 * miyin copies share, read as people type them.
 *
 * Calling order: add the options, parse, resolve; list; when there was nothing,
 * explain; clear.
 */
#ifndef MIYIN_SELECTION_H
#define MIYIN_SELECTION_H

#include <glib.h>
#include <miyin/config.h>
#include <miyin/register.h>
#include <miyin/levels.h>

typedef struct {
	char *user, *printer, *level, *event, *holder, *document; /* typed */
	char *level_ids; /* of level, with commas between */
	const char *event_id;
} miyin_selection;

void miyin_selection_add_options(miyin_selection *wish,
				 GOptionContext *context);
void miyin_selection_clear(miyin_selection *wish);

/* Errors: INPUT when there is no such event. */
gboolean miyin_selection_resolve(miyin_selection *wish,
				 const miyin_levels *levels, GError **error);

/*
 * Why a list is empty: what was asked for was never there, and is a mistake in
 * most cases; or it just has no entries.
 *
 * Errors: MISSING with what there is; SYSTEM, BUSY.
 */
gboolean miyin_selection_explain(const miyin_selection *wish,
				 const miyin_config *config,
				 const miyin_levels *levels,
				 miyin_register *reg, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(miyin_selection, miyin_selection_clear)

#endif
