/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which level a document itself bears, by the text of one of its first pages
 * and today's date, by which periods are judged. A declaration is a line that
 * is nothing else,
 *
 *   机密★10年              a level and a star, after a serial or a unit
 *   机密, 机密·3年          alone or with a period, high up on the page
 *   密级：机密              a field of that name, or the cell next to it
 *   SECRET                 alone, in capitals, anywhere
 *   SECRET//NOFORN         and caveats, those known also after a space
 *   Classification: Secret
 *
 * with any spaces, in full-width forms and in traditional characters too.
 * Words within a sentence are none: a false alarm stops somebody's work.
 */
#ifndef MIYIN_DECLARED_H
#define MIYIN_DECLARED_H

#include <glib.h>
#include <miyin/order.h>

/*
 * Find the highest level that a text declares.
 *
 *   page_text   lines as Poppler gives them; need not be UTF-8
 *   levels      in any order; their English words count in capitals
 *
 *   period      set to what follows the level in its line, else to the field
 *               保密期限, else to NULL; free with g_free; may be NULL
 *
 * Returns its place in levels, or -1.
 */
int miyin_declared_read(const char *page_text, const miyin_order_level *levels,
			unsigned n_levels, char **period);

#endif
