/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Would policy.conf or a scheme stop the printing, or say what nobody means?
 * For miyin doctor. */
#ifndef MIYIN_RULESHEALTH_H
#define MIYIN_RULESHEALTH_H

#include <glib.h>
#include <miyin/config.h>

/*
 *   gates     GPtrArray of the names of gate queues
 *   queues    GPtrArray of miyin_queue, all of the scheduler, or NULL: it does
 *             not answer
 *   remarks   GPtrArray of char *, to which what harms nobody is added
 *
 * Returns a sentence for each thing that is wrong; free with g_strfreev.
 */
char **miyin_ruleshealth_check(const miyin_config *config,
			       const GPtrArray *gates, GPtrArray *queues,
			       GPtrArray *remarks);

#endif
