/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One finished copy: the clean base plus a tail with the pages and their
 * marks. The user's bytes are not looked at here, only copied.
 */
#ifndef MIYIN_STAMP_H
#define MIYIN_STAMP_H

#include <glib.h>
#include <miyin/order.h>
#include <miyin/sheets.h>

/*
 * Write a copy.
 *
 *   fd   gets the PDF, from its present place
 *
 * Errors: INPUT when base, sheets and order do not fit together; SYSTEM.
 */
gboolean miyin_stamp(int fd, GBytes *base, const miyin_sheets *sheets,
		     const miyin_order *order, GError **error);

#endif
