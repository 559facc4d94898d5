/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collect_options.h"
#include <miyin/refusal.h>
#include <miyin/text.h>
#include <cups/cups.h>
#include <cups/ppd.h>
#include <cups/pwg.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define COPIES_MAX 999
#define PWG_PER_PT (2540.0 / 72)
/* libcups takes any bytes for the name of a paper that it can measure. */
#define NAME_CHARS G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "._-"
#define CUSTOM_MIN_PT 72.0
#define CUSTOM_MAX_PT 14400.0

/* For both, for the first program only (scaling is done once), how checked. */
enum { EVERY = 1, ONCE = 2 };

static const struct {
	const char *name;
	int when;
	const char *pattern;
} layout_options[] = {
	{ "number-up", EVERY, "^(1|2|4|6|8|9|10|12|15|16)$" },
	{ "number-up-layout", EVERY, "^(bt|tb|lr|rl){2}$" },
	{ "page-border", EVERY, "^(none|single|single-thick|double|"
				"double-thick)$" },
	{ "page-ranges", EVERY, "^[0-9]+(-[0-9]*)?(,[0-9]+(-[0-9]*)?)*$" },
	{ "page-set", EVERY, "^(all|odd|even)$" },
	{ "booklet", EVERY, "^(true|false|on|off|yes|no|shuffle-only)$" },
	{ "booklet-signature", EVERY, "^[0-9]{1,4}$" },
	{ "OutputOrder", EVERY, "^(?i)(normal|reverse)$" },
	{ "outputorder", EVERY, "^(?i)(normal|reverse)$" },
	{ "output-order", EVERY, "^(?i)(normal|reverse)$" },
	{ "page-delivery", EVERY, "^(same-order-face-(up|down)|"
				  "reverse-order-face-(up|down)|"
				  "system-specified)$" },
	{ "page-left", ONCE, "^[0-9]{1,5}(\\.[0-9]+)?$" },
	{ "page-right", ONCE, "^[0-9]{1,5}(\\.[0-9]+)?$" },
	{ "page-top", ONCE, "^[0-9]{1,5}(\\.[0-9]+)?$" },
	{ "page-bottom", ONCE, "^[0-9]{1,5}(\\.[0-9]+)?$" },
	{ "orientation-requested", ONCE, "^[3-7]$" },
	{ "landscape", ONCE, "^(true|false|on|off|yes|no|)$" },
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

/* IPP attributes the device queue may have, when the PPD has no option. */
static const char *const device_attributes[] = {
	"print-quality",  "print-color-mode", "print-content-optimize",
	"output-bin",	  "printer-resolution", NULL,
};

/* PPD options that are layout, ours, or would undo the copies. */
static const char *const not_for_device[] = {
	"PageSize", "PageRegion", "Duplex",  "Collate",	  "Copies",
	"OutputOrder", "MirrorPrint", "ManualFeed", NULL,
};

typedef struct {
	int n;
	cups_option_t *list;
} cups_options;

static gboolean read_copies(const char *text, miyin_options *options,
			    GError **error);
static gboolean read_layout(const cups_options *given, miyin_options *options,
			    GError **error);
static gboolean read_paper(const cups_options *given, ppd_file_t *ppd,
			   miyin_options *options, GError **error);
static gboolean read_free_paper(const char *asked, const char *option,
				miyin_options *options, GError **error);
static gboolean has_media(const char *asked, const ppd_size_t *size);
static const pwg_media_t *find_medium(const char *name);
static void add_device(miyin_options *options, const char *name,
		       const char *value);
static char *read_sides(const cups_options *given, ppd_file_t *ppd,
			GError **error);
static void read_device(const cups_options *given, ppd_file_t *ppd,
			miyin_options *options);
static gboolean read_ours(const cups_options *given, miyin_options *options,
			  GError **error);
static char *get_text(const cups_options *given, const char *name,
		      unsigned max);
static gboolean is_true(const char *value);

miyin_options *miyin_options_read(const char *text, const char *copies,
				  const char *ppd_path, GError **error)
{
	g_autoptr(miyin_options) options = g_new0(miyin_options, 1);
	cups_options given = { 0, NULL };
	ppd_file_t *ppd = ppd_path ? ppdOpenFile(ppd_path) : NULL;
	gboolean ok;

	options->device = g_ptr_array_new_with_free_func(g_free);
	given.n = cupsParseOptions(text, 0, &given.list);
	if (ppd) {
		ppdMarkDefaults(ppd);
		cupsMarkOptions(ppd, given.n, given.list);
	}
	ok = read_ours(&given, options, error) &&
	     read_copies(copies, options, error) &&
	     read_paper(&given, ppd, options, error) &&
	     (options->sides = read_sides(&given, ppd, error)) &&
	     read_layout(&given, options, error);
	if (ok)
		read_device(&given, ppd, options);
	cupsFreeOptions(given.n, given.list);
	if (ppd)
		ppdClose(ppd);
	return ok ? g_steal_pointer(&options) : NULL;
}

void miyin_options_free(miyin_options *options)
{
	if (!options)
		return;
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
	g_free(options);
}

void miyin_options_add_to_frame(const miyin_options *options,
				miyin_frame *frame)
{
	g_autofree char *copies = g_strdup_printf("%u", options->copies);

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
	miyin_frame_add(frame, "sides", options->sides);
	for (unsigned i = 0; i < options->device->len; i++)
		miyin_frame_add(frame, "device", options->device->pdata[i]);
}

static gboolean read_copies(const char *text, miyin_options *options,
			    GError **error)
{
	guint64 copies;

	if (!g_ascii_string_to_unsigned(text, 10, 1, COPIES_MAX, &copies, NULL))
		return miyin_refuse(error,
				    miyin_refusal_new(MIYIN_REFUSAL_BAD_OPTION,
						      text, "copies"));
	options->copies = copies;
	return TRUE;
}

/* Values are matched against a pattern that has no space, quote, escape or
 * line end, so the strings below need no escaping. */
static gboolean read_layout(const cups_options *given, miyin_options *options,
			    GError **error)
{
	g_autoptr(GString) all = g_string_new(NULL);
	g_autoptr(GString) again = g_string_new(NULL);

	g_string_append_printf(all, "PageSize=%s sides=%s", options->page_size,
			       options->sides);
	g_string_append(again, all->str);
	for (unsigned i = 0; i < G_N_ELEMENTS(layout_options); i++) {
		const char *name = layout_options[i].name;
		const char *value = cupsGetOption(name, given->n, given->list);

		if (!value)
			continue;
		if (!g_regex_match_simple(layout_options[i].pattern, value,
					  G_REGEX_DOLLAR_ENDONLY, 0)) {
			g_autofree char *clean = miyin_text_clean(value, 40);

			return miyin_refuse(
				error,
				miyin_refusal_new(MIYIN_REFUSAL_BAD_OPTION,
						  clean, name));
		}
		g_string_append_printf(all, " %s=%s", name, value);
		if (layout_options[i].when == EVERY)
			g_string_append_printf(again, " %s=%s", name, value);
	}
	options->layout = g_strdup(all->str);
	options->picture_layout = g_strdup(again->str);
	return TRUE;
}

/* The paper is the queue's choice, not the size of some page: N-up and
 * booklet pages are landscape, and an omitted medium prints on Letter. */
static gboolean read_paper(const cups_options *given, ppd_file_t *ppd,
			   miyin_options *options, GError **error)
{
	const char *asked = cupsGetOption("PageSize", given->n, given->list);
	const char *media = cupsGetOption("media", given->n, given->list);
	ppd_choice_t *choice = ppd ? ppdFindMarkedChoice(ppd, "PageSize")
				   : NULL;
	ppd_size_t *size = ppd ? ppdPageSize(ppd, NULL) : NULL;
	pwg_media_t *medium;

	if (ppd && asked && !g_str_has_prefix(asked, "Custom.") &&
	    (!choice || g_ascii_strcasecmp(choice->choice, asked) != 0)) {
		g_autofree char *clean = miyin_text_clean(asked, 40);

		return miyin_refuse(error,
				    miyin_refusal_new(MIYIN_REFUSAL_BAD_OPTION,
						      clean, "PageSize"));
	}
	/* libcups takes Custom.axb for no size at all. */
	if (size && choice && g_str_equal(choice->choice, "Custom") &&
	    !(size->width >= CUSTOM_MIN_PT && size->width <= CUSTOM_MAX_PT &&
	      size->length >= CUSTOM_MIN_PT &&
	      size->length <= CUSTOM_MAX_PT)) {
		g_autofree char *clean =
			miyin_text_clean(asked ? asked : media, 40);

		return miyin_refuse(error,
				    miyin_refusal_new(MIYIN_REFUSAL_BAD_OPTION,
						      clean, "PageSize"));
	}
	if (size && !asked && media && !has_media(media, size)) {
		g_autofree char *clean = miyin_text_clean(media, 40);

		return miyin_refuse(error,
				    miyin_refusal_new(MIYIN_REFUSAL_BAD_OPTION,
						      clean, "media"));
	}
	if (!choice || !size)
		return read_free_paper(asked ? asked : media,
				       asked ? "PageSize" : "media", options,
				       error);
	if (g_str_equal(choice->choice, "Custom"))
		options->page_size = g_strdup_printf(
			"Custom.%.0fx%.0f", size->width, size->length);
	else
		options->page_size = g_strdup(choice->choice);
	medium = pwgMediaForPPD(options->page_size);
	if (!medium)
		medium = pwgMediaForSize(
			(int)(size->width * 2540 / 72 + 0.5),
			(int)(size->length * 2540 / 72 + 0.5));
	options->media = g_strdup(medium ? medium->pwg : options->page_size);
	return TRUE;
}

/* Without a queue, as for a preview, it is any paper that has a name. */
static gboolean read_free_paper(const char *asked, const char *option,
				miyin_options *options, GError **error)
{
	const pwg_media_t *medium = find_medium(asked ? asked : "A4");

	if (!medium || !medium->ppd ||
	    strspn(medium->pwg, NAME_CHARS) != strlen(medium->pwg)) {
		g_autofree char *clean = miyin_text_clean(asked, 40);

		return miyin_refuse(error,
				    miyin_refusal_new(MIYIN_REFUSAL_BAD_OPTION,
						      clean, option));
	}
	options->page_size = g_strdup(medium->ppd);
	options->media = g_strdup(medium->pwg);
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
		found = found || (fabs(size->width * PWG_PER_PT -
				       medium->width) < tolerance &&
				  fabs(size->length * PWG_PER_PT -
				       medium->length) < tolerance);
	}
	return found || !named;
}

