/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inert.h"
#include <miyin/qpdf.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define GLYPH_NAME_MAX 50 /* bytes; twice as many are allowed */
#define PLAIN_DEPTH 4
#define DECODED_MAX (1u << 30)

static const char *const filters[] = {
	"/ASCIIHexDecode",
	"/ASCII85Decode",
	"/LZWDecode",
	"/FlateDecode",
	"/RunLengthDecode",
	"/CCITTFaxDecode",
	"/JBIG2Decode",
	"/DCTDecode",
	"/JPXDecode",
	"/AHx",
	"/A85",
	"/LZW",
	"/Fl",
	"/RL",
	"/CCF",
	"/DCT",
	NULL,
};

miyin_inert *miyin_inert_new(qpdf_data q)
{
	miyin_inert *n = g_new0(miyin_inert, 1);

	n->q = q;
	n->layers = miyin_layers_new(q);
	n->done = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	return n;
}

void miyin_inert_free(miyin_inert *n)
{
	miyin_layers_free(n->layers);
	g_hash_table_unref(n->done);
	g_free(n);
}

/* A small dictionary or array that several share is written once. */
static qpdf_oh share(miyin_inert *n, qpdf_oh take_clean)
{
	qpdf_oh shared;

	if (!take_clean || qpdf_oh_is_indirect(n->q, take_clean) ||
	    qpdf_oh_is_scalar(n->q, take_clean))
		return take_clean;
	shared = qpdf_make_indirect_object(n->q, take_clean);
	qpdf_oh_release(n->q, take_clean);
	return shared;
}

static qpdf_oh clean_kind(miyin_inert *n, qpdf_oh object,
			  const miyin_kind *kind)
{
	qpdf_oh clean;

	if (kind->stream && qpdf_oh_is_stream(n->q, object))
		return miyin_inert_stream(n, object, kind->stream)
			       ? qpdf_oh_new_object(n->q, object)
			       : 0;
	if (!kind->dict || !qpdf_oh_is_dictionary(n->q, object))
		return kind->other ? kind->other(n, object) : 0;
	clean = miyin_inert_dict(n, object, kind->dict);
	if (kind->type)
		miyin_qpdf_set(n->q, clean, "/Type",
			       qpdf_oh_new_name(n->q, kind->type));
	return clean;
}

qpdf_oh miyin_inert_clean(miyin_inert *n, qpdf_oh object,
			  const miyin_kind *kind)
{
	int id = qpdf_oh_get_object_id(n->q, object);
	g_autofree char *key = NULL;
	gpointer known;
	qpdf_oh cleaned;

	if (!kind->once)
		return clean_kind(n, object, kind);
	key = g_strdup_printf("%c%d", kind->once, id);
	if (id && g_hash_table_lookup_extended(n->done, key, NULL, &known))
		return known ? qpdf_oh_new_object(n->q, GPOINTER_TO_UINT(known))
			     : 0;
	if (n->depth >= MIYIN_INERT_DEPTH)
		return 0;
	if (id)
		g_hash_table_insert(n->done, g_strdup(key), NULL);
	n->depth++;
	cleaned = clean_kind(n, object, kind);
	n->depth--;
	if (!id || !cleaned)
		return cleaned;
	cleaned = share(n, cleaned);
	g_hash_table_insert(n->done, g_steal_pointer(&key),
			    GUINT_TO_POINTER(cleaned));
	return qpdf_oh_new_object(n->q, cleaned);
}

static void clean_entry(miyin_inert *n, qpdf_oh dict, const char *key,
			const miyin_rule *rule, qpdf_oh clean)
{
	qpdf_oh value, cleaned;

	if (!qpdf_oh_has_key(n->q, dict, key))
		return;
	value = qpdf_oh_get_key(n->q, dict, key);
	cleaned = rule->kind ? miyin_inert_clean(n, value, rule->kind)
			     : rule->clean(n, value);
	if (cleaned)
		miyin_qpdf_set(n->q, clean, key, cleaned);
	qpdf_oh_release(n->q, value);
}

