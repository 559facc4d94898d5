/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who holds a job of this server, as long as he lives. */
#ifndef MIYIN_LEASE_H
#define MIYIN_LEASE_H

#include "store.h"

#include <sys/types.h>

/*
 * Hold a byte of the file of locks until the descriptor is closed; jobs have
 * those below 2^62.
 *
 *   wait   for another that holds it
 *
 * Returns the descriptor, or -1 with errno: EAGAIN when another holds it.
 */
int miyin_lease_lock(const miyin_register *reg, off_t byte, gboolean wait);

/* The byte of a job, without waiting: only a dead job's can be had. */
int miyin_lease_try(const miyin_register *reg, const char *job_uuid);

#endif