static const pwg_media_t *find_medium(const char *name)
{
	const pwg_media_t *medium = pwgMediaForPPD(name);

	if (!medium)
		medium = pwgMediaForPWG(name);
	return medium ? medium : pwgMediaForLegacy(name);
}

static char *read_sides(const cups_options *given, ppd_file_t *ppd,
			GError **error)
{
	static const char *const words[] = { "one-sided", "two-sided-long-edge",
					     "two-sided-short-edge", NULL };
	const char *sides = cupsGetOption("sides", given->n, given->list);
	const char *booklet = cupsGetOption("booklet", given->n, given->list);
	ppd_choice_t *duplex = ppd ? ppdFindMarkedChoice(ppd, "Duplex") : NULL;

	if (sides && !g_strv_contains(words, sides)) {
		g_autofree char *clean = miyin_text_clean(sides, 40);

		miyin_refuse(error, miyin_refusal_new(MIYIN_REFUSAL_BAD_OPTION,
						      clean, "sides"));
		return NULL;
	}
	/* pdftopdf turns duplex on for a booklet only in its own memory. */
	if (booklet && is_true(booklet))
		return g_strdup(words[2]);
	if (duplex && g_str_equal(duplex->choice, "DuplexNoTumble"))
		return g_strdup(words[1]);
	if (duplex && g_str_equal(duplex->choice, "DuplexTumble"))
		return g_strdup(words[2]);
	return g_strdup(sides && !duplex ? sides : words[0]);
}

