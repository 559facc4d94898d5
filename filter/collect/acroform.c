/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "acroform.h"
#include "child.h"
#include "field.h"
#include <miyin/layers.h>
#include <miyin/qpdf.h>
#include <miyin/memfile.h>
#include <cairo-pdf.h>
#include <stdio.h>
#include <unistd.h>

#define DRAWN_MAX (G_GUINT64_CONSTANT(2) << 30)
#define FIELDS_MAX 20000

typedef struct {
	qpdf_oh widget;
	miyin_field field;
} filled;

typedef struct {
	qpdf_data q;
	qpdf_oh form;	  /* /AcroForm, or no dictionary */
	qpdf_oh fonts;	  /* its own, or no dictionary */
	gboolean stale;	  /* appearances are older than values */
	gboolean changed; /* else it can be laid out as it is */
	miyin_layers *layers;
	GArray *fields; /* of filled: to be drawn */
} drawing;

gboolean miyin_acroform_is_wanted(qpdf_data q)
{
	qpdf_oh root = qpdf_get_root(q);
	gboolean wanted = qpdf_oh_has_key(q, root, "/AcroForm") ||
			  qpdf_oh_has_key(q, root, "/OCProperties");

	qpdf_oh_release(q, root);
	return wanted;
}

/* Those of the form that an appearance does not have. */
static void add_fonts(drawing *d, qpdf_oh appearance)
{
	qpdf_data q = d->q;
	qpdf_oh dict = qpdf_oh_get_dict(q, appearance);
	qpdf_oh resources = miyin_qpdf_get_dict(q, dict, "/Resources");
	qpdf_oh fonts = miyin_qpdf_get_dict(q, resources, "/Font");

	for (g_auto(miyin_qpdf_items) at = miyin_qpdf_entries(q, d->fonts);
	     miyin_qpdf_next(&at);)
		if (!qpdf_oh_has_key(q, fonts, at.key)) {
			qpdf_oh_replace_key(q, fonts, at.key, at.item);
			d->changed = TRUE;
		}
	qpdf_oh_release(q, fonts);
	qpdf_oh_release(q, resources);
	qpdf_oh_release(q, dict);
}

static void take_widget(drawing *d, qpdf_oh widget)
{
	qpdf_data q = d->q;
	qpdf_oh all = miyin_qpdf_get(q, widget, "/AP");
	qpdf_oh normal = miyin_qpdf_get(q, all, "/N");
	gboolean none = qpdf_oh_is_null(q, normal);
	gboolean drawn = qpdf_oh_is_stream(q, normal);
	filled one = { 0 };

	/* Of a box that can be marked there is one for each state. */
	if ((none || (d->stale && drawn)) && d->fields->len < FIELDS_MAX &&
	    miyin_field_read(q, widget, d->form, &one.field) &&
	    (none || *one.field.text)) {
		one.widget = qpdf_oh_new_object(q, widget);
		g_array_append_val(d->fields, one);
	} else if (drawn && qpdf_oh_is_dictionary(q, d->fonts)) {
		add_fonts(d, normal);
	}
	qpdf_oh_release(q, normal);
	qpdf_oh_release(q, all);
}

static void take_page(drawing *d, qpdf_oh page)
{
	qpdf_data q = d->q;
	qpdf_oh list = qpdf_oh_get_key(q, page, "/Annots");

	for (int i = miyin_qpdf_length(q, list) - 1; i >= 0; i--) {
		qpdf_oh annotation = qpdf_oh_get_array_item(q, list, i);
		qpdf_oh kind = miyin_qpdf_get(q, annotation, "/Subtype");

		if (!qpdf_oh_is_null(q, kind) &&
		    miyin_layers_hide_object(d->layers, annotation)) {
			qpdf_oh_erase_item(q, list, i);
			d->changed = TRUE;
		} else if (qpdf_oh_is_name_and_equals(q, kind, "/Widget") &&
			   qpdf_oh_is_dictionary(q, d->form)) {
			take_widget(d, annotation);
		}
		qpdf_oh_release(q, kind);
		qpdf_oh_release(q, annotation);
	}
	qpdf_oh_release(q, list);
}

static cairo_status_t append(void *to, const unsigned char *bytes,
			     unsigned length)
{
	g_byte_array_append(to, bytes, length);
	return CAIRO_STATUS_SUCCESS;
}

/* All in one file, each on a page of its size, so that each font is in it
 * once. */
static GByteArray *draw_fields(const GArray *fields)
{
	GByteArray *pdf = g_byte_array_new();
	cairo_surface_t *surface =
		cairo_pdf_surface_create_for_stream(append, pdf, 1, 1);
	cairo_t *cr = cairo_create(surface);
	g_autoptr(miyin_lettering) lettering = miyin_lettering_new();

	for (unsigned i = 0; i < fields->len; i++)
		miyin_field_add(&g_array_index(fields, filled, i).field,
				lettering, cr);
	for (unsigned i = 0; i < fields->len; i++) {
		const miyin_field *field =
			&g_array_index(fields, filled, i).field;
		double width, height;

		miyin_field_get_size(field, &width, &height);
		cairo_pdf_surface_set_size(surface, width, height);
		miyin_field_draw(field, lettering, cr);
		cairo_show_page(cr);
	}
	/* What is no PDF cannot be opened, and that is told. */
	if (cairo_status(cr) != CAIRO_STATUS_SUCCESS)
		g_byte_array_set_size(pdf, 0);
	cairo_destroy(cr);
	cairo_surface_finish(surface);
	cairo_surface_destroy(surface);
	return pdf;
}

