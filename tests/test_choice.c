/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "meaning-names.h"

#include <check.h>
#include <stdlib.h>

static const struct {
	const char *option, *meaning;
} options[] = {
	{ "PageSize", "size" },
	{ "Duplex", "sides" },
	{ "InputSlot", "tray" },
	{ "MediaType", "type" },
	{ "ColorModel", "colour" },
	{ "Resolution", "quality" },
	{ "OutputBin", "bin" },
	{ "StapleLocation", "staple" },
	{ "RIPunch", "punch" },
	{ "RIFoldType", "fold" },
	{ "JobType", "none" },
	{ "RIWatermark", "none" },
	{ "Copies", "none" },
	{ "TonerSaving", "none" },
	{ "NegativePrint", "none" },
	{ "pagesize", "none" },
	{ "", "none" },
};

START_TEST(option_has_meaning)
{
	miyin_meaning meaning = miyin_choice_find_meaning(options[_i].option);

	ck_assert_str_eq(meaning_names[meaning], options[_i].meaning);
}
END_TEST

static const struct {
	const char *what;
	miyin_meaning meaning;
	const char *choice, *text, *code;
	gboolean passes;
} choices[] = {
	{ "a tray", MIYIN_MEANING_TRAY, "Tray2", "Tray 2",
	  "<</MediaPosition 2>>setpagedevice", TRUE },
	{ "a fine resolution", MIYIN_MEANING_QUALITY, "600dpi", "600 dpi",
	  "<</HWResolution[600 600]>>setpagedevice", TRUE },
	{ "one that loses dots", MIYIN_MEANING_QUALITY, "150dpi", "150 dpi", "",
	  FALSE },
	{ "one that is coarse downwards", MIYIN_MEANING_QUALITY, "600x150dpi",
	  NULL, NULL, FALSE },
	{ "one in foomatic's way", MIYIN_MEANING_QUALITY, "150ColorCMYK", "",
	  "", FALSE },
	{ "bits are no resolution", MIYIN_MEANING_QUALITY, "8bits", "", "",
	  TRUE },
	{ "a draft", MIYIN_MEANING_QUALITY, "Draft", "Fast", "", FALSE },
	{ "a draft by its text alone", MIYIN_MEANING_QUALITY, "3",
	  "Schneller Entwurf", "", FALSE },
	{ "a draft by its code alone", MIYIN_MEANING_QUALITY, "Q1", "Text",
	  "@PJL SET PRINTQUALITY=DRAFT\n", FALSE },
	{ "HP's fine one", MIYIN_MEANING_QUALITY, "FastRes1200", "FastRes 1200",
	  "", TRUE },
	{ "a fast one", MIYIN_MEANING_QUALITY, "LinesFast", "Lines", "",
	  FALSE },
	{ "a transparency is not sparing", MIYIN_MEANING_QUALITY, "619x600dpi",
	  "600 DPI Transparency", "", TRUE },
	{ "a low one", MIYIN_MEANING_QUALITY, "604x600dpi", "600 DPI LOW", "",
	  FALSE },
	{ "yellow is not low", MIYIN_MEANING_COLOUR, "CMY",
	  "Cyan-Magenta-Yellow", "", TRUE },
	{ "yellow alone", MIYIN_MEANING_COLOUR, "Yellow", "", "", FALSE },
	{ "inverted", MIYIN_MEANING_COLOUR, "Black", "Inverted Grayscale", "",
	  FALSE },
	{ "two levels", MIYIN_MEANING_COLOUR, "BW", "Pure Black and White", "",
	  FALSE },
	{ "a transfer function", MIYIN_MEANING_COLOUR, "Gray", "Gray",
	  "{1 exch sub} settransfer", FALSE },
	{ "toner saved by foomatic", MIYIN_MEANING_QUALITY, "Normal", "Normal",
	  "Quality=Normal Econo&&\nmode=On", FALSE },
	{ "toner not saved", MIYIN_MEANING_QUALITY, "Normal", "Normal",
	  "Quality=Normal Economode=Off", TRUE },
	{ "a proof behind quality", MIYIN_MEANING_QUALITY, "Proof", "Proof", "",
	  FALSE },
	{ "a bin for proofs", MIYIN_MEANING_BIN, "FinDONAUProof",
	  "Folding Unit Tray", "", TRUE },
	{ "a bin that holds", MIYIN_MEANING_BIN, "Bin9", "Hold until called",
	  "", FALSE },
	{ "a bin that asks for a password", MIYIN_MEANING_BIN, "Bin9", "Mine",
	  "<</PassWord (1)>>setpagedevice", FALSE },
	{ "staples", MIYIN_MEANING_STAPLE, "UpperLeft", "Top left",
	  "<</Collate true /Staple 3>>setpagedevice", TRUE },
	{ "a booklet", MIYIN_MEANING_STAPLE, "HPBooklet", "Fold & Stitch", "",
	  FALSE },
	{ "copies by staples", MIYIN_MEANING_STAPLE, "S2", "Two",
	  "<</Staple 3 /NumCopies 2>>setpagedevice", FALSE },
	{ "holes are no hold", MIYIN_MEANING_PUNCH, "2Holes", "2 Holes",
	  "<</Punch 3>>setpagedevice", TRUE },
	{ "a fold", MIYIN_MEANING_FOLD, "Z", "Z-Fold",
	  "<</Fold 1 /FoldDetails<</Type 9 /Stamp false>>>>setpagedevice",
	  TRUE },
	{ "a fold with a stamp", MIYIN_MEANING_FOLD, "Z", "Z-Fold",
	  "<</Fold 1 /FoldDetails<</Type 9 /Stamp true>>>>setpagedevice",
	  FALSE },
	{ "a PJL tray", MIYIN_MEANING_TRAY, "2", "2", "@PJL SET TRAY=TRAY2\n",
	  TRUE },
	{ "PJL that is no tray", MIYIN_MEANING_TRAY, "2", "2",
	  "@PJL SET TRAY=TRAY2\n@PJL SET QTY=3\n", FALSE },
	{ "PJL of another kind", MIYIN_MEANING_TRAY, "2", "2",
	  "@PJL DMINFO ASCIIHEX=\"00\"\n", FALSE },
	{ "the end of PJL", MIYIN_MEANING_TRAY, "2", "2", "\x1b%-12345X",
	  FALSE },
	{ "a page procedure", MIYIN_MEANING_TYPE, "Plain", "Plain",
	  "<</BeginPage{pop erasepage}>>setpagedevice", FALSE },
	{ "no page at all", MIYIN_MEANING_TYPE, "Plain", "Plain",
	  "<</EndPage{pop pop false}>>setpagedevice", FALSE },
};

START_TEST(choice_passes)
{
	const char *fault =
		miyin_choice_find_fault(choices[_i].meaning, choices[_i].choice,
					choices[_i].text, choices[_i].code);

	ck_assert_msg((fault == NULL) == choices[_i].passes, "%s: %s",
		      choices[_i].what, fault ? fault : "passes");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("choice");
	TCase *tcase = tcase_create("choice");
	SRunner *runner;
	int failed;

	tcase_add_loop_test(tcase, option_has_meaning, 0,
			    G_N_ELEMENTS(options));
	tcase_add_loop_test(tcase, choice_passes, 0, G_N_ELEMENTS(choices));
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
