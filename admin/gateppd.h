/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The gate queue's PPD: the printer's own, so that users keep its trays,
 * sizes and defaults, but every type of data goes to miyincollect, nothing of
 * it is meant for the printer's language any more, and of the printer's
 * options it has only what users may choose (offer.h).
 */
#ifndef MIYIN_GATEPPD_H
#define MIYIN_GATEPPD_H

#include <glib.h>
#include <miyin/scheme.h>

/*
 * Make the gate's PPD out of the printer's.
 *
 *   ppd      the whole file, any line ends, any encoding of PPD 4.3
 *   scheme   its levels are the choices of MiyinLevel
 *   level    a fixed level's id: the user is not asked; NULL: he chooses
 *   allowed  names of further options of the printer that users may choose,
 *            NULL at the end, or NULL; the PPD has them as *MiyinAllow
 *
 *   types    further ones than the gate's own that the scheduler would make one
 *            of these of first (conversions.h); NULL at the end, or NULL
 *
 * Errors: INPUT when it is no PPD, or a gate's PPD already, or the printer has
 * no such option.
 */
char *miyin_gateppd_make(const char *ppd, const miyin_scheme *scheme,
			 const char *level, const char *const *allowed,
			 const char *const *types, GError **error);

/* The options that were allowed by name; free with g_strfreev. */
char **miyin_gateppd_list_allowed(const char *ppd);

/*
 * Whether all data would go to miyincollect; when not, *hole is the line that
 * is missing or one that leads elsewhere (free with g_free).
 */
gboolean miyin_gateppd_is_tight(const char *ppd, char **hole);

/* Those of a PPD's filters. Free with g_strfreev. */
char **miyin_gateppd_list_types(const char *ppd);

/* The types that every gate sends to miyincollect, ppd/types. Likewise. */
char **miyin_gateppd_types(void);

/* Whether this is a PPD that miyin_gateppd_make made. */
gboolean miyin_gateppd_is_gate(const char *ppd);

#endif
