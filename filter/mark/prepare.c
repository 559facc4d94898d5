/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "prepare.h"
#include "annotations.h"
#include "fault.h"
#include "identity.h"
#include "inert.h"
#include "normal.h"
#include <miyin/qpdf.h>
#include "pdfwriter.h"
#include "turn.h"
#include <miyin/payload.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define INDEX "/MiyinIndex"
#define ITEMS 4 /* of the index, a page */
#define SIDE_MIN_PT 1.0
#define SIDE_MAX_PT 14400.0 /* what PDF readers promise: 5.08 m */

typedef struct {
	double media[4];
	double box[4]; /* what is seen, page space */
	int turn;      /* 0, 90, 180, 270 clockwise */
	double unit;   /* /UserUnit */
} geometry;

static gboolean read_pdf(qpdf_data q, GBytes *pdf, GError **error)
{
	gsize length;
	const char *bytes = g_bytes_get_data(pdf, &length);
	int n_pages;

	if (qpdf_read_memory(q, "document", bytes, length, "") & QPDF_ERRORS) {
		qpdf_error reason = qpdf_get_error(q);

		if (qpdf_get_error_code(q, reason) == qpdf_e_password)
			return miyin_fault_set(error, MIYIN_REFUSAL_PASSWORD,
					       NULL);
		return miyin_fault_set(error, MIYIN_REFUSAL_DAMAGED, NULL);
	}
	qpdf_push_inherited_attributes_to_page(q);
	n_pages = qpdf_get_num_pages(q);
	if (n_pages < 0 || qpdf_has_error(q))
		return miyin_fault_set(error, MIYIN_REFUSAL_DAMAGED, NULL);
	if (n_pages == 0)
		return miyin_fault_set(error, MIYIN_REFUSAL_NO_PAGES, NULL);
	if (n_pages > MIYIN_PAGES_MAX) {
		g_autofree char *many = g_strdup_printf("%d", n_pages);

		return miyin_fault_set(error, MIYIN_REFUSAL_TOO_MANY_PAGES,
				       many, G_STRINGIFY(1023), NULL);
	}
	return TRUE;
}

/* The device's space with as many colours, or null. */
static qpdf_oh device_space(qpdf_data q, qpdf_oh take_space)
{
	static const struct {
		const char *name;
		double n;
	} devices[] = { { "/DeviceGray", 1 },
			{ "/DeviceRGB", 3 },
			{ "/DeviceCMYK", 4 } };
	qpdf_oh found = qpdf_oh_new_null(q);
	double n = 0;

	if (miyin_qpdf_length(q, take_space) > 1) {
		qpdf_oh profile = qpdf_oh_get_array_item(q, take_space, 1);

		if (qpdf_oh_is_stream(q, profile)) {
			qpdf_oh dict = qpdf_oh_get_dict(q, profile);

			n = miyin_qpdf_get_number(q, dict, "/N", 0);
			qpdf_oh_release(q, dict);
		}
		qpdf_oh_release(q, profile);
	}
	for (unsigned i = 0; i < G_N_ELEMENTS(devices); i++)
		if (n == devices[i].n ||
		    qpdf_oh_is_name_and_equals(q, take_space,
					       devices[i].name)) {
			qpdf_oh_release(q, found);
			found = qpdf_oh_new_name(q, devices[i].name);
			break;
		}
	qpdf_oh_release(q, take_space);
	return found;
}

/* The page's transparency group is also that of the marks: of the user's only
 * what cannot change their ink. A colour space of his own can make all white.
 */
static qpdf_oh copy_group(qpdf_data q, qpdf_oh page)
{
	static const char *const choices[] = { "/I", "/K" };
	qpdf_oh group = qpdf_oh_get_key(q, page, "/Group");
	qpdf_oh copy;

	if (!qpdf_oh_is_dictionary(q, group)) {
		qpdf_oh_release(q, group);
		return qpdf_oh_new_null(q);
	}
	copy = qpdf_oh_new_dictionary(q);
	miyin_qpdf_set(q, copy, "/S", qpdf_oh_new_name(q, "/Transparency"));
	for (unsigned i = 0; i < G_N_ELEMENTS(choices); i++) {
		if (miyin_qpdf_is_true(q, group, choices[i]))
			miyin_qpdf_set(q, copy, choices[i],
				       qpdf_oh_new_bool(q, QPDF_TRUE));
	}
	miyin_qpdf_set(q, copy, "/CS",
		       device_space(q, qpdf_oh_get_key(q, group, "/CS")));
	qpdf_oh_release(q, group);
	return copy;
}

