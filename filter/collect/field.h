/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A field of a form: what stands in it and how, as its widget says. PDF leaves
 * it to viewers to draw that; printers have none.
 *
 * Source: ISO 32000-1, 12.7.3 and 12.5.6.19.
 */
#ifndef MIYIN_COLLECT_FIELD_H
#define MIYIN_COLLECT_FIELD_H

#include <cairo.h>
#include <glib.h>
#include <miyin/lettering.h>
#include <qpdf/qpdf-c.h>

typedef struct {
	double width, height; /* points, of its rectangle */
	int turn;	      /* of what stands in it: quarters to the left */
	char *text;	      /* lines with \n between them; may be "" */
	double size_pt;	      /* 0: as large as fits */
	gboolean bold, lines; /* several lines, broken to the width */
	gboolean marked;      /* a box with a check mark, not a text */
	unsigned n_cells;     /* one a character; 0: not so */
	double place;	      /* 0 left, 0.5, 1 right */
	double ink[3], ground[3], edge[3]; /* RGB, 0 to 1 */
	gboolean has_ground;
	double edge_pt; /* 0: no border */
} miyin_field;

/*
 * What a widget shows. FALSE when there is nothing to draw: no value and no
 * box. Buttons and signatures have no value that is shown.
 *
 *   form   /AcroForm
 */
gboolean miyin_field_read(qpdf_data q, qpdf_oh widget, qpdf_oh form,
			  miyin_field *field);

/* How large its drawing is: the rectangle, or on its side. */
void miyin_field_get_size(const miyin_field *field, double *width,
			  double *height);

/* Say which letters it has (miyin_lettering_add), before any is drawn. */
void miyin_field_add(const miyin_field *field, miyin_lettering *lettering,
		     cairo_t *cr);

/* Draw it from 0, 0 on. */
void miyin_field_draw(const miyin_field *field, miyin_lettering *lettering,
		      cairo_t *cr);

#endif
