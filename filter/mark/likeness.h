/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether two pictures show a reader the same. A page that goes through a
 * layout comes out a fraction of a pixel aside, so no pixel of its letters is
 * quite what it was.
 */
#ifndef MIYIN_LIKENESS_H
#define MIYIN_LIKENESS_H

#include <cairo.h>
#include <glib.h>

/* Of two RGB24 pictures of the same scale, flushed, laid corner on corner.
 * FALSE: one has ink where the other has none within two pixels, or more of it
 * in one place, or another size by more than that. */
gboolean miyin_likeness_is_same(cairo_surface_t *one, cairo_surface_t *other);

#endif
