/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A QR code, version 3-H, as PDF operators: one 1-bit image mask, written in
 * hexadecimal so that no byte of it can look like the end of the image.
 */
#ifndef MIYIN_QR_H
#define MIYIN_QR_H

#include <glib.h>
#include "place.h"

/*
 * The codes of a page, turned as they stand there.
 *
 *   payload   at most 35 alphanumeric characters
 */
void miyin_qr_append(GString *to, const char *payload,
		     const miyin_place *place);

#endif
