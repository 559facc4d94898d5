/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The type of data that a chain of filters makes in the end, as the scheduler
 * tells it to each of them: gstoraster and rastertopwg ask, and make PWG raster
 * or Apple's by it.
 */
#ifndef MIYIN_FINALTYPE_H
#define MIYIN_FINALTYPE_H

#include <glib.h>

/*
 *   ppd        the printer's own
 *   programs   the chain's, NULL terminated; names or paths
 *
 * Free with g_free. Source: cupsdContinueJob of CUPS 2.4.2.
 */
char *miyin_finaltype_find(const char *ppd, char *const *programs);

#endif
