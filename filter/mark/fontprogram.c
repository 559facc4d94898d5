/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fontprogram.h"
#include <miyin/qpdf.h>
#include <string.h>

static const miyin_rule program_rules[] = {
	{ "/Subtype", miyin_inert_name, NULL },
	{ "/Length1 /Length2 /Length3", miyin_inert_number, NULL },
	{ NULL, NULL, NULL },
};

static void spell(guint8 *bytes, gsize length)
{
	for (gsize i = 0; i < length; i++)
		bytes[i] = miyin_inert_letter(bytes[i]);
}

static guint32 get_offset(const guint8 *at, unsigned size)
{
	guint32 offset = 0;

	while (size-- > 0)
		offset = offset << 8 | *at++;
	return offset;
}

/* An INDEX at *at: count, size of offsets, offsets, data. Moves behind it. */
static gboolean read_index(const guint8 *bytes, gsize length, gsize *at,
			   gsize *data, gsize *data_length)
{
	unsigned count, size;
	guint32 end;

	if (length - *at < 2)
		return FALSE;
	count = get_offset(bytes + *at, 2);
	*at += 2;
	*data = *at;
	*data_length = 0;
	if (count == 0)
		return TRUE;
	if (length - *at < 1)
		return FALSE;
	size = bytes[(*at)++];
	if (size < 1 || size > 4 || (length - *at) / size < count + 1)
		return FALSE;
	end = get_offset(bytes + *at + (gsize)count * size, size);
	*data = *at + (gsize)(count + 1) * size;
	if (end < 1 || length - *data < end - 1)
		return FALSE;
	*data_length = end - 1;
	*at = *data + *data_length;
	return TRUE;
}

gboolean miyin_fontprogram_spell_cff(guint8 *bytes, gsize length)
{
	gsize at, names, names_length, tops, tops_length, strings,
		strings_length;

	if (length < 4 || bytes[0] != 1)
		return FALSE;
	at = bytes[2];
	if (at > length ||
	    !read_index(bytes, length, &at, &names, &names_length) ||
	    !read_index(bytes, length, &at, &tops, &tops_length) ||
	    !read_index(bytes, length, &at, &strings, &strings_length))
		return FALSE;
	spell(bytes + names, names_length);
	spell(bytes + strings, strings_length);
	return TRUE;
}

/* The table "CFF " of an OpenType font. */
static gboolean spell_opentype(guint8 *bytes, gsize length)
{
	unsigned n_tables;

	if (length < 12)
		return FALSE;
	n_tables = get_offset(bytes + 4, 2);
	for (unsigned i = 0; i < n_tables && 28 + 16 * (gsize)i <= length;
	     i++) {
		const guint8 *entry = bytes + 12 + 16 * (gsize)i;
		gsize offset = get_offset(entry + 8, 4);
		gsize size = get_offset(entry + 12, 4);

		if (memcmp(entry, "CFF ", 4) == 0)
			return offset <= length && size <= length - offset &&
			       miyin_fontprogram_spell_cff(bytes + offset,
							   size);
	}
	return TRUE;
}

/* Of whatever kind its place says it is, it is what its bytes are. */
static gboolean spell_program(guint8 *bytes, gsize length)
{
	static const guint8 truetype[] = { 0, 1, 0, 0 };

	if (length >= 4 && bytes[0] == 1 && bytes[1] == 0)
		return miyin_fontprogram_spell_cff(bytes, length);
	if (length >= 4 &&
	    (memcmp(bytes, "OTTO", 4) == 0 || memcmp(bytes, "true", 4) == 0 ||
	     memcmp(bytes, truetype, 4) == 0))
		return spell_opentype(bytes, length);
	return FALSE;
}

static gboolean is_type1(const guint8 *bytes, gsize length)
{
	return length > 2 && (memcmp(bytes, "%!", 2) == 0 ||
			      memcmp(bytes, "\x80\x01", 2) == 0);
}

qpdf_oh miyin_fontprogram_clean(miyin_inert *n, qpdf_oh stream)
{
	g_autoptr(GBytes) decoded = NULL;
	g_autofree guint8 *bytes = NULL;
	gsize length;
	qpdf_oh clean, dict;

	if (!qpdf_oh_is_stream(n->q, stream))
		return 0;
	decoded = miyin_inert_decode(n, stream);
	if (!decoded)
		return 0;
	length = g_bytes_get_size(decoded);
	bytes = g_memdup2(g_bytes_get_data(decoded, NULL), length);
	if (!is_type1(bytes, length) && !spell_program(bytes, length))
		return 0;
	clean = miyin_qpdf_stream(n->q, bytes, length);
	dict = qpdf_oh_get_dict(n->q, stream);
	miyin_inert_fill(n, clean, dict, program_rules);
	qpdf_oh_release(n->q, dict);
	return clean;
}
