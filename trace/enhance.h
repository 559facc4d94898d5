/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is done to a grey page so that a reader sees a damaged code. Each
 * takes an 8-bit grey picture, borrowed, and returns a new one, or NULL when
 * the page is too odd for leptonica (a few pixels high, all black).
 */
#ifndef MIYIN_TRACE_ENHANCE_H
#define MIYIN_TRACE_ENHANCE_H

#include <leptonica/allheaders.h>

PIX *miyin_enhance_none(PIX *grey);

/* Light for dark: microfilm, and phones set to it. */
PIX *miyin_enhance_negative(PIX *grey);

/* Sauvola's local threshold: low contrast, pen, uneven light. */
PIX *miyin_enhance_threshold(PIX *grey);

/* Unsharp mask: slight blur of a lens or a copier. */
PIX *miyin_enhance_sharp(PIX *grey);

/* Twice the size, cubic: small or blurred codes of photographs. */
PIX *miyin_enhance_double(PIX *grey);

/* Smoothed, doubled and strongly sharpened: a shaken photograph. */
PIX *miyin_enhance_deblur(PIX *grey);

/* Divided by the paper around: shade and stains. */
PIX *miyin_enhance_flat(PIX *grey);

/* Without dark things thinner than 3 pixels: specks and hairlines. */
PIX *miyin_enhance_closing(PIX *grey);

#endif
