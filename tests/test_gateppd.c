/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "admin/gateppd.h"

#include <check.h>
#include <cups/ppd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <miyin/error.h>
#include "golden-text.h"

#define HEAD "*PPD-Adobe: \"4.3\"\n"

/* A small printer. The %s is where a test puts its own lines. */
static const char printer[] =
	HEAD "*FormatVersion: \"4.3\"\n"
	     "*FileVersion: \"1.0\"\n"
	     "*LanguageVersion: English\n"
	     "*LanguageEncoding: ISOLatin1\n"
	     "*PCFileName: \"TEST.PPD\"\n"
	     "*Manufacturer: \"Test\"\n"
	     "*Product: \"(Test)\"\n"
	     "*ModelName: \"Test\"\n"
	     "*ShortNickName: \"Test\"\n"
	     "*NickName: \"Test Printer, 1.0\"\n"
	     "*PSVersion: \"(3010.000) 0\"\n"
	     "*OpenUI *PageSize/Media Size: PickOne\n"
	     "*OrderDependency: 10 AnySetup *PageSize\n"
	     "*DefaultPageSize: A4\n"
	     "*PageSize A4/A4: \"<</PageSize[595 842]>>setpagedevice\"\n"
	     "*PageSize Letter/Letter: \"\n"
	     "<</PageSize[612 792]>>setpagedevice\"\n"
	     "*End\n"
	     "*CloseUI: *PageSize\n"
	     "*OpenUI *PageRegion: PickOne\n"
	     "*OrderDependency: 10 AnySetup *PageRegion\n"
	     "*DefaultPageRegion: A4\n"
	     "*PageRegion A4/A4: \"\"\n"
	     "*PageRegion Letter/Letter: \"\"\n"
	     "*CloseUI: *PageRegion\n"
	     "*DefaultImageableArea: A4\n"
	     "*ImageableArea A4: \"12 12 583 830\"\n"
	     "*ImageableArea Letter: \"12 12 600 780\"\n"
	     "*DefaultPaperDimension: A4\n"
	     "*PaperDimension A4: \"595 842\"\n"
	     "*PaperDimension Letter: \"612 792\"\n"
	     "%s"
	     "*DefaultFont: Courier\n"
	     "*Font Courier: Standard \"(1)\" Standard ROM\n";

static miyin_scheme *make_scheme(void)
{
	static miyin_level levels[] = {
		{ .id = "juemi",
		  .rank = 3,
		  .text = "绝密",
		  .text_en = "Top secret",
		  .mark = "",
		  .period = "" },
		{ .id = "jimi",
		  .rank = 2,
		  .text = "机密",
		  .text_en = "Secret",
		  .mark = "",
		  .period = "" },
		{ .id = "odd",
		  .rank = 1,
		  .text = "内/部:\"",
		  .text_en = "In/ter: <nal>",
		  .mark = "",
		  .period = "" },
	};
	miyin_scheme *scheme = g_new0(miyin_scheme, 1);

	scheme->name = "test";
	scheme->levels = g_ptr_array_new();
	for (unsigned i = 0; i < G_N_ELEMENTS(levels); i++)
		g_ptr_array_add(scheme->levels, &levels[i]);
	return scheme;
}

static char *with(const char *lines)
{
	GString *ppd = g_string_new(printer);

	g_string_replace(ppd, "%s", lines, 0);
	return g_string_free(ppd, FALSE);
}

static char *gate_of(const char *ppd, const char *level)
{
	miyin_scheme *scheme = make_scheme();
	g_autoptr(GError) error = NULL;
	char *gate = miyin_gateppd_make(ppd, scheme, level, NULL, NULL, &error);

	ck_assert_msg(gate != NULL, "%s", error ? error->message : "");
	g_ptr_array_unref(scheme->levels);
	g_free(scheme);
	return gate;
}

