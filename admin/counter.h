/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A printer's own counter of the pages it has printed in its life.
 */
#ifndef MIYIN_COUNTER_H
#define MIYIN_COUNTER_H

#include <glib.h>

/*
 * Ask the printer: printer-impressions-completed of an ipp or ipps device
 * (PWG 5100.7), prtMarkerLifeCount by SNMP version 1, community public, of a
 * socket or lpd device (RFC 3805) unless its URI says snmp=false.
 *
 *   uri   of the printer, not wrapped
 *
 * Returns FALSE when it does not tell, after some ten seconds.
 */
gboolean miyin_counter_read(const char *uri, unsigned *counter);

#endif
