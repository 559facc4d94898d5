/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The device URI of a gate, which protect writes and the backend reads:
 *
 *   miyin:/DEVICE-QUEUE?scheme=SCHEME[&level=LEVEL]
 *
 * with the queue's name escaped as in any URI (打印机1 is %E6%89%93...).
 */
#ifndef MIYIN_GATEURI_H
#define MIYIN_GATEURI_H

#include <glib.h>

#define MIYIN_GATE_PREFIX "miyin:/"

/* level: NULL when the user chooses. Free with g_free. */
char *miyin_gateuri_format(const char *device, const char *scheme,
			   const char *level);

/* What all URIs of gates of a device queue begin with, "?" too. Free with
 * g_free. */
char *miyin_gateuri_start(const char *device);

/* The device queue, also where no setting follows; NULL when this is no gate's
 * URI, or has a bad escape. Free with g_free. */
char *miyin_gateuri_device(const char *uri);

/* The first value of a setting, or NULL. Free with g_free. */
char *miyin_gateuri_setting(const char *uri, const char *key);

#endif