/* What libcups reads. */
static ppd_file_t *open_text(const char *text)
{
	char path[] = "/tmp/test_gateppd-XXXXXX";
	int fd = mkstemp(path);
	ppd_file_t *ppd;

	ck_assert(write(fd, text, strlen(text)) == (gssize)strlen(text));
	close(fd);
	ppd = ppdOpenFile(path);
	unlink(path);
	ck_assert_msg(ppd != NULL, "libcups cannot read:\n%s", text);
	return ppd;
}

/* ---- what goes and what stays ------------------------------------------ */

#define JOB_TYPE                                                               \
	"*OpenUI *JobType: PickOne\n*DefaultJobType: N\n"                      \
	"*JobType N/N: \"\"\n*JobType DocServer/Store: \"\"\n"                 \
	"*CloseUI: *JobType\n"                                                 \
	"*OpenUI *JCLX: PickOne\n*DefaultJCLX: N\n*JCLX N/N: \"\"\n"           \
	"*CloseUI: *JCLX\n"

static const struct {
	const char *what, *lines;
	const char *gone, *kept; /* NULL: nothing to look for */
} statements[] = {
	{ "a raster filter",
	  "*cupsFilter: \"application/vnd.cups-raster 0 rastertohp\"\n",
	  "rastertohp", NULL },
	{ "a filter of the second kind",
	  "*cupsFilter2: \"application/pdf application/pdf 0 -\"\n",
	  "application/pdf 0 -", NULL },
	{ "a filter in odd letters", "*CUPSFILTER: \"image/x 0 odd\"\n",
	  "odd\"", NULL },
	{ "a prefilter", "*cupsPreFilter: \"application/pdf 0 pre\"\n", "0 pre",
	  NULL },
	{ "copies by the printer", "*cupsManualCopies: False\n",
	  "cupsManualCopies: False", "*cupsManualCopies: True\n" },
	{ "one file at a time", "*cupsSingleFile: True\n", "cupsSingleFile",
	  NULL },
	{ "commands for maintenance", "*cupsCommands: \"Clean\"\n", "Clean",
	  "*cupsCommands: \"none\"\n" },
	{ "a port monitor", "*cupsPortMonitor usb: \"tbcp\"\n",
	  "cupsPortMonitor", NULL },
	{ "a PJL frame of several lines",
	  "*JCLBegin: \"<1B>%-12345X@PJL JOB<0A>\n@PJL X\"\n*End\n"
	  "*Throughput: \"20\"\n",
	  "PJL", "*Throughput: \"20\"\n" },
	{ "PJL for PDF", "*JCLToPDFInterpreter: \"@PJL ENTER PDF<0A>\"\n",
	  "PJL", NULL },
	{ "PJL that pdftopdf made", "*pdftopdfJCLBegin: \"@PJL\"\n",
	  "pdftopdfJCL", NULL },
	{ "a block of PJL choices",
	  "*JCLOpenUI *JCLSave/Save: PickOne\n"
	  "*OrderDependency: 5 JCLSetup *JCLSave\n*DefaultJCLSave: Off\n"
	  "*JCLSave Off/Off: \"@PJL A<0A>\"\n*de.JCLSave Off/Aus: \"\"\n"
	  "*de.Translation JCLSave/Sparen: \"\"\n"
	  "*?JCLSave: \"x\"\n*JCLCloseUI: *JCLSave\n*Throughput: \"20\"\n",
	  "JCL", "*Throughput: \"20\"\n" },
	{ "a PJL option called otherwise",
	  "*JCLOpenUI *Toner/Toner: PickOne\n*DefaultToner: Off\n"
	  "*OrderDependency: 5 JCLSetup *Toner\n"
	  "*Toner Off/Off: \"@PJL A<0A>\"\n*JCLCloseUI: *Toner\n"
	  "*de.Translation Toner/Toner: \"\"\n",
	  "Toner", NULL },
	{ "a PJL option that opens as any other",
	  "*OpenUI *JCLPass/Pass: PickOne\n*DefaultJCLPass: None\n"
	  "*JCLPass None/None: \"\"\n*CloseUI: *JCLPass\n"
	  "*CustomJCLPass True: \"@PJL<0A>\"\n"
	  "*ParamCustomJCLPass Text: 1 string 0 9\n",
	  "JCL", NULL },
	{ "a constraint about a PJL option",
	  "*UIConstraints: *PageSize Letter *JCLSave Off\n", "JCLSave", NULL },
	{ "a constraint about others",
	  "*UIConstraints: *PageSize Letter *PageRegion A4\n", NULL,
	  "*UIConstraints: *PageSize Letter *PageRegion A4\n" },
	{ "reverse order, which the device queue sees to",
	  "*DefaultOutputOrder: Reverse\n", "OutputOrder", NULL },
	{ "the order that a bin wants", "*PageStackOrder Up: Reverse\n",
	  "PageStackOrder", NULL },
	{ "order as a choice of the user",
	  "*OpenUI *OutputOrder/Order: PickOne\n"
	  "*DefaultOutputOrder: Normal\n*OutputOrder Normal/Normal: \"\"\n"
	  "*CloseUI: *OutputOrder\n",
	  NULL, "*DefaultOutputOrder: Normal\n" },
	{ "a tray",
	  "*OpenUI *InputSlot: PickOne\n*DefaultInputSlot: Two\n"
	  "*InputSlot Two/Tray 2: \"two\"\n*CloseUI: *InputSlot\n",
	  NULL, "*DefaultInputSlot: Two\n*InputSlot Two/Tray 2: \"two\"\n" },
	{ "an option that is not the user's",
	  "*OpenUI *JobType/Job Type: PickOne\n*DefaultJobType: Normal\n"
	  "*OrderDependency: 9 AnySetup *JobType\n"
	  "*JobType Normal/Normal: \"\"\n"
	  "*JobType DocServer/Store: \"<</Store 1>>setpagedevice\n\"\n*End\n"
	  "*de.Translation JobType/Auftrag: \"\"\n"
	  "*de.JobType DocServer/Ablegen: \"\"\n"
	  "*CustomJobType True: \"\"\n"
	  "*ParamCustomJobType Text: 1 string 0 9\n"
	  "*UIConstraints: *PageSize Letter *JobType DocServer\n"
	  "*cupsIPPFinishings 4/staple: \"*JobType DocServer\"\n"
	  "*CloseUI: *JobType\n*Throughput: \"20\"\n",
	  "JobType", "*Throughput: \"20\"\n" },
	{ "a choice that is not the user's",
	  "*OpenUI *OutputMode/Quality: PickOne\n*DefaultOutputMode: Normal\n"
	  "*OutputMode Normal/Normal: \"\"\n*OutputMode Draft/Quick: \"\"\n"
	  "*de.OutputMode Draft/Entwurf: \"\"\n"
	  "*UIConstraints: *PageSize Letter *OutputMode Draft\n"
	  "*CloseUI: *OutputMode\n",
	  "Draft", "*OutputMode Normal/Normal: \"\"\n" },
	{ "a query of such an option",
	  "*OpenUI *OutputMode/Quality: PickOne\n*DefaultOutputMode: Normal\n"
	  "*OutputMode Normal/Normal: \"\"\n*?OutputMode: \"(draft) =\"\n"
	  "*CloseUI: *OutputMode\n",
	  NULL, "*OutputMode Normal/Normal: \"\"\n" },
	{ "a default that is not the user's",
	  "*OpenUI *OutputMode/Quality: PickOne\n*DefaultOutputMode: Draft\n"
	  "*OutputMode Normal/Normal: \"\"\n*OutputMode Draft/Quick: \"\"\n"
	  "*CloseUI: *OutputMode\n",
	  NULL, "*OutputMode Draft/Quick: \"\"\n" },
	{ "foomatic's code for a choice",
	  "*OpenUI *OutputMode/Quality: PickOne\n*DefaultOutputMode: Normal\n"
	  "*OutputMode Normal/Normal: \"\"\n*OutputMode Text/Text: \"\"\n"
	  "*FoomaticRIPOptionSetting OutputMode=Text: \"Econo&&\nmode=On\"\n"
	  "*End\n*CloseUI: *OutputMode\n",
	  "OutputMode Text", "*OutputMode Normal/Normal: \"\"\n" },
	{ "a text of one's own",
	  "*OpenUI *MediaType/Type: PickOne\n*DefaultMediaType: Plain\n"
	  "*MediaType Plain/Plain: \"\"\n*CloseUI: *MediaType\n"
	  "*CustomMediaType True: \"x\"\n"
	  "*ParamCustomMediaType Text: 1 string 0 9\n",
	  "CustomMediaType", "*MediaType Plain/Plain: \"\"\n" },
	{ "a user's option that is printer commands",
	  "*JCLOpenUI *MediaType/Type: PickOne\n*DefaultMediaType: Plain\n"
	  "*OrderDependency: 9 JCLSetup *MediaType\n"
	  "*MediaType Plain/Plain: \"@PJL SET MEDIATYPE=PLAIN\n\"\n*End\n"
	  "*?MediaType: \"@PJL\"\n*JCLCloseUI: *MediaType\n",
	  "@PJL",
	  "*OpenUI *MediaType/Type: PickOne\n*DefaultMediaType: Plain\n"
	  "*OrderDependency: 9 JCLSetup *MediaType\n"
	  "*MediaType Plain/Plain: \"\"\n*CloseUI: *MediaType\n" },
	{ "a group that is empty then",
	  "*OpenGroup: Extra/Extra\n*OpenUI *JobType: PickOne\n"
	  "*DefaultJobType: N\n*JobType N/N: \"\"\n*CloseUI: *JobType\n"
	  "*CloseGroup: Extra\n*Throughput: \"20\"\n",
	  "Extra", "*Throughput: \"20\"\n" },
	{ "a group with something left",
	  "*OpenGroup: Extra/Extra\n*OpenUI *JobType: PickOne\n"
	  "*DefaultJobType: N\n*JobType N/N: \"\"\n*CloseUI: *JobType\n"
	  "*OpenUI *Staple: PickOne\n*DefaultStaple: N\n*Staple N/N: \"\"\n"
	  "*CloseUI: *Staple\n*CloseGroup: Extra\n",
	  "JobType", "*OpenGroup: Extra/Extra\n*OpenUI *Staple: PickOne\n" },
	{ "installed parts",
	  "*OpenGroup: InstallableOptions/Parts\n"
	  "*OpenUI *Finisher/Finisher: PickOne\n*DefaultFinisher: No\n"
	  "*Finisher No/No: \"\"\n*CloseUI: *Finisher\n"
	  "*CloseGroup: InstallableOptions\n",
	  NULL, "*DefaultFinisher: No\n*Finisher No/No: \"\"\n" },
	{ "a password that the printer asks for",
	  "*cupsJobPassword: \"1111\"\n", "cupsJobPassword", NULL },
	{ "an option that somebody allows himself",
	  "*MiyinAllow JobType: \"True\"\n", "MiyinAllow", NULL },
	{ "a comment with a quote",
	  "*% It's 8\" wide: \"\n*Throughput: \"9\"\n", NULL,
	  "*% It's 8\" wide: \"\n*Throughput: \"9\"\n" },
	{ "code that speaks of JCL",
	  "*JobPatchFile 1: \"\n*JCLBegin: x\n\"\n*End\n", NULL,
	  "*JobPatchFile 1: \"\n*JCLBegin: x\n\"\n*End\n" },
	{ "names of what is gone", JOB_TYPE, NULL,
	  "*MiyinGone JCLX: \"True\"\n*MiyinGone JobType: \"True\"\n" },
	{ "an option that somebody says is gone",
	  "*MiyinGone Duplex: \"True\"\n", "MiyinGone", NULL },
	{ "the name", "", NULL, "*NickName: \"Test Printer, 1.0\"\n" },
	{ "the old encoding", "", "ISOLatin1", "*LanguageEncoding: UTF-8\n" },
	{ "languages", "*cupsLanguages: \"en de\"\n", NULL,
	  "*cupsLanguages: \"en de zh_CN\"\n" },
	{ "languages with Chinese", "*cupsLanguages: \"en zh_CN\"\n",
	  "zh_CN zh_CN", "*cupsLanguages: \"en zh_CN\"\n" },
	{ "no languages", "", NULL, "*cupsLanguages: \"en zh_CN\"\n" },
};

