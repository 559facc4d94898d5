/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What all processes of an account use at this moment. Whoever asks must be
 * allowed to look at their descriptors: root.
 */
#ifndef MIYIN_USAGE_H
#define MIYIN_USAGE_H

#include <glib.h>
#include <sys/types.h>

typedef struct {
	guint64 memory_bytes; /* resident, but for files that are mapped */
	guint64 file_bytes;   /* in the folder, at any depth and under any
				 name; and open without a name:
				 memory files, files that were removed */
} miyin_usage;

void miyin_usage_read(uid_t account, const char *folder, miyin_usage *usage);

#endif
