/* SPDX-License-Identifier: GPL-3.0-or-later */
/* zxing-cpp speaks only C++ before its 2.x; this is all we need of it. */
#ifndef MIYIN_TRACE_ZXING_H
#define MIYIN_TRACE_ZXING_H

#include <glib.h>

G_BEGIN_DECLS

/*
 * Read every QR code of a grey picture.
 *
 *   bytes   height_px rows of width_px bytes, 0 black, no padding
 *
 * Never fails: a picture that zxing-cpp chokes on holds no code. Free the
 * result with g_strfreev.
 */
char **miyin_zxing_read(const guint8 *bytes, unsigned width_px,
			unsigned height_px);

G_END_DECLS

#endif
