/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The copies of an admitted job, one after the other: claim, send, follow,
 * settle. While one prints the next ones are stamped and verified
 * (gate/making.h), and the first of them waits in the device's queue.
 */
#ifndef MIYIN_PRINT_H
#define MIYIN_PRINT_H

#include <glib.h>
#include <miyin/config.h>
#include <miyin/job.h>
#include <miyin/delivery.h>
#include <miyin/outcome.h>
#include <miyin/keys.h>

#define MIYIN_AHEAD_MAX 4

/* A copy that is made ahead. */
typedef struct {
	const miyin_copy *copy; /* NULL: none */
	GArray *pages;		/* that are verified */
	pid_t pid;		/* of who is at work, or 0 */
	gboolean made;		/* well */
	int pdf_fd;
} miyin_making;

typedef struct {
	const miyin_config *config;
	miyin_job *job;
	miyin_register *reg;
	miyin_keys *keys;
	miyin_delivery *delivery;
	const volatile sig_atomic_t *stop;
	char *date;	       /* one for all copies, also over midnight */
	unsigned pages_before; /* of copies that are done */
	miyin_outcome outcome;
	char *reasons; /* of the device, as shown */
	gint64 alive;  /* when they last changed, seconds of time() */
	miyin_making ahead[MIYIN_AHEAD_MAX];
	const miyin_copy *followed; /* with the device, or NULL */
	gboolean tried; /* to send the next one while this one is followed */
	const miyin_copy *sent_ahead; /* the last one that was, or NULL */
	GError *sent_error;	      /* why that one was given up, or NULL */
} miyin_printing;

typedef enum {
	MIYIN_PRINT_DONE,
	MIYIN_PRINT_REFUSED, /* canceled or refused: nothing to retry */
	MIYIN_PRINT_FAILED,  /* by the device */
	MIYIN_PRINT_LEFT,    /* the scheduler ends and will run us again */
} miyin_print_end;

/*
 * Issue the copies of all documents, or none. Errors: the refusals of
 * miyin_register_issue; SYSTEM.
 */
gboolean miyin_print_issue(miyin_printing *printing, GError **error);

/* Print them. error tells the user why it did not end well. */
miyin_print_end miyin_print_run(miyin_printing *printing, GError **error);

/*
 * What we were told to end for: somebody's cancel or the scheduler's limit of
 * time, which are refusals with their error, or the scheduler's end.
 */
miyin_print_end miyin_print_why_stopped(const miyin_printing *printing,
					GError **error);

/*
 * Follow a copy that is being sent to its end, and settle it; what the device
 * has in hand is canceled with its job.
 *
 *   counts   in the outcome: a control sheet does not
 *   func     as of miyin_delivery.follow
 *
 * error tells the user why it did not come out.
 */
miyin_print_end miyin_print_follow(miyin_printing *printing, miyin_copy *copy,
				   gboolean counts, miyin_delivery_func func,
				   gpointer data, GError **error);

/* The user asked for copies, and they are what he is told of. */
void miyin_print_count(miyin_printing *printing, gboolean counts,
		       miyin_copy_state state);

#endif