static void append_indirect(qpdf_data q, qpdf_oh index, qpdf_oh take_item)
{
	if (!qpdf_oh_is_null(q, take_item) &&
	    !qpdf_oh_is_indirect(q, take_item)) {
		qpdf_oh direct = take_item;

		take_item = qpdf_make_indirect_object(q, direct);
		qpdf_oh_release(q, direct);
	}
	miyin_qpdf_append(q, index, take_item);
}

/* Content and annotations in new streams, never the page's own made over: a
 * hostile file may use those elsewhere, and another page's marks would hang on
 * them. */
static void isolate_page(miyin_inert *n, qpdf_oh page, qpdf_oh index)
{
	qpdf_data q = n->q;
	double media[4] = { 0, 0, 612, 792 };
	double bbox[4];
	qpdf_oh annotations;

	miyin_qpdf_get_rect(q, page, "/MediaBox", media);
	for (int i = 0; i < 4; i++)
		bbox[i] = media[i] + (i < 2 ? -1 : 1);
	append_indirect(q, index, miyin_normal_page(n, page, bbox));
	if (!miyin_annotations_form(n, page, bbox, &annotations))
		annotations = qpdf_oh_new_null(q);
	append_indirect(q, index, annotations);
	append_indirect(q, index, copy_group(q, page));
}

static qpdf_oh new_rect(qpdf_data q, const double box[4])
{
	qpdf_oh rect = qpdf_oh_new_array(q);

	for (int i = 0; i < 4; i++)
		miyin_qpdf_append(q, rect,
				  qpdf_oh_new_real_from_double(q, box[i], 6));
	return rect;
}

/* As it was read, so that no other reader reads another one. */
static void note_geometry(qpdf_data q, const geometry *g, qpdf_oh index)
{
	qpdf_oh keys = qpdf_oh_new_dictionary(q);

	miyin_qpdf_set(q, keys, "/Type", qpdf_oh_new_name(q, "/Page"));
	miyin_qpdf_set(q, keys, "/MediaBox", new_rect(q, g->media));
	miyin_qpdf_set(q, keys, "/CropBox", new_rect(q, g->box));
	miyin_qpdf_set(q, keys, "/Rotate", qpdf_oh_new_integer(q, g->turn));
	miyin_qpdf_set(q, keys, "/UserUnit",
		       qpdf_oh_new_real_from_double(q, g->unit, 6));
	miyin_qpdf_append(q, index, keys);
}

static void read_geometry(qpdf_data q, qpdf_oh page, geometry *g)
{
	double media[4] = { 0, 0, 612, 792 }, crop[4];

	miyin_qpdf_get_rect(q, page, "/MediaBox", media);
	memcpy(g->media, media, sizeof(media));
	memcpy(g->box, media, sizeof(media));
	if (miyin_qpdf_get_rect(q, page, "/CropBox", crop))
		miyin_qpdf_cut_rect(g->box, crop);
	g->turn = miyin_qpdf_get_turn(q, page);
	if (g->turn % 90 != 0)
		g->turn = 0;
	g->unit = miyin_qpdf_get_number(q, page, "/UserUnit", 1);
	if (!(g->unit > 0 && g->unit < 1e5))
		g->unit = 1;
}

/* Page space to the page as seen: upright, in points, from (0, 0). */
static gboolean measure(const geometry *g, miyin_sheet *sheet, GError **error)
{
	const double u = g->unit, *b = g->box;
	const double upright[6] = { u, 0, 0, u, -b[0] * u, -b[1] * u };

	sheet->width_pt = (b[2] - b[0]) * u;
	sheet->height_pt = (b[3] - b[1]) * u;
	memcpy(sheet->matrix, upright, sizeof(upright));
	miyin_turn_sheet(sheet, (unsigned)g->turn / 90);
	sheet->turn = 0;
	sheet->shift.scale = 1;
	if (sheet->width_pt < SIDE_MIN_PT || sheet->height_pt < SIDE_MIN_PT)
		return miyin_fault_set(error, MIYIN_REFUSAL_DAMAGED, NULL);
	if (sheet->width_pt > SIDE_MAX_PT || sheet->height_pt > SIDE_MAX_PT)
		return miyin_fault_set(error, MIYIN_REFUSAL_TOO_LARGE,
				       "5080 mm", NULL);
	return TRUE;
}

