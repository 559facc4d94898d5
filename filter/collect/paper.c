/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "paper.h"
#include <miyin/refusal.h>
#include <miyin/text.h>
#include <cups/pwg.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PWG_PER_PT (2540.0 / 72)
#define MM_PER_PT (25.4 / 72)
/* libcups takes any bytes for the name of a paper that it can measure. */
#define NAME_CHARS G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "._-"
#define CUSTOM_MIN_PT 72.0
#define CUSTOM_MAX_PT 14400.0
/* What rounding to whole points and to hundredths of millimetres makes. */
#define TOLERANCE_PT 1.0
#define WRAPPER_EDGE_PT 14.4

/* Width and length. */
typedef struct {
	double min_pt[2], max_pt[2];
} limits;

static char *format_mm(const double *size_pt)
{
	return g_strdup_printf("%.0f × %.0f", size_pt[0] * MM_PER_PT,
			       size_pt[1] * MM_PER_PT);
}

static gboolean refuse_size(const ppd_size_t *size, const limits *l,
			    GError **error)
{
	const double asked[] = { size->width, size->length };
	g_autofree char *given = format_mm(asked);
	g_autofree char *least = format_mm(l->min_pt);
	g_autofree char *most = format_mm(l->max_pt);

	return miyin_refuse_for(error, MIYIN_REFUSAL_PAPER, given, least, most);
}

static const pwg_media_t *find_medium(const char *name)
{
	const pwg_media_t *medium = pwgMediaForPPD(name);

	if (!medium)
		medium = pwgMediaForPWG(name);
	return medium ? medium : pwgMediaForLegacy(name);
}

/* Without a queue, as for a preview, it is any paper that has a name. */
static gboolean read_free_paper(const char *asked, const char *option,
				miyin_paper *paper, GError **error)
{
	const pwg_media_t *medium = find_medium(asked ? asked : "A4");

	if (!medium || !medium->ppd ||
	    strspn(medium->pwg, NAME_CHARS) != strlen(medium->pwg))
		return miyin_refuse_option(error, asked, option);
	paper->page_size = g_strdup(medium->ppd);
	paper->media = g_strdup(medium->pwg);
	paper->width_pt = medium->width / PWG_PER_PT;
	paper->height_pt = medium->length / PWG_PER_PT;
	return TRUE;
}

/* FALSE when a paper is asked for that the queue does not have: libcups then
 * leaves the default marked. Trays and kinds of paper are not sizes. */
static gboolean has_media(const char *asked, const ppd_size_t *size)
{
	g_auto(GStrv) words = g_strsplit(asked, ",", -1);
	const double tolerance = 5 * PWG_PER_PT;
	gboolean named = FALSE, found = FALSE;

	for (int i = 0; words[i]; i++) {
		const pwg_media_t *medium = find_medium(words[i]);

		if (!medium)
			continue;
		named = TRUE;
		found = found ||
			(fabs(size->width * PWG_PER_PT - medium->width) <
				 tolerance &&
			 fabs(size->length * PWG_PER_PT - medium->length) <
				 tolerance);
	}
	return found || !named;
}

static double read_number(ppd_file_t *ppd, const char *name)
{
	ppd_attr_t *attr = ppdFindAttr(ppd, name, NULL);

	return attr && attr->value ? g_ascii_strtod(attr->value, NULL) : 0;
}

/* A PPD tells its printer's limits twice: for custom sizes (which of two that
 * differ libcups keeps depends on their order), and of the paper path. One
 * that tells none takes no sheet larger than its own. */
static limits read_limits(ppd_file_t *ppd)
{
	const double path[] = { read_number(ppd, "MaxMediaWidth"),
				read_number(ppd, "MaxMediaHeight") };
	const float *margins = ppd->custom_margins; /* left, bottom, right */
	limits l;

	for (int i = 0; i < 2; i++) {
		double own = 0;

		for (int s = 0; s < ppd->num_sizes; s++)
			own = MAX(own, i == 0 ? ppd->sizes[s].width
					      : ppd->sizes[s].length);
		l.max_pt[i] = ppd->custom_max[i] > 0 ? ppd->custom_max[i] : own;
		if (path[i] > 0)
			l.max_pt[i] = MIN(l.max_pt[i], path[i]);
		l.max_pt[i] = MIN(l.max_pt[i], CUSTOM_MAX_PT);
		l.min_pt[i] = MAX(ppd->custom_min[i],
				  margins[i] + margins[i + 2] + 1);
		l.min_pt[i] = MAX(l.min_pt[i], CUSTOM_MIN_PT);
	}
	return l;
}