/* The gate but for its list of what is gone. */
static char *without_names(const char *gate)
{
	g_autoptr(GRegex) names =
		g_regex_new("^\\*MiyinGone .*\n", G_REGEX_MULTILINE, 0, NULL);

	return g_regex_replace_literal(names, gate, -1, 0, "", 0, NULL);
}

START_TEST(statement_in_gate)
{
	g_autofree char *ppd = with(statements[_i].lines);
	g_autofree char *gate = gate_of(ppd, NULL);
	g_autofree char *bare = without_names(gate);

	if (statements[_i].gone)
		ck_assert_msg(!strstr(bare, statements[_i].gone),
			      "%s: not gone:\n%s", statements[_i].what, gate);
	if (statements[_i].kept)
		ck_assert_msg(strstr(gate, statements[_i].kept) != NULL,
			      "%s: not kept:\n%s", statements[_i].what, gate);
	ppdClose(open_text(gate));
}
END_TEST

/* ---- options allowed by name ------------------------------------------- */

static const struct {
	const char *what, *name, *seen; /* in the gate, or the error */
	gboolean works;
} allowances[] = {
	{ "one that the printer has", "JobType",
	  "*JobType DocServer/Store: \"\"\n", TRUE },
	{ "one that it has not", "JobTyp", "no option JobTyp;", FALSE },
	{ "one in other letters", "jobtype", "no option jobtype;", FALSE },
	{ "a printer command", "JCLX", "option JCLX is a command", FALSE },
	{ "a line end", "JobType\n*X", "no option JobType", FALSE },
};

