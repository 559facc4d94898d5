/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fonts without what does not paint. The names of glyphs are spelled alike in
 * encodings and in procedures or CFF programs, so that each still finds its
 * glyph; programs of Type 1 have no such names.
 */
#include "inert.h"
#include "fontprogram.h"
#include "normal.h"
#include <miyin/qpdf.h>

#define DIFFERENCES_MAX 4096

/* A family may have a name of Chinese letters in any encoding; what is a
 * delimiter of PostScript it may not have. */
static qpdf_oh clean_family(miyin_inert *n, qpdf_oh object)
{
	g_autofree char *spelled = NULL;

	if (!qpdf_oh_is_name(n->q, object))
		return 0;
	spelled = g_strdup(qpdf_oh_get_name(n->q, object));
	for (char *at = spelled + 1; *spelled && *at; at++)
		if ((guchar)*at < 0x80 &&
		    miyin_inert_letter((guint8)*at) != (guint8)*at)
			*at = '_';
	return qpdf_oh_new_name(n->q, spelled);
}

/* ---- encodings ----------------------------------------------------------- */

static qpdf_oh clean_numbers_and_names(miyin_inert *n, qpdf_oh object,
				       char *(*spell)(const char *name))
{
	qpdf_oh clean;

	if (!qpdf_oh_is_array(n->q, object))
		return 0;
	clean = qpdf_oh_new_array(n->q);
	for (int i = 0;
	     i < MIN(qpdf_oh_get_array_n_items(n->q, object), DIFFERENCES_MAX);
	     i++) {
		qpdf_oh item = qpdf_oh_get_array_item(n->q, object, i);
		gboolean named = qpdf_oh_is_name(n->q, item);
		g_autofree char *name =
			named ? spell(qpdf_oh_get_name(n->q, item)) : NULL;
		qpdf_oh one = named ? qpdf_oh_new_name(n->q, name)
				    : miyin_inert_number(n, item);

		if (one) {
			qpdf_oh_append_item(n->q, clean, one);
			qpdf_oh_release(n->q, one);
		}
		qpdf_oh_release(n->q, item);
	}
	return clean;
}

static qpdf_oh clean_differences(miyin_inert *n, qpdf_oh object)
{
	return clean_numbers_and_names(n, object, miyin_inert_spell);
}

static qpdf_oh clean_drawn_differences(miyin_inert *n, qpdf_oh object)
{
	return clean_numbers_and_names(n, object, miyin_inert_glyph);
}

static const miyin_rule encoding_rules[] = {
	{ "/BaseEncoding", miyin_inert_name },
	{ "/Differences", clean_differences },
	{ NULL, NULL },
};

static const miyin_rule drawn_encoding_rules[] = {
	{ "/BaseEncoding", miyin_inert_name },
	{ "/Differences", clean_drawn_differences },
	{ NULL, NULL },
};

static qpdf_oh clean_encoding(miyin_inert *n, qpdf_oh object)
{
	return qpdf_oh_is_dictionary(n->q, object)
		       ? miyin_inert_dict(n, object, encoding_rules)
		       : miyin_inert_name(n, object);
}

static qpdf_oh clean_drawn_encoding(miyin_inert *n, qpdf_oh object)
{
	return qpdf_oh_is_dictionary(n->q, object)
		       ? miyin_inert_dict(n, object, drawn_encoding_rules)
		       : miyin_inert_name(n, object);
}

static qpdf_oh share_encoding(miyin_inert *n, qpdf_oh object)
{
	return miyin_inert_once(n, 'e', object, clean_encoding);
}

static qpdf_oh share_drawn_encoding(miyin_inert *n, qpdf_oh object)
{
	return miyin_inert_once(n, 'd', object, clean_drawn_encoding);
}

/* ---- programs and descriptors ---------------------------------------------
 */

static qpdf_oh share_program(miyin_inert *n, qpdf_oh object)
{
	return miyin_inert_once(n, 'x', object, miyin_fontprogram_clean);
}

static const miyin_rule descriptor_rules[] = {
	{ "/FontName", clean_family },
	{ "/FontWeight", miyin_inert_number },
	{ "/FontStretch", miyin_inert_name },
	{ "/Flags", miyin_inert_number },
	{ "/FontBBox", miyin_inert_plain },
	{ "/ItalicAngle", miyin_inert_number },
	{ "/Ascent", miyin_inert_number },
	{ "/Descent", miyin_inert_number },
	{ "/Leading", miyin_inert_number },
	{ "/CapHeight", miyin_inert_number },
	{ "/XHeight", miyin_inert_number },
	{ "/StemV", miyin_inert_number },
	{ "/StemH", miyin_inert_number },
	{ "/AvgWidth", miyin_inert_number },
	{ "/MaxWidth", miyin_inert_number },
	{ "/MissingWidth", miyin_inert_number },
	{ "/FontFile", share_program },
	{ "/FontFile2", share_program },
	{ "/FontFile3", share_program },
	{ NULL, NULL },
};

static qpdf_oh clean_descriptor(miyin_inert *n, qpdf_oh object)
{
	qpdf_oh clean;

	if (!qpdf_oh_is_dictionary(n->q, object))
		return 0;
	clean = miyin_inert_dict(n, object, descriptor_rules);
	miyin_qpdf_set(n->q, clean, "/Type",
		       qpdf_oh_new_name(n->q, "/FontDescriptor"));
	return clean;
}

