/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The URI of a device queue: the printer's own, with our backend's scheme in
 * front and its own at the end, so that the scheduler still finds, and hides,
 * a password in the middle:
 *
 *   ipp://host/ipp/print     miyindevice://host/ipp/print#ipp
 *   socket://10.0.0.5:9100   miyindevice://10.0.0.5:9100/#/socket
 *
 * The second has got a path, without which the scheduler would not take it.
 */
#ifndef MIYIN_DEVICEURI_H
#define MIYIN_DEVICEURI_H

#include <glib.h>

#define MIYIN_DEVICE_SCHEME "miyindevice"

/* Free with g_free. uri must have a scheme. */
char *miyin_deviceuri_wrap(const char *uri);

/* The printer's own URI, or NULL when this is not a wrapped one. */
char *miyin_deviceuri_unwrap(const char *uri);

/* A device URI without user and password, to be shown; a password may have an
 * @ of its own. Free with g_free. */
char *miyin_deviceuri_bare(const char *uri);

#endif
