/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which of a document's options go to the device queue: those that a user may
 * choose (choice.h) and those that the administrator allowed by name in the
 * gate's PPD. All else stays what the device queue has by itself, set with
 * lpadmin: nothing is sent of it, not even a default.
 */
#ifndef MIYIN_COLLECT_DEVICE_H
#define MIYIN_COLLECT_DEVICE_H

#include <cups/cups.h>
#include <cups/ppd.h>
#include <glib.h>

/*
 * Read them from the marked choices of the gate's PPD.
 *
 *   given     the user's options, n of them
 *   ppd       the gate's PPD with them marked, or NULL: IPP attributes only
 *   device    "NAME=VALUE" is added for each that goes on; paper and sides
 *             are not among them
 *   ignored   the names of the PPD's options and of the IPP attributes that
 *             were given and do not go on
 */
void miyin_device_read(const cups_option_t *given, int n, ppd_file_t *ppd,
		       GPtrArray *device, GPtrArray *ignored);

#endif
