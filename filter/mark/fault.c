/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fault.h"
#include <stdarg.h>

gboolean miyin_fault_set(GError **error, miyin_refusal refusal, ...)
{
	g_autoptr(GString) message = g_string_new(NULL);
	const char *argument;
	va_list arguments;

	va_start(arguments, refusal);
	while ((argument = va_arg(arguments, const char *))) {
		if (message->len > 0)
			g_string_append_c(message, '\t');
		g_string_append(message, argument);
	}
	va_end(arguments);
	g_set_error_literal(error, MIYIN_REFUSAL, refusal, message->str);
	return FALSE;
}

char *miyin_fault_format(const GError *error)
{
	if (error->domain != MIYIN_REFUSAL)
		return g_strdup_printf("error\t%s", error->message);
	return g_strdup_printf("%s\t%s", miyin_refusal_id(error->code),
			       error->message);
}