START_TEST(option_is_allowed)
{
	const char *names[] = { allowances[_i].name, NULL };
	miyin_scheme *scheme = make_scheme();
	g_autofree char *ppd = with(JOB_TYPE);
	g_autoptr(GError) error = NULL;
	g_autofree char *gate =
		miyin_gateppd_make(ppd, scheme, NULL, names, NULL, &error);

	ck_assert_msg((gate != NULL) == allowances[_i].works, "%s",
		      allowances[_i].what);
	ck_assert_msg(strstr(gate ? gate : error->message,
			     allowances[_i].seen) != NULL,
		      "%s: %s", allowances[_i].what,
		      gate ? gate : error->message);
	if (gate) {
		g_auto(GStrv) listed = miyin_gateppd_list_allowed(gate);

		ck_assert_str_eq(listed[0], allowances[_i].name);
		ck_assert_ptr_null(listed[1]);
	}
	g_ptr_array_unref(scheme->levels);
	g_free(scheme);
}
END_TEST

/* ---- encodings and line ends ------------------------------------------- */

static const struct {
	const char *what, *encoding, *bytes, *utf8;
} encodings[] = {
	{ "Latin 1", "ISOLatin1",
	  "Gr\xf6\xdf"
	  "e",
	  "Größe" },
	{ "Latin 2", "ISOLatin2", "\xb1", "ą" },
	{ "Windows", "WindowsANSI", "\x80", "€" },
	{ "Shift JIS", "JIS83-RKSJ", "\x93\xfa\x96\x7b", "日本" },
	{ "UTF-8 by its name", "UTF-8", "纸张", "纸张" },
	{ "UTF-8 under a false name", "ISOLatin1", "纸张", "纸张" },
	{ "broken UTF-8", "UTF-8", "a\xff", "aÿ" },
	{ "an unknown encoding", "Klingon", "\xe4", "ä" },
};

