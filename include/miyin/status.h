/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the gate tells while a job goes through it, as a table of functions: who
 * runs it says it to the owner of the job and to the server's log.
 */
#ifndef MIYIN_STATUS_H
#define MIYIN_STATUS_H

#include <miyin/refusal.h>

typedef struct {
	void (*warn)(const char *text);	 /* the administrator, in the log */
	void (*show)(const char *text);	 /* the owner; the latest one shows */
	void (*debug)(const char *text); /* the log, when it is asked for */
	void (*count)(unsigned pages);	 /* of the job so far, never less */

	/* Keep the printer's reasons those of the device; NULL clears them.
	 * Whether they changed. */
	gboolean (*reasons)(char **shown, const char *reasons);

	/* FALSE when the server that started us is gone. */
	gboolean (*is_read)(void);
} miyin_status;

/*
 * What the user need not know: warn of *error in full, and put the refusal in
 * its place. Leaves refusals alone. Always FALSE.
 */
gboolean miyin_status_refuse(const miyin_status *status, GError **error,
			     miyin_refusal refusal);

#endif
