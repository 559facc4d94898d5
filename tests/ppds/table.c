/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * table SCHEMES TABLE < LIST: what passes of real PPDs. For every option
 * and choice of every PPD of LIST (one file name a line), what a user who
 * chooses it changes in what the device queue is sent; a row each in TABLE:
 *
 *   file, option, meaning, choice, "passes" or why not
 *
 * Prints the checks as the scripts of the lab do. Fails when a choice passes
 * of which a word (of the list below, not of the program's) says that it
 * hides, keeps, repeats or lightens a page; when more than the chosen option
 * changes; when the gate offers what does not pass; and when a meaning that
 * the printer has is not offered.
 */
#include "admin/gateppd.h"
#include "filter/collect/options.h"
#include "tests/meaning-names.h"
#include <cups/ppd.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* In the keyword, the text and the code, of option and choice. */
static const char *const bad_words[] = {
	"hold",	   "store",    "storage",   "secure",	"confidential",
	"locked",  "copies",   "watermark", "overlay",	"negative",
	"invert",  "mirror",   "toner",	    "density",	"collate",
	"jobtype", "job type", "password",  "usercode", "draft",
	"econo",   "proof",    "sample",    "/stamp",	"banner",
	"blank",   "skip",     "nup",	    "n-up",	"booklet",
	"poster",  "private",  "docserver",
};

/* Where such a word means something else. */
static const struct {
	const char *option, *word; /* option NULL: of any */
	const char *why;
} exceptions[] = {
	{ NULL, "collate", "sorting one copy changes nothing" },
	{ "OutputBin", "proof", "a tray of that name" },
	{ "OutputBin", "booklet", "the tray of a finisher" },
	{ "MediaType", "proof", "paper for proofs" },
	{ "MediaType", "banner", "paper on rolls" },
	{ "MediaType", "draft", "Epson's name for CRISPIA photo paper" },
	{ "MediaType", "blank", "an insert that is not printed on" },
	{ "PageSize", "banner", "a length of a roll" },
	{ "PageRegion", "banner", "a length of a roll" },
	{ "InputSlot", "banner", "continuous paper" },
	{ "OutputBin", "banner", "the stacker of a finisher" },
	{ "OutputBin", "sample", "a tray of that name" },
	{ "CNOutput", "sample", "a tray of that name" },
	{ "KCFold", "booklet", "folds the sheets as they are" },
	{ "Fold", "booklet", "folds the sheets as they are" },
	{ "Fold", "nup", "COnUpL: a C-fold, on its back" },
};

/* Cut out of codes and texts first. */
static const char *const harmless[] = {
	"/Stamp false",
	"Economode=Off",
	"ECONOMODE=OFF",
	"STAPLE=BOOKLET", /* where the staples are */
	"(Finisher Booklet Tray)",
	"/BookletRightAndLeft",
	"/BookletTwoSides",
	"TSBPrivate (DSSC PRINT", /* a command's name, like @PJL */
	"(Waterproof",
	"MEDIATYPE=WATERPROOF",
	"/win_nup get", /* asks what another option has set */
};

static unsigned n_passed, n_failed, n_ppds;
static unsigned n_rows, n_passing;
static FILE *table;

static void check(gboolean ok, const char *ppd, const char *option,
		  const char *choice, const char *what)
{
	if (ok) {
		n_passed++;
		return;
	}
	n_failed++;
	printf("  FAIL %s: %s=%s: %s\n", ppd, option, choice, what);
}

static gboolean is_excepted(const char *option, const char *word)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(exceptions); i++)
		if (g_str_equal(exceptions[i].word, word) &&
		    (!exceptions[i].option ||
		     g_str_equal(exceptions[i].option, option)))
			return TRUE;
	return FALSE;
}

/* A bad word in one of the texts, or NULL. */
static const char *find_bad(const char *option, const char *const *texts)
{
	g_autofree char *joined = g_strjoinv("\n", (char **)texts);
	g_autoptr(GString) all = g_string_new(joined);

	for (unsigned i = 0; i < G_N_ELEMENTS(harmless); i++)
		g_string_replace(all, harmless[i], "", 0);
	for (unsigned i = 0; i < G_N_ELEMENTS(bad_words); i++)
		if (strcasestr(all->str, bad_words[i]) &&
		    !is_excepted(option, bad_words[i]))
			return bad_words[i];
	return NULL;
}

static char *get_code(ppd_file_t *ppd, const ppd_choice_t *choice)
{
	g_autofree char *spec = g_strdup_printf(
		"%s=%s", choice->option->keyword, choice->choice);
	ppd_attr_t *setting =
		ppdFindAttr(ppd, "FoomaticRIPOptionSetting", spec);

	return g_strconcat(choice->code ? choice->code : "",
			   setting ? setting->value : NULL, NULL);
}

