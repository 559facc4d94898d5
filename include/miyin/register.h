/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The register (台账): documents, copies, jobs and events in one SQLite file.
 *
 * Calling order of a job:  open, lock_job, recover (the other jobs of this
 * server), issue, then for each copy claim (before the first byte to the
 * device) and settle, or void; refuse at any point where nothing was issued.
 * Each call is one durable transaction.
 * Events are append-only; serials and copy ids are never used twice.
 */
#ifndef MIYIN_REGISTER_H
#define MIYIN_REGISTER_H

#include <glib.h>
#include <miyin/config.h>
#include <miyin/event.h>
#include <signal.h>

typedef struct miyin_register miyin_register;

typedef enum {
	MIYIN_COPY_RESERVED, /* has a serial; no byte left yet */
	MIYIN_COPY_SENDING,  /* claimed: bytes may be on paper */
	MIYIN_COPY_PRINTED,
	MIYIN_COPY_PARTIAL, /* some pages came out, or may have */
	MIYIN_COPY_DOUBT,   /* nobody knows; counts as printed */
	MIYIN_COPY_VOID,    /* no paper; its serial stays unused */
	MIYIN_N_COPY_STATES
} miyin_copy_state;

const char *miyin_copy_state_id(miyin_copy_state state);
int miyin_copy_state_find(const char *id); /* -1: unknown */

/* What a job asks for. Strings are borrowed. */
typedef struct {
	const char *job_uuid; /* constant over scheduler restarts */
	int job_id;
	unsigned document_no; /* 1 up, within a job of several documents */
	const char *user;     /* authenticated */
	int uid;	      /* -1: unknown */
	const char *host;
	const char *printer; /* the gate queue */
	const char *title;
	const char *reference;	  /* NULL: the content names the document */
	const char *content_hash; /* SHA-256 of the bytes that were sent */
	const char *identity;	  /* of what they paint, hexadecimal; or NULL */
	const char *shown;	  /* of how its pages look, the same */
	const char *words;	  /* of the letters on them, the same */
	char *const *owners; /* whom the user acts for: himself, @groups that
				   own together; the first gets what is new.
				   NULL: himself alone */
	const char *scheme;
	const char *level;	/* id */
	const char *level_text; /* for people */
	unsigned level_rank;
	const char *period;
	unsigned pages;
	unsigned n_copies;
	char *const *holders;	      /* one per copy, NULL terminated */
	unsigned copies_per_document; /* limit over all jobs */
	const char *detail; /* of the issue, for the officer; or NULL */
} miyin_request;

typedef struct {
	gint64 row;
	guint64 copy_id;  /* 40 bits, random */
	unsigned serial;  /* within the document, 1 up */
	unsigned copy_no; /* within the job's document, 1 up */
	char *holder;
	miyin_copy_state state;
	int device_job;	   /* 0: none yet */
	unsigned original; /* serial of the first copy that an earlier
				   job made of the document; 0: none did */
	char *verified;	   /* how many pages were read back, and why those:
				   "sampled 4/12"; NULL: nothing to enter */
} miyin_copy;

void miyin_copy_free(miyin_copy *copy);

/*
 * Open, and create when create is TRUE, the register of a configuration
 * (register_path, server; borrowed). Errors: SYSTEM.
 */
miyin_register *miyin_register_open(const miyin_config *config, gboolean create,
				    GError **error);

/*
 * The same with a stop, borrowed. One that others use is waited for up to five
 * minutes: while an administrator has it open a print waits and is not lost.
 * Once stop is not 0 what has not begun to print waits no longer and fails with
 * BUSY: lock_job, recover, is_reprint, issue, claim. What must be written,
 * settle, void, refuse and the guard's part, waits on.
 */
miyin_register *miyin_register_open_until(const miyin_config *config,
					  gboolean create,
					  const volatile sig_atomic_t *stop,
					  GError **error);
