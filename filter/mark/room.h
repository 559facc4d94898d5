/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MIYIN_MARK_ROOM_H
#define MIYIN_MARK_ROOM_H

#include "inspect.h"
#include "view.h"

/* Find the shift of each page of a document. Errors: page-too-small. */
gboolean miyin_room_make(PopplerDocument *document, miyin_sheets *sheets,
			 const miyin_order *order, miyin_inspection *inspection,
			 GError **error);

#endif