static qpdf_oh make_form(qpdf_data q, qpdf_data drawn, qpdf_oh page,
			 const miyin_field *field)
{
	double width, height;
	unsigned char *bytes = NULL;
	size_t n = 0;
	qpdf_oh resources = qpdf_oh_get_key(drawn, page, "/Resources");
	qpdf_oh object = qpdf_make_indirect_object(drawn, resources);
	qpdf_oh form;
	const double turns[4][6] = {
		{ 1, 0, 0, 1, 0, 0 },
		{ 0, 1, -1, 0, field->width, 0 },
		{ -1, 0, 0, -1, field->width, field->height },
		{ 0, -1, 1, 0, 0, field->height },
	};

	miyin_field_get_size(field, &width, &height);
	qpdf_oh_get_page_content_data(drawn, page, &bytes, &n);
	form = miyin_qpdf_stream(q, bytes, n);
	free(bytes);
	miyin_qpdf_make_form(q, form, (double[]){ 0, 0, width, height },
			     qpdf_oh_copy_foreign_object(q, drawn, object));
	miyin_qpdf_set_of_stream(q, form, "/Matrix",
				 miyin_qpdf_numbers(q, turns[field->turn], 6));
	qpdf_oh_release(drawn, object);
	qpdf_oh_release(drawn, resources);
	return form;
}

/* qpdf reads streams when they are written: it keeps what was drawn. */
static gboolean set_appearances(drawing *d)
{
	GBytes *pdf = g_byte_array_free_to_bytes(draw_fields(d->fields));
	qpdf_data drawn = qpdf_init();

	if (!miyin_qpdf_open(drawn, pdf))
		return FALSE;
	for (unsigned i = 0; i < d->fields->len; i++) {
		const filled *one = &g_array_index(d->fields, filled, i);
		qpdf_oh page = qpdf_get_page_n(drawn, i);
		qpdf_oh all = qpdf_oh_new_dictionary(d->q);

		miyin_qpdf_set(d->q, all, "/N",
			       make_form(d->q, drawn, page, &one->field));
		miyin_qpdf_set(d->q, one->widget, "/AP", all);
		qpdf_oh_remove_key(d->q, one->widget, "/AS");
		qpdf_oh_release(drawn, page);
	}
	return TRUE;
}

static gboolean draw(qpdf_data q, gboolean *changed)
{
	qpdf_oh form = qpdf_oh_get_key(q, qpdf_get_root(q), "/AcroForm");
	gboolean stale = miyin_qpdf_is_true(q, form, "/NeedAppearances");
	drawing d = {
		.q = q,
		.form = form,
		.fonts = miyin_qpdf_get(q, miyin_qpdf_get(q, form, "/DR"),
					"/Font"),
		.stale = stale,
		.changed = stale,
		.layers = miyin_layers_new(q),
		.fields = g_array_new(FALSE, FALSE, sizeof(filled)),
	};
	int n_pages = qpdf_get_num_pages(q);

	if (qpdf_oh_is_dictionary(q, form))
		qpdf_oh_remove_key(q, form, "/NeedAppearances");
	for (int i = 0; i < n_pages; i++) {
		qpdf_oh page = qpdf_get_page_n(q, (size_t)i);

		take_page(&d, page);
		qpdf_oh_release(q, page);
	}
	*changed = d.changed || d.fields->len > 0;
	return d.fields->len == 0 || set_appearances(&d);
}

typedef struct {
	GBytes *pdf;
	int to;
} draw_work;

/* Nobody frees anything: the process ends. */
static int work_draw(gpointer data)
{
	const draw_work *work = data;
	qpdf_data q = qpdf_init();
	gboolean changed;

	return !(miyin_qpdf_open(q, work->pdf) && draw(q, &changed) &&
		 (!changed || miyin_qpdf_write(q, work->to)));
}

int miyin_acroform_draw(int pdf)
{
	g_autoptr(GBytes) bytes = miyin_memfile_map(pdf, NULL);
	g_auto(miyin_fd) drawn = bytes ? miyin_memfile_new("drawn", NULL) : -1;
	draw_work work = { bytes, drawn };

	if (drawn < 0)
		return -1;
	if (miyin_child_run(MIYIN_SANDBOX_RENDER, work_draw, &work,
			    DRAWN_MAX) == 0 &&
	    miyin_memfile_seal(drawn, NULL))
		return lseek(drawn, 0, SEEK_END) > 0
			       ? g_steal_fd(&drawn)
			       : miyin_memfile_again(pdf, NULL);
	fputs("DEBUG: the fields of the form could not be drawn.\n", stderr);
	return -1;
}
