/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "checkup.h"
#include <stdio.h>

void miyin_checkup_clear(miyin_checkup *c)
{
	g_clear_pointer(&c->queues, g_ptr_array_unref);
	g_clear_pointer(&c->protected, g_strfreev);
	g_clear_pointer(&c->gates, g_ptr_array_unref);
	g_clear_pointer(&c->devices, g_ptr_array_unref);
}

/* One line each, whatever somebody called his queue. */
static void tell(FILE *to, const char *format, va_list list)
{
	g_autofree char *text = g_strdup_vprintf(format, list);

	fprintf(to, "%s\n", g_strdelimit(text, "\r\n", ' '));
}

void miyin_checkup_hole(miyin_checkup *c, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	tell(stdout, format, list);
	va_end(list);
	c->n_holes++;
}

void miyin_checkup_remark(const char *format, ...)
{
	va_list list;

	va_start(list, format);
	tell(stderr, format, list);
	va_end(list);
}

gboolean miyin_checkup_has(const GPtrArray *names, const char *name)
{
	for (unsigned i = 0; i < names->len; i++)
		if (g_ascii_strcasecmp(names->pdata[i], name) == 0)
			return TRUE;
	return FALSE;
}
