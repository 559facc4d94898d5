/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How miyinmark tells its caller why it failed. It does not speak the user's
 * language: the message of its refusals is the arguments, tab separated, and
 * main prints "ID<TAB>arguments" for the backend to put into words.
 */
#ifndef MIYIN_FAULT_H
#define MIYIN_FAULT_H

#include <glib.h>
#include <miyin/refusal.h>

/* Set *error to a refusal with these arguments, a list ended by NULL.
 * Always FALSE. */
gboolean miyin_fault_set(GError **error, miyin_refusal refusal,
			 ...) G_GNUC_NULL_TERMINATED;

/* The line for the backend. Free with g_free. */
char *miyin_fault_format(const GError *error);

#endif
