/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The register and the keys are made once, by the first miyin protect. Where
 * something tells that they were there they are lost, and nobody makes new ones
 * in their place: serials would begin again, and older paper look forged.
 */
#ifndef MIYIN_BEGINNING_H
#define MIYIN_BEGINNING_H

#include <glib.h>
#include <miyin/config.h>

/*
 * Is the register there, or was there never one?
 *
 *   known   somebody else knows of protected queues: the scheduler
 *   first   filled only on success: there was never one
 *
 * Errors: STATE when it is lost, SYSTEM.
 */
gboolean miyin_beginning_check_register(const miyin_config *config,
					gboolean known, gboolean *first,
					GError **error);

/* And the keys? Before there is a register they may be missing.
 * Errors: STATE when they are lost; as miyin_keys_open. */
gboolean miyin_beginning_check_keys(const miyin_config *config, gboolean first,
				    GError **error);

/* Make what is missing of both; for the first miyin protect alone. */
gboolean miyin_beginning_make(const miyin_config *config, GError **error);

/* Where they are, to who made them, on standard output. */
void miyin_beginning_tell(const miyin_config *config);

#endif
