/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "identity.h"
#include <miyin/qpdf.h>
#include <stdlib.h>
#include <string.h>

#define DEPTH_MAX 400

typedef struct {
	qpdf_data q;
	GHashTable *known; /* object number -> its hash */
	unsigned depth;
	gboolean too_deep;
} hashing;

static void hash_object(hashing *h, GChecksum *to, qpdf_oh object);

static void add(GChecksum *to, const char *text)
{
	/* With its end, or "1" "23" would be "12" "3". */
	g_checksum_update(to, (const guchar *)text, strlen(text) + 1);
}

static void hash_array(hashing *h, GChecksum *to, qpdf_oh array)
{
	add(to, "[");
	for (g_auto(miyin_qpdf_items) at = miyin_qpdf_items_of(h->q, array);
	     miyin_qpdf_next(&at);)
		hash_object(h, to, at.item);
	add(to, "]");
}

/* qpdf tells the keys in order. How a stream is packed does not count, nor what
 * a font tells to those who search or copy. */
static void hash_dict(hashing *h, GChecksum *to, qpdf_oh dict,
		      gboolean of_stream)
{
	static const char *const packing[] = { "/Length", "/Filter",
					       "/DecodeParms", NULL };

	add(to, "<<");
	for (g_auto(miyin_qpdf_items) at = miyin_qpdf_entries(h->q, dict);
	     miyin_qpdf_next(&at);) {
		if ((of_stream && g_strv_contains(packing, at.key)) ||
		    g_str_equal(at.key, "/ToUnicode"))
			continue;
		add(to, at.key);
		hash_object(h, to, at.item);
	}
	add(to, ">>");
}

/* A picture that qpdf cannot unpack counts as it is, packing and all. */
static void hash_stream(hashing *h, GChecksum *to, qpdf_oh stream)
{
	qpdf_oh dict = qpdf_oh_get_dict(h->q, stream);
	unsigned char *bytes = NULL;
	size_t length = 0;
	QPDF_BOOL filtered = QPDF_FALSE;
	gboolean read =
		!(qpdf_oh_get_stream_data(h->q, stream, qpdf_dl_generalized,
					  &filtered, &bytes, &length) &
		  QPDF_ERRORS);

	if (!read) {
		qpdf_get_error(h->q);
		filtered = QPDF_FALSE;
		read = !(qpdf_oh_get_stream_data(h->q, stream, qpdf_dl_none,
						 NULL, &bytes, &length) &
			 QPDF_ERRORS);
		qpdf_get_error(h->q);
	}
	hash_dict(h, to, dict, filtered);
	add(to, filtered ? "stream" : "packed");
	if (read)
		g_checksum_update(to, bytes, length);
	free(bytes);
	qpdf_oh_release(h->q, dict);
}

static void hash_value(hashing *h, GChecksum *to, qpdf_oh object)
{
	if (h->depth >= DEPTH_MAX) {
		h->too_deep = TRUE;
		return;
	}
	h->depth++;
	if (qpdf_oh_is_stream(h->q, object))
		hash_stream(h, to, object);
	else if (qpdf_oh_is_array(h->q, object))
		hash_array(h, to, object);
	else if (qpdf_oh_is_dictionary(h->q, object))
		hash_dict(h, to, object, FALSE);
	else
		add(to, qpdf_oh_unparse_resolved(h->q, object));
	h->depth--;
}

/* One that several use is hashed once. */
static void hash_object(hashing *h, GChecksum *to, qpdf_oh object)
{
	gpointer id = GINT_TO_POINTER(qpdf_oh_get_object_id(h->q, object));
	const char *known = id ? g_hash_table_lookup(h->known, id) : NULL;

	if (!id) {
		hash_value(h, to, object);
		return;
	}
	if (!known) {
		g_autoptr(GChecksum) own = g_checksum_new(G_CHECKSUM_SHA256);

		g_hash_table_insert(h->known, id, g_strdup("itself"));
		hash_value(h, own, object);
		g_hash_table_insert(h->known, id,
				    g_strdup(g_checksum_get_string(own)));
		known = g_hash_table_lookup(h->known, id);
	}
	add(to, known);
}

char *miyin_identity_hash(qpdf_data q, qpdf_oh index,
			  const miyin_sheets *sheets)
{
	g_autoptr(GHashTable) known =
		g_hash_table_new_full(NULL, NULL, NULL, g_free);
	g_autoptr(GChecksum) all = g_checksum_new(G_CHECKSUM_SHA256);
	hashing h = { q, known, 0, FALSE };

	for (unsigned i = 0; i < sheets->pages->len; i++) {
		const miyin_sheet *sheet =
			&g_array_index(sheets->pages, miyin_sheet, i);
		char size[80];

		g_snprintf(size, sizeof(size), "%.2f %.2f", sheet->width_pt,
			   sheet->height_pt);
		add(all, size);
	}
	hash_object(&h, all, index);
	return h.too_deep ? NULL : g_strdup(g_checksum_get_string(all));
}