static miyin_options *read_options(const char *option, const char *choice,
				   const char *path)
{
	g_autofree char *text =
		option ? g_strdup_printf("%s=%s", option, choice)
		       : g_strdup("");

	return miyin_options_read(text, "1", path, NULL);
}

/* What is sent for it, as one text without the option itself. */
static char *describe(const miyin_options *options, const char *without)
{
	GString *all = g_string_new(NULL);
	g_autofree char *prefix = g_strconcat(without, "=", NULL);

	if (!g_str_equal(without, "PageSize") &&
	    !g_str_equal(without, "PageRegion"))
		g_string_append_printf(all, "%s %s", options->page_size,
				       options->media);
	if (!g_str_equal(without, "Duplex"))
		g_string_append_printf(all, " %s", options->sides);
	for (unsigned i = 0; i < options->device->len; i++)
		if (!g_str_has_prefix(options->device->pdata[i], prefix))
			g_string_append_printf(
				all, " %s", (char *)options->device->pdata[i]);
	return g_string_free(all, FALSE);
}

static gboolean has_device(const miyin_options *options, const char *option,
			   const char *choice)
{
	g_autofree char *pair = g_strdup_printf("%s=%s", option, choice);

	if (g_str_equal(option, "PageSize"))
		return g_str_equal(options->page_size, choice);
	for (unsigned i = 0; i < options->device->len; i++)
		if (g_str_equal(options->device->pdata[i], pair))
			return TRUE;
	return FALSE;
}

/* Sides go by another name. */
static gboolean passes(const miyin_options *options, const char *option,
		       const char *choice)
{
	if (!g_str_equal(option, "Duplex"))
		return has_device(options, option, choice);
	if (g_str_equal(choice, "DuplexNoTumble"))
		return g_str_equal(options->sides, "two-sided-long-edge");
	if (g_str_equal(choice, "DuplexTumble"))
		return g_str_equal(options->sides, "two-sided-short-edge");
	return g_str_equal(options->sides, "one-sided");
}

typedef struct {
	const char *name, *path, *gate_path;
	ppd_file_t *ppd, *gate;
	miyin_options *plain; /* what is sent when nothing is chosen */
	/* Choices that pass, and options that should have one. */
	unsigned n_offered[MIYIN_N_MEANINGS], n_had[MIYIN_N_MEANINGS];
} subject;

static gboolean is_installed_part(const ppd_group_t *group)
{
	return g_str_has_prefix(group->name, "InstallableOptions");
}

static void try_choice(subject *s, ppd_option_t *option, ppd_choice_t *choice)
{
	const char *name = option->keyword;
	g_autofree char *code = get_code(s->ppd, choice);
	const char *texts[] = { name,	      option->text, choice->choice,
				choice->text, code,	    NULL };
	miyin_meaning meaning = miyin_choice_find_meaning(name);
	const char *fault = miyin_choice_find_fault(meaning, choice->choice,
						    choice->text, code);
	const char *bad = find_bad(name, texts);
	g_autoptr(miyin_options) chosen =
		read_options(name, choice->choice, s->gate_path);
	g_autoptr(miyin_options) direct =
		read_options(name, choice->choice, s->path);
	gboolean ok = chosen && passes(chosen, name, choice->choice);
	g_autofree char *after = chosen ? describe(chosen, name) : NULL;
	g_autofree char *before = describe(s->plain, name);

	n_rows++;
	n_passing += ok;
	fprintf(table, "%s\t%s\t%s\t%s\t%s\n", s->name, name,
		meaning_names[meaning], choice->choice,
		ok				? "passes"
		: meaning == MIYIN_MEANING_NONE ? "not the user's"
		: fault				? fault
						: "not here");
	if (ok)
		s->n_offered[meaning]++;
	check(!ok || meaning != MIYIN_MEANING_NONE, s->name, name,
	      choice->choice, "passes without a meaning");
	check(!ok || !bad, s->name, name, choice->choice, bad ? bad : "");
	check(!after || g_str_equal(after, before), s->name, name,
	      choice->choice, "changes something else too");
	/* A queue whose PPD somebody has put back. */
	check(!direct || !has_device(direct, name, choice->choice) || ok,
	      s->name, name, choice->choice, "passes with the printer's PPD");
}

/* A printer of labels or of needles: no user may choose its 180 dpi. */
static gboolean is_coarse_only(const ppd_option_t *option)
{
	if (!g_str_equal(option->keyword, "Resolution"))
		return FALSE;
	for (int i = 0; i < option->num_choices; i++) {
		unsigned across = 0, down = 0;

		switch (sscanf(option->choices[i].choice, "%ux%u", &across,
			       &down)) {
		case 1:
			down = across;
			break;
		case 2:
			break;
		default:
			return FALSE;
		}
		if (MIN(across, down) >= 300)
			return FALSE;
	}
	return TRUE;
}

