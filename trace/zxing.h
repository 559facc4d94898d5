/* SPDX-License-Identifier: GPL-3.0-or-later */
/* zxing-cpp speaks only C++ before its 2.x; this is all we need of it. */
#ifndef MIYIN_TRACE_ZXING_H
#define MIYIN_TRACE_ZXING_H

#include <miyin/trace.h>

G_BEGIN_DECLS

typedef struct {
	char *text; /* UTF-8 */
	miyin_corners corners;
} miyin_read_code;

/*
 * Read every QR code of a grey picture.
 *
 *   bytes   height_px rows of width_px bytes, 0 black, no padding
 *   codes   of miyin_read_code, whose texts the array owns; they are added
 *
 * Never fails: a picture that zxing-cpp chokes on holds no code.
 */
void miyin_zxing_read(const guint8 *bytes, unsigned width_px,
		      unsigned height_px, GArray *codes);

G_END_DECLS

#endif
