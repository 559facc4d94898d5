/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One copy on its way through the printer's driver to its real backend.
 *
 *   find_backend -> run, once
 */
#ifndef MIYIN_BACKEND_DEVICE_H
#define MIYIN_BACKEND_DEVICE_H

#include "recorder.h"
#include <miyin/config.h>
#include <miyin/register.h>
#include <sys/stat.h>

typedef struct {
	char **argv;		  /* of a backend; borrowed */
	const char *uri;	  /* the printer's own; borrowed */
	miyin_recorder *recorder; /* borrowed */
	int stop_fd;		  /* readable when we shall stop */
	const char *fault;	  /* why it cannot be sent in any case */
	char *path;		  /* of its backend */
	struct stat status;	  /* of that file */
} miyin_device;

/* As cupsd does: root's, and nobody else's to write. */
gboolean miyin_device_find_backend(miyin_device *device);

/*
 * Run driver and backend. Returns the exit status of a backend; record is how
 * it ended; miyin_device_record_clear it.
 */
int miyin_device_run(miyin_device *device, const miyin_config *config,
		     miyin_device_record *record);

void miyin_device_clear(miyin_device *device);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(miyin_device, miyin_device_clear)

#endif
