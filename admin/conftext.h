/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The text of cupsd.conf, read as the scheduler reads it. */
#ifndef MIYIN_CONFTEXT_H
#define MIYIN_CONFTEXT_H

#include <cups/cups.h>
#include <glib.h>

/* One line of the file, as cupsFileGetConf understands it. */
typedef struct {
	const char *start, *end; /* end: after the line end */
	char *text;		 /* without space at its ends */
	char *word;		 /* "" for a comment */
	char *value;
} miyin_confline;

/* FALSE at the end. l, all 0 at first, has the next line then. */
gboolean miyin_conftext_next(const char **at, miyin_confline *l);
void miyin_confline_clear(miyin_confline *l);

/* The value of a directive outside all sections, the last one counts; NULL
 * when there is none. */
char *miyin_conftext_get(const char *text, const char *directive);

/* The first "Listen ADDRESS" or "Port NUMBER" at which another host is
 * answered without TLS; NULL when there is none. Free with g_free. */
char *miyin_conftext_in_clear(const char *text);

/* Whether a directive's value switches it off. */
gboolean miyin_conftext_is_off(const char *value);

/* The lines between <Policy NAME> and </Policy>, or NULL. The scheduler makes
 * one policy of several of one name. */
char *miyin_conftext_policy(const char *text, const char *policy);

char *miyin_conftext_default_policy(const char *text);

/* The default policy first, which the file need not have. */
GPtrArray *miyin_conftext_policies(const char *text);

/* What a policy says of an operation, by its name or under "All"; NULL when
 * it says nothing. */
char *miyin_conftext_limit(const char *text, const char *policy,
			   ipp_op_t operation);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(miyin_confline, miyin_confline_clear)

#endif
