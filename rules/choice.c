/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/choice.h>
#include <miyin/text.h>
#include <stdlib.h>
#include <string.h>

/* A watermark and small dots need that much. */
#define RESOLUTION_MIN_DPI 300

/* Options of PPDs, by what they choose. PunchMedia and FoldType are those of
 * IPP Everywhere. */
static const char *const options[MIYIN_N_MEANINGS] = {
	[MIYIN_MEANING_SIZE] = "PageSize PageRegion",
	[MIYIN_MEANING_SIDES] = "Duplex",
	[MIYIN_MEANING_TRAY] = "InputSlot HPPaperSource StpCassetteTray",
	[MIYIN_MEANING_TYPE] =
		"MediaType BRMediaType FXMediaType HPPaperType KMMediaWeight"
		" MediaWeight OKMediaType",
	/* BRPrintQuality is Mono or Color, and so is Ink of escpr. */
	[MIYIN_MEANING_COLOUR] =
		"BRPrintQuality ColorMode ColorModel CMAndResolution"
		" EPColorModel FXColorMode Gray HPColorAsGray HPColorMode"
		" HPColorOptions HPColorOutput HPPJLColorAsGray Ink"
		" KMSelectColor Monochrome PageOutputColor ProcessColorModel"
		" SelectColor colormode",
	[MIYIN_MEANING_QUALITY] =
		"ARPrintMode CN_DPI DymoPrintQuality EPColorQuality"
		" FXOutputMode HPOutputQuality HPPJLOutputMode"
		" HPPJLPrintQuality HPPrintQuality HPPrintingResolution"
		" LXResolution OKResolution OutputMode PrintQuality"
		" PrinterResolution PrintoutMode Quality QualityType"
		" RQualityMode Resolution SetResolution StpQuality"
		" cupsPrintQuality",
	[MIYIN_MEANING_BIN] =
		"CNOutput JobOutputBin KmOutput OutputBin OutputTray",
	[MIYIN_MEANING_STAPLE] =
		"ARStaple FXStaple HKStapleLocation HPStaplerOptions KCStaple"
		" KMStapleMode KmStaple OCStaple OKStaple RIStaple Staple"
		" StapleJob StapleLocation StaplePos StapleType StapleWhen"
		" Stapling",
	[MIYIN_MEANING_PUNCH] =
		"ARPunch FXPunch HPPunchingOptions HolePunch KCPunch KmPunch"
		" OKPunch Punch PunchMedia RIPunch",
	[MIYIN_MEANING_FOLD] =
		"ARFold Fold FoldType HPFoldingOptions KCFold KCFoldA KCFoldB"
		" KCFoldC RIFoldType RIZfold ZFolding",
};

/*
 * Words that tell what a choice does, in any letters; one that begins with a
 * capital must begin a word ("Low", not "yellow"). The page would stay in the
 * printer, or wait for its user there:
 */
static const char *const keeping[] = {
	"hold",	    "store",	    "storage", "secure",    "confidential",
	"locked",   "password",	    "jobtype", "docserver", "userbox",
	"user box", "document box", NULL,
};

/* So it would behind a button for colour or quality. A bin may be called so. */
static const char *const waiting[] = {
	"proof", "sample", "private", "Delay", "reserve", "mailbox", NULL,
};

/* It would come out twice, or several pages small on one sheet. */
static const char *const multiplying[] = {
	"copies", "collat",  "n-up",	 "nup",	     "2in1", "Repeat",
	"poster", "booklet", "pamphlet", "magazine", NULL,
};

/* It would be too light for its marks, or turned round. The last words are
 * those of European PPDs. */
static const char *const lightening[] = {
	"draft",   "Econ",	"conom",      "toner",	   "ink sav",
	"inksav",  "saver",	"saving",     "density",   "Light",
	"Fast",	   "Quick",	"Speed",      "Low",	   "invert",
	"negativ", "mirror",	"pure black", "pureblack", "bi-level",
	"bilevel", "threshold", "entwurf",    "brouillon", "borrador",
	"bozza",   "rascunho",	"Spar",	      "ahorr",	   "risparm",
	NULL,
};

/* What no code of such a choice may do. A page procedure or a transfer
 * function can leave out, repeat, turn or lighten whatever is printed. */
static const char *const coding[] = {
	"NumCopies",	"#copies",
	"%-12345X",	"jobtype",
	"hold",		"password",
	"usercode",	"watermark",
	"overlay",	"stamp",
	"negative",	"mirror",
	"econo",	"tonersav",
	"density",	"draft",
	"settransfer",	"setcolortransfer",
	"showpage",	"copypage",
	"BeginPage",	"EndPage",
	"exitserver",	"startjob",
	"/Separations", "SeparationOrder",
	NULL,
};

/* The variables of the printer that one may set by PJL. */
static const char pjl[] =
	"BINDING CUTTER DATAMODE DUPLEX FITTOPAGESIZE FOLD GPUNCH GRAYSCALE"
	" IMAGEDIRECTION MEDIASOURCE MEDIATYPE OUTBIN PAPER PAPERTYPE"
	" PLANESINUSE PRINTQUALITY PUNCH PUNCHHOLE QUALITYMODE RENDERMODE"
	" RESOLUTION STAPLE TRAY";