/* Tray, colour, quality, staples: what the user or the queue chose. */
static void read_device(const cups_options *given, ppd_file_t *ppd,
			miyin_options *options)
{
	for (int i = 0; device_attributes[i]; i++) {
		const char *value = cupsGetOption(device_attributes[i],
						  given->n, given->list);

		if (value)
			add_device(options, device_attributes[i], value);
	}
	for (ppd_option_t *option = ppd ? ppdFirstOption(ppd) : NULL; option;
	     option = ppdNextOption(ppd)) {
		ppd_choice_t *choice =
			ppdFindMarkedChoice(ppd, option->keyword);

		if (choice && !g_strv_contains(not_for_device,
					       option->keyword) &&
		    !g_str_has_prefix(option->keyword, "Miyin") &&
		    !g_str_equal(choice->choice, "Custom"))
			add_device(options, option->keyword, choice->choice);
	}
}

static void add_device(miyin_options *options, const char *name,
		       const char *value)
{
	if (g_regex_match_simple("^[A-Za-z0-9._+-]{1,80}$", value,
				 G_REGEX_DOLLAR_ENDONLY, 0))
		g_ptr_array_add(options->device,
				g_strdup_printf("%s=%s", name, value));
}

static gboolean read_ours(const cups_options *given, miyin_options *options,
			  GError **error)
{
	const char *control =
		cupsGetOption("MiyinControl", given->n, given->list);

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
	    g_ascii_strcasecmp(control, "false") != 0) {
		g_autofree char *clean = miyin_text_clean(control, 40);

		return miyin_refuse(error,
				    miyin_refusal_new(MIYIN_REFUSAL_BAD_OPTION,
						      clean, "MiyinControl"));
	}
	return TRUE;
}

/* A print dialog sends free text as Custom.text, and None for nothing. */
static char *get_text(const cups_options *given, const char *name,
		      unsigned max)
{
	const char *value = cupsGetOption(name, given->n, given->list);

	if (!value || g_str_equal(value, "None"))
		return g_strdup("");
	if (g_str_has_prefix(value, "Custom."))
		value += strlen("Custom.");
	return miyin_text_clean(value, max);
}

static gboolean is_true(const char *value)
{
	return g_str_equal(value, "true") || g_str_equal(value, "on") ||
	       g_str_equal(value, "yes");
}
