/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>
#include <glib/gi18n.h>
#include <miyin/error.h>
#include "gateppd.h"
#include "offer.h"
#include "ppdtext.h"

#define GATE_TYPE "application/vnd.miyin"
#define COLLECT "miyincollect"
/* Cheaper than any other way: its last step is one of the others. */
#define FIRST -3002

/* Costs are a graph: one entry far below the others would draw their types
 * to itself. Only the two PostScript types need the extra point, to win over
 * gstopdf followed by our PDF entry. vnd.cups-raw must have this destination
 * to take the place of the scheduler's own "raw goes straight through".
 * Source: facts of cups.md, sections 3 and 9. */
static const struct {
	const char *source, *destination;
	int cost;
} filters[] = {
	{ "application/pdf", GATE_TYPE, -3000 },
	{ "application/postscript", GATE_TYPE, -3001 },
	{ "application/vnd.adobe-reader-postscript", GATE_TYPE, -3001 },
	{ "application/vnd.cups-postscript", GATE_TYPE, -3000 },
	{ "application/vnd.cups-raster", GATE_TYPE, -3000 },
	{ "application/vnd.cups-raw", "application/octet-stream", -3000 },
	{ "application/vnd.cups-pdf", GATE_TYPE, -3000 },
	/* What cupsfilters.convs gives to texttopdf and to imagetopdf. */
	{ "text/plain", GATE_TYPE, -3000 },
	{ "text/html", GATE_TYPE, -3000 },
	{ "application/x-csource", GATE_TYPE, -3000 },
	{ "application/x-cshell", GATE_TYPE, -3000 },
	{ "application/x-perl", GATE_TYPE, -3000 },
	{ "application/x-shell", GATE_TYPE, -3000 },
	{ "image/gif", GATE_TYPE, -3000 },
	{ "image/png", GATE_TYPE, -3000 },
	{ "image/jpeg", GATE_TYPE, -3000 },
	{ "image/tiff", GATE_TYPE, -3000 },
	{ "image/x-bitmap", GATE_TYPE, -3000 },
	{ "image/x-photocd", GATE_TYPE, -3000 },
	{ "image/x-portable-anymap", GATE_TYPE, -3000 },
	{ "image/x-portable-bitmap", GATE_TYPE, -3000 },
	{ "image/x-portable-graymap", GATE_TYPE, -3000 },
	{ "image/x-portable-pixmap", GATE_TYPE, -3000 },
	{ "image/x-sgi-rgb", GATE_TYPE, -3000 },
	{ "image/x-xbitmap", GATE_TYPE, -3000 },
	{ "image/x-xpixmap", GATE_TYPE, -3000 },
	{ "image/x-xwindowdump", GATE_TYPE, -3000 },
	{ "image/x-sun-raster", GATE_TYPE, -3000 },
	/* What the scheduler would make a PDF or plain text of first. */
	{ "image/pwg-raster", GATE_TYPE, FIRST },
	{ "image/urf", GATE_TYPE, FIRST },
	{ "application/vnd.cups-pdf-banner", GATE_TYPE, FIRST },
	{ "text/css", GATE_TYPE, FIRST },
};

/* What the user may say about a job in his own words. */
static const struct {
	const char *option, *english, *chinese;
	unsigned max;
} texts[] = {
	{ "MiyinPeriod", "Period of secrecy", "保密期限", 64 },
	{ "MiyinDocument", "Document reference", "文号", 127 },
	{ "MiyinHolders", "Holders", "持有人", 1000 },
	{ "MiyinApprover", "Approved by", "批准人", 127 },
	{ "MiyinScope", "Distribution", "发放范围", 127 },
};

gboolean miyin_gateppd_is_gate(const char *ppd)
{
	return strstr(ppd, " " GATE_TYPE " ") != NULL;
}

static const char *declared_charset(const char *ppd)
{
	static const struct {
		const char *name, *charset;
	} known[] = {
		{ "ISOLatin2", "ISO-8859-2" }, { "ISOLatin5", "ISO-8859-9" },
		{ "JIS83-RKSJ", "SHIFT_JIS" }, { "MacStandard", "MACINTOSH" },
		{ "WindowsANSI", "CP1252" },
	};
	const char *name = strstr(ppd, "*LanguageEncoding:");

	if (name)
		name += strlen("*LanguageEncoding:");
	while (name && *name == ' ')
		name++;
	for (unsigned i = 0; name && i < G_N_ELEMENTS(known); i++)
		if (g_str_has_prefix(name, known[i].name))
			return known[i].charset;
	return "ISO-8859-1";
}

