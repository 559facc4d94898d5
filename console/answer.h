/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How miyin trace tells what was found: to people and to programs. */
#ifndef MIYIN_ANSWER_H
#define MIYIN_ANSWER_H

#include <json-glib/json-glib.h>
#include <miyin/finding.h>

/* The exit status of miyin trace: 0 found, 1 nothing, 2 forged or unknown, or
 * one of several copies. */
int miyin_answer_status(const miyin_finding *found);

/* What stands above the findings of a sheet; NULL when there is one copy. Free
 * with g_free. */
char *miyin_answer_format_several(const GPtrArray *findings);

/* For people: several lines, times in zone. Free with g_free. */
char *miyin_answer_format(const miyin_finding *found, const char *scheme_dir,
			  GTimeZone *zone);
/* For programs: one JSON object. */
void miyin_answer_build(const miyin_finding *found, JsonBuilder *builder);

#endif
