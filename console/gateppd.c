/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>
#include <glib/gi18n.h>
#include <miyin/error.h>
#include "gateppd.h"

#define GATE_TYPE "application/vnd.miyin"
#define COLLECT "miyincollect"

/* One statement of a PPD: a line, or several when its value in quotes goes
 * on, with its line end. */
typedef struct {
	const char *text;
	gsize length;
	char *keyword;	/* without * and ?; "" for a comment */
	char *language; /* zh_CN of *zh_CN.PageSize, or NULL */
	char *rest;	/* after the keyword */
} statement;

static char *to_utf8(const char *ppd);
static const char *declared_charset(const char *ppd);
static GHashTable *find_jcl_options(const char *ppd);
static gboolean next_statement(const char **at, statement *st);
static gsize statement_length(const char *text);
static void statement_clear(statement *st);
static gboolean is_language(const char *text, gsize length);
static gboolean is_dropped(const statement *st, GHashTable *jcl);
static gboolean is_filter(const statement *st);
static gboolean is_order(const statement *st, const char *ppd);
static gboolean names_option(const char *text, GHashTable *options);
static char *option_name(const char *text);
static void append_statement(GString *out, const statement *st,
			     gboolean *has_languages);
static void append_languages(GString *out, const statement *st);
static void append_filters(GString *out);
static void append_options(GString *out, const miyin_scheme *scheme,
			   const char *level);
static void append_level(GString *out, const miyin_scheme *scheme);
static void append_texts(GString *out);
static void append_text(GString *out, const char *text);

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

char *miyin_gateppd_make(const char *ppd, const miyin_scheme *scheme,
			 const char *level, GError **error)
{
	g_autofree char *utf8 = NULL;
	g_autoptr(GHashTable) jcl = NULL;
	g_autoptr(GString) out = g_string_new(NULL);
	gboolean drop = FALSE, has_languages = FALSE;
	const char *at;
	statement st;

	if (!g_str_has_prefix(ppd, "*PPD-Adobe") ||
	    miyin_gateppd_is_gate(ppd)) {
		g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_INPUT,
			    miyin_gateppd_is_gate(ppd)
				    ? _("This is a gate's PPD already.")
				    : _("This is no PPD file."));
		return NULL;
	}
	at = utf8 = to_utf8(ppd);
	jcl = find_jcl_options(utf8);
	while (next_statement(&at, &st)) {
		/* *End goes the way of the statement that it ends. */
		if (!g_str_equal(st.keyword, "End"))
			drop = is_dropped(&st, jcl) || is_order(&st, utf8);
		if (!drop)
			append_statement(out, &st, &has_languages);
		statement_clear(&st);
	}
	if (out->str[out->len - 1] != '\n' && out->str[out->len - 1] != '\r')
		g_string_append_c(out, '\n');
	append_filters(out);
	if (!has_languages)
		g_string_append(out, "*cupsLanguages: \"en zh_CN\"\n");
	append_options(out, scheme, level);
	/* cupstestppd wants one kind of line end in a file. */
	g_string_replace(out, "\r\n", "\n", 0);
	g_string_replace(out, "\r", "\n", 0);
	return g_string_free(g_steal_pointer(&out), FALSE);
}

gboolean miyin_gateppd_is_tight(const char *ppd, char **hole)
{
	g_autoptr(GString) wanted = g_string_new(NULL);
	g_auto(GStrv) lines = NULL;
	const char *at = ppd;
	statement st;

	append_filters(wanted);
	lines = g_strsplit(wanted->str, "\n", -1);
	for (int i = 0; lines[i]; i++) {
		if (strstr(ppd, lines[i]))
			continue;
		*hole = g_strdup(lines[i]);
		return FALSE;
	}
	while (next_statement(&at, &st)) {
		g_autofree char *line = g_strndup(st.text, st.length);
		gboolean ours = strstr(wanted->str, g_strchomp(line)) != NULL;
		gboolean leads_elsewhere = is_filter(&st) && !ours;

		statement_clear(&st);
		if (!leads_elsewhere)
			continue;
		*hole = g_steal_pointer(&line);
		return FALSE;
	}
	return TRUE;
}