/* The encoding that the file names need not be the one it is in. */
static char *to_utf8(const char *ppd)
{
	char *text;

	if (g_utf8_validate(ppd, -1, NULL))
		return g_strdup(ppd);
	text = g_convert(ppd, -1, "UTF-8", declared_charset(ppd), NULL, NULL,
			 NULL);
	if (text)
		return text;
	/* Every byte is a letter in this one. */
	return g_convert(ppd, -1, "UTF-8", "ISO-8859-1", NULL, NULL, NULL);
}

static gboolean is_filter(const miyin_statement *st)
{
	return g_ascii_strcasecmp(st->keyword, "cupsFilter") == 0 ||
	       g_ascii_strcasecmp(st->keyword, "cupsFilter2") == 0 ||
	       g_ascii_strcasecmp(st->keyword, "cupsPreFilter") == 0;
}

/* What the gate has otherwise, or nobody may give: a password or an account
 * that the printer asks for before it prints. */
static gboolean is_replaced(const miyin_statement *st)
{
	static const char *const gone[] = {
		"cupsManualCopies",
		"cupsSingleFile",
		"cupsPortMonitor",
		"cupsCommands",
		"cupsJobPassword",
		"cupsJobAccountId",
		"MiyinAllow",
		"MiyinGone",
		"cupsJobAccountingUserId",
	};

	if (is_filter(st))
		return TRUE;
	for (unsigned i = 0; i < G_N_ELEMENTS(gone); i++)
		if (g_ascii_strcasecmp(st->keyword, gone[i]) == 0)
			return TRUE;
	return FALSE;
}

/* A printer that stacks face up gets its pages in reverse. The device queue
 * sees to that; if the gate's pdftopdf did it too, they would be straight
 * again. An option that the user sees stays. */
static gboolean is_order(const miyin_statement *st, const char *ppd)
{
	return g_str_equal(st->keyword, "PageStackOrder") ||
	       (g_str_equal(st->keyword, "DefaultOutputOrder") &&
		!strstr(ppd, "OpenUI *OutputOrder"));
}

static void append_languages(GString *out, const miyin_statement *st)
{
	g_autofree char *line = g_strndup(st->text, st->length);
	char *quote = strrchr(line, '"');

	if (!quote || strstr(line, "zh_CN")) {
		g_string_append(out, line);
		return;
	}
	g_string_append_len(out, line, quote - line);
	g_string_append_printf(out, " zh_CN%s", quote);
}

static void append_statement(GString *out, const miyin_statement *st,
			     gboolean *has_languages)
{
	if (g_str_equal(st->keyword, "LanguageEncoding")) {
		return;
	} else if (g_str_equal(st->keyword, "cupsLanguages")) {
		append_languages(out, st);
		*has_languages = TRUE;
	} else {
		g_string_append_len(out, st->text, st->length);
	}
	if (g_str_equal(st->keyword, "PPD-Adobe"))
		g_string_append(out, "*LanguageEncoding: UTF-8\n");
}

/* A group of options appears when the first of them does. */
static void append_in_group(GString *out, GString *group,
			    const miyin_statement *st, const char *other,
			    gboolean *has_languages)
{
	if (g_str_equal(st->keyword, "OpenGroup")) {
		g_string_truncate(group, 0);
		g_string_append_len(group, st->text, st->length);
		return;
	}
	if (group->len > 0 && g_str_equal(st->keyword, "CloseGroup")) {
		g_string_truncate(group, 0);
		return;
	}
	if (g_str_has_suffix(st->keyword, "OpenUI")) {
		g_string_append(out, group->str);
		g_string_truncate(group, 0);
	}
	if (other)
		g_string_append(out, other);
	else
		append_statement(out, st, has_languages);
}

static void append_filter(GString *out, const char *source,
			  const char *destination, int cost)
{
	g_string_append_printf(out, "*cupsFilter2: \"%s %s %d " COLLECT "\"\n",
			       source, destination, cost);
}

static void append_filters(GString *out)
{
	/* Else the scheduler takes us for a PostScript printer and offers to
	 * clean its heads. */
	g_string_append(out, "*cupsCommands: \"none\"\n"
			     "*cupsManualCopies: True\n");
	for (unsigned i = 0; i < G_N_ELEMENTS(filters); i++)
		append_filter(out, filters[i].source, filters[i].destination,
			      filters[i].cost);
}

