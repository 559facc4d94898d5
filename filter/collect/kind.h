/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Kinds of files that are no documents for a printer, so that a refusal can
 * name them. */
#ifndef MIYIN_COLLECT_KIND_H
#define MIYIN_COLLECT_KIND_H

#include <glib.h>

/* By its first bytes, and for a ZIP by the names in it: "OFD", "WebP". NULL: a
 * kind that is not known here, or one that can be printed. */
const char *miyin_kind_find(const guint8 *bytes, gsize length);

#endif
