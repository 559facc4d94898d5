/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people call a document. */
#ifndef MIYIN_NAMES_H
#define MIYIN_NAMES_H

#include "store.h"

/* The documents (gint64) of a reference, a name as shown, or the first 8 digits
 * up of a content hash. Errors: MISSING, INPUT when ambiguous. */
gboolean miyin_names_find(miyin_register *reg, const char *name, GArray *ids,
			  GError **error);

#endif
