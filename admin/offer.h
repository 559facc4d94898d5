/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What of a printer's PPD the gate offers its users: the options that have a
 * meaning (choice.h), those that the administrator allowed by name, and the
 * printer's installed parts, which print dialogs need and no job changes. An
 * option that is gone is gone with its translations, constraints and codes;
 * so is a choice that would hide, keep, repeat or lighten a page.
 */
#ifndef MIYIN_OFFER_H
#define MIYIN_OFFER_H

#include "ppdtext.h"

typedef struct miyin_offer miyin_offer;

/*
 * Read a PPD (UTF-8).
 *
 *   allowed   names of further options for users, NULL at the end, or NULL
 *
 * Errors: INPUT when the PPD has not an allowed option, or it is a printer
 * command (JCL), which a gate cannot offer.
 */
miyin_offer *miyin_offer_new(const char *ppd, const char *const *allowed,
			     GError **error);
void miyin_offer_free(miyin_offer *offer);

/* Whether this statement of the PPD is about something that is gone. */
gboolean miyin_offer_is_gone(const miyin_offer *offer,
			     const miyin_statement *st);

/*
 * The statement as the gate has it, or NULL when it stays as it is: an option
 * that is printer commands (JCL) becomes one without any, for nothing of the
 * gate goes to a printer. An *End that follows goes too.
 */
char *miyin_offer_rewrite(const miyin_offer *offer, const miyin_statement *st);

/* The names of the options that are gone, in order, NULL at the end; free the
 * array alone. */
const char **miyin_offer_list_gone(const miyin_offer *offer);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(miyin_offer, miyin_offer_free)

#endif