/* Translation strings may hold any character as hexadecimal digits. */
static void append_text(GString *out, const char *text)
{
	for (; *text; text++) {
		if (strchr(":/\"<>", *text) || g_ascii_iscntrl(*text))
			g_string_append_printf(out, "<%02X>",
					       (unsigned char)*text);
		else
			g_string_append_c(out, *text);
	}
}

static void append_level(GString *out, const miyin_scheme *scheme)
{
	g_string_append(out, "*OpenUI *MiyinLevel/Classification: PickOne\n"
			     "*zh_CN.Translation MiyinLevel/密级: \"\"\n"
			     "*OrderDependency: 10 AnySetup *MiyinLevel\n"
			     "*DefaultMiyinLevel: Unset\n"
			     "*MiyinLevel Unset/(choose): \"\"\n"
			     "*zh_CN.MiyinLevel Unset/（请选择）: \"\"\n");
	for (unsigned i = 0; i < scheme->levels->len; i++) {
		const miyin_level *level = scheme->levels->pdata[i];

		g_string_append_printf(out, "*MiyinLevel %s/", level->id);
		append_text(out, level->text_en);
		g_string_append_printf(out, ": \"\"\n*zh_CN.MiyinLevel %s/",
				       level->id);
		append_text(out, level->text);
		g_string_append(out, ": \"\"\n");
	}
	g_string_append(out, "*CloseUI: *MiyinLevel\n");
}

static void append_texts(GString *out)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++) {
		const char *o = texts[i].option, *en = texts[i].english;
		const char *zh = texts[i].chinese;

		g_string_append_printf(out,
				       "*OpenUI *%s/%s: PickOne\n"
				       "*zh_CN.Translation %s/%s: \"\"\n"
				       "*OrderDependency: 10 AnySetup *%s\n"
				       "*Default%s: None\n"
				       "*%s None/None: \"\"\n"
				       "*zh_CN.%s None/无: \"\"\n"
				       "*CloseUI: *%s\n"
				       "*Custom%s True: \"\"\n"
				       "*zh_CN.Custom%s True/自定义: \"\"\n"
				       "*ParamCustom%s Text/%s: 1 string 0 %u\n"
				       "*zh_CN.ParamCustom%s Text/%s: \"\"\n",
				       o, en, o, zh, o, o, o, o, o, o, o, o, en,
				       texts[i].max, o, zh);
	}
}

static void append_options(GString *out, const miyin_scheme *scheme,
			   const char *level)
{
	g_string_append(out, "*OpenGroup: Miyin/Classified printing\n"
			     "*zh_CN.Translation Miyin/涉密打印: \"\"\n");
	if (!level)
		append_level(out, scheme);
	append_texts(out);
	g_string_append(out,
			"*OpenUI *MiyinControl/Control sheet: Boolean\n"
			"*zh_CN.Translation MiyinControl/发放控制单: \"\"\n"
			"*OrderDependency: 10 AnySetup *MiyinControl\n"
			"*DefaultMiyinControl: False\n"
			"*MiyinControl True/Yes: \"\"\n"
			"*zh_CN.MiyinControl True/是: \"\"\n"
			"*MiyinControl False/No: \"\"\n"
			"*zh_CN.MiyinControl False/否: \"\"\n"
			"*CloseUI: *MiyinControl\n");
	g_string_append(out, "*CloseGroup: Miyin\n");
}

/* Where the collector, which runs without the configuration of the console,
 * finds them, and nobody but an administrator can change them: what users may
 * choose besides (MiyinAllow), and the words that are the driver's and no part
 * of a name that somebody typed (MiyinGone). */
static void append_names(GString *out, const char *keyword,
			 const char *const *names)
{
	for (int i = 0; names && names[i]; i++)
		g_string_append_printf(out, "*%s %s: \"True\"\n", keyword,
				       names[i]);
}

