/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A form as a PDF: its title on every page, its tables below. Where a page
 * ends the table goes on on the next one. No byte of the user's document comes
 * here, only words of his options.
 */
#ifndef MIYIN_FORMPDF_H
#define MIYIN_FORMPDF_H

#include <glib.h>
#include <miyin/form.h>

/* Free with g_byte_array_unref. Errors: SYSTEM; the refusal bad-glyph. */
GByteArray *miyin_formpdf_draw(const miyin_form *form, GError **error);

#endif
