/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "textoptions.h"
#include <miyin/layout.h>
#include <miyin/refusal.h>

/* Of a text. Its marks end 20 mm from the edges above and below it, so there it
 * keeps its size, and its lines are as long as the printer's margins let them
 * be. */
#define TEXT_MARGIN_PT (20.5 / 25.4 * 72)
#define LEAST_MARGIN_PT (MIYIN_PRINTABLE_MM / 25.4 * 72)
#define CPI 10
#define LPI 6
#define PER_INCH "^[0-9]{0,3}(\\.[0-9]{1,3})?$"

static gboolean read_number(const miyin_given *given, const char *name,
			    const char *pattern, double *number, GError **error)
{
	const char *value = miyin_given_get(given, name);
	double read = value ? g_ascii_strtod(value, NULL) : *number;

	if (value &&
	    (!g_regex_match_simple(pattern, value, G_REGEX_DOLLAR_ENDONLY, 0) ||
	     read <= 0))
		return miyin_refuse_option(error, value, name);
	*number = read;
	return TRUE;
}

static void set_margins(const miyin_given *given, miyin_lines *lines,
			const miyin_paper *paper, gboolean wide)
{
	const struct {
		const char *name;
		double *pt, printer_pt, own_pt;
	} margins[] = {
		{ "page-left", &lines->left_pt,
		  wide ? paper->bottom_pt : paper->left_pt, LEAST_MARGIN_PT },
		{ "page-right", &lines->right_pt,
		  wide ? paper->top_pt : paper->right_pt, LEAST_MARGIN_PT },
		{ "page-top", &lines->top_pt,
		  wide ? paper->left_pt : paper->top_pt, TEXT_MARGIN_PT },
		{ "page-bottom", &lines->bottom_pt,
		  wide ? paper->right_pt : paper->bottom_pt, TEXT_MARGIN_PT },
	};

	for (unsigned i = 0; i < G_N_ELEMENTS(margins); i++) {
		const char *value = miyin_given_get(given, margins[i].name);

		*margins[i].pt =
			value ? g_ascii_strtod(value, NULL)
			      : MAX(margins[i].printer_pt, margins[i].own_pt);
	}
}

/* The first of what may have taken the room for a text. On small paper nothing
 * has; that is the marks' matter. */
static gboolean refuse_room(const miyin_given *given, GError **error)
{
	static const char *const names[] = { "columns",	    "page-left",
					     "page-right",  "page-top",
					     "page-bottom", "cpi",
					     "lpi" };

	for (unsigned i = 0; i < G_N_ELEMENTS(names); i++)
		if (miyin_given_get(given, names[i]))
			return miyin_refuse_option(
				error, miyin_given_get(given, names[i]),
				names[i]);
	return TRUE;
}

gboolean miyin_textoptions_read(const miyin_given *given,
				const miyin_paper *paper, gboolean wide,
				miyin_options *options, GError **error)
{
	const char *wrap = miyin_given_get(given, "wrap");
	const char *pretty = miyin_given_get(given, "prettyprint");
	double columns = 1, cpi = CPI, lpi = LPI;
	miyin_lines *lines = &options->lines;

	if (!read_number(given, "cpi", PER_INCH, &cpi, error) ||
	    !read_number(given, "lpi", PER_INCH, &lpi, error) ||
	    !read_number(given, "columns", "^[0-9]{1,2}$", &columns, error))
		return FALSE;
	*lines = (miyin_lines){
		.width_pt = wide ? paper->height_pt : paper->width_pt,
		.height_pt = wide ? paper->width_pt : paper->height_pt,
		.cpi = cpi,
		.lpi = lpi,
		.columns = (unsigned)columns,
		.wrap = !wrap || miyin_given_is_true(wrap),
	};
	set_margins(given, lines, paper, wide);
	options->pretty = pretty && (!*pretty || miyin_given_is_true(pretty));
	return (miyin_lines_cells(lines) > 0 && miyin_lines_rows(lines) > 0) ||
	       refuse_room(given, error);
}
