/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Device URIs: which of them lead to the same printer.
 */
#ifndef MIYIN_DEVICE_H
#define MIYIN_DEVICE_H

#include <glib.h>

/*
 * Whether two device URIs may lead to the same printer: the same host by
 * name or address over any protocol, the same USB serial number, the same
 * service name or device file. On this machine itself and on print servers
 * (/printers/NAME, lpd queues) port and path tell printers apart. No
 * network is asked except the resolver.
 */
gboolean miyin_device_is_same(const char *a, const char *b);

#endif