/* No choice of an option that is not the user's can pass before another one:
 * it is the option that is looked up. Some have a hundred. */
#define NAMES_MAX 10

static void try_option(subject *s, const ppd_group_t *group,
		       ppd_option_t *option)
{
	miyin_meaning meaning = miyin_choice_find_meaning(option->keyword);
	int step = meaning == MIYIN_MEANING_NONE
			   ? 1 + option->num_choices / NAMES_MAX
			   : 1;

	/* Those the gate has not: see offer.h. PageRegion is PageSize. */
	if (is_installed_part(group) ||
	    g_str_equal(option->keyword, "PageRegion"))
		return;
	if (!g_str_has_prefix(option->keyword, "JCL") &&
	    !is_coarse_only(option))
		s->n_had[meaning]++;
	for (int i = 0; i < option->num_choices; i += step)
		if (!g_str_equal(option->choices[i].choice, "Custom"))
			try_choice(s, option, &option->choices[i]);
}

/* What a print dialog shows is what passes. */
static void try_offered(subject *s, const ppd_group_t *group,
			ppd_option_t *option)
{
	const char *name = option->keyword;

	if (is_installed_part(group) || g_str_has_prefix(name, "Miyin") ||
	    g_str_equal(name, "OutputOrder"))
		return;
	check(miyin_choice_find_meaning(name) != MIYIN_MEANING_NONE, s->name,
	      name, "", "is offered");
	for (int i = 0; i < option->num_choices; i++) {
		ppd_choice_t *choice = &option->choices[i];
		g_autofree char *code = get_code(s->gate, choice);
		const char *texts[] = { choice->choice, choice->text, code,
					NULL };

		if (!g_str_equal(choice->choice, option->defchoice))
			check(!find_bad(name, texts), s->name, name,
			      choice->choice, "is offered");
	}
}

static void for_options(subject *s, ppd_file_t *ppd,
			void (*func)(subject *, const ppd_group_t *,
				     ppd_option_t *))
{
	for (int g = 0; g < ppd->num_groups; g++)
		for (int o = 0; o < ppd->groups[g].num_options; o++)
			func(s, &ppd->groups[g], &ppd->groups[g].options[o]);
}

/* Every meaning that the printer has is there for its users. */
static void check_meanings(subject *s)
{
	for (int m = 1; m < MIYIN_N_MEANINGS; m++)
		check(!s->n_had[m] || s->n_offered[m], s->name,
		      meaning_names[m], "", "is not offered");
}

static void try_ppd(const char *path, const miyin_scheme *scheme)
{
	g_autofree char *text = NULL, *gate = NULL, *name = NULL;
	g_autoptr(GError) error = NULL;
	char gate_path[] = "/tmp/miyin-ppds-XXXXXX";
	int fd = g_mkstemp(gate_path);
	subject s = { .path = path, .gate_path = gate_path };

	s.name = name = g_path_get_basename(path);
	if (g_file_get_contents(path, &text, NULL, &error))
		gate = miyin_gateppd_make(text, scheme, NULL, NULL, NULL,
					  &error);
	if (gate)
		g_file_set_contents(gate_path, gate, -1, NULL);
	s.ppd = ppdOpenFile(path);
	s.gate = gate ? ppdOpenFile(gate_path) : NULL;
	s.plain = s.gate ? read_options(NULL, NULL, gate_path) : NULL;
	/* What libcups cannot read is no queue's PPD. */
	if (s.ppd)
		check(s.plain != NULL, s.name, "", "",
		      error ? error->message : "no gate");
	if (s.ppd && s.plain) {
		n_ppds++;
		for_options(&s, s.ppd, try_option);
		for_options(&s, s.gate, try_offered);
		check_meanings(&s);
	}
	ppdClose(s.ppd);
	ppdClose(s.gate);
	miyin_options_free(s.plain);
	close(fd);
	g_unlink(gate_path);
}

int main(int argc, char **argv)
{
	g_autoptr(miyin_scheme) scheme = NULL;
	g_autoptr(GError) error = NULL;
	char line[4096];

	if (argc != 3 || !(table = fopen(argv[2], "w"))) {
		fprintf(stderr, "Usage: table SCHEMES TABLE < LIST\n");
		return 2;
	}
	scheme = miyin_scheme_open(argv[1], "cn-gb9704", &error);
	if (!scheme) {
		fprintf(stderr, "%s\n", error->message);
		return 2;
	}
	while (fgets(line, sizeof(line), stdin))
		try_ppd(g_strchomp(line), scheme);
	fclose(table);
	printf("  %u of %u choices of %u PPDs pass\n", n_passing, n_rows,
	       n_ppds);
	printf("%u passed, %u failed\n", n_passed, n_failed);
	return n_failed > 0 || n_passed == 0;
}
