/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Why a job was not printed. A refusal is a GError of domain MIYIN_REFUSAL; its
 * message is the one sentence the user reads, in his language, and its code
 * has a stable id for the register and for programs.
 */
#ifndef MIYIN_REFUSAL_H
#define MIYIN_REFUSAL_H

#include <glib.h>

#define MIYIN_REFUSAL (miyin_refusal_quark())

typedef enum {
	MIYIN_REFUSAL_NO_LEVEL,	       /* no-level */
	MIYIN_REFUSAL_BAD_LEVEL,       /* bad-level */
	MIYIN_REFUSAL_LEVEL_DENIED,    /* level-denied: not here or not you */
	MIYIN_REFUSAL_LEVEL_LOWERED,   /* level-lowered */
	MIYIN_REFUSAL_REFERENCE,       /* reference: somebody else's */
	MIYIN_REFUSAL_OVER_LIMIT,      /* over-limit */
	MIYIN_REFUSAL_JOB_LIMIT,       /* job-limit */
	MIYIN_REFUSAL_HOLDERS,	       /* holders: list of the wrong length */
	MIYIN_REFUSAL_BAD_HOLDER,      /* bad-holder: not a name */
	MIYIN_REFUSAL_BAD_APPROVER,    /* bad-approver: not a name */
	MIYIN_REFUSAL_BAD_SCOPE,       /* bad-scope: words of the marks */
	MIYIN_REFUSAL_BAD_REFERENCE,   /* bad-reference: no ink, odd accents */
	MIYIN_REFUSAL_NO_IDENTITY,     /* no-identity */
	MIYIN_REFUSAL_RAW_DATA,	       /* raw-data */
	MIYIN_REFUSAL_FORMAT,	       /* unsupported-format */
	MIYIN_REFUSAL_ENCODING,	       /* encoding: of a text */
	MIYIN_REFUSAL_PASSWORD,	       /* password */
	MIYIN_REFUSAL_ENCRYPTED,       /* encrypted: for certificates, say */
	MIYIN_REFUSAL_FORBIDDEN,       /* forbidden: by the PDF's author */
	MIYIN_REFUSAL_NO_PAGES,	       /* no-pages */
	MIYIN_REFUSAL_TOO_MANY_PAGES,  /* too-many-pages */
	MIYIN_REFUSAL_TOO_LARGE,       /* too-large */
	MIYIN_REFUSAL_BUDGET,	       /* budget: of the whole job */
	MIYIN_REFUSAL_PAGE_TOO_SMALL,  /* page-too-small */
	MIYIN_REFUSAL_BAD_GLYPH,       /* bad-glyph: no font has it */
	MIYIN_REFUSAL_MARK_TOO_LONG,   /* mark-too-long: it would be cut */
	MIYIN_REFUSAL_PERIOD,	       /* period: longer than the level's */
	MIYIN_REFUSAL_BAD_PERIOD,      /* bad-period: none of the forms */
	MIYIN_REFUSAL_PERIOD_OVER,     /* period-over: it has ended */
	MIYIN_REFUSAL_DECLARED,	       /* declared: the document says more */
	MIYIN_REFUSAL_DECLARED_PERIOD, /* declared-period: another one */
	MIYIN_REFUSAL_DECLARED_UNFIT,  /* declared-unfit: its own period */
	MIYIN_REFUSAL_UNREADABLE,      /* unreadable: its text is not it */
	MIYIN_REFUSAL_CARRIED,	       /* carried: a marked copy's picture */
	MIYIN_REFUSAL_DAMAGED,	       /* damaged */
	MIYIN_REFUSAL_BAD_OPTION,      /* bad-option */
	MIYIN_REFUSAL_UNKNOWN_OPTION,  /* unknown-option: almost one of ours */
	MIYIN_REFUSAL_SPLIT_VALUE,     /* split-value: parted at a blank */
	MIYIN_REFUSAL_PAPER,	       /* paper: no sheet of the printer */
	MIYIN_REFUSAL_BANNER,	       /* banner */
	MIYIN_REFUSAL_NOT_MARKED,      /* not-marked: verification failed */
	MIYIN_REFUSAL_STREAM,	       /* stream: broken or forged frames */
	MIYIN_REFUSAL_REGISTER,	       /* register: not available */
	MIYIN_REFUSAL_CONFIG,	       /* config: policy, scheme or keys */
	MIYIN_REFUSAL_SERVER,	       /* server: memory, a program, CUPS */
	MIYIN_REFUSAL_TIMEOUT,	       /* timeout: a step that never ends */
	MIYIN_REFUSAL_TIME_LIMIT,      /* time-limit: the scheduler's */
	MIYIN_REFUSAL_INTERRUPTED,     /* interrupted: we were killed */
	MIYIN_REFUSAL_UNKNOWN,	       /* unknown: what the device did */
	MIYIN_REFUSAL_DEVICE,	       /* device: failed or canceled */
	MIYIN_REFUSAL_CANCELED,	       /* canceled by the user */
	MIYIN_N_REFUSALS
} miyin_refusal;

GQuark miyin_refusal_quark(void);

/* The stable id, and back (-1 when unknown). */
const char *miyin_refusal_id(miyin_refusal refusal);
int miyin_refusal_find(const char *id);

/* Whether what was found is one of these n. */
gboolean miyin_refusal_is_among(int found, const miyin_refusal *some,
				unsigned n);

/* Its sentence in the language that is spoken, with %s for its arguments. */
const char *miyin_refusal_sentence(miyin_refusal refusal);

/* The same in English, as the register may have it. */
const char *miyin_refusal_english(miyin_refusal refusal);

/*
 * Make a refusal. The sentence is looked up by code and translated; its
 * arguments follow in the order of the table in refusal.c, all strings.
 */
GError *miyin_refusal_new(miyin_refusal refusal, ...);

/* The same from a list ended by NULL; arguments it lacks are "". */
GError *miyin_refusal_new_list(miyin_refusal refusal, char *const *arguments);

/* For functions that return FALSE: set *error, if wanted, to it (takes it). */
gboolean miyin_refuse(GError **error, GError *take_refusal);

/* The refusal bad-option, of a value as it was sent. Always FALSE. */
gboolean miyin_refuse_option(GError **error, const char *value,
			     const char *option);

/* miyin_refuse with one that is made of these, as miyin_refusal_new does. */
gboolean miyin_refuse_for(GError **error, miyin_refusal refusal, ...);

#endif
