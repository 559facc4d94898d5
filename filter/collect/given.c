/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "given.h"

const char *miyin_given_get(const miyin_given *given, const char *name)
{
	return cupsGetOption(name, given->n, given->list);
}

gboolean miyin_given_is_true(const char *value)
{
	return g_str_equal(value, "true") || g_str_equal(value, "on") ||
	       g_str_equal(value, "yes");
}
