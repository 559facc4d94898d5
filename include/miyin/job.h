/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A job on its way through the gate, and its documents: what is known of them so
 * far. Who hands jobs over (a backend of CUPS) makes it.
 */
#ifndef MIYIN_JOB_H
#define MIYIN_JOB_H

#include <glib.h>
#include <miyin/compose.h>
#include <miyin/frame.h>
#include <miyin/policy.h>
#include <miyin/engine.h>
#include <miyin/register.h>
#include <miyin/scheme.h>
#include <miyin/status.h>

/* What a job's options say of its documents, before any of them was looked at:
 * a refusal of the whole job, or of one that could not be read, is entered with
 * it. They are the user's word, cleaned, and choose nothing. */
typedef struct {
	char *level, *period, *reference; /* "": not given */
} miyin_asked;

typedef struct miyin_document miyin_document;

struct miyin_document {
	miyin_frame *frame;
	miyin_prepared *prepared;
	const miyin_document *control_of; /* whose control sheet this
						   is, or NULL */
	const miyin_level *level;
	const miyin_limits *limits;
	char *mark;   /* 机密★10年 */
	char *detail; /* for the register: how the body was scaled,
				   what level the document itself bears */
	char *period;
	char **holders;
	char *number; /* of copies */
	miyin_request request;
	gboolean reprint;  /* it had copies before this job */
	GPtrArray *copies; /* of miyin_copy, once issued */
	char *missing;	   /* characters that a sign stands for, or NULL */
};

typedef struct {
	/* from argv and the environment */
	int job_id;
	char *uuid; /* job-uuid and id: the key of a re-run */
	char *user; /* NULL: nobody was authenticated */
	int uid;
	char *host, *title, *printer;
	char *device_queue;
	char *scheme_name;
	char *fixed_level; /* of the queue, or NULL */
	miyin_asked asked;
	const miyin_status *status; /* borrowed */
	/* from configuration */
	miyin_policy *policy;
	char **owners; /* whom the user acts for */
	miyin_scheme *scheme;
	unsigned site;
	const char *unit;
	/* from the stream */
	GPtrArray *documents;	  /* of miyin_document */
	char *at_title;		  /* of the one that is looked at, or NULL */
	const miyin_document *at; /* itself, once it was read to its end */
} miyin_job;

void miyin_job_free(miyin_job *job);

/*
 * At which document the job is: what goes wrong is entered with it.
 *
 *   frame      its record; NULL: at none
 *   document   NULL while it is being read
 */
void miyin_job_look_at(miyin_job *job, const miyin_frame *frame,
		       const miyin_document *document);

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

/* A note about it for the register. */
void miyin_document_add_detail(miyin_document *document, char *take_note);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(miyin_job, miyin_job_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(miyin_document, miyin_document_free)

#endif
