/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Graphics states and pictures (inert.h). */
#include "inert.h"
#include "normal.h"
#include <miyin/qpdf.h>

/* ---- graphics state ----------------------------------------------------- */

static const miyin_rule mask_rules[] = {
	{ "/S", miyin_inert_name },
	{ "/G", miyin_normal_form },
	{ "/BC", miyin_inert_plain },
	{ "/TR", miyin_inert_function },
	{ NULL, NULL },
};

/* A mask that cannot be read hides all or nothing; as readers, nothing. */
static qpdf_oh clean_mask(miyin_inert *n, qpdf_oh object)
{
	qpdf_oh clean;

	if (!qpdf_oh_is_dictionary(n->q, object))
		return miyin_inert_name(n, object);
	clean = miyin_inert_dict(n, object, mask_rules);
	if (qpdf_oh_has_key(n->q, clean, "/G"))
		return clean;
	qpdf_oh_release(n->q, clean);
	return 0;
}

static qpdf_oh clean_font_and_size(miyin_inert *n, qpdf_oh object)
{
	qpdf_oh font, size, clean_font, clean;

	if (!qpdf_oh_is_array(n->q, object) ||
	    qpdf_oh_get_array_n_items(n->q, object) != 2)
		return 0;
	font = qpdf_oh_get_array_item(n->q, object, 0);
	size = qpdf_oh_get_array_item(n->q, object, 1);
	clean_font = miyin_inert_font(n, font);
	clean = 0;
	if (clean_font && qpdf_oh_is_number(n->q, size)) {
		clean = qpdf_oh_new_array(n->q);
		qpdf_oh_append_item(n->q, clean, clean_font);
		qpdf_oh_append_item(n->q, clean, size);
	}
	if (clean_font)
		qpdf_oh_release(n->q, clean_font);
	qpdf_oh_release(n->q, font);
	qpdf_oh_release(n->q, size);
	return clean;
}

/* No transfer function, halftone, black generation: they belong to a device,
 * and drivers run them. */
static const miyin_rule state_rules[] = {
	{ "/LW", miyin_inert_number },	  { "/LC", miyin_inert_number },
	{ "/LJ", miyin_inert_number },	  { "/ML", miyin_inert_number },
	{ "/D", miyin_inert_plain },	  { "/RI", miyin_inert_name },
	{ "/OP", miyin_inert_plain },	  { "/op", miyin_inert_plain },
	{ "/OPM", miyin_inert_number },	  { "/FL", miyin_inert_number },
	{ "/SM", miyin_inert_number },	  { "/SA", miyin_inert_plain },
	{ "/BM", miyin_inert_plain },	  { "/SMask", clean_mask },
	{ "/CA", miyin_inert_number },	  { "/ca", miyin_inert_number },
	{ "/AIS", miyin_inert_plain },	  { "/TK", miyin_inert_plain },
	{ "/Font", clean_font_and_size }, { NULL, NULL },
};

static qpdf_oh clean_state(miyin_inert *n, qpdf_oh object)
{
	return qpdf_oh_is_dictionary(n->q, object)
		       ? miyin_inert_dict(n, object, state_rules)
		       : 0;
}

qpdf_oh miyin_inert_state(miyin_inert *n, qpdf_oh object)
{
	return miyin_inert_once(n, 'g', object, clean_state);
}

/* ---- pictures ----------------------------------------------------------- */

static qpdf_oh clean_picture(miyin_inert *n, qpdf_oh object);

static qpdf_oh clean_stencil(miyin_inert *n, qpdf_oh object)
{
	return qpdf_oh_is_stream(n->q, object)
		       ? miyin_inert_once(n, 'i', object, clean_picture)
		       : miyin_inert_plain(n, object);
}

static const miyin_rule image_rules[] = {
	{ "/Width", miyin_inert_number },
	{ "/Height", miyin_inert_number },
	{ "/ColorSpace", miyin_inert_space },
	{ "/BitsPerComponent", miyin_inert_number },
	{ "/Intent", miyin_inert_name },
	{ "/ImageMask", miyin_inert_plain },
	{ "/Mask", clean_stencil },
	{ "/SMask", clean_stencil },
	{ "/SMaskInData", miyin_inert_number },
	{ "/Matte", miyin_inert_plain },
	{ "/Decode", miyin_inert_plain },
	{ "/Interpolate", miyin_inert_plain },
	{ NULL, NULL },
};

static qpdf_oh clean_picture(miyin_inert *n, qpdf_oh object)
{
	qpdf_oh dict;

	if (!miyin_inert_stream(n, object, image_rules))
		return 0;
	dict = qpdf_oh_get_dict(n->q, object);
	miyin_qpdf_set(n->q, dict, "/Type", qpdf_oh_new_name(n->q, "/XObject"));
	miyin_qpdf_set(n->q, dict, "/Subtype",
		       qpdf_oh_new_name(n->q, "/Image"));
	qpdf_oh_release(n->q, dict);
	return qpdf_oh_new_object(n->q, object);
}

qpdf_oh miyin_inert_image(miyin_inert *n, qpdf_oh object)
{
	return qpdf_oh_is_stream(n->q, object)
		       ? miyin_inert_once(n, 'i', object, clean_picture)
		       : 0;
}
