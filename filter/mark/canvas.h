/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * White paper to look at a page on. A page may be such that there is no memory
 * to paint it; cairo then goes on with a surface that holds nothing, which
 * would be a page without ink, without a mark, without anything.
 */
#ifndef MIYIN_CANVAS_H
#define MIYIN_CANVAS_H

#include <cairo.h>
#include <glib.h>
#include <poppler.h>

/* Poppler 22.12 has none of its own, and cairo neither. */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PopplerDocument, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PopplerPage, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(cairo_surface_t, cairo_surface_destroy)

/* A context to paint with, of at least a pixel. */
cairo_t *miyin_canvas_open(int width_px, int height_px);

/* What was painted, RGB24; takes the context. Free with cairo_surface_destroy.
 * NULL and SYSTEM, "Out of memory", when not all of it was. */
cairo_surface_t *miyin_canvas_close(cairo_t *cr, GError **error);

/* Takes a picture. Returns it, or for none one without a pixel. */
cairo_surface_t *miyin_canvas_or_empty(cairo_surface_t *surface);

/* All of a page, so many pixels a point. Errors: as above. */
cairo_surface_t *miyin_canvas_page(PopplerPage *page, double scale,
				   GError **error);

/* A part of it in grey, a byte a pixel, row after row. Free with g_free. */
guint8 *miyin_canvas_grey(cairo_surface_t *surface, int left, int top,
			  int width_px, int height_px);

/* Whether a pixel is darker than this in red, green or blue. */
gboolean miyin_canvas_has_ink(cairo_surface_t *surface, guint8 white);

/* Take its size and its pixels into a checksum. */
void miyin_canvas_hash(cairo_surface_t *surface, GChecksum *sum);

#endif