START_TEST(encoding_becomes_utf8)
{
	g_autofree char *line = g_strdup_printf("*ColorSpace X/%s: \"\"\n",
						encodings[_i].bytes);
	g_autofree char *ppd = with(line);
	g_autofree char *want =
		g_strdup_printf("*ColorSpace X/%s: \"\"\n", encodings[_i].utf8);
	g_autoptr(GString) named = g_string_new(ppd);
	g_autofree char *gate = NULL;

	g_string_replace(named, "ISOLatin1", encodings[_i].encoding, 0);
	gate = gate_of(named->str, NULL);
	ck_assert_msg(strstr(gate, want) != NULL, "%s:\n%s", encodings[_i].what,
		      gate);
	ck_assert(g_utf8_validate(gate, -1, NULL));
}
END_TEST

static const struct {
	const char *what, *line_end;
} line_ends[] = { { "DOS", "\r\n" }, { "old Mac", "\r" } };

START_TEST(line_end_becomes_one)
{
	g_autofree char *ppd = with("");
	g_autofree char *plain = gate_of(ppd, NULL), *gate = NULL;
	g_autoptr(GString) foreign = g_string_new(ppd);

	g_string_replace(foreign, "\n", line_ends[_i].line_end, 0);
	gate = gate_of(foreign->str, NULL);
	ck_assert_msg(g_str_equal(gate, plain), "%s:\n%s", line_ends[_i].what,
		      gate);
}
END_TEST

