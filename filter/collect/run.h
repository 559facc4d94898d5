/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A program of the system that works on a user's document: in a sandbox, with
 * its document as standard input, and nothing left of it at its end, however
 * that comes.
 */
#ifndef MIYIN_COLLECT_RUN_H
#define MIYIN_COLLECT_RUN_H

#include <glib.h>
#include <miyin/budget.h>

/*
 * Run it to its end.
 *
 *   argv     ended by NULL; the document may be named /dev/stdin
 *   budget   one program gets all of it: who counts several is the backend
 *
 * Returns a sealed memory file of its standard output, or -1.
 * Errors: the refusals password, encrypted, forbidden, damaged, too-large,
 * server; SYSTEM.
 */
int miyin_run(const char *path, const char *const *argv, int input,
	      const miyin_budget *budget, GError **error);

/* What programs have for a PPD from now on where there is none; borrowed. */
void miyin_run_lend(const char *ppd);

#endif
