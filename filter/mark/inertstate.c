/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Graphics states and pictures (inert.h). */
#include "inert.h"
#include "normal.h"
#include <miyin/qpdf.h>

/* ---- graphics state ----------------------------------------------------- */

static const miyin_rule mask_rules[] = {
	{ "/S", miyin_inert_name, NULL },
	{ "/G", miyin_normal_form, NULL },
	{ "/BC", miyin_inert_plain, NULL },
	{ "/TR", NULL, &miyin_inert_function },
	{ NULL, NULL, NULL },
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

	if (miyin_qpdf_length(n->q, object) != 2)
		return 0;
	font = qpdf_oh_get_array_item(n->q, object, 0);
	size = qpdf_oh_get_array_item(n->q, object, 1);
	clean_font = miyin_inert_clean(n, font, &miyin_inert_font);
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
	{ "/LW /LC /LJ /ML /OPM /FL /SM /CA /ca", miyin_inert_number, NULL },
	{ "/D /OP /op /SA /BM /AIS /TK", miyin_inert_plain, NULL },
	{ "/RI", miyin_inert_name, NULL },
	{ "/SMask", clean_mask, NULL },
	{ "/Font", clean_font_and_size, NULL },
	{ NULL, NULL, NULL },
};

const miyin_kind miyin_inert_state = { 'g', .dict = state_rules };

/* ---- pictures ----------------------------------------------------------- */

static qpdf_oh clean_stencil(miyin_inert *n, qpdf_oh object)
{
	return qpdf_oh_is_stream(n->q, object) ? miyin_inert_image(n, object)
					       : miyin_inert_plain(n, object);
}

static const miyin_rule image_rules[] = {
	{ "/Width /Height /BitsPerComponent /SMaskInData", miyin_inert_number,
	  NULL },
	{ "/ColorSpace", NULL, &miyin_inert_space },
	{ "/Intent", miyin_inert_name, NULL },
	{ "/ImageMask /Matte /Decode /Interpolate", miyin_inert_plain, NULL },
	{ "/Mask /SMask", clean_stencil, NULL },
	{ NULL, NULL, NULL },
};

static qpdf_oh clean_picture(miyin_inert *n, qpdf_oh object)
{
	if (!miyin_inert_stream(n, object, image_rules))
		return 0;
	miyin_qpdf_set_of_stream(n->q, object, "/Type",
				 qpdf_oh_new_name(n->q, "/XObject"));
	miyin_qpdf_set_of_stream(n->q, object, "/Subtype",
				 qpdf_oh_new_name(n->q, "/Image"));
	return qpdf_oh_new_object(n->q, object);
}

qpdf_oh miyin_inert_image(miyin_inert *n, qpdf_oh object)
{
	static const miyin_kind picture = { 'i', .other = clean_picture };

	return qpdf_oh_is_stream(n->q, object)
		       ? miyin_inert_clean(n, object, &picture)
		       : 0;
}
