/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The copies of an admitted job, one after the other: draw, stamp, verify,
 * claim, send, follow, settle.
 */
#ifndef MIYIN_PRINT_H
#define MIYIN_PRINT_H

#include <glib.h>
#include "admit.h"
#include "deliver.h"
#include <miyin/keys.h>

typedef struct {
	const miyin_config *config;
	miyin_job *job;
	miyin_register *reg;
	miyin_keys *keys;
	miyin_delivery *delivery;
	const volatile int *stop;
	unsigned pages_before;	/* of copies that are done */
	unsigned n_printed;
	char *reasons;		/* of the device, as shown */
} miyin_printing;

typedef enum {
	MIYIN_PRINT_DONE,
	MIYIN_PRINT_REFUSED,	/* canceled or refused: nothing to retry */
	MIYIN_PRINT_FAILED,	/* by the device */
	MIYIN_PRINT_LEFT,	/* the scheduler ends and will run us again */
} miyin_print_end;

/*
 * Issue the copies of all documents, or none. Errors: the refusals of
 * miyin_register_issue; SYSTEM.
 */
gboolean miyin_print_issue(miyin_printing *printing, GError **error);

/* Print them. error tells the user why it did not end well. */
miyin_print_end miyin_print_run(miyin_printing *printing, GError **error);

/*
 * Whether SIGTERM was a cancel, which is a refusal with its error, or the
 * scheduler's end.
 */
miyin_print_end miyin_print_stop(const miyin_printing *printing,
				 GError **error);

#endif
