/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A unit of work: what is written together or not at all, and on disk when it
 * is done.
 */
#ifndef MIYIN_WORK_H
#define MIYIN_WORK_H

#include "store.h"

/*
 * Each may be run again from its begin: it sets what it gives back, and changes
 * nothing else but the store. data is the caller's.
 */
typedef gboolean (*miyin_work)(miyin_register *reg, gpointer data,
			       GError **error);

/*
 * Do it. Errors: its own; BUSY; SYSTEM, also when it cannot be written beside
 * the register how far it came (head.h): nothing is printed then.
 */
gboolean miyin_work_do(miyin_register *reg, miyin_work work, gpointer data,
		       GError **error);

/* The same for what has happened already: a stop does not end its waiting, only
 * the time that is waited for a busy register. */
gboolean miyin_work_must(miyin_register *reg, miyin_work work, gpointer data,
			 GError **error);

#endif
