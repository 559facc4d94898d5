/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the process that reads a scan tells the one that holds the keys. The
 * reader may have been taken over by the scan, so each word is checked:
 *
 *   MYT3 SHEETS FOREIGN                                MYE1 input MESSAGE
 *   SHEET WIDTH HEIGHT DPI CODE PLACES READER      or
 *   ...                                                (input or system)
 *   end
 *
 * Lines of ASCII, but for MESSAGE, which is cleaned UTF-8. Sheets go up, a
 * CODE is a code of its kind (code.h), PLACES are x,y,x,y,x,y,x,y of a code, with
 * a semicolon before the next, a READER is small letters, digits and spaces.
 */
#ifndef MIYIN_TRACE_TRACED_H
#define MIYIN_TRACE_TRACED_H

#include <miyin/trace.h>
#include "picture.h"

#define MIYIN_TRACED_MAX (4 << 20) /* bytes; 2000 sheets need 500 KB */
#define MIYIN_TRACED_DPI_MAX 100000

miyin_traced *miyin_traced_new(void);

/* Read the codes of every page. Errors: INPUT. */
miyin_traced *miyin_trace_picture(miyin_picture *picture, GError **error);

/* traced, or else why there is none. Free with g_free. */
char *miyin_traced_format(const miyin_traced *traced, const GError *reason);

/*
 * Errors: INPUT when it is not of this form; the error that the text tells.
 */
miyin_traced *miyin_traced_parse(const char *text, gsize length,
				 GError **error);

#endif
