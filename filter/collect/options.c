/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "options.h"
#include "device.h"
#include "given.h"
#include "paper.h"
#include "textoptions.h"
#include <miyin/frame.h>
#include <miyin/layout.h>
#include <miyin/refusal.h>
#include <miyin/text.h>
#include <cups/cups.h>
#include <cups/ppd.h>
#include <cups/pwg.h>
#include <glib/gi18n.h>
#include <string.h>

/* For both, or for the first program only (scaling is done once); whether it
 * may turn pages, or says that they are landscape; how checked. */
enum { EVERY = 1, ONCE = 2, TURNS = 4, WIDE = 8 };

static const struct {
	const char *name;
	int when;
	const char *pattern;
} layout_options[] = {
	{ "number-up", EVERY | TURNS, "^(1|2|4|6|8|9|10|12|15|16)$" },
	{ "number-up-layout", EVERY, "^(bt|tb|lr|rl){2}$" },
	{ "page-border", EVERY,
	  "^(none|single|single-thick|double|"
	  "double-thick)$" },
	{ "page-ranges", EVERY, "^[0-9]+(-[0-9]*)?(,[0-9]+(-[0-9]*)?)*$" },
	{ "page-set", EVERY, "^(all|odd|even)$" },
	{ "booklet", EVERY | TURNS,
	  "^(true|false|on|off|yes|no|shuffle-only)$" },
	{ "booklet-signature", EVERY, "^[0-9]{1,4}$" },
	{ "OutputOrder", EVERY, "^(?i)(normal|reverse)$" },
	{ "outputorder", EVERY, "^(?i)(normal|reverse)$" },
	{ "output-order", EVERY, "^(?i)(normal|reverse)$" },
	{ "page-delivery", EVERY,
	  "^(same-order-face-(up|down)|"
	  "reverse-order-face-(up|down)|"
	  "system-specified)$" },
	{ "page-left", ONCE, "^[0-9]{1,5}(\\.[0-9]+)?$" },
	{ "page-right", ONCE, "^[0-9]{1,5}(\\.[0-9]+)?$" },
	{ "page-top", ONCE, "^[0-9]{1,5}(\\.[0-9]+)?$" },
	{ "page-bottom", ONCE, "^[0-9]{1,5}(\\.[0-9]+)?$" },
	{ "orientation-requested", ONCE | TURNS | WIDE, "^[3-7]$" },
	{ "landscape", ONCE | TURNS | WIDE, "^(true|false|on|off|yes|no|)$" },
	{ "fit-to-page", ONCE, "^(true|false|on|off|yes|no|)$" },
	{ "fitplot", ONCE, "^(true|false|on|off|yes|no|)$" },
	{ "fill", ONCE, "^(true|false|on|off|yes|no|)$" },
	{ "crop-to-fit", ONCE, "^(true|false|on|off|yes|no|)$" },
	{ "print-scaling", ONCE, "^(auto|auto-fit|fill|fit|none)$" },
	{ "scaling", ONCE, "^[0-9]{1,4}$" },
	{ "natural-scaling", ONCE, "^[0-9]{1,4}$" },
	{ "ppi", ONCE, "^[0-9]{1,4}$" },
	{ "position", ONCE, "^[a-z-]{1,16}$" },
	{ "mirror", ONCE, "^(true|false|on|off|yes|no|)$" },
};

/* What people write by hand. */
static const char *const our_options[] = {
	"MiyinLevel",	 "MiyinPeriod", "MiyinDocument", "MiyinHolders",
	"MiyinApprover", "MiyinScope",	"MiyinControl",	 NULL,
};

/* FALSE also for paper that has no name which all know. */
static gboolean is_upright(const char *page_size)
{
	pwg_media_t *medium = pwgMediaForPPD(page_size);

	return medium && medium->width <= medium->length;
}

/* Of landscape, which has no value when it is alone, or of
 * orientation-requested: 4 and 5 are landscape and reverse landscape. */
static gboolean is_wide(const char *value)
{
	return !*value || miyin_given_is_true(value) ||
	       g_str_equal(value, "4") || g_str_equal(value, "5");
}

/* Values are matched against a pattern that has no space, quote, escape or
 * line end, so the strings below need no escaping. */
