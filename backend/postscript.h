/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A copy as PostScript, made by our Ghostscript in its sandbox. In what comes
 * out nothing of the document is code: its fonts, names and forms have been
 * read, and are written anew as Ghostscript's own.
 */
#ifndef MIYIN_POSTSCRIPT_H
#define MIYIN_POSTSCRIPT_H

#include "room.h"

/*
 * Make PostScript of a PDF.
 *
 *   engine    path of miyinmark, which is asked whether the copy blends
 *   stop_fd   as in room.h
 *   end       how the program ended that failed
 *
 * Returns a new memory file at its start; -1 on failure. Errors: SYSTEM.
 */
int miyin_postscript_make(int pdf_fd, const char *engine,
			  const miyin_room_limits *limits, int stop_fd,
			  miyin_room_end *end, GError **error);

#endif
