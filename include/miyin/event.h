/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An event of the register, and the bytes that it is before it is a row: what
 * an auditor can hash without a database (doc/format-event.md).
 */
#ifndef MIYIN_EVENT_H
#define MIYIN_EVENT_H

#include <glib.h>

#define MIYIN_EVENT_LENGTH_MAX (1024 * 1024) /* of its bytes */

typedef struct {
	gint64 seq;	    /* its number in the register; not in its bytes */
	const char *at;	    /* 2026-11-21T20:27:15+00:00 */
	const char *event;  /* issue claim printed partial doubt void refuse
			       version same-content look-alike trace document
			       protect unprotect counter backup restore */
	const char *result; /* ok | refused | failed */
	const char *reason; /* refusal id or "" */
	const char *detail;
	const char *user, *host, *printer;
	int job_id;
	const char *level, *period, *reference, *title;
	unsigned serial; /* 0: the event is not about one copy */
	const char *holder;
	unsigned pages;
	const char *copy_code; /* copy id as 8 Crockford characters, or "" */
	const char *server;    /* [server] name of who entered it, or "" */
	/* Only when read from the register: */
	const char *scheme;   /* of its copy's job, or "" */
	const char *document; /* reference, else sha256:... of its copy's
				 document, or "": what copies takes */
} miyin_event;

/* What an event is made of, in the order of its bytes; the last has no name.
 * The names are those of the register's columns, too. */
typedef struct {
	const char *name;
	gboolean is_text;
	size_t offset; /* in miyin_event: of a const char *, or of 32 bits */
} miyin_event_field;

extern const miyin_event_field miyin_event_fields[];

const char *miyin_event_text(const miyin_event *event,
			     const miyin_event_field *field); /* "": NULL */
unsigned miyin_event_number(const miyin_event *event,
			    const miyin_event_field *field);
void miyin_event_set_text(miyin_event *event, const miyin_event_field *field,
			  const char *text); /* borrowed */
void miyin_event_set_number(miyin_event *event, const miyin_event_field *field,
			    unsigned number);

/* The one form of an event; text that is not UTF-8 is made so. Errors: INPUT
 * when it is longer than MIYIN_EVENT_LENGTH_MAX. */
GBytes *miyin_event_format(const miyin_event *event, GError **error);

/*
 * The event of some bytes.
 *
 *   event   filled only on success; its strings live in text
 *
 * Errors: INPUT when they are not what miyin_event_format makes.
 */
gboolean miyin_event_parse(const void *bytes, gsize length, miyin_event *event,
			   GStringChunk *text, GError **error);

#endif
