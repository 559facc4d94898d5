/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a list of the register is asked for: the options that miyin log and
 * miyin copies share, read as people type them.
 *
 * Calling order: parse, resolve, clear.
 */
#ifndef MIYIN_SELECTION_H
#define MIYIN_SELECTION_H

#include <miyin/listing.h>

typedef struct {
	char *user, *printer, *level, *event, *holder, *document; /* typed */
	gboolean json, csv;
	char **gates;
} miyin_selection;

/* Beside the options that the context has already. Errors: INPUT, and those of
 * GOption. */
gboolean miyin_selection_parse(miyin_selection *typed, GOptionContext *context,
			       int *argc, char ***argv, GError **error);
void miyin_selection_clear(miyin_selection *typed);

/*
 * What that means to the office.
 *
 *   wish   borrows from typed
 *
 * Errors: MISSING when there is no such event.
 */
gboolean miyin_selection_resolve(miyin_selection *typed,
				 const miyin_config *config, miyin_wish *wish,
				 GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(miyin_selection, miyin_selection_clear)

#endif