START_TEST(last_line_end_missing)
{
	g_autofree char *ppd = with("");
	g_autofree char *plain = gate_of(ppd, NULL), *gate = NULL;

	ppd[strlen(ppd) - 1] = '\0';
	gate = gate_of(ppd, NULL);
	ck_assert_str_eq(gate, plain);
}
END_TEST

/* ---- what libcups makes of it ------------------------------------------ */

static const struct {
	const char *option, *english, *chinese;
	int max;
} text_options[] = {
	{ "MiyinPeriod", "Period of secrecy", "保密期限", 64 },
	{ "MiyinDocument", "Document reference", "文号", 127 },
	{ "MiyinHolders", "Holders", "持有人", 1000 },
	{ "MiyinApprover", "Approved by", "批准人", 127 },
	{ "MiyinScope", "Distribution", "发放范围", 127 },
};

START_TEST(gate_has_our_options)
{
	g_autofree char *text = with("");
	g_autofree char *gate = gate_of(text, NULL);
	const char *name = text_options[_i].option;
	ppd_file_t *ppd = open_text(gate);
	ppd_option_t *option = ppdFindOption(ppd, name);
	ppd_coption_t *custom = ppdFindCustomOption(ppd, name);
	ppd_cparam_t *param;

	ck_assert_msg(option && custom, "%s", name);
	ck_assert_str_eq(option->text, text_options[_i].english);
	ck_assert_str_eq(option->defchoice, "None");
	param = ppdFindCustomParam(custom, "Text");
	ck_assert_int_eq(param->type, PPD_CUSTOM_STRING);
	ck_assert_int_eq(param->minimum.custom_string, 0);
	ck_assert_int_eq(param->maximum.custom_string, text_options[_i].max);
	ppdClose(ppd);
}
END_TEST

START_TEST(gate_offers_a_control_sheet)
{
	g_autofree char *text = with("");
	g_autofree char *gate = gate_of(text, "jimi");
	ppd_file_t *ppd = open_text(gate);
	ppd_option_t *option = ppdFindOption(ppd, "MiyinControl");

	ck_assert_ptr_nonnull(option);
	ck_assert_int_eq(option->ui, PPD_UI_BOOLEAN);
	ck_assert_str_eq(option->defchoice, "False");
	ck_assert_ptr_nonnull(ppdFindChoice(option, "True"));
	ppdClose(ppd);
}
END_TEST