/* index gets ITEMS items a page: content, annotations, group, geometry. */
static gboolean isolate_pages(qpdf_data q, qpdf_oh index, miyin_sheets *sheets,
			      GError **error)
{
	int n_pages = qpdf_get_num_pages(q);
	g_autoptr(miyin_inert) n = miyin_inert_new(q);

	for (int i = 0; i < n_pages; i++) {
		qpdf_oh page = qpdf_get_page_n(q, i);
		miyin_sheet sheet = { 0 };
		geometry g;

		read_geometry(q, page, &g);
		if (!measure(&g, &sheet, error)) {
			qpdf_oh_release(q, page);
			return FALSE;
		}
		g_array_append_val(sheets->pages, sheet);
		isolate_page(n, page, index);
		note_geometry(q, &g, index);
		qpdf_oh_release(q, page);
	}
	if (qpdf_has_error(q) || n->unreadable || n->too_much)
		return miyin_fault_set(error, MIYIN_REFUSAL_DAMAGED, NULL);
	return TRUE;
}

static gboolean isolate(qpdf_data q, GBytes *pdf, miyin_sheets *sheets,
			qpdf_oh *index, GError **error)
{
	sheets->pages = g_array_new(FALSE, TRUE, sizeof(miyin_sheet));
	qpdf_silence_errors(q);
	qpdf_set_suppress_warnings(q, QPDF_TRUE);
	if (!read_pdf(q, pdf, error))
		return FALSE;
	*index = qpdf_oh_new_array(q);
	if (isolate_pages(q, *index, sheets, error))
		return TRUE;
	qpdf_oh_release(q, *index);
	return FALSE;
}

/* The index rides in the root until the numbers qpdf gave are read back. */
static void clear_root(qpdf_data q, qpdf_oh index)
{
	qpdf_oh root = qpdf_get_root(q);
	qpdf_oh trailer = qpdf_get_trailer(q);
	qpdf_oh pages = qpdf_oh_parse(q, "<< /Type /Pages /Count 0 "
					 "/Kids [] >>");
	g_auto(GStrv) keys = miyin_qpdf_keys(q, root);

	for (char **key = keys; *key; key++)
		qpdf_oh_remove_key(q, root, *key);
	qpdf_oh_remove_key(q, trailer, "/Info");
	/* qpdf 12 writes the number of objects only when there was one, which a
	 * repaired document need not have, and then calls its own file damaged.
	 */
	miyin_qpdf_set(q, trailer, "/Size", qpdf_oh_new_integer(q, 1));
	miyin_qpdf_set(q, root, "/Type", qpdf_oh_new_name(q, "/Catalog"));
	miyin_qpdf_set(q, root, "/Pages", qpdf_make_indirect_object(q, pages));
	qpdf_oh_replace_key(q, root, INDEX, index);
	qpdf_oh_release(q, pages);
	qpdf_oh_release(q, trailer);
	qpdf_oh_release(q, root);
	qpdf_update_all_pages_cache(q);
}

static qpdf_oh new_page(qpdf_data q, qpdf_oh index, int at)
{
	static const char both[] = "q /C Do Q q /A Do Q";
	static const char alone[] = "q /C Do Q";
	qpdf_oh page = qpdf_oh_get_array_item(q, index, at + 3);
	qpdf_oh annotations = qpdf_oh_get_array_item(q, index, at + 1);
	qpdf_oh group = qpdf_oh_get_array_item(q, index, at + 2);
	qpdf_oh content = qpdf_oh_new_stream(q);
	qpdf_oh forms = qpdf_oh_new_dictionary(q);
	qpdf_oh resources = qpdf_oh_new_dictionary(q);
	const char *text = qpdf_oh_is_null(q, annotations) ? alone : both;

	miyin_qpdf_set(q, forms, "/C", qpdf_oh_get_array_item(q, index, at));
	if (text == both)
		qpdf_oh_replace_key(q, forms, "/A", annotations);
	qpdf_oh_replace_stream_data(q, content, (const unsigned char *)text,
				    strlen(text), qpdf_oh_new_null(q),
				    qpdf_oh_new_null(q));
	miyin_qpdf_set(q, resources, "/XObject", forms);
	miyin_qpdf_set(q, page, "/Resources", resources);
	miyin_qpdf_set(q, page, "/Contents", content);
	if (!qpdf_oh_is_null(q, group))
		qpdf_oh_replace_key(q, page, "/Group", group);
	qpdf_oh_release(q, group);
	qpdf_oh_release(q, annotations);
	return page;
}

/* In the place of the index: the pages as they are printed, but for marks. */
static void set_pages(qpdf_data q, qpdf_oh index)
{
	const int n = qpdf_oh_get_array_n_items(q, index) / ITEMS;
	qpdf_oh root = qpdf_get_root(q);
	qpdf_oh pages = qpdf_oh_get_key(q, root, "/Pages");
	qpdf_oh kids = qpdf_oh_new_array(q);

	for (int i = 0; i < n; i++) {
		qpdf_oh page = new_page(q, index, ITEMS * i);

		miyin_qpdf_set(q, page, "/Parent",
			       qpdf_oh_new_object(q, pages));
		append_indirect(q, kids, page);
	}
	miyin_qpdf_set(q, pages, "/Kids", kids);
	miyin_qpdf_set(q, pages, "/Count", qpdf_oh_new_integer(q, n));
	qpdf_oh_remove_key(q, root, INDEX);
	qpdf_oh_release(q, pages);
	qpdf_oh_release(q, root);
}

