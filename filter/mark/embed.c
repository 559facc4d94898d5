/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "embed.h"
#include <miyin/qpdf.h>
#include <miyin/error.h>
#include <qpdf/qpdf-c.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
	qpdf_data q;
	miyin_pdfwriter *tail;
	GHashTable *numbers; /* object id -> number in the tail */
	GQueue *waiting;     /* object ids still to be written */
} embedding;

static unsigned number_of(embedding *e, int id)
{
	gpointer number = g_hash_table_lookup(e->numbers, GINT_TO_POINTER(id));

	if (!number) {
		number = GUINT_TO_POINTER(miyin_pdfwriter_reserve(e->tail));
		g_hash_table_insert(e->numbers, GINT_TO_POINTER(id), number);
		g_queue_push_tail(e->waiting, GINT_TO_POINTER(id));
	}
	return GPOINTER_TO_UINT(number);
}

static void append_items(embedding *e, GString *to, qpdf_oh of);

/* Of what is itself a number, a name and so on, resolved. */
static void append_direct(embedding *e, GString *to, qpdf_oh value)
{
	if (qpdf_oh_is_dictionary(e->q, value)) {
		g_string_append(to, "<<");
		append_items(e, to, value);
		g_string_append(to, ">>");
	} else if (qpdf_oh_is_array(e->q, value)) {
		g_string_append_c(to, '[');
		append_items(e, to, value);
		g_string_append_c(to, ']');
	} else {
		g_string_append(to, qpdf_oh_unparse_resolved(e->q, value));
	}
}

static void append_value(embedding *e, GString *to, qpdf_oh value)
{
	if (qpdf_oh_is_indirect(e->q, value))
		g_string_append_printf(
			to, "%u 0 R",
			number_of(e, qpdf_oh_get_object_id(e->q, value)));
	else
		append_direct(e, to, value);
}

/* Of an array or a dictionary. */
static void append_items(embedding *e, GString *to, qpdf_oh of)
{
	for (g_auto(miyin_qpdf_items) at =
		     qpdf_oh_is_array(e->q, of) ? miyin_qpdf_items_of(e->q, of)
						: miyin_qpdf_entries(e->q, of);
	     miyin_qpdf_next(&at);) {
		if (g_strcmp0(at.key, "/Length") == 0)
			continue;
		if (at.key)
			g_string_append_printf(to, "%s ", at.key);
		append_value(e, to, at.item);
		if (!at.key)
			g_string_append_c(to, ' ');
	}
}

static void write_stream(embedding *e, unsigned number, qpdf_oh stream,
			 const char *more)
{
	g_autoptr(GString) entries = g_string_new(more);
	qpdf_oh dict = qpdf_oh_get_dict(e->q, stream);
	unsigned char *bytes = NULL;
	size_t length = 0;
	QPDF_BOOL filtered;

	append_items(e, entries, dict);
	qpdf_oh_get_stream_data(e->q, stream, qpdf_dl_none, &filtered, &bytes,
				&length);
	miyin_pdfwriter_write_stream(e->tail, number, entries->str, bytes,
				     length);
	free(bytes);
	qpdf_oh_release(e->q, dict);
}

/* Cairo writes one content stream a page. */
static unsigned embed_page(embedding *e, qpdf_oh page)
{
	unsigned number = miyin_pdfwriter_reserve(e->tail);
	qpdf_oh contents = qpdf_oh_get_key(e->q, page, "/Contents");
	qpdf_oh resources = qpdf_oh_get_key(e->q, page, "/Resources");
	qpdf_oh box = qpdf_oh_get_key(e->q, page, "/MediaBox");
	g_autoptr(GString) more = g_string_new("/Type/XObject/Subtype/Form"
					       "/BBox ");

	append_value(e, more, box);
	g_string_append(more, "/Resources ");
	append_value(e, more, resources);
	write_stream(e, number, contents, more->str);
	qpdf_oh_release(e->q, box);
	qpdf_oh_release(e->q, resources);
	qpdf_oh_release(e->q, contents);
	return number;
}

static void write_object(embedding *e, unsigned number, qpdf_oh object)
{
	g_autoptr(GString) text = g_string_new(NULL);

	if (qpdf_oh_is_stream(e->q, object)) {
		write_stream(e, number, object, "");
		return;
	}
	append_direct(e, text, object);
	miyin_pdfwriter_write(e->tail, number, text->str, text->len);
}

static void write_waiting(embedding *e)
{
	gpointer id;

	while ((id = g_queue_pop_head(e->waiting))) {
		qpdf_oh object =
			qpdf_get_object_by_id(e->q, GPOINTER_TO_INT(id), 0);

		write_object(e, number_of(e, GPOINTER_TO_INT(id)), object);
		qpdf_oh_release(e->q, object);
	}
}

gboolean miyin_embed_pages(miyin_pdfwriter *tail, const GByteArray *pdf,
			   GArray **forms, GError **error)
{
	embedding e = { qpdf_init(), tail,
			g_hash_table_new(g_direct_hash, g_direct_equal),
			g_queue_new() };
	g_autoptr(GBytes) bytes = g_bytes_new_static(pdf->data, pdf->len);
	/* Cairo names a form once for each use: warnings, but the entries are
	 * the same. */
	gboolean ok = miyin_qpdf_open(e.q, bytes);

	if (ok) {
		int n_pages;

		qpdf_push_inherited_attributes_to_page(e.q);
		n_pages = qpdf_get_num_pages(e.q);
		*forms = g_array_new(FALSE, FALSE, sizeof(unsigned));
		for (int i = 0; i < n_pages; i++) {
			qpdf_oh page = qpdf_get_page_n(e.q, i);
			unsigned form = embed_page(&e, page);

			g_array_append_val(*forms, form);
			qpdf_oh_release(e.q, page);
		}
		write_waiting(&e);
	} else {
		g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_INPUT,
			    "The drawn marks cannot be read.");
	}
	g_hash_table_unref(e.numbers);
	g_queue_free(e.waiting);
	qpdf_cleanup(&e.q);
	return ok;
}