START_TEST(gate_asks_for_the_level)
{
	g_autofree char *text = with("");
	g_autofree char *gate = gate_of(text, NULL);
	ppd_file_t *ppd = open_text(gate);
	ppd_option_t *option = ppdFindOption(ppd, "MiyinLevel");

	ck_assert(option != NULL);
	ck_assert_str_eq(option->text, "Classification");
	ck_assert_str_eq(option->defchoice, "Unset");
	ck_assert_int_eq(option->num_choices, 4);
	ck_assert_str_eq(ppdFindChoice(option, "Unset")->text, "(choose)");
	ck_assert_str_eq(ppdFindChoice(option, "jimi")->text, "Secret");
	ck_assert_str_eq(ppdFindChoice(option, "odd")->text, "In/ter: <nal>");
	ppdClose(ppd);
}
END_TEST

START_TEST(gate_speaks_chinese)
{
	g_autofree char *text = with("");
	g_autofree char *gate = gate_of(text, NULL);
	ppd_option_t *option;
	ppd_file_t *ppd;

	/* libcups then takes the language from LANG, installed or not. */
	g_setenv("SOFTWARE", "test", TRUE);
	g_setenv("LANG", "zh_CN.UTF-8", TRUE);
	ppd = open_text(gate);
	ppdLocalize(ppd);
	option = ppdFindOption(ppd, "MiyinLevel");
	ck_assert_str_eq(option->text, "密级");
	ck_assert_str_eq(ppdFindChoice(option, "Unset")->text, "（请选择）");
	ck_assert_str_eq(ppdFindChoice(option, "jimi")->text, "机密");
	ck_assert_str_eq(ppdFindChoice(option, "odd")->text, "内/部:\"");
	for (unsigned i = 0; i < G_N_ELEMENTS(text_options); i++) {
		option = ppdFindOption(ppd, text_options[i].option);
		ck_assert_str_eq(option->text, text_options[i].chinese);
		ck_assert_str_eq(ppdFindChoice(option, "None")->text, "无");
	}
	ppdClose(ppd);
}
END_TEST

START_TEST(fixed_level_is_not_asked_for)
{
	g_autofree char *text = with("");
	g_autofree char *gate = gate_of(text, "jimi");
	ppd_file_t *ppd = open_text(gate);

	ck_assert(!ppdFindOption(ppd, "MiyinLevel"));
	ck_assert(ppdFindOption(ppd, "MiyinHolders") != NULL);
	ppdClose(ppd);
}
END_TEST

START_TEST(gate_has_our_filters_only)
{
	g_autofree char *text = with(
		"*cupsFilter: \"application/vnd.cups-raster 0 rastertohp\"\n"
		"*JCLBegin: \"@PJL\"\n");
	g_autofree char *gate = gate_of(text, NULL);
	ppd_file_t *ppd = open_text(gate);
	int n = 0;

	ck_assert(!ppd->jcl_begin && !ppd->jcl_end);
	ck_assert_int_eq(ppd->manual_copies, 1);
	for (ppd_attr_t *attr = ppdFindAttr(ppd, "cupsFilter2", NULL); attr;
	     attr = ppdFindNextAttr(ppd, "cupsFilter2", NULL), n++)
		ck_assert(g_str_has_suffix(attr->value, " miyincollect"));
	ck_assert_int_eq(n, 32);
	ppdClose(ppd);
}
END_TEST

/* Of a printer with a filter, JCL and an option that is not the user's. */
START_TEST(gate_as_it_was)
{
	static const char *const levels[] = { NULL, "jimi" };
	static const char *const names[] = { "gate.ppd", "gate-jimi.ppd" };
	g_autofree char *text = with(
		"*cupsFilter: \"application/vnd.cups-raster 0 rastertohp\"\n"
		"*JCLBegin: \"@PJL\"\n" JOB_TYPE);
	g_autofree char *gate = gate_of(text, levels[_i]);

	assert_golden(gate, names[_i]);
}
END_TEST

/* ---- a tight PPD ------------------------------------------------------- */

