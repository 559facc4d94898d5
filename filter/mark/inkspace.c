/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Colour spaces, functions and shadings without what is not colour.
 */
#include "inert.h"
#include "calculator.h"
#include <miyin/qpdf.h>
#include <string.h>

static void append(miyin_inert *n, qpdf_oh array, qpdf_oh take_item)
{
	if (!take_item)
		take_item = qpdf_oh_new_null(n->q);
	qpdf_oh_append_item(n->q, array, take_item);
	qpdf_oh_release(n->q, take_item);
}

/* ---- functions ---------------------------------------------------------- */

static qpdf_oh clean_parts(miyin_inert *n, qpdf_oh object)
{
	qpdf_oh clean;

	if (!qpdf_oh_is_array(n->q, object))
		return miyin_inert_function(n, object);
	clean = qpdf_oh_new_array(n->q);
	for (int i = 0; i < qpdf_oh_get_array_n_items(n->q, object); i++) {
		qpdf_oh item = qpdf_oh_get_array_item(n->q, object, i);

		append(n, clean, miyin_inert_function(n, item));
		qpdf_oh_release(n->q, item);
	}
	return clean;
}

static const miyin_rule function_rules[] = {
	{ "/FunctionType", miyin_inert_number },
	{ "/Domain", miyin_inert_plain },
	{ "/Range", miyin_inert_plain },
	{ "/Size", miyin_inert_plain },
	{ "/BitsPerSample", miyin_inert_number },
	{ "/Order", miyin_inert_number },
	{ "/Encode", miyin_inert_plain },
	{ "/Decode", miyin_inert_plain },
	{ "/C0", miyin_inert_plain },
	{ "/C1", miyin_inert_plain },
	{ "/N", miyin_inert_number },
	{ "/Functions", clean_parts },
	{ "/Bounds", miyin_inert_plain },
	{ NULL, NULL },
};

/* Of values of which each has two limits. */
static int count_values(miyin_inert *n, qpdf_oh dict, const char *key)
{
	qpdf_oh limits = qpdf_oh_get_key(n->q, dict, key);
	int count = qpdf_oh_is_array(n->q, limits)
			    ? qpdf_oh_get_array_n_items(n->q, limits) / 2
			    : 0;

	qpdf_oh_release(n->q, limits);
	return count;
}

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
	qpdf_oh clean, entries;
	static const char *const keys[] = { "/Domain", "/Range" };

	if (!text)
		return 0;
	clean = miyin_qpdf_stream(n->q, text->str, text->len);
	entries = qpdf_oh_get_dict(n->q, clean);
	miyin_qpdf_set(n->q, entries, "/FunctionType",
		       qpdf_oh_new_integer(n->q, 4));
	for (unsigned i = 0; i < G_N_ELEMENTS(keys); i++) {
		qpdf_oh value = qpdf_oh_get_key(n->q, dict, keys[i]);
		qpdf_oh plain = miyin_inert_plain(n, value);

		if (plain)
			miyin_qpdf_set(n->q, entries, keys[i], plain);
		qpdf_oh_release(n->q, value);
	}
	qpdf_oh_release(n->q, entries);
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

qpdf_oh miyin_inert_function(miyin_inert *n, qpdf_oh object)
{
	return miyin_inert_once(n, 'f', object, clean_function);
}

/* ---- colour spaces ------------------------------------------------------- */

static const miyin_rule profile_rules[] = {
	{ "/N", miyin_inert_number },
	{ "/Alternate", miyin_inert_space },
	{ "/Range", miyin_inert_plain },
	{ NULL, NULL },
};

static const miyin_rule cie_rules[] = {
	{ "/WhitePoint", miyin_inert_plain },
	{ "/BlackPoint", miyin_inert_plain },
	{ "/Gamma", miyin_inert_plain },
	{ "/Matrix", miyin_inert_plain },
	{ "/Range", miyin_inert_plain },
	{ NULL, NULL },
};

static const miyin_rule no_rules[] = { { NULL, NULL } };

static qpdf_oh clean_table(miyin_inert *n, qpdf_oh object)
{
	if (!qpdf_oh_is_stream(n->q, object))
		return miyin_inert_plain(n, object);
	return miyin_inert_stream(n, object, no_rules)
		       ? qpdf_oh_new_object(n->q, object)
		       : 0;
}

