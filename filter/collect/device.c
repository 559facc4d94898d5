/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device.h"
#include <miyin/choice.h>
#include <string.h>

/* What a driver without such an option may be told. Draft is lighter, and
 * two-level colour leaves out what is light. */
static const struct {
	const char *name;
	miyin_meaning meaning;
	const char *pattern;
} attributes[] = {
	{ "print-color-mode", MIYIN_MEANING_COLOUR,
	  "^(auto|color|monochrome)$" },
	{ "print-quality", MIYIN_MEANING_QUALITY, "^[45]$" },
};

/* They would put a page aside, print it twice, small or light, or fold it
 * away, and a print dialog sends some of them by itself. */
static const char *const never[] = {
	"copies",
	"finishings-col",
	"job-hold-until",
	"job-password",
	"job-save-disposition",
	"job-storage",
	"multiple-document-handling",
	"overrides",
	"print-content-optimize",
	"print-darkness",
	"print-rendering-intent",
	"proof-print",
	"separator-sheets",
	NULL,
};

typedef struct {
	const cups_option_t *given;
	int n;
	ppd_file_t *ppd;
	GPtrArray *device, *ignored;
	unsigned n_of[MIYIN_N_MEANINGS]; /* options of the PPD */
} reading;

static void add(reading *r, const char *name, const char *value)
{
	if (g_regex_match_simple("^[A-Za-z0-9._+-]{1,80}$", value,
				 G_REGEX_DOLLAR_ENDONLY, 0))
		g_ptr_array_add(r->device,
				g_strdup_printf("%s=%s", name, value));
}

static void ignore(reading *r, const char *name)
{
	if (cupsGetOption(name, r->n, (cups_option_t *)r->given))
		g_ptr_array_add(r->ignored, g_strdup(name));
}

static gboolean is_allowed(ppd_file_t *ppd, const char *option)
{
	return ppdFindAttr(ppd, "MiyinAllow", option) != NULL;
}

/* Foomatic's drivers read the code of a choice from an attribute. */
static gboolean is_harmless(ppd_file_t *ppd, miyin_meaning meaning,
			    const ppd_choice_t *choice)
{
	g_autofree char *spec = g_strdup_printf(
		"%s=%s", choice->option->keyword, choice->choice);
	ppd_attr_t *setting =
		ppdFindAttr(ppd, "FoomaticRIPOptionSetting", spec);
	g_autofree char *code =
		g_strconcat(choice->code ? choice->code : "",
			    setting ? setting->value : NULL, NULL);

	return !miyin_choice_find_fault(meaning, choice->choice, choice->text,
					code);
}

static void read_option(reading *r, ppd_option_t *option)
{
	const char *name = option->keyword;
	miyin_meaning meaning = miyin_choice_find_meaning(name);
	gboolean allowed = is_allowed(r->ppd, name);
	ppd_choice_t *choice = ppdFindMarkedChoice(r->ppd, name);

	r->n_of[meaning]++;
	/* Paper and sides are told by names of their own. */
	if (meaning == MIYIN_MEANING_SIZE || meaning == MIYIN_MEANING_SIDES ||
	    g_str_has_prefix(name, "Miyin"))
		return;
	if (choice && !g_str_equal(choice->choice, "Custom") &&
	    (allowed || (meaning != MIYIN_MEANING_NONE &&
			 is_harmless(r->ppd, meaning, choice))))
		add(r, name, choice->choice);
	else
		ignore(r, name);
}

/* A printer's installed parts are not a matter of a job. */
static void read_group(reading *r, ppd_group_t *group)
{
	if (g_str_has_prefix(group->name, "InstallableOptions"))
		return;
	for (int i = 0; i < group->num_options; i++)
		read_option(r, &group->options[i]);
	for (int i = 0; i < group->num_subgroups; i++)
		read_group(r, &group->subgroups[i]);
}

/* A preset of the PPD may choose anything for an attribute, so the device
 * queue gets one only where the PPD has neither. */
static void read_attribute(reading *r, unsigned i)
{
	const char *name = attributes[i].name;
	const char *value =
		cupsGetOption(name, r->n, (cups_option_t *)r->given);
	gboolean is_known =
		r->ppd && (r->n_of[attributes[i].meaning] > 0 ||
			   ppdFindAttr(r->ppd, "APPrinterPreset", NULL));

	if (value && !is_known &&
	    g_regex_match_simple(attributes[i].pattern, value,
				 G_REGEX_DOLLAR_ENDONLY, 0))
		add(r, name, value);
	else if (!is_known)
		ignore(r, name);
}

void miyin_device_read(const cups_option_t *given, int n, ppd_file_t *ppd,
		       GPtrArray *device, GPtrArray *ignored)
{
	reading r = { given, n, ppd, device, ignored, { 0 } };

	for (int i = 0; ppd && i < ppd->num_groups; i++)
		read_group(&r, &ppd->groups[i]);
	for (unsigned i = 0; i < G_N_ELEMENTS(attributes); i++)
		read_attribute(&r, i);
	for (int i = 0; never[i]; i++)
		ignore(&r, never[i]);
}
