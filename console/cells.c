/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cells.h"
#include <glib/gi18n.h>
#include <miyin/scheme.h>
#include <string.h>

static const char *const events[] = {
	N_("issue"),	    N_("claim"),      N_("printed"),
	N_("partial"),	    N_("doubt"),      N_("void"),
	N_("refuse"),	    N_("trace"),      N_("protect"),
	N_("unprotect"),    N_("counter"),    N_("backup"),
	N_("restore"),	    N_("document"),   N_("version"),
	N_("same-content"), N_("look-alike"), NULL,
};

static const char *const results[] = { N_("ok"), N_("refused"), N_("failed"),
				       NULL };

/* Of a copy, beside those that are events. */
static const char *const states[] = { N_("reserved"), N_("sending"), NULL };

const char *miyin_cells_format_word(const char *id)
{
	static const char *const *const lists[] = { events, results, states };

	for (unsigned i = 0; id && i < G_N_ELEMENTS(lists); i++)
		if (g_strv_contains(lists[i], id))
			return _(id);
	return id ? id : "";
}

static const char *find_word(const char *const *words, const char *typed)
{
	for (; *words; words++)
		if (g_ascii_strcasecmp(typed, *words) == 0 ||
		    g_str_equal(typed, _(*words)))
			return *words;
	return NULL;
}

const char *miyin_cells_find_event(const char *typed)
{
	return find_word(events, typed);
}

const char *miyin_cells_find_result(const char *typed)
{
	return find_word(results, typed);
}

char *miyin_cells_list_events(void)
{
	GString *list = g_string_new(NULL);

	for (unsigned i = 0; events[i]; i++)
		g_string_append_printf(list, "%s%s", i > 0 ? _(", ") : "",
				       _(events[i]));
	return g_string_free(list, FALSE);
}

char *miyin_cells_format_time(const char *at, GTimeZone *zone,
			      const char *format)
{
	g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
	g_autoptr(GDateTime) time = NULL;
	g_autoptr(GDateTime) there = NULL;

	time = at ? g_date_time_new_from_iso8601(at, utc) : NULL;
	there = time ? g_date_time_to_timezone(time, zone) : NULL;
	if (!there)
		return g_strdup(at ? at : "");
	return g_date_time_format(there, format);
}

char *miyin_cells_format_document(const char *document)
{
	/* Twelve digits name one of the many that an office has. */
	if (document && g_str_has_prefix(document, "sha256:"))
		return g_strndup(document, strlen("sha256:") + 12);
	return g_strdup(document ? document : "");
}

char *miyin_cells_format_level(const char *scheme_dir, const char *scheme,
			       const char *level, const char *period)
{
	g_autoptr(miyin_scheme) found = NULL;
	const miyin_level *row = NULL;

	if (!level || !*level)
		return g_strdup("");
	if (scheme && *scheme)
		found = miyin_scheme_open(scheme_dir, scheme, NULL);
	if (found)
		row = miyin_scheme_find_level(found, level);
	if (row)
		return miyin_level_format_mark(row, period ? period : "");
	if (!period || !*period)
		return g_strdup(level);
	return g_strdup_printf("%s %s", level, period);
}