static qpdf_oh clean_profile(miyin_inert *n, qpdf_oh object)
{
	return qpdf_oh_is_stream(n->q, object) &&
			       miyin_inert_stream(n, object, profile_rules)
		       ? qpdf_oh_new_object(n->q, object)
		       : 0;
}

static qpdf_oh clean_white(miyin_inert *n, qpdf_oh object)
{
	return qpdf_oh_is_dictionary(n->q, object)
		       ? miyin_inert_dict(n, object, cie_rules)
		       : 0;
}

/* The places after a family's name; the rest is left out. */
static const struct {
	const char *family;
	struct {
		char kind; /* 0: direct */
		miyin_cleaner clean;
	} places[3];
} families[] = {
	{ "/ICCBased", { { 'p', clean_profile } } },
	{ "/CalGray", { { 0, clean_white } } },
	{ "/CalRGB", { { 0, clean_white } } },
	{ "/Lab", { { 0, clean_white } } },
	{ "/Pattern", { { 0, miyin_inert_space } } },
	{ "/Indexed",
	  { { 0, miyin_inert_space },
	    { 0, miyin_inert_number },
	    { 't', clean_table } } },
	{ "/Separation",
	  { { 0, miyin_inert_name },
	    { 0, miyin_inert_space },
	    { 0, miyin_inert_function } } },
	{ "/DeviceN",
	  { { 0, miyin_inert_plain },
	    { 0, miyin_inert_space },
	    { 0, miyin_inert_function } } },
};

/* By the row of its family; without all of its places it is none. */
static qpdf_oh clean_family(miyin_inert *n, qpdf_oh array, unsigned row)
{
	qpdf_oh clean = qpdf_oh_new_array(n->q);
	gboolean ok = TRUE;

	append(n, clean, qpdf_oh_new_name(n->q, families[row].family));
	for (int i = 0; ok && i < 3 && families[row].places[i].clean; i++) {
		char kind = families[row].places[i].kind;
		miyin_cleaner cleaner = families[row].places[i].clean;
		qpdf_oh item =
			i + 1 < qpdf_oh_get_array_n_items(n->q, array)
				? qpdf_oh_get_array_item(n->q, array, i + 1)
				: qpdf_oh_new_null(n->q);
		qpdf_oh one = kind ? miyin_inert_once(n, kind, item, cleaner)
				   : cleaner(n, item);

		ok = one != 0;
		if (ok)
			append(n, clean, one);
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
	if (!qpdf_oh_is_array(n->q, object) ||
	    qpdf_oh_get_array_n_items(n->q, object) == 0)
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

qpdf_oh miyin_inert_space(miyin_inert *n, qpdf_oh object)
{
	return miyin_inert_once(n, 'c', object, clean_space);
}

/* ---- shadings ------------------------------------------------------------ */

static const miyin_rule shading_rules[] = {
	{ "/ShadingType", miyin_inert_number },
	{ "/ColorSpace", miyin_inert_space },
	{ "/Background", miyin_inert_plain },
	{ "/BBox", miyin_inert_plain },
	{ "/AntiAlias", miyin_inert_plain },
	{ "/Domain", miyin_inert_plain },
	{ "/Coords", miyin_inert_plain },
	{ "/Matrix", miyin_inert_plain },
	{ "/Function", clean_parts },
	{ "/Extend", miyin_inert_plain },
	{ "/BitsPerCoordinate", miyin_inert_number },
	{ "/BitsPerComponent", miyin_inert_number },
	{ "/BitsPerFlag", miyin_inert_number },
	{ "/Decode", miyin_inert_plain },
	{ "/VerticesPerRow", miyin_inert_number },
	{ NULL, NULL },
};

static qpdf_oh clean_shading(miyin_inert *n, qpdf_oh object)
{
	if (qpdf_oh_is_dictionary(n->q, object))
		return miyin_inert_dict(n, object, shading_rules);
	return qpdf_oh_is_stream(n->q, object) &&
			       miyin_inert_stream(n, object, shading_rules)
		       ? qpdf_oh_new_object(n->q, object)
		       : 0;
}

qpdf_oh miyin_inert_shading(miyin_inert *n, qpdf_oh object)
{
	return miyin_inert_once(n, 's', object, clean_shading);
}