static const struct {
	const char *what, *old, *new, *hole; /* hole NULL: tight */
} tightness[] = {
	{ "as it was made", "", "", NULL },
	{ "another default", "*DefaultPageSize: A4", "*DefaultPageSize: Letter",
	  NULL },
	{ "raw data goes through",
	  "*cupsFilter2: \"application/vnd.cups-raw application/octet-stream "
	  "-3000 miyincollect\"\n",
	  "",
	  "*cupsFilter2: \"application/vnd.cups-raw application/octet-stream "
	  "-3000 miyincollect\"" },
	{ "another cost", "image/png application/vnd.miyin -3000",
	  "image/png application/vnd.miyin -1",
	  "*cupsFilter2: \"image/png application/vnd.miyin -3000 "
	  "miyincollect\"" },
	{ "another filter besides", "*DefaultFont",
	  "*cupsFilter: \"text/plain 0 -\"\n*DefaultFont",
	  "*cupsFilter: \"text/plain 0 -\"" },
	{ "a prefilter besides", "*DefaultFont",
	  "*cupsPreFilter: \"application/pdf 0 x\"\n*DefaultFont",
	  "*cupsPreFilter: \"application/pdf 0 x\"" },
	{ "copies by the printer", "*cupsManualCopies: True\n", "",
	  "*cupsManualCopies: True" },
};

START_TEST(tight_or_not)
{
	g_autofree char *ppd = with("");
	g_autofree char *made = gate_of(ppd, NULL), *hole = NULL;
	g_autoptr(GString) gate = g_string_new(made);
	gboolean tight;

	if (*tightness[_i].old)
		ck_assert_int_ge(g_string_replace(gate, tightness[_i].old,
						  tightness[_i].new, 0),
				 1);
	tight = miyin_gateppd_is_tight(gate->str, &hole);
	ck_assert_msg(tight == !tightness[_i].hole &&
			      g_strcmp0(hole, tightness[_i].hole) == 0,
		      "%s: %s", tightness[_i].what, hole);
}
END_TEST

/* ---- refusals ---------------------------------------------------------- */

static const struct {
	const char *what, *ppd;
} refused[] = {
	{ "nothing", "" },
	{ "a web page", "<html>" },
	{ "a gate's PPD",
	  HEAD "*cupsFilter2: \"a/b application/vnd.miyin 0 x\"\n" },
};

START_TEST(no_printer_ppd)
{
	miyin_scheme *scheme = make_scheme();
	g_autoptr(GError) error = NULL;

	ck_assert_msg(!miyin_gateppd_make(refused[_i].ppd, scheme, NULL, NULL,
					  NULL, &error),
		      "%s", refused[_i].what);
	ck_assert(g_error_matches(error, MIYIN_ERROR, MIYIN_ERROR_INPUT));
	g_ptr_array_unref(scheme->levels);
	g_free(scheme);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("gateppd");
	TCase *tcase = tcase_create("gateppd");
	SRunner *runner;
	int n_failed;

	tcase_add_loop_test(tcase, statement_in_gate, 0,
			    G_N_ELEMENTS(statements));
	tcase_add_loop_test(tcase, option_is_allowed, 0,
			    G_N_ELEMENTS(allowances));
	tcase_add_loop_test(tcase, encoding_becomes_utf8, 0,
			    G_N_ELEMENTS(encodings));
	tcase_add_loop_test(tcase, line_end_becomes_one, 0,
			    G_N_ELEMENTS(line_ends));
	tcase_add_test(tcase, last_line_end_missing);
	tcase_add_loop_test(tcase, gate_has_our_options, 0,
			    G_N_ELEMENTS(text_options));
	tcase_add_test(tcase, gate_speaks_chinese);
	tcase_add_test(tcase, gate_offers_a_control_sheet);
	tcase_add_test(tcase, gate_asks_for_the_level);
	tcase_add_test(tcase, fixed_level_is_not_asked_for);
	tcase_add_test(tcase, gate_has_our_filters_only);
	tcase_add_loop_test(tcase, gate_as_it_was, 0, 2);
	tcase_add_loop_test(tcase, tight_or_not, 0, G_N_ELEMENTS(tightness));
	tcase_add_loop_test(tcase, no_printer_ppd, 0, G_N_ELEMENTS(refused));
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
