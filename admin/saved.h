/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a protected queue was before: <state_dir>/protected/NAME/ with
 *
 *   printer.ppd    its PPD, byte for byte
 *   queue.conf     its attributes, GKeyFile; written last: what has none is
 *                  not protected
 *
 * Written before anything is changed, removed when all is as it was.
 */
#ifndef MIYIN_SAVED_H
#define MIYIN_SAVED_H

#include "queues.h"
#include <glib.h>
#include <miyin/config.h>
#include <miyin/protected.h>

typedef struct {
	miyin_queue *queue;
	char *ppd;
	char *scheme, *level; /* level: NULL when the user chooses */
} miyin_saved;

/* Let no other protect or unprotect run until the process ends: each reads and
 * writes cupsd.conf. Waits for the other. Errors: SYSTEM. */
gboolean miyin_saved_lock(const miyin_config *config, GError **error);

/* Errors: MISSING when the queue is not protected; SYSTEM, INPUT. */
miyin_saved *miyin_saved_open(const miyin_config *config, const char *name,
			      GError **error);
void miyin_saved_free(miyin_saved *saved);

/* On disk when it returns. Errors: SYSTEM. */
gboolean miyin_saved_write(const miyin_config *config, const miyin_saved *saved,
			   GError **error);

/* Errors: SYSTEM. */
gboolean miyin_saved_remove(const miyin_config *config, const char *name,
			    GError **error);

/* The device URI that its gate has. Free with g_free. */
char *miyin_saved_gate_uri(const miyin_saved *saved);

/* Make the queue what it was. Errors: SYSTEM. */
gboolean miyin_saved_restore(const miyin_saved *saved, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(miyin_saved, miyin_saved_free)

#endif
