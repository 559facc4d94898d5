/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What miyin trace found out about one code, or about one sheet without any,
 * and how it is told: to people, to programs, and to the register.
 */
#ifndef MIYIN_ANSWER_H
#define MIYIN_ANSWER_H

#include <glib.h>
#include <json-glib/json-glib.h>
#include <miyin/payload.h>
#include <miyin/register.h>
#include <miyin/trace.h>

typedef enum {
	MIYIN_FOUND,
	MIYIN_FOUND_NOTHING,
	MIYIN_FOUND_FORGED,
	MIYIN_FOUND_UNKNOWN,
	MIYIN_FOUND_SPECIMEN,
} miyin_verdict;

typedef enum {
	MIYIN_SIGNATURE_NONE,
	MIYIN_SIGNATURE_HOLDS,
	MIYIN_SIGNATURE_BROKEN,
} miyin_signature;

/* Of one that is not alone on its sheet, by where it stands. */
typedef enum {
	MIYIN_STANDS_SOMEWHERE, /* whose marks it is cannot be told */
	MIYIN_STANDS_OUTSIDE,	/* where a sheet's own marks are */
	MIYIN_STANDS_WITHIN,	/* between the codes of another copy */
} miyin_standing;

typedef struct {
	const char *source; /* the argument, borrowed */
	const char *kind;   /* file, payload, human code, copy code */
	unsigned sheet;	    /* 0: typed */
	const miyin_sighting *sighting; /* borrowed, NULL: typed or none */
	char *text;			/* the code as read */
	miyin_signature mac;
	miyin_verdict verdict;
	char *why;
	unsigned n_copies; /* whose codes are on the sheet; 0: typed, none */
	miyin_standing standing; /* if more than one */
	gboolean has_claim;	 /* what the code says, true or not */
	miyin_payload claim;	 /* pages is 0 when only typed by people */
	gboolean has_copy;
	miyin_copy_record copy; /* its strings live in strings */
	GStringChunk *strings;
} miyin_finding;

void miyin_finding_clear(miyin_finding *found);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(miyin_finding, miyin_finding_clear)

/* The exit status of miyin trace: 0 found, 1 nothing, 2 forged or unknown, or
 * one of several copies. */
int miyin_finding_status(const miyin_finding *found);

/* For people: several lines, times in zone. Free with g_free. */
char *miyin_finding_format(const miyin_finding *found, const char *scheme_dir,
			   GTimeZone *zone);
/* For the register: one line, the same in every language. Free with g_free. */
char *miyin_finding_format_detail(const miyin_finding *found);
/* For programs: one JSON object. */
void miyin_finding_build(const miyin_finding *found, JsonBuilder *builder);

#endif