qpdf_oh miyin_inert_dict(miyin_inert *n, qpdf_oh dict, const miyin_rule *rules)
{
	qpdf_oh clean = qpdf_oh_new_dictionary(n->q);

	for (; rules->keys; rules++) {
		g_auto(GStrv) keys = g_strsplit(rules->keys, " ", -1);

		for (char **key = keys; *key; key++)
			clean_entry(n, dict, *key, rules, clean);
	}
	return clean;
}

static qpdf_oh clean_filter_name(miyin_inert *n, qpdf_oh name)
{
	return qpdf_oh_is_name(n->q, name) &&
			       g_strv_contains(filters,
					       qpdf_oh_get_name(n->q, name))
		       ? qpdf_oh_new_object(n->q, name)
		       : 0;
}

static qpdf_oh clean_filter(miyin_inert *n, qpdf_oh filter)
{
	qpdf_oh clean;

	if (!qpdf_oh_is_array(n->q, filter))
		return clean_filter_name(n, filter);
	clean = qpdf_oh_new_array(n->q);
	for (g_auto(miyin_qpdf_items) at = miyin_qpdf_items_of(n->q, filter);
	     miyin_qpdf_next(&at);) {
		qpdf_oh name = clean_filter_name(n, at.item);

		if (!name) {
			qpdf_oh_release(n->q, clean);
			return 0;
		}
		miyin_qpdf_append(n->q, clean, name);
	}
	return clean;
}

/* Whether a stream's filters are those of PDF. */
static gboolean is_known(miyin_inert *n, qpdf_oh stream)
{
	qpdf_oh dict = qpdf_oh_get_dict(n->q, stream);
	qpdf_oh filter = qpdf_oh_get_key(n->q, dict, "/Filter");
	qpdf_oh known = clean_filter(n, filter);
	gboolean is = known != 0 || qpdf_oh_is_null(n->q, filter);

	if (known)
		qpdf_oh_release(n->q, known);
	qpdf_oh_release(n->q, filter);
	qpdf_oh_release(n->q, dict);
	return is;
}

const miyin_rule miyin_inert_no_rules[] = { { NULL, NULL, NULL } };

/* What other streams need to be read, with nothing but their filters. */
static const miyin_kind data = { 'j', .stream = miyin_inert_no_rules };

static const miyin_rule parms_rules[] = {
	{ "/Predictor /Colors /BitsPerComponent /Columns "
	  "/EarlyChange /K /Rows /DamagedRowsBeforeError "
	  "/ColorTransform",
	  miyin_inert_number, NULL },
	{ "/EndOfLine /EncodedByteAlign /EndOfBlock /BlackIs1",
	  miyin_inert_plain, NULL },
	{ "/JBIG2Globals", NULL, &data },
	{ NULL, NULL, NULL },
};

/* One for each filter: places in an array count. */
static qpdf_oh clean_parms(miyin_inert *n, qpdf_oh parms)
{
	static const miyin_kind of_one = { .dict = parms_rules };
	qpdf_oh clean;

	if (!qpdf_oh_is_array(n->q, parms))
		return miyin_inert_clean(n, parms, &of_one);
	clean = qpdf_oh_new_array(n->q);
	for (g_auto(miyin_qpdf_items) at = miyin_qpdf_items_of(n->q, parms);
	     miyin_qpdf_next(&at);)
		miyin_qpdf_append(n->q, clean,
				  miyin_inert_clean(n, at.item, &of_one));
	return clean;
}

static const miyin_rule data_rules[] = {
	{ "/Filter", clean_filter, NULL },
	{ "/DecodeParms", clean_parms, NULL },
	{ NULL, NULL, NULL },
};

static void take_entries(miyin_inert *n, qpdf_oh dict, qpdf_oh from)
{
	for (g_auto(miyin_qpdf_items) at = miyin_qpdf_entries(n->q, from);
	     miyin_qpdf_next(&at);)
		qpdf_oh_replace_key(n->q, dict, at.key, at.item);
}

void miyin_inert_merge(miyin_inert *n, qpdf_oh stream, qpdf_oh from)
{
	qpdf_oh dict = qpdf_oh_get_dict(n->q, stream);

	take_entries(n, dict, from);
	qpdf_oh_release(n->q, dict);
}

