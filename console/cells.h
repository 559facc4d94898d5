/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What of the register stands in the cells of a list: ids become words. */
#ifndef MIYIN_CELLS_H
#define MIYIN_CELLS_H

#include <glib.h>

/* The translated word of an event, a result or a state. */
const char *miyin_cells_format_word(const char *id);

/* The id of an event, or of a result, that somebody typed by its id or its
 * word; NULL when there is none. */
const char *miyin_cells_find_event(const char *typed);
const char *miyin_cells_find_result(const char *typed);

/* The words of all events. Free with g_free. */
char *miyin_cells_list_events(void);

/*
 * A time of the register in a zone: by format (g_date_time_format), or as it
 * stands when it is none.
 */
char *miyin_cells_format_time(const char *at, GTimeZone *zone,
			      const char *format);

/*
 * Level and period as the scheme writes them (机密★10年), or by id when the
 * scheme is not there any more.
 */
char *miyin_cells_format_level(const char *scheme_dir, const char *scheme,
			       const char *level, const char *period);

/*
 * A document as a list names it and miyin copies takes it: its reference, or
 * the first digits of its content hash.
 */
char *miyin_cells_format_document(const char *document);

#endif
