/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Device URIs: where they lead, and which of them to the same printer.
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

/* Whether a host, by name or address, is this computer itself. */
gboolean miyin_device_is_loopback(const char *host);

typedef enum {
	MIYIN_DEVICE_UNKNOWN, /* perhaps on the network; a name of DNS-SD */
	MIYIN_DEVICE_LOCAL,
	MIYIN_DEVICE_NETWORK,
} miyin_device_place;

/*
 * Where a printer is, by its own device URI, also one behind beh: or HPLIP.
 *
 *   host, port   filled for NETWORK only: a name or an address
 */
miyin_device_place miyin_device_locate(const char *uri, char *host,
				       size_t host_size, int *port);

#endif
