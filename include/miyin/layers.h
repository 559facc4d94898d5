/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The layers of a document (optional content) as they are printed: what of it
 * is off. It is decided once, here, so that no copy has layers.
 *
 * Source: ISO 32000-1, 8.11.
 */
#ifndef MIYIN_LAYERS_H
#define MIYIN_LAYERS_H

#include <glib.h>
#include <qpdf/qpdf-c.h>

typedef struct miyin_layers miyin_layers;

/* Read the default configuration of a document; never NULL. */
miyin_layers *miyin_layers_new(qpdf_data q);
void miyin_layers_free(miyin_layers *layers);

/* Whether what belongs to a group or a membership is off. */
gboolean miyin_layers_hide(const miyin_layers *layers, qpdf_oh group);

/* Whether an object's /OC is off. */
gboolean miyin_layers_hide_object(const miyin_layers *layers, qpdf_oh dict);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(miyin_layers, miyin_layers_free)

#endif
