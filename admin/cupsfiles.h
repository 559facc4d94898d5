/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The scheduler's cups-files.conf, which it shows to nobody: what in it opens a
 * way around the gate.
 */
#ifndef MIYIN_CUPSFILES_H
#define MIYIN_CUPSFILES_H

#include <miyin/config.h>

/* A sentence for each problem: what, why it matters, what to do. Free with
 * g_strfreev. */
char **miyin_cupsfiles_check(const miyin_config *config);

#endif
