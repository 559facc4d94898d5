/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The register (台账): documents, copies, jobs and events in one SQLite file.
 *
 * Calling order of a job:  open, recover, issue, then for each copy claim
 * (before the first byte to the device) and settle, or void; refuse at any
 * point where nothing was issued. Each call is one durable transaction.
 * Events are append-only; serials and copy ids are never used twice.
 */
#ifndef MIYIN_REGISTER_H
#define MIYIN_REGISTER_H

#include <glib.h>

typedef struct miyin_register miyin_register;

typedef enum {
	MIYIN_COPY_RESERVED,	/* has a serial; no byte left yet */
	MIYIN_COPY_SENDING,	/* claimed: bytes may be on paper */
	MIYIN_COPY_PRINTED,
	MIYIN_COPY_PARTIAL,	/* some pages came out, or may have */
	MIYIN_COPY_DOUBT,	/* nobody knows; counts as printed */
	MIYIN_COPY_VOID,	/* no paper; its serial stays unused */
	MIYIN_N_COPY_STATES
} miyin_copy_state;

const char *miyin_copy_state_id(miyin_copy_state state);
int miyin_copy_state_find(const char *id);	/* -1: unknown */

/* What a job asks for. Strings are borrowed. */
typedef struct {
	const char *job_uuid;	/* constant over scheduler restarts */
	int job_id;
	unsigned document_no;	/* 1 up, within a job of several documents */
	const char *user;	/* authenticated */
	int uid;		/* -1: unknown */
	const char *host;
	const char *printer;	/* the gate queue */
	const char *title;
	const char *reference;	/* NULL: the content hash names the document */
	const char *content_hash;
	const char *scheme;
	const char *level;	/* id */
	const char *level_text;	/* for people */
	unsigned level_rank;
	const char *period;
	unsigned pages;
	unsigned n_copies;
	char *const *holders;	/* one per copy, NULL terminated */
	unsigned copies_per_document;	/* limit over all jobs */
	const char *detail;	/* of the issue, for the officer; or NULL */
} miyin_request;

typedef struct {
	gint64 row;
	guint64 copy_id;	/* 40 bits, random */
	unsigned serial;	/* within the document, 1 up */
	unsigned copy_no;	/* within the job's document, 1 up */
	char *holder;
	miyin_copy_state state;
	int device_job;		/* 0: none yet */
	unsigned original;	/* serial of the first copy that an earlier
				   job made of the document; 0: none did */
	char *verified;		/* how many pages were read back, and why those:
				   "sampled 4/12"; NULL: nothing to enter */
} miyin_copy;

void miyin_copy_free(miyin_copy *copy);

/*
 * Open, and create when create is TRUE, a register. Errors: SYSTEM.
 */
miyin_register *miyin_register_open(const char *path, gboolean create,
				    GError **error);
void miyin_register_close(miyin_register *reg);

/*
 * Void what died before the device started on it and put into doubt what died
 * after that, for all jobs but job_uuid. A job is dead when no process holds
 * its lock (miyin_register_lock_job).
 */
gboolean miyin_register_recover(miyin_register *reg, const char *job_uuid,
				GError **error);

/*
 * Hold the job for the life of this process; the kernel lets go when it
 * dies. Errors: BUSY when another process has it.
 */
gboolean miyin_register_lock_job(miyin_register *reg, const char *job_uuid,
				 GError **error);

/*
 * Whether an earlier job made copies of the document that a request names: its
 * copies will bear the copy stamp, which needs room. Errors: SYSTEM, BUSY.
 */
gboolean miyin_register_is_reprint(miyin_register *reg,
				   const miyin_request *request,
				   gboolean *reprint, GError **error);

/*
 * Issue the copies of a document: budget, serials, copy ids, holders, one
 * transaction. A second run of the same (job uuid, document number) gets the
 * first run's copies in their present states, and new ones for those that
 * were voided.
 *
 *   copies   GPtrArray of miyin_copy in copy order, free with unref
 *
 * Errors: the refusals over-limit and level-lowered; SYSTEM.
 */
gboolean miyin_register_issue(miyin_register *reg, const miyin_request *request,
			      GPtrArray **copies, GError **error);

/* reserved -> sending, on disk before the first byte leaves; with how it was
 * verified. Errors: STATE, SYSTEM. copy->state follows. */
gboolean miyin_register_claim(miyin_register *reg, miyin_copy *copy,
			      int device_job, GError **error);

