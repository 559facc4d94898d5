/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A PPD as text: its statements one after another, as libcups reads them.
 *
 *   const char *at = text;
 *   g_auto(miyin_statement) st = { 0 };
 *   while (miyin_ppdtext_next(&at, &st))
 *           ...
 *
 * Source: PostScript Printer Description File Format Specification 4.3.
 */
#ifndef MIYIN_PPDTEXT_H
#define MIYIN_PPDTEXT_H

#include <glib.h>

/* A line, or several when its value in quotes goes on, with its line end. */
typedef struct {
	const char *text; /* borrowed: where it stands in the PPD */
	gsize length;
	char *keyword;	/* without * and ?; "" for a comment */
	char *language; /* zh_CN of *zh_CN.PageSize, or NULL */
	char *rest;	/* after the keyword */
} miyin_statement;

/* FALSE at the end. */
gboolean miyin_ppdtext_next(const char **at, miyin_statement *st);
void miyin_statement_clear(miyin_statement *st);

/* PageSize of " *PageSize/Media Size: PickOne"; NULL when there is none. */
char *miyin_ppdtext_option_name(const char *rest);

/* Of a choice's rest, " A4/A4 paper: "code"": its three parts. */
void miyin_ppdtext_split_choice(const char *rest, char **choice, char **text,
				char **code);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(miyin_statement, miyin_statement_clear)

#endif