/* At the front, after what is no letter, or where capitals begin: LinesFast. */
static gboolean begins_word(const char *text, const char *at)
{
	return at == text || !g_ascii_isalpha(at[-1]) ||
	       (g_ascii_islower(at[-1]) && g_ascii_isupper(at[0]));
}

static gboolean has_word(const char *text, const char *word)
{
	const char *at = text;

	while ((at = strcasestr(at, word))) {
		if (!g_ascii_isupper(*word) || begins_word(text, at))
			return TRUE;
		at++;
	}
	return FALSE;
}

static const char *find_word(const char *const *words, const char *choice,
			     const char *text)
{
	for (int i = 0; words[i]; i++)
		if (has_word(choice, words[i]) ||
		    (text && has_word(text, words[i])))
			return words[i];
	return NULL;
}

/* Economode=Off, /Stamp false: what stands after a name. */
static gboolean is_off(const char *at)
{
	static const char *const off[] = { "off", "false", "none", "0" };

	at += strspn(at, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "#_");
	at += strspn(at, " =:/(\"'");
	for (unsigned i = 0; i < G_N_ELEMENTS(off); i++)
		if (g_ascii_strncasecmp(at, off[i], strlen(off[i])) == 0)
			return !g_ascii_isalnum(at[strlen(off[i])]);
	return FALSE;
}

/* "@PJL SET NAME=VALUE"; foomatic writes "SET NAME=VALUE". */
static gboolean has_strange_pjl(const char *code)
{
	for (const char *at = code; (at = strstr(at, "@PJL")); at++)
		if (!g_str_has_prefix(at, "@PJL SET "))
			return TRUE;
	for (const char *at = code; (at = strstr(at, "SET ")); at++) {
		gsize length = strspn(at + 4, G_CSET_A_2_Z G_CSET_DIGITS "_");
		g_autofree char *name = g_strndup(at + 4, length);

		if (length > 0 && !miyin_text_has_name(pjl, name) &&
		    !is_off(at + 4))
			return TRUE;
	}
	return FALSE;
}

/* Foomatic breaks long lines with && in the middle of a word. */
static char *join_lines(const char *code)
{
	g_autoptr(GString) joined = g_string_new(code);

	g_string_replace(joined, "&&\n", "", 0);
	return g_string_free(g_steal_pointer(&joined), FALSE);
}

static const char *find_in_code(const char *broken)
{
	g_autofree char *code = join_lines(broken);

	for (int i = 0; coding[i]; i++) {
		const char *at = code;

		while ((at = strcasestr(at, coding[i]))) {
			if (!is_off(at))
				return coding[i];
			at++;
		}
	}
	return has_strange_pjl(code) ? "PJL" : NULL;
}

/* 600x300dpi, 300 dpi, and foomatic's 150ColorCMYK. */
static gboolean is_coarse(const char *choice)
{
	char *end;
	unsigned long across = strtoul(choice, &end, 10), down = across;

	if (end == choice)
		return FALSE;
	if (*end == 'x')
		down = strtoul(end + 1, &end, 10);
	end += *end == ' ';
	if (*end && !g_ascii_isalpha(*end))
		return FALSE;
	/* Smaller numbers count bits, colours or drops. */
	return MIN(across, down) < RESOLUTION_MIN_DPI &&
	       (MAX(across, down) >= 50 ||
		g_ascii_strncasecmp(end, "dpi", 3) == 0);
}

/* One ink alone, which may be yellow. */
static gboolean is_one_ink(const char *choice)
{
	g_autofree char *small = g_ascii_strdown(choice, -1);

	return miyin_text_has_name(
		"cyan magenta yellow red green blue white clear", small);
}

/* HP's name for a fine resolution, and foomatic's for little memory. */
static gboolean is_fine(const char *choice, const char *text)
{
	static const char *const fine[] = { "FastRes", "Fast 1200", "LowMem",
					    NULL };

	return find_word(fine, choice, text) != NULL;
}

miyin_meaning miyin_choice_find_meaning(const char *option)
{
	for (miyin_meaning m = 0; m < MIYIN_N_MEANINGS; m++)
		if (options[m] && miyin_text_has_name(options[m], option))
			return m;
	return MIYIN_MEANING_NONE;
}

const char *miyin_choice_find_fault(miyin_meaning meaning, const char *choice,
				    const char *text, const char *code)
{
	gboolean is_look = meaning == MIYIN_MEANING_COLOUR ||
			   meaning == MIYIN_MEANING_QUALITY;
	const char *fault = code ? find_in_code(code) : NULL;

	if (!fault)
		fault = find_word(keeping, choice, text);
	if (!fault && (is_look || meaning == MIYIN_MEANING_STAPLE))
		fault = find_word(multiplying, choice, text);
	if (fault || !is_look)
		return fault;
	if (is_coarse(choice) || (text && is_coarse(text)))
		return "resolution";
	if (is_one_ink(choice))
		return choice;
	fault = find_word(waiting, choice, text);
	if (fault || is_fine(choice, text))
		return fault;
	return find_word(lightening, choice, text);
}