void miyin_inert_fill(miyin_inert *n, qpdf_oh stream, qpdf_oh from,
		      const miyin_rule *rules)
{
	qpdf_oh entries = miyin_inert_dict(n, from, rules);

	miyin_inert_merge(n, stream, entries);
	qpdf_oh_release(n->q, entries);
}

gboolean miyin_inert_stream(miyin_inert *n, qpdf_oh stream,
			    const miyin_rule *rules)
{
	gboolean known = is_known(n, stream);
	qpdf_oh dict = qpdf_oh_get_dict(n->q, stream);
	qpdf_oh clean = miyin_inert_dict(n, dict, rules);
	qpdf_oh packing = miyin_inert_dict(n, dict, data_rules);
	g_auto(GStrv) keys = miyin_qpdf_keys(n->q, dict);

	for (char **key = keys; *key; key++)
		if (!g_str_equal(*key, "/Length"))
			qpdf_oh_remove_key(n->q, dict, *key);
	take_entries(n, dict, clean);
	take_entries(n, dict, packing);
	qpdf_oh_release(n->q, packing);
	qpdf_oh_release(n->q, clean);
	qpdf_oh_release(n->q, dict);
	return known;
}

/* As far as it goes: readers too show the part before the damage. NULL when
 * there is none. */
static GBytes *inflate_part(const void *bytes, gsize length)
{
	GByteArray *all = g_byte_array_new();
	guint8 chunk[65536];
	z_stream z = { .next_in = (Bytef *)(gsize)bytes, .avail_in = length };
	int status = inflateInit(&z);

	while (status == Z_OK && all->len < DECODED_MAX) {
		z.next_out = chunk;
		z.avail_out = sizeof(chunk);
		status = inflate(&z, Z_NO_FLUSH);
		g_byte_array_append(all, chunk, sizeof(chunk) - z.avail_out);
	}
	inflateEnd(&z);
	if (length > 0 && all->len == 0 && status != Z_STREAM_END) {
		g_byte_array_unref(all);
		return NULL;
	}
	return g_byte_array_free_to_bytes(all);
}

static GBytes *decode_part(miyin_inert *n, qpdf_oh stream)
{
	qpdf_oh dict = qpdf_oh_get_dict(n->q, stream);
	qpdf_oh filter = qpdf_oh_get_key(n->q, dict, "/Filter");
	gboolean flate =
		qpdf_oh_is_name_and_equals(n->q, filter, "/FlateDecode") &&
		!qpdf_oh_has_key(n->q, dict, "/DecodeParms");
	unsigned char *bytes = NULL;
	size_t length = 0;
	QPDF_BOOL filtered;
	GBytes *part = NULL;

	if (flate && !(qpdf_oh_get_stream_data(n->q, stream, qpdf_dl_none,
					       &filtered, &bytes, &length) &
		       QPDF_ERRORS))
		part = inflate_part(bytes, length);
	free(bytes);
	qpdf_oh_release(n->q, filter);
	qpdf_oh_release(n->q, dict);
	return part;
}

GBytes *miyin_inert_decode(miyin_inert *n, qpdf_oh stream)
{
	unsigned char *bytes = NULL;
	size_t length = 0;
	QPDF_BOOL filtered = QPDF_FALSE;
	GBytes *decoded = NULL;

	if (qpdf_oh_get_stream_data(n->q, stream, qpdf_dl_generalized,
				    &filtered, &bytes, &length) &
	    QPDF_ERRORS)
		qpdf_get_error(n->q); /* or it would count later */
	else if (filtered)
		decoded =
			g_bytes_new_with_free_func(bytes, length, free, bytes);
	if (decoded)
		return decoded;
	free(bytes);
	decoded = decode_part(n, stream);
	qpdf_get_error(n->q);
	return decoded;
}

static void add_part(miyin_inert *n, qpdf_oh part, GByteArray *to)
{
	g_autoptr(GBytes) bytes = qpdf_oh_is_stream(n->q, part)
					  ? miyin_inert_decode(n, part)
					  : NULL;

	if (bytes)
		g_byte_array_append(to, g_bytes_get_data(bytes, NULL),
				    g_bytes_get_size(bytes));
	else if (qpdf_oh_is_stream(n->q, part) && is_known(n, part))
		n->unreadable = TRUE;
	g_byte_array_append(to, (const guint8 *)"\n", 1);
}

