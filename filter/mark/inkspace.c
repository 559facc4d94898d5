/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Colour spaces, functions and shadings without what is not colour.
 */
#include "inert.h"
#include "calculator.h"
#include <miyin/qpdf.h>
#include <string.h>

/* ---- functions ---------------------------------------------------------- */

static qpdf_oh clean_parts(miyin_inert *n, qpdf_oh object)
{
	qpdf_oh clean;

	if (!qpdf_oh_is_array(n->q, object))
		return miyin_inert_clean(n, object, &miyin_inert_function);
	clean = qpdf_oh_new_array(n->q);
	for (g_auto(miyin_qpdf_items) at = miyin_qpdf_items_of(n->q, object);
	     miyin_qpdf_next(&at);)
		miyin_qpdf_append(
			n->q, clean,
			miyin_inert_clean(n, at.item, &miyin_inert_function));
	return clean;
}

static const miyin_rule function_rules[] = {
	{ "/FunctionType /BitsPerSample /Order /N", miyin_inert_number, NULL },
	{ "/Domain /Range /Size /Encode /Decode /C0 /C1 /Bounds",
	  miyin_inert_plain, NULL },
	{ "/Functions", clean_parts, NULL },
	{ NULL, NULL, NULL },
};

/* Of values of which each has two limits. */
static int count_values(miyin_inert *n, qpdf_oh dict, const char *key)
{
	qpdf_oh limits = qpdf_oh_get_key(n->q, dict, key);
	int count = miyin_qpdf_length(n->q, limits) / 2;

	qpdf_oh_release(n->q, limits);
	return count;
}

static const miyin_rule calculator_rules[] = {
	{ "/Domain /Range", miyin_inert_plain, NULL },
	{ NULL, NULL, NULL },
};

/* Its text is copied into PostScript by some. */
static qpdf_oh clean_calculator(miyin_inert *n, qpdf_oh stream, qpdf_oh dict)
{
	g_autoptr(GBytes) code = miyin_inert_decode(n, stream);
	GString *text = code ? miyin_calculator_rewrite(
				       g_bytes_get_data(code, NULL),
				       g_bytes_get_size(code),
				       count_values(n, dict, "/Domain"),
				       count_values(n, dict, "/Range"))
			     : NULL;
	qpdf_oh clean;

	if (!text)
		return 0;
	clean = miyin_qpdf_stream(n->q, text->str, text->len);
	miyin_qpdf_set_of_stream(n->q, clean, "/FunctionType",
				 qpdf_oh_new_integer(n->q, 4));
	miyin_inert_fill(n, clean, dict, calculator_rules);
	g_string_free(text, TRUE);
	return clean;
}

static qpdf_oh clean_function(miyin_inert *n, qpdf_oh object)
{
	qpdf_oh dict, clean = 0;

	if (qpdf_oh_is_name_and_equals(n->q, object, "/Identity") ||
	    qpdf_oh_is_name_and_equals(n->q, object, "/Default"))
		return qpdf_oh_new_object(n->q, object);
	if (qpdf_oh_is_dictionary(n->q, object))
		return miyin_inert_dict(n, object, function_rules);
	if (!qpdf_oh_is_stream(n->q, object))
		return 0;
	dict = qpdf_oh_get_dict(n->q, object);
	if (miyin_qpdf_get_number(n->q, dict, "/FunctionType", 0) == 4)
		clean = clean_calculator(n, object, dict);
	else if (miyin_inert_stream(n, object, function_rules))
		clean = qpdf_oh_new_object(n->q, object);
	qpdf_oh_release(n->q, dict);
	return clean;
}

const miyin_kind miyin_inert_function = { 'f', .other = clean_function };

/* ---- colour spaces ------------------------------------------------------- */

static const miyin_rule profile_rules[] = {
	{ "/N", miyin_inert_number, NULL },
	{ "/Alternate", NULL, &miyin_inert_space },
	{ "/Range", miyin_inert_plain, NULL },
	{ NULL, NULL, NULL },
};

