/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "finaltype.h"
#include <stdio.h>
#include <string.h>

#define UNKNOWN "printer/miyin"

/* What the last filter of the scheduler's own can have made, where the PPD
 * names no program for it ("-"). Source: cupsfilters.convs 1.28. */
static const struct {
	const char *program;
	const char *types[5];
} made[] = {
	{ "pdftopdf", { "application/vnd.cups-pdf", "application/pdf" } },
	{ "pstops",
	  { "application/vnd.cups-postscript", "application/postscript" } },
	{ "gstoraster", { "application/vnd.cups-raster", "image/pwg-raster" } },
	{ "rastertopwg",
	  { "image/urf", "image/pwg-raster", "application/vnd.cups-raster" } },
	{ "rastertopclm", { "application/PCLm" } },
};

#define WORD 255
#define WORD_FORMAT "%255s"

/* One line *cupsFilter or *cupsFilter2. */
typedef struct {
	char source[WORD + 1], target[WORD + 1], program[WORD + 1];
	int cost;
} rule;

/* "SOURCE [TARGET] COST PROGRAM"; without TARGET the scheduler knows only
 * what goes in. */
static gboolean parse(const char *line, rule *r)
{
	const char *text = strchr(line, '"');

	*r = (rule){ 0 };
	if (!text)
		return FALSE;
	if (g_ascii_strncasecmp(line, "*cupsFilter2:", 13) == 0)
		return sscanf(text + 1,
			      WORD_FORMAT WORD_FORMAT "%d " WORD_FORMAT,
			      r->source, r->target, &r->cost, r->program) == 4;
	if (g_ascii_strncasecmp(line, "*cupsFilter:", 12) != 0 ||
	    sscanf(text + 1, WORD_FORMAT "%d " WORD_FORMAT, r->source, &r->cost,
		   r->program) != 3)
		return FALSE;
	g_strlcpy(r->target, r->source, sizeof(r->target));
	return TRUE;
}

static gboolean makes(const char *last, const char *type)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(made); i++)
		for (const char *const *t = made[i].types;
		     g_str_equal(last, made[i].program) && *t; t++)
			if (g_ascii_strcasecmp(*t, type) == 0)
				return TRUE;
	return FALSE;
}

static gboolean fits(const rule *r, const char *last)
{
	g_autofree char *program =
		g_strdelimit(g_strdup(r->program), "\"", '\0');
	g_autofree char *name = g_path_get_basename(program);

	return g_str_equal(program, "-") ? makes(last, r->source)
					 : g_str_equal(name, last);
}

char *miyin_finaltype_find(const char *ppd, char *const *programs)
{
	guint n = g_strv_length((char **)programs);
	g_autofree char *last =
		n > 0 ? g_path_get_basename(programs[n - 1]) : g_strdup("");
	g_auto(GStrv) lines = g_strsplit_set(ppd, "\r\n", -1);
	g_autofree char *type = g_strdup(UNKNOWN);
	int least = G_MAXINT;

	for (char **line = lines; *line; line++) {
		rule r;

		if (parse(*line, &r) && fits(&r, last) && r.cost < least) {
			g_free(type);
			type = g_strdup(r.target);
			least = r.cost;
		}
	}
	return g_steal_pointer(&type);
}