static gboolean is_within(double pt, const limits *l, int i)
{
	return pt >= l->min_pt[i] - TOLERANCE_PT &&
	       pt <= l->max_pt[i] + TOLERANCE_PT;
}

/* libcups takes Custom.axb for no size at all. */
static gboolean check_custom(const ppd_size_t *size, ppd_file_t *ppd,
			     const char *asked, const char *option,
			     GError **error)
{
	limits l = read_limits(ppd);

	if (!(size->width > 0 && size->length > 0))
		return miyin_refuse_option(error, asked, option);
	if (is_within(size->width, &l, 0) && is_within(size->length, &l, 1))
		return TRUE;
	return refuse_size(size, &l, error);
}

/* That libcups marked what was asked for, and not the default instead. */
static gboolean check_paper(const char *asked, const char *media,
			    const ppd_choice_t *choice, const ppd_size_t *size,
			    ppd_file_t *ppd, GError **error)
{
	gboolean is_custom = g_str_equal(choice->choice, "Custom");
	const char *name = asked ? asked : media;
	const char *option = asked ? "PageSize" : "media";

	if (is_custom)
		return asked && !g_str_has_prefix(asked, "Custom.")
			       ? miyin_refuse_option(error, asked, option)
			       : check_custom(size, ppd, name, option, error);
	if (asked && g_ascii_strcasecmp(choice->choice, asked) != 0)
		return miyin_refuse_option(error, asked, option);
	if (!asked && media && !has_media(media, size))
		return miyin_refuse_option(error, media, option);
	return TRUE;
}

/* The programs foo2…-wrapper cut up to 13.5 pt off a page, and their PPDs say
 * 11.3: the outer column of a code would be gone. */
static gboolean cuts_more(ppd_file_t *ppd)
{
	const ppd_attr_t *command =
		ppdFindAttr(ppd, "FoomaticRIPCommandLine", NULL);

	return command && command->value &&
	       g_regex_match_simple("\\bfoo2\\w+-wrapper\\b", command->value, 0,
				    0);
}

/* Of the four, for a page may lie across the sheet or on its back. */
static unsigned find_edge(ppd_file_t *ppd, const ppd_size_t *size)
{
	double pt =
		MAX(MAX(size->left, size->bottom),
		    MAX(size->width - size->right, size->length - size->top));

	if (cuts_more(ppd))
		pt = MAX(pt, WRAPPER_EDGE_PT);

	return pt > 0 && pt < MIN(size->width, size->length) / 2
		       ? (unsigned)ceil(pt * PWG_PER_PT)
		       : 0;
}

gboolean miyin_paper_read(const cups_option_t *given, int n, ppd_file_t *ppd,
			  miyin_paper *paper, GError **error)
{
	cups_option_t *list = (cups_option_t *)given;
	const char *asked = cupsGetOption("PageSize", n, list);
	const char *medium_asked = cupsGetOption("media", n, list);
	ppd_choice_t *choice =
		ppd ? ppdFindMarkedChoice(ppd, "PageSize") : NULL;
	ppd_size_t *size = ppd ? ppdPageSize(ppd, NULL) : NULL;
	const pwg_media_t *medium;

	*paper = (miyin_paper){ 0 };
	if (!choice || !size)
		return read_free_paper(asked ? asked : medium_asked,
				       asked ? "PageSize" : "media", paper,
				       error);
	if (!check_paper(asked, medium_asked, choice, size, ppd, error))
		return FALSE;
	if (g_str_equal(choice->choice, "Custom"))
		paper->page_size = g_strdup_printf("Custom.%.0fx%.0f",
						   size->width, size->length);
	else
		paper->page_size = g_strdup(choice->choice);
	medium = pwgMediaForPPD(paper->page_size);
	if (!medium)
		medium =
			pwgMediaForSize((int)(size->width * PWG_PER_PT + 0.5),
					(int)(size->length * PWG_PER_PT + 0.5));
	paper->media = g_strdup(medium ? medium->pwg : paper->page_size);
	paper->edge = find_edge(ppd, size);
	paper->width_pt = size->width;
	paper->height_pt = size->length;
	paper->left_pt = size->left;
	paper->right_pt = size->width - size->right;
	paper->top_pt = size->length - size->top;
	paper->bottom_pt = size->bottom;
	return TRUE;
}
