/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "checkup.h"
#include <stdio.h>

void miyin_checkup_hole(miyin_checkup *c, const char *format, ...)
{
	g_autofree char *text = NULL;
	va_list list;

	va_start(list, format);
	text = g_strdup_vprintf(format, list);
	va_end(list);
	/* One hole is one line, whatever somebody called his queue. */
	g_strdelimit(text, "\r\n", ' ');
	printf("%s\n", text);
	c->n_holes++;
}

void miyin_checkup_tell(miyin_checkup *c, char *const *problems,
			const GPtrArray *remarks)
{
	for (; *problems; problems++)
		miyin_checkup_hole(c, "%s", *problems);
	for (unsigned i = 0; remarks && i < remarks->len; i++)
		fprintf(stderr, "%s\n", (char *)remarks->pdata[i]);
}

gboolean miyin_checkup_has(const GPtrArray *names, const char *name)
{
	for (unsigned i = 0; i < names->len; i++)
		if (g_ascii_strcasecmp(names->pdata[i], name) == 0)
			return TRUE;
	return FALSE;
}