static GBytes *write_file(qpdf_data q, GError **error)
{
	gboolean ok = !(qpdf_init_write_memory(q) & QPDF_ERRORS);

	if (ok) {
		qpdf_set_object_stream_mode(q, qpdf_o_disable);
		qpdf_set_stream_data_mode(q, qpdf_s_preserve);
		qpdf_set_preserve_encryption(q, QPDF_FALSE);
		qpdf_set_static_ID(q, QPDF_TRUE);
		ok = !(qpdf_write(q) & QPDF_ERRORS);
	}
	if (!ok) {
		miyin_fault_set(error, MIYIN_REFUSAL_DAMAGED, NULL);
		return NULL;
	}
	return g_bytes_new(qpdf_get_buffer(q), qpdf_get_buffer_length(q));
}

static unsigned item_object(qpdf_data q, qpdf_oh array, int at)
{
	qpdf_oh item = qpdf_oh_get_array_item(q, array, at);
	int object =
		qpdf_oh_is_null(q, item) ? 0 : qpdf_oh_get_object_id(q, item);

	qpdf_oh_release(q, item);
	return object;
}

/* qpdf numbers objects as it writes; ask it what the numbers became. */
static gboolean read_index(GBytes *base, miyin_sheets *sheets, GError **error)
{
	qpdf_data q = qpdf_init();
	gboolean ok = miyin_qpdf_open(q, base);
	qpdf_oh root, index;

	if (ok) {
		root = qpdf_get_root(q);
		index = qpdf_oh_get_key(q, root, INDEX);
		for (unsigned i = 0; i < sheets->pages->len; i++) {
			miyin_sheet *sheet =
				&g_array_index(sheets->pages, miyin_sheet, i);

			sheet->content = item_object(q, index, ITEMS * i);
			sheet->annotations =
				item_object(q, index, ITEMS * i + 1);
			sheet->group = item_object(q, index, ITEMS * i + 2);
			ok = ok && sheet->content != 0;
		}
		qpdf_oh_release(q, index);
		qpdf_oh_release(q, root);
	}
	qpdf_cleanup(&q);
	if (!ok || !miyin_pdfwriter_find(base, sheets))
		return miyin_fault_set(error, MIYIN_REFUSAL_DAMAGED, NULL);
	return TRUE;
}

gboolean miyin_prepare(GBytes *pdf, GBytes **base, GBytes **plain,
		       miyin_sheets **out, GError **error)
{
	qpdf_data q = qpdf_init();
	g_autoptr(miyin_sheets) sheets = g_new0(miyin_sheets, 1);
	g_autoptr(GBytes) written = NULL, pages = NULL;
	qpdf_oh index;

	if (isolate(q, pdf, sheets, &index, error)) {
		clear_root(q, index);
		written = write_file(q, error);
		if (written && plain) {
			set_pages(q, index);
			pages = write_file(q, error);
		}
		qpdf_oh_release(q, index);
	}
	qpdf_cleanup(&q);
	if (!written || (plain && !pages) ||
	    !read_index(written, sheets, error))
		return FALSE;
	*base = g_steal_pointer(&written);
	if (plain)
		*plain = g_steal_pointer(&pages);
	*out = g_steal_pointer(&sheets);
	return TRUE;
}

char *miyin_prepare_identity(GBytes *pdf, GBytes **plain, GError **error)
{
	qpdf_data q = qpdf_init();
	g_autoptr(miyin_sheets) sheets = g_new0(miyin_sheets, 1);
	g_autoptr(GBytes) pages = NULL;
	g_autofree char *identity = NULL;
	qpdf_oh index;

	if (isolate(q, pdf, sheets, &index, error)) {
		identity = miyin_identity_hash(q, index, sheets);
		if (!identity)
			miyin_fault_set(error, MIYIN_REFUSAL_DAMAGED, NULL);
		if (identity && plain) {
			clear_root(q, index);
			set_pages(q, index);
			pages = write_file(q, error);
		}
		qpdf_oh_release(q, index);
	}
	qpdf_cleanup(&q);
	if (plain && !pages)
		return NULL;
	if (plain)
		*plain = g_steal_pointer(&pages);
	return g_steal_pointer(&identity);
}
