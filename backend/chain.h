/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The programs that stand between a copy and its printer, as the scheduler
 * would have chosen them; cupsfilter says which.
 *
 * Most of them are not given the PDF but PostScript that we made of it: what
 * reads a document's fonts, names and forms shall be our Ghostscript in its
 * sandbox, and no driver. Only a printer that takes PDF gets the PDF.
 */
#ifndef MIYIN_CHAIN_H
#define MIYIN_CHAIN_H

#include "room.h"

typedef struct {
	char **programs;    /* paths, in order; at least none */
	gboolean takes_pdf; /* else PostScript */
	char *final_type;   /* what FINAL_CONTENT_TYPE says to filters */
} miyin_chain;

/*
 * Find the chain of a printer.
 *
 *   ppd       the printer's own
 *   monitor   its port monitor, or NULL
 *   stop_fd   as in room.h
 *
 * Errors: INPUT when nothing leads from PostScript or PDF to the printer;
 * SYSTEM.
 */
gboolean miyin_chain_find(const char *ppd, const char *monitor, int stop_fd,
			  miyin_chain *chain, GError **error);
void miyin_chain_clear(miyin_chain *chain);

/*
 * Start it in a room of its own.
 *
 *   argv      of a filter: printer, job, user, title, copies, options
 *   fds       as of a filter: document, output, messages; borrowed
 *
 * Errors: SYSTEM.
 */
miyin_room *miyin_chain_start(const miyin_chain *chain, const char *ppd,
			      const char *const *argv, const int fds[3],
			      const miyin_room_limits *limits, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(miyin_chain, miyin_chain_clear)

#endif
