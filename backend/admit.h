/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who asks for what, and may he: the job as cupsd hands it over becomes
 * documents with level, holders and limits, or a refusal. Who he is, caller.h
 * finds out.
 */
#ifndef MIYIN_ADMIT_H
#define MIYIN_ADMIT_H

#include "asked.h"
#include <glib.h>
#include <miyin/compose.h>
#include <miyin/config.h>
#include <miyin/frame.h>
#include <miyin/policy.h>
#include <miyin/press.h>
#include <miyin/register.h>
#include <miyin/scheme.h>

typedef struct miyin_document miyin_document;

struct miyin_document {
	miyin_frame *frame;
	miyin_prepared *prepared;
	const miyin_document *control_of;	/* whose control sheet this
						   is, or NULL */
	const miyin_level *level;
	const miyin_limits *limits;
	char *mark;		/* 机密★10年 */
	char *detail;		/* for the register: how the body was scaled,
				   what level the document itself bears */
	char *period;
	char **holders;
	char *number;		/* of copies */
	miyin_request request;
	gboolean reprint;	/* it had copies before this job */
	GPtrArray *copies;	/* of miyin_copy, once issued */
	char *missing;		/* characters that a sign stands for, or NULL */
};

typedef struct {
	/* from argv and the environment */
	int job_id;
	char *uuid;		/* job-uuid and id: the key of a re-run */
	char *user;		/* NULL: nobody was authenticated */
	int uid;
	char *host, *title, *printer;
	char *device_queue;
	char *scheme_name;
	char *fixed_level;	/* of the queue, or NULL */
	miyin_asked asked;
	/* from configuration */
	miyin_policy *policy;
	char **owners;		/* whom the user acts for */
	miyin_scheme *scheme;
	unsigned site;
	const char *unit;
	/* from the stream */
	GPtrArray *documents;	/* of miyin_document */
	char *at_title;		/* of the one that is looked at, or NULL */
	const miyin_document *at; /* itself, once it was read to its end */
} miyin_job;

/*
 * Read argv and environment. Never fails for what a user can choose; what is
 * not there is refused in miyin_admit.
 *
 * Errors: the refusal config when DEVICE_URI is not ours.
 */
miyin_job *miyin_job_new(char **argv, GError **error);
void miyin_job_free(miyin_job *job);

/* What an order of this document's copies is made of; serial, holder, copy
 * number and copy id are still missing. date is borrowed. */
miyin_composition miyin_document_compose(const miyin_job *job,
					 const miyin_document *document,
					 const char *date);

/* Fill the request of a document that has all else. */
void miyin_document_request(const miyin_job *job, miyin_document *document);
void miyin_document_free(miyin_document *document);

/* The request that a refusal is entered with: of a document that is not known
 * yet it says what its user asked for. */
miyin_request miyin_job_request(const miyin_job *job);

/*
 * Read the whole stream.
 *
 *   budget   its temporary files are what all documents may have here
 *
 * Errors: a refusal; SYSTEM.
 */
gboolean miyin_admit_stream(miyin_job *job, int fd, const miyin_budget *budget,
			    GError **error);

/*
 * Check level, limits, holders and rights of each document and prepare it.
 *
 * Errors: a refusal; SYSTEM.
 */
gboolean miyin_admit(miyin_job *job, const miyin_config *config,
		     miyin_register *reg, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(miyin_job, miyin_job_free)

#endif
