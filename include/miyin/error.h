/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What can go wrong, named by what the caller can do about it. Messages are
 * whole sentences without a line end; only main prints them.
 */
#ifndef MIYIN_ERROR_H
#define MIYIN_ERROR_H

#include <glib.h>

#define MIYIN_ERROR (miyin_error_quark())

typedef enum {
	MIYIN_ERROR_INPUT,  /* a document, policy, frame or scan is malformed */
	MIYIN_ERROR_DENIED, /* the policy forbids it */
	MIYIN_ERROR_STATE,  /* not allowed in the copy's present state */
	MIYIN_ERROR_MISSING, /* no such thing */
	MIYIN_ERROR_TAMPER,  /* a code or record does not hold */
	MIYIN_ERROR_BUSY,    /* try again */
	MIYIN_ERROR_SYSTEM,  /* disk, memory, another program */
} miyin_error;

GQuark miyin_error_quark(void);

/* Set *error, if wanted, and return FALSE. */
gboolean miyin_fail(GError **error, miyin_error code, const char *format, ...)
	G_GNUC_PRINTF(3, 4);

#endif
