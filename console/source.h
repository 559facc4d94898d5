/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What miyin trace is given: files, opened as the caller, or typed codes. */
#ifndef MIYIN_SOURCE_H
#define MIYIN_SOURCE_H

#include <glib.h>
#include <miyin/trace.h>

/* One argument. */
typedef struct {
	const char *name; /* borrowed */
	int fd;		  /* -1: no file */
	miyin_traced *traced;
	GError *error; /* why the file could not be opened or read */
} miyin_source;

/* Of miyin_source, for each name; to be freed as an array. */
GArray *miyin_sources_open(char *const *names);

/* Read the codes of a file, of a copy of it, for the caller may go on writing
 * to his. What goes wrong stands in it. */
void miyin_source_read(miyin_source *from);

#endif
