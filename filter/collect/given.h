/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The options that a user gave, as libcups has them. */
#ifndef MIYIN_GIVEN_H
#define MIYIN_GIVEN_H

#include <cups/cups.h>
#include <glib.h>

typedef struct {
	int n;
	cups_option_t *list;
} miyin_given;

/* NULL: not given. */
const char *miyin_given_get(const miyin_given *given, const char *name);

gboolean miyin_given_is_true(const char *value);

#endif