char *miyin_gateppd_make(const char *ppd, const miyin_scheme *scheme,
			 const char *level, const char *const *allowed,
			 const char *const *types, GError **error)
{
	g_autofree char *utf8 = NULL;
	g_autoptr(miyin_offer) offer = NULL;
	g_autoptr(GString) out = g_string_new(NULL);
	g_autoptr(GString) group = g_string_new(NULL);
	gboolean drop = FALSE, has_languages = FALSE;
	const char *at;
	g_autofree const char **gone = NULL;
	miyin_statement st;

	if (!g_str_has_prefix(ppd, "*PPD-Adobe") ||
	    miyin_gateppd_is_gate(ppd)) {
		g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_INPUT,
			    miyin_gateppd_is_gate(ppd)
				    ? _("This is a gate's PPD already.")
				    : _("This is no PPD file."));
		return NULL;
	}
	at = utf8 = to_utf8(ppd);
	offer = miyin_offer_new(utf8, allowed, error);
	if (!offer)
		return NULL;
	while (miyin_ppdtext_next(&at, &st)) {
		g_autofree char *other = miyin_offer_rewrite(offer, &st);

		/* *End goes the way of the statement that it ends. */
		if (!g_str_equal(st.keyword, "End"))
			drop = is_replaced(&st) || is_order(&st, utf8) ||
			       miyin_offer_is_gone(offer, &st);
		if (!drop)
			append_in_group(out, group, &st, other, &has_languages);
		drop = drop || other;
		miyin_statement_clear(&st);
	}
	if (out->str[out->len - 1] != '\n' && out->str[out->len - 1] != '\r')
		g_string_append_c(out, '\n');
	append_filters(out);
	for (int i = 0; types && types[i]; i++)
		append_filter(out, types[i], GATE_TYPE, FIRST);
	if (!has_languages)
		g_string_append(out, "*cupsLanguages: \"en zh_CN\"\n");
	append_options(out, scheme, level);
	gone = miyin_offer_list_gone(offer);
	append_names(out, "MiyinAllow", allowed);
	append_names(out, "MiyinGone", gone);
	/* cupstestppd wants one kind of line end in a file. */
	g_string_replace(out, "\r\n", "\n", 0);
	g_string_replace(out, "\r", "\n", 0);
	return g_string_free(g_steal_pointer(&out), FALSE);
}

/* Of a type of this server: *cupsFilter2: "TYPE application/vnd.miyin -3002
 * miyincollect" */
static gboolean is_of_gate(const char *line)
{
	return g_regex_match_simple("^\\*cupsFilter2: \"[^ \"]+ " GATE_TYPE
				    " -?[0-9]+ " COLLECT "\"$",
				    line, 0, 0);
}

gboolean miyin_gateppd_is_tight(const char *ppd, char **hole)
{
	g_autoptr(GString) wanted = g_string_new(NULL);
	g_auto(GStrv) lines = NULL;
	const char *at = ppd;
	miyin_statement st;

	append_filters(wanted);
	lines = g_strsplit(wanted->str, "\n", -1);
	for (int i = 0; lines[i]; i++) {
		if (strstr(ppd, lines[i]))
			continue;
		*hole = g_strdup(lines[i]);
		return FALSE;
	}
	while (miyin_ppdtext_next(&at, &st)) {
		g_autofree char *line = g_strndup(st.text, st.length);
		gboolean ours = strstr(wanted->str, g_strchomp(line)) ||
				is_of_gate(line);
		gboolean leads_elsewhere = is_filter(&st) && !ours;

		miyin_statement_clear(&st);
		if (!leads_elsewhere)
			continue;
		*hole = g_steal_pointer(&line);
		return FALSE;
	}
	return TRUE;
}

char **miyin_gateppd_list_allowed(const char *ppd)
{
	g_autoptr(GPtrArray) list = g_ptr_array_new();
	miyin_statement st;

	while (miyin_ppdtext_next(&ppd, &st)) {
		if (g_str_equal(st.keyword, "MiyinAllow"))
			g_ptr_array_add(list,
					miyin_ppdtext_option_name(st.rest));
		miyin_statement_clear(&st);
	}
	g_ptr_array_add(list, NULL);
	return (char **)g_ptr_array_steal(list, NULL);
}

const char *const *miyin_gateppd_types(void)
{
	static const char *types[G_N_ELEMENTS(filters) + 1];

	for (unsigned i = 0; i < G_N_ELEMENTS(filters); i++)
		types[i] = filters[i].source;
	return types;
}

char **miyin_gateppd_list_types(const char *ppd)
{
	GPtrArray *list = g_ptr_array_new();
	miyin_statement st;

	while (miyin_ppdtext_next(&ppd, &st)) {
		const char *type = strchr(st.rest, '"');

		if (type && is_filter(&st))
			g_ptr_array_add(
				list,
				g_strndup(type + 1, strcspn(type + 1, " ")));
		miyin_statement_clear(&st);
	}
	g_ptr_array_add(list, NULL);
	return (char **)g_ptr_array_free(list, FALSE);
}