static qpdf_oh share_descriptor(miyin_inert *n, qpdf_oh object)
{
	return miyin_inert_once(n, 'D', object, clean_descriptor);
}

/* ---- character maps --------------------------------------------------------
 */

static const miyin_rule system_rules[] = {
	{ "/Registry", miyin_inert_plain },
	{ "/Ordering", miyin_inert_plain },
	{ "/Supplement", miyin_inert_number },
	{ NULL, NULL },
};

static qpdf_oh clean_system(miyin_inert *n, qpdf_oh object)
{
	return qpdf_oh_is_dictionary(n->q, object)
		       ? miyin_inert_dict(n, object, system_rules)
		       : 0;
}

static qpdf_oh share_map(miyin_inert *n, qpdf_oh object);

static const miyin_rule map_rules[] = {
	{ "/CMapName", clean_family },
	{ "/CIDSystemInfo", clean_system },
	{ "/WMode", miyin_inert_number },
	{ "/UseCMap", share_map },
	{ NULL, NULL },
};

static qpdf_oh clean_map(miyin_inert *n, qpdf_oh object)
{
	if (!qpdf_oh_is_stream(n->q, object))
		return miyin_inert_name(n, object);
	return miyin_inert_stream(n, object, map_rules)
		       ? qpdf_oh_new_object(n->q, object)
		       : 0;
}

static qpdf_oh share_map(miyin_inert *n, qpdf_oh object)
{
	return miyin_inert_once(n, 'm', object, clean_map);
}

/* ---- fonts ------------------------------------------------------------------
 */

static const miyin_rule cid_rules[] = {
	{ "/Subtype", miyin_inert_name },
	{ "/BaseFont", clean_family },
	{ "/CIDSystemInfo", clean_system },
	{ "/FontDescriptor", share_descriptor },
	{ "/DW", miyin_inert_number },
	{ "/W", miyin_inert_plain },
	{ "/DW2", miyin_inert_plain },
	{ "/W2", miyin_inert_plain },
	{ "/CIDToGIDMap", share_map },
	{ NULL, NULL },
};

static qpdf_oh clean_descendant(miyin_inert *n, qpdf_oh object)
{
	qpdf_oh clean;

	if (!qpdf_oh_is_dictionary(n->q, object))
		return 0;
	clean = miyin_inert_dict(n, object, cid_rules);
	miyin_qpdf_set(n->q, clean, "/Type", qpdf_oh_new_name(n->q, "/Font"));
	return clean;
}

static qpdf_oh clean_descendants(miyin_inert *n, qpdf_oh object)
{
	qpdf_oh first, clean, one;

	if (!qpdf_oh_is_array(n->q, object) ||
	    qpdf_oh_get_array_n_items(n->q, object) < 1)
		return 0;
	first = qpdf_oh_get_array_item(n->q, object, 0);
	one = miyin_inert_once(n, 'C', first, clean_descendant);
	qpdf_oh_release(n->q, first);
	if (!one)
		return 0;
	clean = qpdf_oh_new_array(n->q);
	qpdf_oh_append_item(n->q, clean, one);
	qpdf_oh_release(n->q, one);
	return clean;
}

static const miyin_rule composite_rules[] = {
	{ "/Subtype", miyin_inert_name },
	{ "/BaseFont", clean_family },
	{ "/Encoding", share_map },
	{ "/DescendantFonts", clean_descendants },
	{ "/ToUnicode", share_map },
	{ NULL, NULL },
};

static const miyin_rule simple_rules[] = {
	{ "/Subtype", miyin_inert_name },
	{ "/BaseFont", clean_family },
	{ "/FirstChar", miyin_inert_number },
	{ "/LastChar", miyin_inert_number },
	{ "/Widths", miyin_inert_plain },
	{ "/FontDescriptor", share_descriptor },
	{ "/Encoding", share_encoding },
	{ "/ToUnicode", share_map },
	{ NULL, NULL },
};

static const miyin_rule drawn_rules[] = {
	{ "/Subtype", miyin_inert_name },
	{ "/FontBBox", miyin_inert_plain },
	{ "/FontMatrix", miyin_inert_plain },
	{ "/FirstChar", miyin_inert_number },
	{ "/LastChar", miyin_inert_number },
	{ "/Widths", miyin_inert_plain },
	{ "/Encoding", share_drawn_encoding },
	{ "/ToUnicode", share_map },
	{ NULL, NULL },
};

static qpdf_oh clean_font(miyin_inert *n, qpdf_oh object)
{
	qpdf_oh type, clean;

	if (!qpdf_oh_is_dictionary(n->q, object))
		return 0;
	type = qpdf_oh_get_key(n->q, object, "/Subtype");
	if (qpdf_oh_is_name_and_equals(n->q, type, "/Type0")) {
		clean = miyin_inert_dict(n, object, composite_rules);
	} else if (qpdf_oh_is_name_and_equals(n->q, type, "/Type3")) {
		clean = miyin_inert_dict(n, object, drawn_rules);
		miyin_normal_glyphs(n, object, clean);
	} else {
		clean = miyin_inert_dict(n, object, simple_rules);
	}
	miyin_qpdf_set(n->q, clean, "/Type", qpdf_oh_new_name(n->q, "/Font"));
	qpdf_oh_release(n->q, type);
	return clean;
}

qpdf_oh miyin_inert_font(miyin_inert *n, qpdf_oh object)
{
	return miyin_inert_once(n, 'T', object, clean_font);
}
