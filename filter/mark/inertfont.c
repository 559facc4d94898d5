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
	for (g_auto(miyin_qpdf_items) at = miyin_qpdf_items_of(n->q, object);
	     miyin_qpdf_next(&at) && at.i <= DIFFERENCES_MAX;) {
		gboolean named = qpdf_oh_is_name(n->q, at.item);
		g_autofree char *name =
			named ? spell(qpdf_oh_get_name(n->q, at.item)) : NULL;
		qpdf_oh one = named ? qpdf_oh_new_name(n->q, name)
				    : miyin_inert_number(n, at.item);

		if (one)
			miyin_qpdf_append(n->q, clean, one);
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
	{ "/BaseEncoding", miyin_inert_name, NULL },
	{ "/Differences", clean_differences, NULL },
	{ NULL, NULL, NULL },
};

static const miyin_rule drawn_encoding_rules[] = {
	{ "/BaseEncoding", miyin_inert_name, NULL },
	{ "/Differences", clean_drawn_differences, NULL },
	{ NULL, NULL, NULL },
};

static const miyin_kind encoding = { 'e', encoding_rules,
				     .other = miyin_inert_name };
static const miyin_kind drawn_encoding = { 'd', drawn_encoding_rules,
					   .other = miyin_inert_name };

/* ---- programs and descriptors ---------------------------------------------
 */

static const miyin_kind program = { 'x', .other = miyin_fontprogram_clean };

static const miyin_rule descriptor_rules[] = {
	{ "/FontName", clean_family, NULL },
	{ "/FontWeight /Flags /ItalicAngle /Ascent /Descent "
	  "/Leading /CapHeight /XHeight /StemV /StemH /AvgWidth "
	  "/MaxWidth /MissingWidth",
	  miyin_inert_number, NULL },
	{ "/FontStretch", miyin_inert_name, NULL },
	{ "/FontBBox", miyin_inert_plain, NULL },
	{ "/FontFile /FontFile2 /FontFile3", NULL, &program },
	{ NULL, NULL, NULL },
};

static const miyin_kind descriptor = { 'D', descriptor_rules,
				       .type = "/FontDescriptor" };

/* ---- character maps --------------------------------------------------------
 */

static const miyin_rule system_rules[] = {
	{ "/Registry /Ordering", miyin_inert_plain, NULL },
	{ "/Supplement", miyin_inert_number, NULL },
	{ NULL, NULL, NULL },
};

static const miyin_kind system_info = { .dict = system_rules };
static const miyin_kind map;

static const miyin_rule map_rules[] = {
	{ "/CMapName", clean_family, NULL },
	{ "/CIDSystemInfo", NULL, &system_info },
	{ "/WMode", miyin_inert_number, NULL },
	{ "/UseCMap", NULL, &map },
	{ NULL, NULL, NULL },
};

static const miyin_kind map = { 'm', .stream = map_rules,
				.other = miyin_inert_name };

/* ---- fonts ------------------------------------------------------------------
 */

static const miyin_rule cid_rules[] = {
	{ "/Subtype", miyin_inert_name, NULL },
	{ "/BaseFont", clean_family, NULL },
	{ "/CIDSystemInfo", NULL, &system_info },
	{ "/FontDescriptor", NULL, &descriptor },
	{ "/DW", miyin_inert_number, NULL },
	{ "/W /DW2 /W2", miyin_inert_plain, NULL },
	{ "/CIDToGIDMap", NULL, &map },
	{ NULL, NULL, NULL },
};

static const miyin_kind descendant = { 'C', cid_rules, .type = "/Font" };

static qpdf_oh clean_descendants(miyin_inert *n, qpdf_oh object)
{
	qpdf_oh first, clean, one;

	if (miyin_qpdf_length(n->q, object) < 1)
		return 0;
	first = qpdf_oh_get_array_item(n->q, object, 0);
	one = miyin_inert_clean(n, first, &descendant);
	qpdf_oh_release(n->q, first);
	if (!one)
		return 0;
	clean = qpdf_oh_new_array(n->q);
	miyin_qpdf_append(n->q, clean, one);
	return clean;
}

static const miyin_rule composite_rules[] = {
	{ "/Subtype", miyin_inert_name, NULL },
	{ "/BaseFont", clean_family, NULL },
	{ "/Encoding /ToUnicode", NULL, &map },
	{ "/DescendantFonts", clean_descendants, NULL },
	{ NULL, NULL, NULL },
};

static const miyin_rule simple_rules[] = {
	{ "/Subtype", miyin_inert_name, NULL },
	{ "/BaseFont", clean_family, NULL },
	{ "/FirstChar /LastChar", miyin_inert_number, NULL },
	{ "/Widths", miyin_inert_plain, NULL },
	{ "/FontDescriptor", NULL, &descriptor },
	{ "/Encoding", NULL, &encoding },
	{ "/ToUnicode", NULL, &map },
	{ NULL, NULL, NULL },
};

static const miyin_rule drawn_rules[] = {
	{ "/Subtype", miyin_inert_name, NULL },
	{ "/FontBBox /FontMatrix /Widths", miyin_inert_plain, NULL },
	{ "/FirstChar /LastChar", miyin_inert_number, NULL },
	{ "/Encoding", NULL, &drawn_encoding },
	{ "/ToUnicode", NULL, &map },
	{ NULL, NULL, NULL },
};

static qpdf_oh clean_font(miyin_inert *n, qpdf_oh object)
{
	const gboolean drawn =
		miyin_qpdf_is(n->q, object, "/Subtype", "/Type3");
	qpdf_oh clean;

	if (!qpdf_oh_is_dictionary(n->q, object))
		return 0;
	clean = miyin_inert_dict(
		n, object,
		drawn ? drawn_rules
		: miyin_qpdf_is(n->q, object, "/Subtype", "/Type0")
			? composite_rules
			: simple_rules);
	if (drawn)
		miyin_normal_glyphs(n, object, clean);
	miyin_qpdf_set(n->q, clean, "/Type", qpdf_oh_new_name(n->q, "/Font"));
	return clean;
}

const miyin_kind miyin_inert_font = { 'T', .other = clean_font };
