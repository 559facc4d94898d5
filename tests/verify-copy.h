/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VERIFY_COPY_H
#define VERIFY_COPY_H

#include "filter/mark/verify.h"

/* Whether all pages of a copy bear their marks. */
static inline gboolean verify_copy(GBytes *copy, const miyin_sheets *sheets,
				   const miyin_order *order, GError **error)
{
	g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(unsigned));

	for (unsigned i = 0; i < order->n_pages; i++)
		g_array_append_val(all, i);
	return miyin_verify_pages(copy, sheets, order, all, error);
}

#endif