void miyin_register_close(miyin_register *reg);

/*
 * Void what died before the device started on it, settle what the guard wrote
 * the end of, and put into doubt the rest, for all jobs of this server but
 * job_uuid. A job is dead when no process holds its lock
 * (miyin_register_lock_job).
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
 * copies will bear the copy stamp, which needs room. What the issue will refuse
 * but for the number of copies is refused here.
 *
 * Errors: the refusals level-lowered and reference; SYSTEM, BUSY.
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
 * Errors: the refusals over-limit, level-lowered and reference, of which the
 * officer reads more in the event of miyin_register_refuse; SYSTEM, BUSY.
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
 * Errors: STATE when no copy, or more than one, is being sent by this device
 * job, or it was started before; SYSTEM.
 */
gboolean miyin_register_start_device(miyin_register *reg, int device_job,
				     GError **error);

/* How the guard before the device saw a copy end. */
typedef enum {
	MIYIN_DEVICE_NONE,    /* not started: read only */
	MIYIN_DEVICE_STARTED, /* no end was written: read only */
	MIYIN_DEVICE_DONE,    /* the device's backend said so */
	MIYIN_DEVICE_FAILED,
	MIYIN_DEVICE_KILLED /* the backend ended by a signal */
} miyin_device_end;

typedef struct {
	miyin_device_end end;
	gboolean reached; /* the backend connected, and took a byte */
	guint64 bytes;	  /* of the document that it took */
	unsigned pages;	  /* that the device says came out */
	char *detail;	  /* for the officer; or NULL */
} miyin_device_record;

void miyin_device_record_clear(miyin_device_record *record);

/*
 * What a copy is after such an end:
 *
 *   not started                void: the guard lets no job start now
 *   an end without a failure   printed
 *   a failure, not reached     void: the printer was off
 *   a failure, reached         partial
 *   no end                     doubt: nobody knows
 */
miyin_copy_state miyin_device_weigh(const miyin_device_record *record);

/*
 * Write what became of the job that miyin_register_start_device started, once,
 * also when the copy is settled by now: it is evidence. Record is borrowed.
 *
 * Errors: STATE when the job was not started or has its end, or the end is none
 * to write; SYSTEM.
 */
gboolean miyin_register_end_device(miyin_register *reg, int device_job,
				   const miyin_device_record *record,
				   GError **error);

/*
 * What the guard wrote about a copy.
 *
 *   record   filled only on success; miyin_device_record_clear it
 *
 * Errors: MISSING when there is no such copy; SYSTEM.
 */
gboolean miyin_register_read_device(miyin_register *reg, const miyin_copy *copy,
				    miyin_device_record *record,
				    GError **error);

/* sending -> printed, partial or doubt. pages_done: what the device says. */
gboolean miyin_register_settle(miyin_register *reg, miyin_copy *copy,
			       miyin_copy_state state, unsigned pages_done,
			       const char *detail, GError **error);

/*
 * reserved -> void, and sending -> void if the device has not started: it never
 * will then; or if the guard wrote that it was not reached. The budget gets the
 * copy back, the serial is not used again.
 *
 * Errors: STATE when it was started, or settled; SYSTEM.
 */
gboolean miyin_register_void(miyin_register *reg, miyin_copy *copy,
			     const char *detail, GError **error);

/*
 * The same for all copies that are reserved, or sending and not started, in one
 * transaction: a thousand of them lock out nobody. The states of the others
 * stay.
 *
 *   copies   GPtrArray of miyin_copy
 */
gboolean miyin_register_void_all(miyin_register *reg, GPtrArray *copies,
				 const char *detail, GError **error);

/*
 * The copies that a job has by now, for who finishes it in its place: the last
 * one of each number, in any state.
 *
 *   first_no, last_no   of its documents
 *   copies              GPtrArray of miyin_copy, free with unref
 *
 * Errors: SYSTEM, BUSY.
 */