static gboolean read_layout(const miyin_given *given, miyin_options *options,
			    gboolean *wide, GError **error)
{
	g_autoptr(GString) all = g_string_new(NULL);
	g_autoptr(GString) again = g_string_new(NULL);

	g_string_append_printf(all, "PageSize=%s sides=%s", options->page_size,
			       options->sides);
	g_string_append(again, all->str);
	options->turns = !is_upright(options->page_size);
	for (unsigned i = 0; i < G_N_ELEMENTS(layout_options); i++) {
		const char *name = layout_options[i].name;
		const char *value = miyin_given_get(given, name);

		if (!value)
			continue;
		if (!g_regex_match_simple(layout_options[i].pattern, value,
					  G_REGEX_DOLLAR_ENDONLY, 0))
			return miyin_refuse_option(error, value, name);
		g_string_append_printf(all, " %s=%s", name, value);
		if (layout_options[i].when & TURNS)
			options->turns = TRUE;
		if (layout_options[i].when & EVERY)
			g_string_append_printf(again, " %s=%s", name, value);
		if (layout_options[i].when & WIDE && is_wide(value))
			*wide = TRUE;
	}
	if (miyin_given_get(given, "ppi"))
		miyin_text_to_number(miyin_given_get(given, "ppi"), 0,
				     G_MAXUINT, &options->ppi);
	options->layout = g_strdup(all->str);
	options->picture_layout = g_strdup(again->str);
	return TRUE;
}

static char *read_sides(const miyin_given *given, ppd_file_t *ppd,
			GError **error)
{
	static const char *const words[] = { "one-sided", "two-sided-long-edge",
					     "two-sided-short-edge", NULL };
	const char *sides = miyin_given_get(given, "sides");
	const char *booklet = miyin_given_get(given, "booklet");
	ppd_choice_t *duplex = ppd ? ppdFindMarkedChoice(ppd, "Duplex") : NULL;

	if (sides && !g_strv_contains(words, sides)) {
		miyin_refuse_option(error, sides, "sides");
		return NULL;
	}
	/* pdftopdf turns duplex on for a booklet only in its own memory. */
	if (booklet && miyin_given_is_true(booklet))
		return g_strdup(words[2]);
	if (duplex && g_str_equal(duplex->choice, "DuplexNoTumble"))
		return g_strdup(words[1]);
	if (duplex && g_str_equal(duplex->choice, "DuplexTumble"))
		return g_strdup(words[2]);
	return g_strdup(sides && !duplex ? sides : words[0]);
}

/* By any letters, as libcups compares names. */
static gboolean is_one_of(const char *name, const char *const *names)
{
	for (; *names; names++)
		if (g_ascii_strcasecmp(name, *names) == 0)
			return TRUE;
	return FALSE;
}

/* What a hand does: a letter too many, too few, another one, or two that
 * changed places, and not more than two of these. The text is short. */
static gboolean is_near(const char *typed, const char *name, unsigned faults)
{
	while (*typed && g_ascii_tolower(*typed) == g_ascii_tolower(*name))
		typed++, name++;
	if (!*typed && !*name)
		return TRUE;
	if (faults == 0)
		return FALSE;
	faults--;
	return (*typed && is_near(typed + 1, name, faults)) ||
	       (*name && is_near(typed, name + 1, faults)) ||
	       (*typed && *name &&
		(is_near(typed + 1, name + 1, faults) ||
		 (g_ascii_tolower(typed[0]) == g_ascii_tolower(name[1]) &&
		  g_ascii_tolower(typed[1]) == g_ascii_tolower(name[0]) &&
		  is_near(typed + 2, name + 2, faults))));
}

static gboolean is_misspelt(const char *name)
{
	if (is_one_of(name, our_options))
		return FALSE;
	if (g_ascii_strncasecmp(name, "Miyin", strlen("Miyin")) == 0)
		return TRUE;
	for (const char *const *ours = our_options; *ours; ours++)
		if (is_near(name, *ours, 2))
			return TRUE;
	return FALSE;
}

/* Who writes MiyinHolder means something by it: a copy that goes out without
 * it would be the wrong one. */
