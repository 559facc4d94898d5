/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the register's own files share: one SQLite connection, statements
 * with bound values, and transactions that are durable when they return.
 */
#ifndef MIYIN_STORE_H
#define MIYIN_STORE_H

#include <glib.h>
#include <sqlite3.h>
#include <miyin/custody.h>
#include <miyin/register.h>

struct miyin_register {
	sqlite3 *db;
	char *locks_path; /* of the file that the job locks are in */
	char *head_path;  /* of the file that says how far it came (head.c) */
	gint64 first_new; /* event of this transaction, or 0 */
	int lock_fd;	  /* -1: no job is held */
	unsigned wait_s;  /* miyin_register_set_patience */
	const volatile sig_atomic_t *stop;
	gboolean must; /* this transaction waits on, stop or not */
	gint64 busy_since;
	unsigned new_key;      /* to be entered with the next issue ... */
	char *new_fingerprint; /* ... or NULL */
	char *why;	       /* what the officer is told of a refusal, and
				  the user is not */
};

/* Bring the file to this version's tables (schema.h), in one transaction.
 * Errors: SYSTEM when it is no register, or of a later version. */
gboolean miyin_store_upgrade(miyin_register *reg, gboolean create,
			     GError **error);

/* BEGIN IMMEDIATE: writers queue up instead of failing in the middle. */
gboolean miyin_store_begin(miyin_register *reg, GError **error);
/* The same for what must be written: nothing stops its waiting. */
gboolean miyin_store_begin_must(miyin_register *reg, GError **error);
/* Errors: SYSTEM, also when it cannot be written beside the register how far it
 * came: nothing is printed then. */
gboolean miyin_store_commit(miyin_register *reg, GError **error);
void miyin_store_rollback(miyin_register *reg);

/*
 * Run one statement. Types, one letter a value: i int, l gint64, s text (NULL
 * is NULL).
 *
 *   changes   how many rows it changed; may be NULL
 */
gboolean miyin_store_run(miyin_register *reg, int *changes, GError **error,
			 const char *sql, const char *types, ...);

/* A statement with its values bound, for stepping; NULL on failure. */
sqlite3_stmt *miyin_store_select(miyin_register *reg, GError **error,
				 const char *sql, const char *types, ...);

/*
 * The next row. A statement that fails is never one without rows.
 *
 *   row   FALSE: there are no more; borrowed. The caller finalizes statement.
 */
gboolean miyin_store_step(miyin_register *reg, sqlite3_stmt *statement,
			  gboolean *row, GError **error);

/* The number in the only row of a statement, which it finalizes. NULL, as from
 * a miyin_store_select that failed, is FALSE with the error that it set. */
gboolean miyin_store_number(miyin_register *reg, sqlite3_stmt *take_statement,
			    gint64 *number, GError **error);

/* A column as text, "" for NULL. Lives until the next step. */
const char *miyin_store_text(sqlite3_stmt *statement, int column);

/* The same, to outlive the row. */
const char *miyin_store_keep(GStringChunk *text, sqlite3_stmt *row, int column);

/* What SQLite said, in the reader's language where it is usual; borrowed. */
const char *miyin_store_words(const char *said);

/* Set *error to what SQLite says. Always FALSE. */
gboolean miyin_store_fail(miyin_register *reg, GError **error);

/* Now, as the register writes it. Free with g_free. */
char *miyin_store_now(void);

/* Wait for a register that is busy (sqlite3_busy_handler). */
int miyin_store_wait(void *reg, int n_times);

/* Enter an event. Part of the caller's transaction. */
gboolean miyin_store_event(miyin_register *reg, const miyin_event *event,
			   GError **error);
/* The same in a transaction of its own. */
gboolean miyin_store_enter(miyin_register *reg, const miyin_event *event,
			   GError **error);

/* What the file beside the register says of how far it came (head.c). */
typedef struct {
	gint64 seq; /* of an event, its hash and time */
	char hash[65], at[32];
	gint64 found; /* the last event of a register that came back without
			 that one, or -1 */
} miyin_head;

/* What it is to say once this transaction is committed; and write that. Errors:
 * SYSTEM. */
gboolean miyin_store_read_head(miyin_register *reg, miyin_head *head,
			       GError **error);
gboolean miyin_store_write_head(miyin_register *reg, const miyin_head *head,
				GError **error);

/*
 * Hold a byte of the file of locks until the descriptor is closed; jobs have
 * those below 2^62 (recovery.c).
 *
 *   wait   for another that holds it
 *
 * Returns the descriptor, or -1 with errno: EAGAIN when another holds it.
 */
int miyin_store_lock(const miyin_register *reg, off_t byte, gboolean wait);

/* The copies (miyin_copy: row, state, device_job) that are reserved or being
 * sent; job_uuid NULL: of all jobs. */
gboolean miyin_store_find_open(miyin_register *reg, const char *job_uuid,
			       GArray *copies, GError **error);

/*
 * Write the step that a copy takes, which its state allows, and its event. Part
 * of the caller's transaction; copy->state stays. Errors: STATE when the
 * register has it in another state, or its device has started; SYSTEM.
 */
gboolean miyin_store_change(miyin_register *reg, const miyin_copy *copy,
			    miyin_act act, unsigned pages_done,
			    const char *detail, GError **error);

/* The documents (gint64) of a reference, a name as shown, or the first 8 digits
 * up of a content hash. Errors: MISSING, INPUT when ambiguous. */
gboolean miyin_store_find(miyin_register *reg, const char *name, GArray *ids,
			  GError **error);

/* Enter the key that miyin_register_use_key found new. Part of the caller's
 * transaction. Errors: SYSTEM. */
gboolean miyin_store_new_key(miyin_register *reg, GError **error);

/* Enter an event about a copy; who, what and where come from its job. */
gboolean miyin_store_copy_event(miyin_register *reg, gint64 copy,
				const char *event, const char *result,
				unsigned pages, const char *detail,
				GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(sqlite3_stmt, sqlite3_finalize)

#endif
