/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an inquiry found out about one code, or about one sheet without any. */
#ifndef MIYIN_FINDING_H
#define MIYIN_FINDING_H

#include <glib.h>
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
	const char *source; /* what was asked about, borrowed */
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

void miyin_finding_free(miyin_finding *found);

/* For programs. */
const char *miyin_finding_verdict(const miyin_finding *found);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(miyin_finding, miyin_finding_free)

#endif