static gboolean check_names(const miyin_given *given, GError **error)
{
	for (int i = 0; i < given->n; i++) {
		g_autofree char *name = NULL, *all = NULL;

		if (!is_misspelt(given->list[i].name))
			continue;
		name = miyin_text_clean(given->list[i].name, 40);
		all = g_strjoinv(_(", "), (char **)our_options);
		return miyin_refuse_for(error, MIYIN_REFUSAL_UNKNOWN_OPTION,
					name, all);
	}
	return TRUE;
}

/* Free text that people write by hand, and how it is to be written. */
static const struct {
	const char *name, *example;
} free_options[] = {
	{ "MiyinHolders", N_("MiyinHolders='Li Si'") },
	{ "MiyinApprover", N_("MiyinApprover='Li Si'") },
	{ "MiyinScope", N_("MiyinScope='all offices'") },
	{ "MiyinDocument", N_("MiyinDocument='No. 17'") },
	{ "MiyinPeriod", N_("MiyinPeriod='10 years'") },
};

/* The first value that may have been parted at a blank: no print dialog's, and
 * none that still has one. NULL: there is none. */
static const char *find_parted(const miyin_given *given)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(free_options); i++) {
		const char *value =
			miyin_given_get(given, free_options[i].name);

		if (value && *value && !g_str_equal(value, "None") &&
		    !g_str_has_prefix(value, "Custom.") && !strchr(value, ' '))
			return free_options[i].example;
	}
	return NULL;
}

/* Of the printer, of its driver (the gate's PPD names what users may not
 * choose), of layout, or of CUPS and print dialogs. */
static gboolean is_known(const char *name, ppd_file_t *ppd)
{
	static const char *const others[] = {
		"autoresize",  "banner",
		"bind",	       "blackplot",
		"borderless",  "collate",
		"color",       "colour",
		"draft",       "duplex",
		"economode",   "glossy",
		"gray",	       "grayscale",
		"grey",	       "header",
		"jog",	       "portrait",
		"prettyprint", "punch",
		"raw",	       "smoothing",
		"staple",      "tonersave",
		"wrap",	       "ipp-attribute-fidelity",
		NULL,
	};

	if (is_one_of(name, our_options) || is_one_of(name, others) ||
	    strpbrk(name, "_+:") ||
	    (ppd &&
	     (ppdFindOption(ppd, name) || ppdFindAttr(ppd, "MiyinGone", name))))
		return TRUE;
	for (unsigned i = 0; i < G_N_ELEMENTS(layout_options); i++)
		if (g_ascii_strcasecmp(name, layout_options[i].name) == 0)
			return TRUE;
	return FALSE;
}

/*
 * Of -o MiyinHolders=Li Si, lp makes a holder Li and an option Si that is
 * true, and of noah one named ah that is false. They come in the order of
 * their names, so it is not known which stood beside which.
 */
static gboolean check_blanks(const miyin_given *given, ppd_file_t *ppd,
			     GError **error)
{
	const char *example = find_parted(given);

	for (int i = 0; example && i < given->n; i++) {
		const cups_option_t *option = &given->list[i];
		gboolean no = g_str_equal(option->value, "false");
		g_autofree char *word = NULL, *clean = NULL;

		if ((!no && !g_str_equal(option->value, "true")) ||
		    is_known(option->name, ppd))
			continue;
		word = g_strconcat(no ? "no" : "", option->name, NULL);
		clean = miyin_text_clean(word, 40);
		return miyin_refuse_for(error, MIYIN_REFUSAL_SPLIT_VALUE, clean,
					_(example));
	}
	return TRUE;
}

static char *get_text(const miyin_given *given, const char *name, unsigned max)
{
	return miyin_text_typed(miyin_given_get(given, name), max);
}

