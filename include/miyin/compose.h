/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The order of a copy from scheme, words and keys.
 */
#ifndef MIYIN_COMPOSE_H
#define MIYIN_COMPOSE_H

#include <glib.h>
#include <miyin/keys.h>
#include <miyin/order.h>
#include <miyin/scheme.h>

typedef struct {
	const miyin_scheme *scheme;
	const miyin_level *level;
	miyin_words words; /* n_pages counts the cover */
	gboolean reprint;
	miyin_body body;
	double edge_mm; /* of the printer; 0: as most have it */
	gboolean specimen;
	const char *turns; /* as in an order; NULL: none */
	guint64 copy_id;
	unsigned site;
} miyin_composition;

/*
 * Compose.
 *
 *   keys   NULL: an order without codes, for looking at the document
 *
 * Errors: MISSING of the keys.
 */
miyin_order *miyin_compose(const miyin_composition *composition,
			   const miyin_keys *keys, GError **error);

#endif