GBytes *miyin_inert_contents(miyin_inert *n, qpdf_oh page)
{
	qpdf_oh contents = qpdf_oh_get_key(n->q, page, "/Contents");
	GByteArray *all = g_byte_array_new();

	if (!qpdf_oh_is_array(n->q, contents))
		add_part(n, contents, all);
	for (g_auto(miyin_qpdf_items) at = miyin_qpdf_items_of(n->q, contents);
	     miyin_qpdf_next(&at);)
		add_part(n, at.item, all);
	qpdf_oh_release(n->q, contents);
	return g_byte_array_free_to_bytes(all);
}

guint8 miyin_inert_letter(guint8 byte)
{
	static const char delimiters[] = "()<>[]{}/% \177#";
	const char *at = byte ? strchr(delimiters, byte) : NULL;

	if (at)
		return (guint8)(0xE0 + (at - delimiters));
	if (byte < ' ')
		return 0xA0 + byte;
	return byte >= 0x80 && byte < 0xA0 ? byte + 0x40 : byte;
}

char *miyin_inert_spell(const char *name)
{
	char *spelled = g_strdup(name);

	for (char *at = spelled + 1; *spelled && *at; at++)
		*at = (char)miyin_inert_letter((guint8)*at);
	return spelled;
}

static gboolean is_plain(const char *name)
{
	for (; *name; name++)
		if ((guint8)*name >= 0x80 ||
		    miyin_inert_letter((guint8)*name) != (guint8)*name)
			return FALSE;
	return TRUE;
}

char *miyin_inert_glyph(const char *name)
{
	const gsize n = strlen(name);
	g_autofree char *sum = NULL;
	GString *spelled;

	if (*name != '/' || is_plain(name + 1))
		return g_strdup(name);
	if (n > GLYPH_NAME_MAX) {
		sum = g_compute_checksum_for_string(G_CHECKSUM_SHA256, name,
						    -1);
		return g_strconcat("/mi.", sum, NULL);
	}
	spelled = g_string_new("/mi.");
	for (gsize i = 1; i < n; i++)
		g_string_append_printf(spelled, "%02x", (guint8)name[i]);
	return g_string_free(spelled, FALSE);
}

qpdf_oh miyin_inert_name(miyin_inert *n, qpdf_oh object)
{
	g_autofree char *spelled = NULL;

	if (!qpdf_oh_is_name(n->q, object))
		return 0;
	spelled = miyin_inert_spell(qpdf_oh_get_name(n->q, object));
	return qpdf_oh_new_name(n->q, spelled);
}

qpdf_oh miyin_inert_number(miyin_inert *n, qpdf_oh object)
{
	return qpdf_oh_is_number(n->q, object)
		       ? qpdf_oh_new_object(n->q, object)
		       : 0;
}

static qpdf_oh clean_plain(miyin_inert *n, qpdf_oh object, unsigned depth)
{
	qpdf_oh clean;

	if (qpdf_oh_is_name(n->q, object))
		return miyin_inert_name(n, object);
	if (qpdf_oh_is_scalar(n->q, object))
		return qpdf_oh_new_object(n->q, object);
	if (!qpdf_oh_is_array(n->q, object) || depth >= PLAIN_DEPTH)
		return 0;
	clean = qpdf_oh_new_array(n->q);
	for (g_auto(miyin_qpdf_items) at = miyin_qpdf_items_of(n->q, object);
	     miyin_qpdf_next(&at);)
		miyin_qpdf_append(n->q, clean,
				  clean_plain(n, at.item, depth + 1));
	return clean;
}

qpdf_oh miyin_inert_plain(miyin_inert *n, qpdf_oh object)
{
	return clean_plain(n, object, 0);
}

static const miyin_rule group_rules[] = {
	{ "/S", miyin_inert_name, NULL },
	{ "/CS", NULL, &miyin_inert_space },
	{ "/I /K", miyin_inert_plain, NULL },
	{ NULL, NULL, NULL },
};

const miyin_kind miyin_inert_group = { .dict = group_rules };
