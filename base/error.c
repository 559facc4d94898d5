/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/error.h>

GQuark miyin_error_quark(void)
{
	return g_quark_from_static_string("miyin-error");
}
