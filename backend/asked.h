/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a job's options say of its documents, before any was looked at. */
#ifndef MIYIN_ASKED_H
#define MIYIN_ASKED_H

#include <miyin/job.h>

/* options: argv[5] of a backend. The texts are to be freed. */
void miyin_asked_read(miyin_asked *asked, const char *options);

/*
 * The titles of a job's documents, in order. One alone has the job's. Of
 * several each has the name that it was sent with, behind the job's title
 * where the user gave the job one of its own; where not all came with a name,
 * each has the job's title and its number in the job.
 *
 *   options, title   argv[5] and argv[3] of a backend
 *
 * Free with g_strfreev.
 *
 * Source: cups 2.4.2, scheduler/ipp.c, send_document: each adds an attribute
 * document-name-supplied to the job; systemv/lp.c: without -t the first file's
 * name is the job's.
 */
char **miyin_asked_titles(const char *options, const char *title, unsigned n);

#endif