gboolean miyin_register_job_copies(miyin_register *reg, const char *job_uuid,
				   unsigned first_no, unsigned last_no,
				   GPtrArray **copies, GError **error);

/* Enter a refusal; request may be half filled (NULL strings are fine). */
gboolean miyin_register_refuse(miyin_register *reg,
			       const miyin_request *request, const char *reason,
			       const char *detail, GError **error);

/* ---- reading ---------------------------------------------------------- */

/* What a list is asked for; NULL fields do not filter. */
typedef struct {
	const char *user, *printer, *holder;
	const char *level;    /* an id, or several with commas between */
	const char *document; /* a reference, or a content hash, of which the
				 first 8 digits do */
	const char *event;    /* of a copy: that it had at any time */
	/* Of events alone: */
	const char *since, *until; /* ISO 8601, as in miyin_event.at */
	const char *result;
} miyin_filter;

/* Calls each in order of seq; a FALSE stops. Strings live for the call.
 * Errors: MISSING, INPUT when the document is none or several. */
typedef gboolean (*miyin_event_func)(const miyin_event *event, gpointer data);
gboolean miyin_register_log(miyin_register *reg, const miyin_filter *filter,
			    miyin_event_func func, gpointer data,
			    GError **error);

typedef enum {
	MIYIN_EVENT_USER,
	MIYIN_EVENT_PRINTER,
	MIYIN_EVENT_LEVEL,
	MIYIN_EVENT_HOLDER,
} miyin_event_column;

/* All that stands in a column of the events, sorted, for who asked for what is
 * not there. Free with g_strfreev. */
char **miyin_register_values(miyin_register *reg, miyin_event_column column,
			     GError **error);

typedef struct {
	guint64 copy_id;
	unsigned serial, copy_no, n_copies, pages, pages_done;
	const char *state;     /* id */
	const char *copy_code; /* as in miyin_event */
	const char *holder;
	const char *document; /* reference, else sha256:... */
	const char *title, *scheme, *level, *period;
	const char *user, *host, *printer, *job_uuid;
	int job_id;
	const char *issued_at, *settled_at;
	const char *verified; /* as in miyin_copy; "": not entered */
} miyin_copy_record;

typedef gboolean (*miyin_copy_func)(const miyin_copy_record *copy,
				    gpointer data);

/* Copies by what is asked of them, in the order in which they were issued.
 * Errors: as above. */
gboolean miyin_register_find_copies(miyin_register *reg,
				    const miyin_filter *filter,
				    miyin_copy_func func, gpointer data,
				    GError **error);

/* The copy of a copy id; its strings live in text. Errors: MISSING. */
gboolean miyin_register_find_copy(miyin_register *reg, guint64 copy_id,
				  miyin_copy_record *copy, GStringChunk *text,
				  GError **error);

/* ---- whose a document is ---------------------------------------------- */

typedef struct {
	char *name; /* reference, else sha256:... */
	char *title, *owner, *level, *created_at;
	unsigned used;	 /* copies */
	gboolean common; /* its content binds its owner alone */
} miyin_document_record;

void miyin_document_record_clear(miyin_document_record *record);

/* What an officer says of a document; NULL and -1: that stays. */
typedef struct {
	const char *document; /* as in miyin_filter */
	const char *owner;    /* a user or @group */
	int common;	      /* 0 or 1 */
	const char *actor;    /* who says so */
} miyin_document_change;

/*
 * Change whose a document is and enter an event "document"; or only look.
 *
 *   record   how it is then; filled only on success
 *
 * Errors: MISSING; INPUT when the name is that of several; SYSTEM.
 */
gboolean miyin_register_document(miyin_register *reg,
				 const miyin_document_change *change,
				 miyin_document_record *record, GError **error);

/* ---- its own health --------------------------------------------------- */

