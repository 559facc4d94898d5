/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/error.h>
#include <stdarg.h>

GQuark miyin_error_quark(void)
{
	return g_quark_from_static_string("miyin-error");
}

gboolean miyin_fail(GError **error, miyin_error code, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	g_propagate_error(error, g_error_new_valist(MIYIN_ERROR, code, format,
						    arguments));
	va_end(arguments);
	return FALSE;
}
