/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>
#include <glib/gi18n.h>
#include <miyin/error.h>
#include <miyin/text.h>
#include "gateppd.h"
#include "offer.h"
#include "ppdtext.h"

#define GATE_TYPE "application/vnd.miyin"
#define COLLECT "miyincollect"
/* Cheaper than any other way: its last step is one of the others. */
#define FIRST "-3002"
#define FILTER(source, destination, cost)                                      \
	"*cupsFilter2: \"" source " " destination " " cost " " COLLECT "\"\n"

/* Without the first line the scheduler takes us for a PostScript printer and
 * offers to clean its heads. */
static const char filters[] = "*cupsCommands: \"none\"\n"
			      "*cupsManualCopies: True\n"
#include <ppd/types.h>
	;
static const char options[] =
#include <ppd/options.ppd.h>
	;

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
	g_autofree char *small = g_ascii_strdown(st->keyword, -1);

	return miyin_text_has_name("cupsfilter cupsfilter2 cupsprefilter",
				   small);
}

/* What the gate has otherwise, or nobody may give: a password or an account
 * that the printer asks for before it prints. */
static gboolean is_replaced(const miyin_statement *st)
{
	static const char gone[] =
		"cupsmanualcopies cupssinglefile cupsportmonitor cupscommands"
		" cupsjobpassword cupsjobaccountid cupsjobaccountinguserid"
		" miyinallow miyingone";
	g_autofree char *small = g_ascii_strdown(st->keyword, -1);

	return is_filter(st) || miyin_text_has_name(gone, small);
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

static void append_choices(GString *out, const miyin_scheme *scheme)
{
	for (unsigned i = 0; i < scheme->levels->len; i++) {
		const miyin_level *level = scheme->levels->pdata[i];

		g_string_append_printf(out, "*MiyinLevel %s/", level->id);
		append_text(out, level->text_en);
		g_string_append_printf(out, ": \"\"\n*zh_CN.MiyinLevel %s/",
				       level->id);
		append_text(out, level->text);
		g_string_append(out, ": \"\"\n");
	}
}

/* The levels are the last choices of MiyinLevel, which a fixed one has not. */
static void append_options(GString *out, const miyin_scheme *scheme,
			   const char *level)
{
	static const char end[] = "*CloseUI: *MiyinLevel\n";
	const char *open = strstr(options, "*OpenUI *MiyinLevel/");
	const char *close = strstr(options, end);

	g_string_append_len(out, options, (level ? open : close) - options);
	if (!level)
		append_choices(out, scheme);
	g_string_append(out, level ? close + strlen(end) : close);
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
	g_auto(miyin_statement) st = { 0 };

	if (!g_str_has_prefix(ppd, "*PPD-Adobe") ||
	    miyin_gateppd_is_gate(ppd)) {
		miyin_fail(error, MIYIN_ERROR_INPUT,
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
	}
	if (out->str[out->len - 1] != '\n' && out->str[out->len - 1] != '\r')
		g_string_append_c(out, '\n');
	g_string_append(out, filters);
	for (int i = 0; types && types[i]; i++)
		g_string_append_printf(out, FILTER("%s", GATE_TYPE, FIRST),
				       types[i]);
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
	g_auto(GStrv) lines = g_strsplit(filters, "\n", -1);
	const char *at = ppd;
	g_auto(miyin_statement) st = { 0 };

	for (int i = 0; lines[i]; i++) {
		if (strstr(ppd, lines[i]))
			continue;
		*hole = g_strdup(lines[i]);
		return FALSE;
	}
	while (miyin_ppdtext_next(&at, &st)) {
		g_autofree char *line = g_strndup(st.text, st.length);
		gboolean ours =
			strstr(filters, g_strchomp(line)) || is_of_gate(line);
		gboolean leads_elsewhere = is_filter(&st) && !ours;

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
	g_auto(miyin_statement) st = { 0 };

	while (miyin_ppdtext_next(&ppd, &st)) {
		if (g_str_equal(st.keyword, "MiyinAllow"))
			g_ptr_array_add(list,
					miyin_ppdtext_option_name(st.rest));
	}
	g_ptr_array_add(list, NULL);
	return (char **)g_ptr_array_steal(list, NULL);
}

char **miyin_gateppd_list_types(const char *ppd)
{
	GPtrArray *list = g_ptr_array_new();
	g_auto(miyin_statement) st = { 0 };

	while (miyin_ppdtext_next(&ppd, &st)) {
		const char *type = strchr(st.rest, '"');

		if (type && is_filter(&st))
			g_ptr_array_add(
				list,
				g_strndup(type + 1, strcspn(type + 1, " ")));
	}
	g_ptr_array_add(list, NULL);
	return (char **)g_ptr_array_free(list, FALSE);
}

char **miyin_gateppd_types(void)
{
	return miyin_gateppd_list_types(filters);
}
