/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Work under an account and in a folder of its own, watched by a process that
 * stays root: the warden. It looks at no data. What is left when it is killed
 * itself the next warden removes (keeper.h).
 */
#ifndef MIYIN_WARDEN_H
#define MIYIN_WARDEN_H

#include <glib.h>
#include <miyin/budget.h>
#include <sys/types.h>

typedef struct {
	const char *parent; /* folder to make the job's folder in */
	const char *ppd;    /* copied into it as MIYIN_WARDEN_PPD, or NULL */
	const miyin_budget *budget;
	int control; /* the end of a pipe; when its other end is
			closed, all ends */
	/* In the job's account and folder, with all descriptors. */
	int (*work)(void *data);
	void *data;
} miyin_warden_task;

#define MIYIN_WARDEN_PPD "queue.ppd"

/*
 * Exit statuses of a warden: the work's own, below this, or this and the part
 * of the budget that was used up.
 */
#define MIYIN_WARDEN_OVER 64
#define MIYIN_WARDEN_FAILED 63 /* it could not begin */
#define MIYIN_WARDEN_ENDED 62  /* somebody ended it or its work */

/* Be the warden, in a process of its own: never returns. */
G_GNUC_NORETURN void miyin_warden_keep(const miyin_warden_task *task);

#endif
