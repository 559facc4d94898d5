/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Is the register whole, on safe ground, saved elsewhere, and are its keys the
 * keys that its paper was printed with? For miyin doctor. */
#ifndef MIYIN_REGISTERHEALTH_H
#define MIYIN_REGISTERHEALTH_H

#include <glib.h>
#include <miyin/config.h>

/* Returns a sentence for each thing that is wrong; free with g_strfreev. */
char **miyin_registerhealth_check(const miyin_config *config);

#endif
