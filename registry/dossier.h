/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which document of the register a request prints.
 *
 * A document belongs to who registered it: a user, or a @group that owns
 * together. Its owner prints other content under its reference and raises its
 * level. Anybody prints the same content under it, at its own level, and takes
 * of its copies; without the reference the same content is a document of his
 * own. No content may be printed lower than its first owner had it, or than
 * the user himself did: who comes later and says more binds only himself. For
 * that the same words are the same content; to use another's reference they do
 * not do.
 *
 * Calling order, in one transaction: find, enter, enter_content.
 */
#ifndef MIYIN_DOSSIER_H
#define MIYIN_DOSSIER_H

#include "store.h"

typedef struct {
	gint64 id;  /* 0: a new one */
	gint64 job; /* of an earlier run of the request; 0: none */
	unsigned last_serial;
	unsigned level_rank;
	gboolean is_new;
	gboolean owned; /* by the request's user */
} miyin_dossier;

/*
 * Find it; nothing is written.
 *
 * Errors: the refusals reference and level-lowered, with reg->why for the
 * officer; SYSTEM, BUSY.
 */
gboolean miyin_dossier_find(miyin_register *reg, const miyin_request *request,
			    miyin_dossier *dossier, GError **error);

/* Make it if it is new, raise its level if that is higher. Errors: SYSTEM. */
gboolean miyin_dossier_enter(miyin_register *reg, const miyin_request *request,
			     miyin_dossier *dossier, GError **error);

/*
 * Enter that dossier->job printed the request's content, and for the officer
 * that this is another content than before, or one that others have.
 */
gboolean miyin_dossier_enter_content(miyin_register *reg,
				     const miyin_request *request,
				     const miyin_dossier *dossier,
				     GError **error);

#endif