/*
 * The device queue starts to send this job to the device. Once for each claim:
 * a scheduler that restarts would print the copy again.
 *
 * Errors: STATE when no copy is being sent by this device job, or it was
 * started before; SYSTEM.
 */
gboolean miyin_register_start_device(miyin_register *reg, int device_job,
				     GError **error);

/* sending -> printed, partial or doubt. pages_done: what the device says. */
gboolean miyin_register_settle(miyin_register *reg, miyin_copy *copy,
			       miyin_copy_state state, unsigned pages_done,
			       const char *detail, GError **error);

/*
 * reserved -> void, and sending -> void if the device has not started: it never
 * will then. The budget gets the copy back, the serial is not used again.
 *
 * Errors: STATE when it was started, or settled; SYSTEM.
 */
gboolean miyin_register_void(miyin_register *reg, miyin_copy *copy,
			     const char *detail, GError **error);

/* Enter a refusal; request may be half filled (NULL strings are fine). */
gboolean miyin_register_refuse(miyin_register *reg,
			       const miyin_request *request,
			       const char *reason, const char *detail,
			       GError **error);

/* ---- reading ---------------------------------------------------------- */

typedef struct {
	gint64 seq;
	const char *at;		/* 2026-11-21T20:27:15+00:00 */
	const char *event;	/* issue claim printed partial doubt void refuse
				   trace protect unprotect counter */
	const char *result;	/* ok | refused | failed */
	const char *reason;	/* refusal id or "" */
	const char *detail;
	const char *user, *host, *printer;
	int job_id;
	const char *level, *period, *reference, *title;
	unsigned serial;	/* 0: the event is not about one copy */
	const char *holder;
	unsigned pages;
	const char *copy_code;	/* copy id as 8 Crockford characters, or "" */
} miyin_event;

typedef struct {		/* NULL or "" fields do not filter */
	const char *since, *until;	/* ISO 8601, as in miyin_event.at */
	const char *user, *printer, *level, *result;
} miyin_event_filter;

/* Calls each in order of seq; a FALSE stops. Strings live for the call. */
typedef gboolean (*miyin_event_func)(const miyin_event *event, gpointer data);
gboolean miyin_register_log(miyin_register *reg,
			    const miyin_event_filter *filter,
			    miyin_event_func func, gpointer data,
			    GError **error);

typedef struct {
	guint64 copy_id;
	unsigned serial, copy_no, n_copies, pages, pages_done;
	const char *state;	/* id */
	const char *holder;
	const char *document;	/* reference, else sha256:... */
	const char *title, *scheme, *level, *period;
	const char *user, *host, *printer, *job_uuid;
	int job_id;
	const char *issued_at, *settled_at;
	const char *verified;	/* as in miyin_copy; "": not entered */
} miyin_copy_record;

typedef gboolean (*miyin_copy_func)(const miyin_copy_record *copy,
				    gpointer data);

/* Copies of the document with this reference or (prefix of, 8 up) content
 * hash, in serial order. Errors: MISSING, INPUT when ambiguous. */
gboolean miyin_register_copies(miyin_register *reg, const char *document,
			       miyin_copy_func func, gpointer data,
			       GError **error);

/* The copy of a copy id. Errors: MISSING. */
gboolean miyin_register_find_copy(miyin_register *reg, guint64 copy_id,
				  miyin_copy_func func, gpointer data,
				  GError **error);

/* Enter an event of an officer or administrator (trace, protect...). */
gboolean miyin_register_note(miyin_register *reg, const char *event,
			     const char *user, const char *printer,
			     guint64 copy_id, const char *detail,
			     GError **error);

/* What the register knows when a printer's own counter is read. */
typedef struct {
	gboolean is_first;	/* no reading before: nothing to compare */
	unsigned before;	/* the last one */
	char *at;		/* when that was, as in miyin_event.at */
	unsigned pages;		/* that may have been printed since, at most */
} miyin_reading;

/*
 * Compare a reading of a printer's counter with the last one, and enter it as
 * an event "counter", whose pages it is.
 *
 *   printers   the gate queues that lead to it, NULL terminated; the first one
 *              gives the event its name
 *   counter    NULL: it was not to be read, and nothing is entered
 *   reading    filled only on success; miyin_reading_clear it
 *
 * Errors: SYSTEM.
 */
gboolean miyin_register_count(miyin_register *reg, const char *user,
			      char *const *printers, const unsigned *counter,
			      miyin_reading *reading, GError **error);
void miyin_reading_clear(miyin_reading *reading);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(miyin_register, miyin_register_close)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(miyin_copy, miyin_copy_free)

#endif