static const miyin_rule cie_rules[] = {
	{ "/WhitePoint /BlackPoint /Gamma /Matrix /Range", miyin_inert_plain,
	  NULL },
	{ NULL, NULL, NULL },
};

static const miyin_kind number = { .other = miyin_inert_number };
static const miyin_kind name = { .other = miyin_inert_name };
static const miyin_kind plain = { .other = miyin_inert_plain };
static const miyin_kind profile = { 'p', .stream = profile_rules };
static const miyin_kind white = { .dict = cie_rules };
static const miyin_kind table = { 't', .stream = miyin_inert_no_rules,
				  .other = miyin_inert_plain };

/* The places after a family's name; the rest is left out. */
static const struct {
	const char *family;
	const miyin_kind *places[3];
} families[] = {
	{ "/ICCBased", { &profile } },
	{ "/CalGray", { &white } },
	{ "/CalRGB", { &white } },
	{ "/Lab", { &white } },
	{ "/Pattern", { &miyin_inert_space } },
	{ "/Indexed", { &miyin_inert_space, &number, &table } },
	{ "/Separation", { &name, &miyin_inert_space, &miyin_inert_function } },
	{ "/DeviceN", { &plain, &miyin_inert_space, &miyin_inert_function } },
};

/* By the row of its family; without all of its places it is none. */
static qpdf_oh clean_family(miyin_inert *n, qpdf_oh array, unsigned row)
{
	qpdf_oh clean = qpdf_oh_new_array(n->q);
	gboolean ok = TRUE;

	miyin_qpdf_append(n->q, clean,
			  qpdf_oh_new_name(n->q, families[row].family));
	for (int i = 0; ok && i < 3 && families[row].places[i]; i++) {
		qpdf_oh item =
			i + 1 < qpdf_oh_get_array_n_items(n->q, array)
				? qpdf_oh_get_array_item(n->q, array, i + 1)
				: qpdf_oh_new_null(n->q);
		qpdf_oh one =
			miyin_inert_clean(n, item, families[row].places[i]);

		ok = one != 0;
		if (ok)
			miyin_qpdf_append(n->q, clean, one);
		qpdf_oh_release(n->q, item);
	}
	if (ok)
		return clean;
	qpdf_oh_release(n->q, clean);
	return 0;
}

static qpdf_oh clean_space(miyin_inert *n, qpdf_oh object)
{
	static const char *const devices[] = { "/DeviceGray", "/DeviceRGB",
					       "/DeviceCMYK", "/Pattern",
					       NULL };
	qpdf_oh clean = 0, family;

	if (qpdf_oh_is_name(n->q, object))
		return g_strv_contains(devices, qpdf_oh_get_name(n->q, object))
			       ? qpdf_oh_new_object(n->q, object)
			       : 0;
	if (miyin_qpdf_length(n->q, object) == 0)
		return 0;
	family = qpdf_oh_get_array_item(n->q, object, 0);
	if (qpdf_oh_get_array_n_items(n->q, object) == 1 &&
	    qpdf_oh_is_name(n->q, family))
		clean = clean_space(n, family);
	for (unsigned i = 0; i < G_N_ELEMENTS(families) && !clean; i++)
		if (qpdf_oh_is_name_and_equals(n->q, family,
					       families[i].family))
			clean = clean_family(n, object, i);
	qpdf_oh_release(n->q, family);
	return clean;
}

const miyin_kind miyin_inert_space = { 'c', .other = clean_space };

/* ---- shadings ------------------------------------------------------------ */

static const miyin_rule shading_rules[] = {
	{ "/ShadingType /BitsPerCoordinate /BitsPerComponent "
	  "/BitsPerFlag /VerticesPerRow",
	  miyin_inert_number, NULL },
	{ "/ColorSpace", NULL, &miyin_inert_space },
	{ "/Background /BBox /AntiAlias /Domain /Coords /Matrix "
	  "/Extend /Decode",
	  miyin_inert_plain, NULL },
	{ "/Function", clean_parts, NULL },
	{ NULL, NULL, NULL },
};

const miyin_kind miyin_inert_shading = { 's', .dict = shading_rules,
					 .stream = shading_rules };
