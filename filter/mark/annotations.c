/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "annotations.h"
#include "normal.h"
#include <miyin/pdfnumbers.h>
#include <miyin/qpdf.h>
#include <math.h>

#define FLAG_HIDDEN 2
#define FLAG_PRINT 4

typedef struct {
	miyin_inert *n;
	qpdf_data q;
	GString *content;
	qpdf_oh xobjects;
	unsigned n_drawn;
} drawing;

static gboolean prints(qpdf_data q, qpdf_oh annotation)
{
	int flags = (int)miyin_qpdf_get_number(q, annotation, "/F", 0);
	qpdf_oh subtype = qpdf_oh_get_key(q, annotation, "/Subtype");
	gboolean popup = qpdf_oh_is_name_and_equals(q, subtype, "/Popup");

	qpdf_oh_release(q, subtype);
	return !popup && (flags & FLAG_PRINT) && !(flags & FLAG_HIDDEN);
}

/* The normal appearance; of several, the one that /AS names. */
static qpdf_oh get_appearance(qpdf_data q, qpdf_oh annotation)
{
	qpdf_oh all = qpdf_oh_get_key(q, annotation, "/AP");
	qpdf_oh normal = miyin_qpdf_get(q, all, "/N");

	qpdf_oh_release(q, all);
	if (qpdf_oh_is_dictionary(q, normal)) {
		qpdf_oh state = qpdf_oh_get_key(q, annotation, "/AS");
		qpdf_oh chosen =
			qpdf_oh_is_name(q, state)
				? qpdf_oh_get_key(q, normal,
						  qpdf_oh_get_name(q, state))
				: qpdf_oh_new_null(q);

		qpdf_oh_release(q, state);
		qpdf_oh_release(q, normal);
		normal = chosen;
	}
	return normal;
}

/* The box around /BBox after /Matrix. */
static gboolean turned_box(qpdf_data q, qpdf_oh dict, double box[4])
{
	double b[4], m[6] = { 1, 0, 0, 1, 0, 0 };
	qpdf_oh matrix = qpdf_oh_get_key(q, dict, "/Matrix");

	if (qpdf_oh_is_array(q, matrix) &&
	    qpdf_oh_get_array_n_items(q, matrix) == 6)
		for (int i = 0; i < 6; i++) {
			qpdf_oh item = qpdf_oh_get_array_item(q, matrix, i);

			if (qpdf_oh_is_number(q, item))
				m[i] = qpdf_oh_get_numeric_value(q, item);
			qpdf_oh_release(q, item);
		}
	qpdf_oh_release(q, matrix);
	if (!miyin_qpdf_get_rect(q, dict, "/BBox", b))
		return FALSE;
	box[0] = box[1] = INFINITY;
	box[2] = box[3] = -INFINITY;
	for (int corner = 0; corner < 4; corner++) {
		double x = b[corner & 1 ? 2 : 0], y = b[corner & 2 ? 3 : 1];
		double u = m[0] * x + m[2] * y + m[4];
		double v = m[1] * x + m[3] * y + m[5];

		box[0] = fmin(box[0], u);
		box[1] = fmin(box[1], v);
		box[2] = fmax(box[2], u);
		box[3] = fmax(box[3], v);
	}
	return box[2] - box[0] > 1e-6 && box[3] - box[1] > 1e-6;
}

/* Scale and move the appearance's turned box onto the rectangle. */
static void draw_appearance(drawing *to, qpdf_oh appearance,
			    const double rect[4])
{
	qpdf_oh dict = qpdf_oh_get_dict(to->q, appearance);
	double box[4];
	qpdf_oh form = 0;

	/* Some appearances do not say that they are forms. */
	miyin_qpdf_set(to->q, dict, "/Subtype",
		       qpdf_oh_new_name(to->q, "/Form"));
	if (turned_box(to->q, dict, box))
		form = miyin_normal_form(to->n, appearance);
	if (form) {
		double sx = (rect[2] - rect[0]) / (box[2] - box[0]);
		double sy = (rect[3] - rect[1]) / (box[3] - box[1]);
		g_autofree char *name = g_strdup_printf("/A%u", to->n_drawn++);

		miyin_qpdf_set(to->q, to->xobjects, name, form);
		g_string_append(to->content, "q ");
		miyin_pdfnumbers_append(to->content,
					(double[]){ sx, 0, 0, sy,
						    rect[0] - box[0] * sx,
						    rect[1] - box[1] * sy },
					6);
		g_string_append_printf(to->content, "cm %s Do Q\n", name);
	}
	qpdf_oh_release(to->q, dict);
}

static void draw_annotation(drawing *to, qpdf_oh annotation)
{
	double rect[4];
	qpdf_oh appearance;

	if (!prints(to->q, annotation) ||
	    miyin_layers_hide_object(to->n->layers, annotation) ||
	    !miyin_qpdf_get_rect(to->q, annotation, "/Rect", rect))
		return;
	appearance = get_appearance(to->q, annotation);
	if (qpdf_oh_is_stream(to->q, appearance))
		draw_appearance(to, appearance, rect);
	qpdf_oh_release(to->q, appearance);
}

gboolean miyin_annotations_form(miyin_inert *n, qpdf_oh page,
				const double bbox[4], qpdf_oh *form)
{
	qpdf_data q = n->q;
	qpdf_oh list = qpdf_oh_get_key(q, page, "/Annots");
	drawing to = { n, q, g_string_new(NULL), qpdf_oh_new_dictionary(q), 0 };
	int n_items = qpdf_oh_is_array(q, list)
			      ? qpdf_oh_get_array_n_items(q, list)
			      : 0;

	for (int i = 0; i < n_items; i++) {
		qpdf_oh annotation = qpdf_oh_get_array_item(q, list, i);

		if (qpdf_oh_is_dictionary(q, annotation))
			draw_annotation(&to, annotation);
		qpdf_oh_release(q, annotation);
	}
	if (to.n_drawn > 0) {
		qpdf_oh resources = qpdf_oh_new_dictionary(q);

		qpdf_oh_replace_key(q, resources, "/XObject", to.xobjects);
		*form = miyin_qpdf_stream(q, to.content->str, to.content->len);
		miyin_qpdf_make_form(q, *form, bbox, resources);
	}
	qpdf_oh_release(q, to.xobjects);
	qpdf_oh_release(q, list);
	g_string_free(to.content, TRUE);
	return to.n_drawn > 0;
}
