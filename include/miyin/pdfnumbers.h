/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Numbers as a PDF file has them: never in the locale's way, no exponent.
 */
#ifndef MIYIN_PDFNUMBERS_H
#define MIYIN_PDFNUMBERS_H

#include <glib.h>

/*
 * Append n numbers, a space after each: "1 0 0 -0.25 ". Rounded to four
 * decimals; beyond 1e12 either way, which is off any sheet, that limit.
 */
void miyin_pdfnumbers_append(GString *to, const double *numbers, int n);

#endif
