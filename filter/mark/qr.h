/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A QR code, version 3-H (ISO/IEC 18004), as PDF operators and a 1-bit image
 * mask. Always with the same mask: to try all eight, as libqrencode does, is
 * most of the work of a page, and any reader takes each of them.
 */
#ifndef MIYIN_QR_H
#define MIYIN_QR_H

#include <glib.h>
#include "pdfwriter.h"
#include "place.h"

#define MIYIN_QR_ROW ((MIYIN_QR_MODULES + 7) / 8) /* bytes */
#define MIYIN_QR_BYTES (MIYIN_QR_ROW * MIYIN_QR_MODULES)
#define MIYIN_QR_MASK 3 /* of those of the standard */

/*
 * Draw a code.
 *
 *   payload   at most 35 alphanumeric characters
 *   rows      MIYIN_QR_BYTES, rows from the top, the first module in the
 *             highest bit; 0 is dark, as an image mask paints
 */
void miyin_qr_draw(const char *payload, guint8 *rows);

/* Show the image at each of a page's places, turned as it stands there. */
void miyin_qr_append(GString *to, const char *image, const miyin_place *place);

/* Write it as an image. Returns its object. */
unsigned miyin_qr_write(miyin_pdfwriter *to, const char *payload);

#endif
