/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "blend.h"
#include <miyin/qpdf.h>
#include <miyin/error.h>
#include <qpdf/qpdf-c.h>
#include <string.h>

#define DEPTH_MAX 64
#define OBJECTS_MAX 8388607 /* of PDF 1.7, annex C */

static gboolean is_one(qpdf_data q, qpdf_oh value)
{
	return qpdf_oh_is_number(q, value) &&
	       qpdf_oh_get_numeric_value(q, value) == 1.0;
}

/* An array of names means the first that is known. */
static gboolean is_normal(qpdf_data q, qpdf_oh value)
{
	const char *name =
		qpdf_oh_is_name(q, value) ? qpdf_oh_get_name(q, value) : "";

	return strcmp(name, "/Normal") == 0 || strcmp(name, "/Compatible") == 0;
}

static gboolean entry_blends(qpdf_data q, const char *key, qpdf_oh value)
{
	if (strcmp(key, "/ca") == 0 || strcmp(key, "/CA") == 0)
		return !is_one(q, value);
	if (strcmp(key, "/BM") == 0)
		return !is_normal(q, value);
	if (strcmp(key, "/SMask") == 0)
		return !qpdf_oh_is_name(q, value) && !qpdf_oh_is_null(q, value);
	if (strcmp(key, "/SMaskInData") == 0)
		return !qpdf_oh_is_integer(q, value) ||
		       qpdf_oh_get_int_value_as_int(q, value) != 0;
	return FALSE;
}

static gboolean value_blends(qpdf_data q, qpdf_oh value, unsigned depth)
{
	qpdf_oh dict = qpdf_oh_is_stream(q, value)
			       ? qpdf_oh_get_dict(q, value)
			       : qpdf_oh_new_object(q, value);
	gboolean blends = depth > DEPTH_MAX;

	for (g_auto(miyin_qpdf_items) at =
		     qpdf_oh_is_array(q, dict) ? miyin_qpdf_items_of(q, dict)
					       : miyin_qpdf_entries(q, dict);
	     !blends && miyin_qpdf_next(&at);)
		blends = (at.key && entry_blends(q, at.key, at.item)) ||
			 (!qpdf_oh_is_indirect(q, at.item) &&
			  value_blends(q, at.item, depth + 1));
	qpdf_oh_release(q, dict);
	return blends;
}

static int count_objects(qpdf_data q)
{
	qpdf_oh trailer = qpdf_get_trailer(q);
	qpdf_oh size = qpdf_oh_get_key(q, trailer, "/Size");
	int n = qpdf_oh_is_integer(q, size)
			? qpdf_oh_get_int_value_as_int(q, size)
			: OBJECTS_MAX + 1;

	qpdf_oh_release(q, size);
	qpdf_oh_release(q, trailer);
	return n;
}

static gboolean any_blends(qpdf_data q)
{
	int n = count_objects(q);
	gboolean blends = n > OBJECTS_MAX;

	for (int i = 1; !blends && i < n; i++) {
		qpdf_oh object = qpdf_get_object_by_id(q, i, 0);

		blends = value_blends(q, object, 0);
		qpdf_oh_release(q, object);
	}
	return blends || qpdf_has_error(q);
}

gboolean miyin_blend_find(GBytes *pdf, gboolean *blends, GError **error)
{
	qpdf_data q = qpdf_init();
	gboolean ok = miyin_qpdf_open(q, pdf);

	if (ok)
		*blends = any_blends(q);
	else
		g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_INPUT,
			    "The copy cannot be read.");
	qpdf_cleanup(&q);
	return ok;
}