/*
 * Compare a key's fingerprint with that of its first use. A key of the same
 * number and other bytes makes every older paper look forged. One that is new
 * is entered with the next issue.
 *
 * Errors: TAMPER when it is another key; SYSTEM, BUSY.
 */
gboolean miyin_register_use_key(miyin_register *reg, unsigned key_id,
				const char *fingerprint, GError **error);

typedef struct {
	char *damage;		     /* what SQLite finds broken, or NULL */
	char *backwards;	     /* the last time that lies before the event
				   ahead of it by more than a minute, or NULL */
	char *first, *last, *backup; /* times of the first and the last event
				   and of the last backup; NULL: none */
} miyin_register_health;

/* Look at the whole file; prints wait while it takes (seconds for 10^6 copies).
 * Clear it also on failure. Errors: SYSTEM, BUSY. */
gboolean miyin_register_examine(miyin_register *reg,
				miyin_register_health *health, GError **error);
void miyin_register_health_clear(miyin_register_health *health);

/*
 * Whether the register has all that it was printed from: a file beside it says
 * how far it came. Who prints is refused when it has not; issue and claim look
 * too.
 *
 * Errors: SYSTEM, also when it has not; BUSY.
 */
gboolean miyin_register_is_whole(miyin_register *reg, GError **error);

/* The events that a register lacks which somebody put back. */
typedef struct {
	gint64 first, last; /* their numbers; 0: it lacks none */
	char until[32];	    /* time of the last one, as in miyin_event.at */
} miyin_register_gap;

gboolean miyin_register_find_gap(miyin_register *reg, miyin_register_gap *gap,
				 GError **error);

/*
 * Go on with a register that lacks events: enter an event "restore" that says
 * which. No document that it knows gets a serial again that it may have had;
 * what was under way when the backup was made is in doubt.
 *
 *   gap   what it lacked; nothing is changed when that is nothing
 *
 * Errors: SYSTEM, BUSY.
 */
gboolean miyin_register_accept(miyin_register *reg, const char *user,
			       miyin_register_gap *gap, GError **error);

/*
 * Copy the whole register to a new file, mode 0600, and enter an event
 * "backup". Errors: SYSTEM, also when the file is there already.
 */
gboolean miyin_register_backup(miyin_register *reg, const char *path,
			       const char *user, GError **error);

/* Enter an event of an officer or administrator (trace, protect...): event,
 * user, printer and detail are note's; what a copy is comes with its id, or 0. */
gboolean miyin_register_note(miyin_register *reg, const miyin_event *note,
			     guint64 copy_id, GError **error);

/* What the register knows when a printer's own counter is read. */
typedef struct {
	gboolean is_first; /* no reading before: nothing to compare */
	unsigned before;   /* the last one */
	char *at;	   /* when that was, as in miyin_event.at */
	unsigned pages;	   /* that may have been printed since, at most */
} miyin_reading;

/* A device that has a counter. Strings are borrowed. */
typedef struct {
	const char *device;    /* its URI, without a password */
	char *const *printers; /* the gate queues that lead to it, NULL
				  terminated */
	/* Whether two URIs are of one device. */
	gboolean (*is_same)(const char *a, const char *b);
} miyin_counted;

/*
 * Compare a reading of a device's counter with its last one, through whatever
 * queues that was, and enter it as an event "counter": its pages are the
 * reading, its host the device, its printer the queues with blanks between.
 * Where for a time no queue of the device was protected the reading is a first
 * one.
 *
 *   counter    NULL: it was not to be read, and nothing is entered
 *   reading    filled only on success; miyin_reading_clear it
 *
 * Errors: SYSTEM.
 */
gboolean miyin_register_count(miyin_register *reg, const char *user,
			      const miyin_counted *counted,
			      const unsigned *counter, miyin_reading *reading,
			      GError **error);
void miyin_reading_clear(miyin_reading *reading);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(miyin_register, miyin_register_close)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(miyin_copy, miyin_copy_free)

#endif
