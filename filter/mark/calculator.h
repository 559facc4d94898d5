/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The code of a Type 4 function (ISO 32000-1, 7.10.5), which some interpreters
 * run as the PostScript that it looks like. */
#ifndef MIYIN_CALCULATOR_H
#define MIYIN_CALCULATOR_H

#include <glib.h>

G_BEGIN_DECLS

/*
 * Write such a code anew, token by token: numbers, braces and the calculator's
 * operators, nothing else.
 *
 *   n_in, n_out   numbers that it takes and leaves: more or less of either
 *                 would be those of whoever runs it
 *
 * NULL when it is no code, or may touch other numbers than its own, as it can
 * when an operator's place or count is not written out.
 */
GString *miyin_calculator_rewrite(const void *bytes, gsize length, int n_in,
				  int n_out);

G_END_DECLS

#endif
