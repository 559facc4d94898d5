/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looking at a copy before it is printed: are its marks those that were issued? */
#ifndef MIYIN_VERIFY_H
#define MIYIN_VERIFY_H

#include <glib.h>
#include <miyin/order.h>
#include <miyin/sheets.h>

/*
 * Render pages and see that their marks are those of the order: each code says
 * what it must, stands within 1 mm of its place and has its quiet zone; each
 * line's box shows what the line draws there and nothing else; at some tiles of
 * the watermark its ink is there, which nothing of a body may cover. What must
 * be there is drawn by another way than on the copy (reference.h).
 *
 *   pages   of unsigned, 0 up; the first wrong one is named
 *
 * Errors: the refusal not-marked with the page and what was wrong; as
 * miyin_marks_new.
 */
gboolean miyin_verify_pages(GBytes *copy, const miyin_sheets *sheets,
			    const miyin_order *order, const GArray *pages,
			    GError **error);

#endif
