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
	GHashTable *fonts;   /* names of those that texts have */
	GRegex *one_string;
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

/* ---- pages that are a text ------------------------------------------------ */

/* What cairo writes of one string, with its page's height before it: a
 * coordinate system that begins above, colours, and the text. */
#define NUMBER "([-0-9.]+)"
#define ONE_STRING                                                             \
	"^1 0 0 -1 0 " NUMBER " cm\\nq\\n[^B]*BT\\n" NUMBER                    \
	" 0 0 -\\2 " NUMBER " " NUMBER " Tm\\n(/f-[0-9]+-[0-9]+) 1 Tf\\n"      \
	"(<[0-9A-Fa-f]+>|\\((?:[^\\\\()]|\\\\.)*\\))Tj\\nET\\nQ\\n*$"

static double fetch_number(const GMatchInfo *match, int group)
{
	g_autofree char *text = g_match_info_fetch(match, group);

	return g_ascii_strtod(text, NULL);
}

static char *read_content(embedding *e, qpdf_oh page)
{
	qpdf_oh contents = qpdf_oh_get_key(e->q, page, "/Contents");
	unsigned char *bytes = NULL;
	size_t length = 0;
	QPDF_BOOL filtered;
	char *text = NULL;

	if (qpdf_oh_get_stream_data(e->q, contents, qpdf_dl_all, &filtered,
				    &bytes, &length) == QPDF_SUCCESS &&
	    filtered)
		text = g_strndup((const char *)bytes, length);
	free(bytes);
	qpdf_oh_release(e->q, contents);
	return text ? text : g_strdup("");
}

static void add_font(embedding *e, qpdf_oh page, const char *name,
		     miyin_embedded *to)
{
	qpdf_oh resources = qpdf_oh_get_key(e->q, page, "/Resources");
	qpdf_oh fonts = miyin_qpdf_get(e->q, resources, "/Font");
	qpdf_oh font = miyin_qpdf_get(e->q, fonts, name);

	if (g_hash_table_add(e->fonts, g_strdup(name))) {
		g_string_append_printf(to->fonts, "%s ", name);
		append_value(e, to->fonts, font);
	}
	qpdf_oh_release(e->q, font);
	qpdf_oh_release(e->q, fonts);
	qpdf_oh_release(e->q, resources);
}

static void embed_text(embedding *e, qpdf_oh page, miyin_embedded *to)
{
	g_autofree char *content = read_content(e, page);
	g_autoptr(GMatchInfo) match = NULL;
	miyin_embed_text text = { .font = NULL };

	if (g_regex_match(e->one_string, content, 0, &match)) {
		text.size = fetch_number(match, 2);
		text.x = fetch_number(match, 3);
		text.y = fetch_number(match, 1) - fetch_number(match, 4);
		text.font = g_match_info_fetch(match, 5);
		text.string = g_match_info_fetch(match, 6);
		add_font(e, page, text.font, to);
	} else {
		text.form = embed_page(e, page);
	}
	g_array_append_val(to->texts, text);
}

static void clear_text(gpointer data)
{
	miyin_embed_text *text = data;

	g_free(text->font);
	g_free(text->string);
}

void miyin_embedded_clear(miyin_embedded *embedded)
{
	g_clear_pointer(&embedded->forms, g_array_unref);
	g_clear_pointer(&embedded->texts, g_array_unref);
	if (embedded->fonts)
		g_string_free(embedded->fonts, TRUE);
	embedded->fonts = NULL;
}

gboolean miyin_embed_pages(miyin_pdfwriter *tail, const GByteArray *pdf,
			   unsigned n_forms, miyin_embedded *embedded,
			   GError **error)
{
	embedding e = {
		.q = qpdf_init(),
		.tail = tail,
		.numbers = g_hash_table_new(g_direct_hash, g_direct_equal),
		.waiting = g_queue_new(),
		.fonts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
					       NULL),
		.one_string = g_regex_new(ONE_STRING, 0, 0, NULL),
	};
	g_autoptr(GBytes) bytes = g_bytes_new_static(pdf->data, pdf->len);
	/* Cairo names a form once for each use: warnings, but the entries are
	 * the same. */
	gboolean ok = miyin_qpdf_open(e.q, bytes);
	unsigned n_pages = 0;

	embedded->forms = g_array_new(FALSE, FALSE, sizeof(unsigned));
	embedded->texts = g_array_new(FALSE, FALSE, sizeof(miyin_embed_text));
	g_array_set_clear_func(embedded->texts, clear_text);
	embedded->fonts = g_string_new(NULL);
	if (ok) {
		qpdf_push_inherited_attributes_to_page(e.q);
		n_pages = (unsigned)qpdf_get_num_pages(e.q);
	} else {
		g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_INPUT,
			    "The drawn marks cannot be read.");
	}
	for (unsigned i = 0; i < n_pages; i++) {
		qpdf_oh page = qpdf_get_page_n(e.q, i);
		unsigned form = i < n_forms ? embed_page(&e, page) : 0;

		if (i < n_forms)
			g_array_append_val(embedded->forms, form);
		else
			embed_text(&e, page, embedded);
		qpdf_oh_release(e.q, page);
	}
	write_waiting(&e);
	g_regex_unref(e.one_string);
	g_hash_table_unref(e.fonts);
	g_hash_table_unref(e.numbers);
	g_queue_free(e.waiting);
	qpdf_cleanup(&e.q);
	return ok;
}