static gboolean read_ours(const miyin_given *given, miyin_options *options,
			  GError **error)
{
	const char *control = miyin_given_get(given, "MiyinControl");

	options->level = get_text(given, "MiyinLevel", MIYIN_TEXT_MAX);
	options->period = get_text(given, "MiyinPeriod", MIYIN_TEXT_MAX);
	options->document = get_text(given, "MiyinDocument", MIYIN_TEXT_MAX);
	options->holders = get_text(given, "MiyinHolders", 20000);
	options->approver = get_text(given, "MiyinApprover", MIYIN_TEXT_MAX);
	options->scope = get_text(given, "MiyinScope", MIYIN_TEXT_MAX);
	if (g_str_equal(options->level, "Unset"))
		options->level[0] = '\0';
	options->control = control && g_ascii_strcasecmp(control, "true") == 0;
	if (control && !options->control &&
	    g_ascii_strcasecmp(control, "false") != 0)
		return miyin_refuse_option(error, control, "MiyinControl");
	return TRUE;
}

static gboolean read_pages(const miyin_given *given, ppd_file_t *ppd,
			   miyin_options *options, GError **error)
{
	gboolean wide = FALSE;
	miyin_paper paper;

	if (!miyin_paper_read(given->list, given->n, ppd, &paper, error))
		return FALSE;
	options->page_size = paper.page_size;
	options->media = paper.media;
	options->edge = paper.edge;
	options->sides = read_sides(given, ppd, error);
	return options->sides && read_layout(given, options, &wide, error) &&
	       miyin_textoptions_read(given, &paper, wide, options, error);
}

miyin_options *miyin_options_read(const char *text, const char *copies,
				  const char *ppd_path, GError **error)
{
	g_autoptr(miyin_options) options = g_new0(miyin_options, 1);
	miyin_given given = { 0, NULL };
	ppd_file_t *ppd = ppd_path ? ppdOpenFile(ppd_path) : NULL;
	gboolean ok;

	options->device = g_ptr_array_new_with_free_func(g_free);
	options->ignored = g_ptr_array_new_with_free_func(g_free);
	given.n = cupsParseOptions(text, 0, &given.list);
	/* libcups would take it for the size, past every check of PageSize. */
	given.n = cupsRemoveOption("PageRegion", given.n, &given.list);
	if (ppd) {
		ppdMarkDefaults(ppd);
		cupsMarkOptions(ppd, given.n, given.list);
	}
	ok = check_names(&given, error) && check_blanks(&given, ppd, error) &&
	     read_ours(&given, options, error) &&
	     (miyin_text_to_number(copies, 1, MIYIN_COPIES_MAX,
				   &options->copies) ||
	      miyin_refuse_option(error, copies, "copies")) &&
	     read_pages(&given, ppd, options, error);
	if (ok)
		miyin_device_read(given.list, given.n, ppd, options->device,
				  options->ignored);
	cupsFreeOptions(given.n, given.list);
	if (ppd)
		ppdClose(ppd);
	return ok ? g_steal_pointer(&options) : NULL;
}

void miyin_options_free(miyin_options *options)
{
	g_free(options->layout);
	g_free(options->picture_layout);
	g_free(options->media);
	g_free(options->page_size);
	g_free(options->sides);
	g_free(options->level);
	g_free(options->period);
	g_free(options->document);
	g_free(options->holders);
	g_free(options->approver);
	g_free(options->scope);
	g_ptr_array_unref(options->device);
	g_ptr_array_unref(options->ignored);
	g_free(options);
}

void miyin_options_add_to_frame(const miyin_options *options,
				miyin_frame *frame)
{
	g_autofree char *copies = g_strdup_printf("%u", options->copies);
	g_autofree char *edge = g_strdup_printf("%u", options->edge);

	miyin_frame_add(frame, "copies", copies);
	miyin_frame_add(frame, "level", options->level);
	miyin_frame_add(frame, "period", options->period);
	miyin_frame_add(frame, "document", options->document);
	miyin_frame_add(frame, "holders", options->holders);
	miyin_frame_add(frame, "approver", options->approver);
	miyin_frame_add(frame, "scope", options->scope);
	miyin_frame_add(frame, "control", options->control ? "true" : "");
	miyin_frame_add(frame, "media", options->media);
	miyin_frame_add(frame, "page-size", options->page_size);
	miyin_frame_add(frame, "edge", edge);
	miyin_frame_add(frame, "sides", options->sides);
	for (unsigned i = 0; i < options->device->len; i++)
		miyin_frame_add(frame, "device", options->device->pdata[i]);
}