gboolean miyin_gateppd_is_gate(const char *ppd)
{
	return strstr(ppd, " " GATE_TYPE " ") != NULL;
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

/* Options that are printer commands, not PostScript: their block begins with
 * JCLOpenUI or their name with JCL. */
static GHashTable *find_jcl_options(const char *ppd)
{
	GHashTable *jcl =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	statement st;

	while (next_statement(&ppd, &st)) {
		g_autofree char *name = option_name(st.rest);

		if (name && (g_str_equal(st.keyword, "JCLOpenUI") ||
			     (g_str_equal(st.keyword, "OpenUI") &&
			      g_str_has_prefix(name, "JCL"))))
			g_hash_table_add(jcl, g_steal_pointer(&name));
		statement_clear(&st);
	}
	return jcl;
}

static gboolean next_statement(const char **at, statement *st)
{
	const char *p = *at, *dot;
	gsize length;

	if (!*p)
		return FALSE;
	st->text = p;
	st->length = statement_length(p);
	*at += st->length;
	st->language = NULL;
	if (*p++ != '*' || *p == '%') {
		st->keyword = g_strdup("");
		st->rest = g_strdup("");
		return TRUE;
	}
	if (*p == '?')
		p++;
	length = strcspn(p, " \t:/\r\n");
	dot = memchr(p, '.', length);
	if (dot && is_language(p, dot - p)) {
		st->language = g_strndup(p, dot - p);
		length -= dot + 1 - p;
		p = dot + 1;
	}
	st->keyword = g_strndup(p, length);
	p += length;
	st->rest = g_strndup(p, st->text + st->length - p);
	return TRUE;
}

/* As libcups reads it: quotes count only after the colon. */
static gsize statement_length(const char *text)
{
	gboolean comment = g_str_has_prefix(text, "*%");
	gboolean colon = FALSE, quote = FALSE;
	gsize i;

	for (i = 0; text[i]; i++) {
		if (text[i] == ':' && !comment)
			colon = TRUE;
		else if (text[i] == '"' && colon)
			quote = !quote;
		else if (!quote && text[i] == '\r' && text[i + 1] == '\n')
			return i + 2;
		else if (!quote && (text[i] == '\r' || text[i] == '\n'))
			return i + 1;
	}
	return i;
}

static void statement_clear(statement *st)
{
	g_free(st->keyword);
	g_free(st->language);
	g_free(st->rest);
}

static gboolean is_language(const char *text, gsize length)
{
	return (length == 2 || (length == 5 && text[2] == '_')) &&
	       g_ascii_islower(text[0]) && g_ascii_islower(text[1]);
}

static gboolean is_dropped(const statement *st, GHashTable *jcl)
{
	static const char *const gone[] = {
		"cupsManualCopies",
		"LandscapeOrientation",
		"cupsSingleFile",
		"cupsPortMonitor",
		"cupsCommands",
	};
	static const char *const before[] = { "Default", "ParamCustom",
					      "Custom" };
	/* These name the options they are about. */
	static const char *const about[] = {
		"OpenUI",
		"CloseUI",
		"OrderDependency",
		"UIConstraints",
		"NonUIOrderDependency",
		"NonUIConstraints",
		"cupsUIConstraints",
	};
	const char *keyword = st->keyword;

	if (is_filter(st))
		return TRUE;
	for (unsigned i = 0; i < G_N_ELEMENTS(gone); i++)
		if (g_ascii_strcasecmp(keyword, gone[i]) == 0)
			return TRUE;
	for (unsigned i = 0; i < G_N_ELEMENTS(about); i++)
		if (g_str_equal(keyword, about[i]))
			return names_option(st->rest, jcl);
	if (g_str_equal(keyword, "Translation")) {
		g_autofree char *name = option_name(st->rest);

		return name && (g_str_has_prefix(name, "JCL") ||
				g_hash_table_contains(jcl, name));
	}
	for (unsigned i = 0; i < G_N_ELEMENTS(before); i++) {
		if (g_str_has_prefix(keyword, before[i])) {
			keyword += strlen(before[i]);
			break;
		}
	}
	return g_str_has_prefix(keyword, "JCL") ||
	       g_str_has_prefix(keyword, "pdftopdfJCL") ||
	       g_hash_table_contains(jcl, keyword);
}

static gboolean is_filter(const statement *st)
{
	return g_ascii_strcasecmp(st->keyword, "cupsFilter") == 0 ||
	       g_ascii_strcasecmp(st->keyword, "cupsFilter2") == 0 ||
	       g_ascii_strcasecmp(st->keyword, "cupsPreFilter") == 0;
}

/* A printer that stacks face up gets its pages in reverse. The device queue
 * sees to that; if the gate's pdftopdf did it too, they would be straight
 * again. An option that the user sees stays. */
static gboolean is_order(const statement *st, const char *ppd)
{
	return g_str_equal(st->keyword, "PageStackOrder") ||
	       (g_str_equal(st->keyword, "DefaultOutputOrder") &&
		!strstr(ppd, "OpenUI *OutputOrder"));
}

/* Whether a list such as "*Duplex None *JCLMode" names one of these. */
static gboolean names_option(const char *text, GHashTable *options)
{
	for (text = strchr(text, '*'); text; text = strchr(text + 1, '*')) {
		g_autofree char *name = option_name(text);

		if (name && (g_str_has_prefix(name, "JCL") ||
			     g_hash_table_contains(options, name)))
			return TRUE;
	}
	return FALSE;
}

/* PageSize of " *PageSize/Media Size: PickOne". */
static char *option_name(const char *text)
{
	gsize length;

	text += strspn(text, " \t:*");
	length = strcspn(text, " \t:/\"\r\n");
	return length ? g_strndup(text, length) : NULL;
}

static void append_statement(GString *out, const statement *st,
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

static void append_languages(GString *out, const statement *st)
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

static void append_filters(GString *out)
{
	/* Else the scheduler takes us for a PostScript printer and offers to
	 * clean its heads. */
	g_string_append(out, "*cupsCommands: \"none\"\n"
			     "*cupsManualCopies: True\n");
	/* Turned pages then read upwards, which no script is written, and
	 * their marks can be turned with them (filter/upright.h). */
	g_string_append(out, "*LandscapeOrientation: Plus90\n");
	for (unsigned i = 0; i < G_N_ELEMENTS(filters); i++)
		g_string_append_printf(out, "*cupsFilter2: \"%s %s %d %s\"\n",
				       filters[i].source,
				       filters[i].destination, filters[i].cost,
				       COLLECT);
}

static void append_options(GString *out, const miyin_scheme *scheme,
			   const char *level)
{
	g_string_append(out, "*OpenGroup: Miyin/Classified printing\n"
			     "*zh_CN.Translation Miyin/涉密打印: \"\"\n");
	if (!level)
		append_level(out, scheme);
	append_texts(out);
	g_string_append(out, "*OpenUI *MiyinControl/Control sheet: Boolean\n"
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
