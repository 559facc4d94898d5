/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reference.h"
#include "canvas.h"
#include "draw.h"
#include "shown.h"
#include <math.h>

#define N_KEPT 2 /* the sides of a sheet */

/* A face with the lines of the last page. Those of the next are painted in their
 * place, but for a specimen: its words run under them. */
typedef struct {
	const miyin_face *face; /* NULL: none */
	miyin_box view;
	double dpi;
	cairo_surface_t *surface;
} picture;

struct miyin_reference {
	const miyin_order *order;
	const miyin_sheets *sheets;
	miyin_marks *marks;
	picture kept[N_KEPT];
	unsigned next; /* of kept, to be given up */
	GString *text;
};

miyin_reference *miyin_reference_new(const miyin_order *order,
				     const miyin_sheets *sheets, GError **error)
{
	miyin_marks *marks = miyin_marks_new(order, sheets, error);
	miyin_reference *reference;

	if (!marks)
		return NULL;
	reference = g_new0(miyin_reference, 1);
	reference->order = order;
	reference->sheets = sheets;
	reference->marks = marks;
	reference->text = g_string_new(NULL);
	return reference;
}

void miyin_reference_free(miyin_reference *reference)
{
	for (unsigned i = 0; i < N_KEPT; i++)
		g_clear_pointer(&reference->kept[i].surface,
				cairo_surface_destroy);
	g_string_free(reference->text, TRUE);
	miyin_marks_free(reference->marks);
	g_free(reference);
}

const miyin_face *miyin_reference_face(const miyin_reference *reference,
				       unsigned page)
{
	return miyin_marks_face(
		reference->marks, reference->order,
		miyin_marks_sheet(reference->order, reference->sheets, page),
		page);
}

/* The sheet, in points from its upper left. */
static void begin(cairo_t *cr, const picture *p)
{
	cairo_scale(cr, p->dpi / 72, p->dpi / 72);
	cairo_translate(cr, -p->view.x,
			-(p->face->height_pt - p->view.y - p->view.h));
}

static void draw_set_lines(miyin_reference *reference, const miyin_drawing *d,
			   const miyin_face *face, unsigned page)
{
	for (unsigned n = 0; n < face->place.n_lines; n++) {
		if (!miyin_marks_is_set(reference->order, face, n))
			continue;
		miyin_marks_line_text(reference->order,
				      reference->order->layout->lines->pdata[n],
				      page, reference->text);
		miyin_draw_set_line(d, reference->marks, face, n,
				    reference->text->str);
	}
}

/* Twice, as marks stand on a page, before the body and after it: that makes
 * their edges darker. */
static cairo_surface_t *paint_page(miyin_reference *reference, const picture *p,
				   unsigned page)
{
	cairo_t *cr = miyin_canvas_open((int)ceil(p->view.w * p->dpi / 72),
					(int)ceil(p->view.h * p->dpi / 72));
	const miyin_drawing d = { cr, NULL, reference->order };

	begin(cr, p);
	for (int i = 0; i < 2; i++) {
		miyin_draw_face(&d, p->face);
		draw_set_lines(reference, &d, p->face, page);
	}
	return miyin_canvas_or_empty(miyin_canvas_close(cr, NULL));
}

static void paint_next(miyin_reference *reference, const picture *p,
		       unsigned page)
{
	cairo_t *cr = cairo_create(p->surface);
	const miyin_drawing d = { cr, NULL, reference->order };

	begin(cr, p);
	cairo_set_source_rgb(cr, 1, 1, 1);
	for (unsigned n = 0; n < p->face->place.n_lines; n++) {
		const miyin_box box = p->face->place.lines[n];

		if (miyin_marks_is_set(reference->order, p->face, n))
			cairo_rectangle(cr, box.x,
					p->face->height_pt - box.y - box.h,
					box.w, box.h);
	}
	cairo_fill(cr);
	for (int i = 0; i < 2; i++)
		draw_set_lines(reference, &d, p->face, page);
	cairo_destroy(cr);
	cairo_surface_flush(p->surface);
}

static picture *find_kept(miyin_reference *reference, const picture *wanted)
{
	for (unsigned i = 0; i < N_KEPT; i++) {
		picture *p = &reference->kept[i];

		if (!reference->order->specimen && p->face == wanted->face &&
		    p->dpi == wanted->dpi &&
		    miyin_shown_same(p->view, wanted->view))
			return p;
	}
	return NULL;
}

cairo_surface_t *miyin_reference_paint(miyin_reference *reference,
				       unsigned page, miyin_box view,
				       double dpi)
{
	const picture wanted = {
		.face = miyin_reference_face(reference, page),
		.view = view,
		.dpi = dpi,
	};
	picture *p = find_kept(reference, &wanted);

	if (p) {
		paint_next(reference, p, page);
		return p->surface;
	}
	p = &reference->kept[reference->next++ % N_KEPT];
	g_clear_pointer(&p->surface, cairo_surface_destroy);
	*p = wanted;
	p->surface = paint_page(reference, p, page);
	return p->surface;
}
