/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Running text: the long lines of a page. No level stands alone in one, and
 * what they say is in the text of the page when that is true, so a picture is
 * read without most of them.
 */
#ifndef MIYIN_RUNNING_H
#define MIYIN_RUNNING_H

#include <cairo.h>
#include <glib.h>
#include <poppler.h>

/* Which way it runs: by how many quarters a page is turned clockwise so that
 * most of its letters follow each other from the left; 0 of one without. */
int miyin_running_quarters(PopplerPage *page);

/*
 * Paint over what need not be read.
 *
 *   lines     their boxes as they are seen, cairo_rectangle_int_t in pixels;
 *             they are put in order, the upper ones first
 *   surface   the page or its top, turned so that it is read, RGB24
 *   pixels    from points of the page to it
 *
 * What stays: short lines and the ends of those before them, lines that the
 * page's text does not cover letter by letter, and thirty letters of one in
 * eight long ones, by which one can tell whether the text is what is shown.
 * Returns how many lines are running text.
 */
unsigned miyin_running_blank(GArray *lines, cairo_surface_t *surface,
			     PopplerPage *page, const cairo_matrix_t *pixels);

#endif
