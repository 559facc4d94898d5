/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where the register keeps its tables: statements with named values, and rows
 * read by the names of their columns. store_sqlite.c alone knows which database
 * that is.
 */
#ifndef MIYIN_STORE_H
#define MIYIN_STORE_H

#include <glib.h>
#include <miyin/register.h>

typedef struct miyin_database miyin_database; /* the store's own */
typedef struct miyin_ledger miyin_ledger;     /* ledger.h */

struct miyin_register {
	miyin_database *database;
	char *server;	  /* who we are, of those that share the register */
	char *locks_path; /* of the file that the job locks are in */
	char *head_path;  /* of the file that says how far it came (head.c) */
	miyin_ledger *ledger;
	gint64 first_new; /* event of this unit of work, or 0 */
	int lock_fd;	  /* -1: no job is held */
	unsigned wait_s;  /* for one that others use */
	const volatile sig_atomic_t *stop;
	gboolean must; /* this unit of work waits on, stop or not */
	gint64 busy_since;
	unsigned new_key;      /* to be entered with the next issue ... */
	char *new_fingerprint; /* ... or NULL */
	char *why;	       /* what the officer is told of a refusal, and
				  the user is not */
};

/* ---- the file ---------------------------------------------------------- */

/* Errors: SYSTEM. */
gboolean miyin_store_open(miyin_register *reg, const char *path,
			  gboolean create, GError **error);
void miyin_store_close(miyin_register *reg);

/* Its version, its id and how many tables it has: 0 for a new file. */
gboolean miyin_store_read_version(miyin_register *reg, gint64 *version,
				  gint64 *id, gint64 *n_tables, GError **error);
gboolean miyin_store_write_version(miyin_register *reg, int version, int id,
				   GError **error);

/* Run statements without values or rows, of a schema. */
gboolean miyin_store_execute(miyin_register *reg, const char *sql,
			     GError **error);

/* Let statements call a function of text; NULL takes it away. Its result is
 * freed with g_free. */
void miyin_store_define(miyin_register *reg, const char *name,
			char *(*function)(const char *text));

/* Copy all of it to a file that is there, and empty; no part of its path is a
 * link. Errors: SYSTEM. */
gboolean miyin_store_copy(miyin_register *reg, const char *path,
			  GError **error);

/* ---- statements -------------------------------------------------------- */

/* A value of a statement, by the name of its parameter: ":serial" takes that of
 * "serial". A list ends with one that has no name. */
typedef struct {
	const char *name;
	enum { MIYIN_VALUE_NUMBER, MIYIN_VALUE_TEXT, MIYIN_VALUE_BYTES } kind;
	gint64 number;	   /* of bytes: how many */
	const void *bytes; /* borrowed; text that is NULL is NULL */
} miyin_value;

#define NUMBER(name, number)                                                   \
	{                                                                      \
		name, MIYIN_VALUE_NUMBER, (gint64)(number), NULL               \
	}
#define TEXT(name, text)                                                       \
	{                                                                      \
		name, MIYIN_VALUE_TEXT, 0, text                                \
	}
#define BYTES(name, bytes, length)                                             \
	{                                                                      \
		name, MIYIN_VALUE_BYTES, (gint64)(length), bytes               \
	}
#define VALUES(...) ((const miyin_value[]){ __VA_ARGS__, { .name = NULL } })

/*
 * Run one statement. Each parameter has its value and each value its parameter;
 * another statement is a fault of the program, which ends.
 *
 *   values    may be NULL: it has none
 *   changes   how many rows it changed; may be NULL
 */
gboolean miyin_store_run(miyin_register *reg, const char *sql,
			 const miyin_value *values, int *changes,
			 GError **error);

/* Add one row; values are its columns. id may be NULL. */
gboolean miyin_store_insert(miyin_register *reg, const char *table,
			    const miyin_value *values, gint64 *id,
			    GError **error);

/* The number in the only row of a statement; no row is an error. */
gboolean miyin_store_number(miyin_register *reg, const char *sql,
			    const miyin_value *values, gint64 *number,
			    GError **error);

/* The text in it; NULL when it has none, or no row. Free with g_free. */
gboolean miyin_store_text(miyin_register *reg, const char *sql,
			  const miyin_value *values, char **text,
			  GError **error);

/*
 * Rows, in a loop over miyin_rows_next; then miyin_rows_end says whether there
 * were no more, or the statement failed. While it has more to give it holds up
 * who writes. All take NULL, from a statement that failed.
 */
typedef struct miyin_rows miyin_rows;

miyin_rows *miyin_store_select(miyin_register *reg, const char *sql,
			       const miyin_value *values, GError **error);
gboolean miyin_rows_next(miyin_rows *rows);
gboolean miyin_rows_end(miyin_rows *rows, GError **error);
void miyin_rows_free(miyin_rows *rows);

/* A column of this row, "" for NULL; text lives until the next row. */
gint64 miyin_rows_number(miyin_rows *rows, const char *column);
const char *miyin_rows_text(miyin_rows *rows, const char *column);
/* Bytes, which live until the next row. */
const void *miyin_rows_bytes(miyin_rows *rows, const char *column,
			     gsize *length);
/* The column at a place, a number or text; FALSE: there are no more. */
gboolean miyin_rows_value(miyin_rows *rows, int at, miyin_value *value);
/* The same as text, to outlive the row. */
const char *miyin_rows_keep(miyin_rows *rows, const char *column,
			    GStringChunk *text);

/* ---- transactions, for work.c ------------------------------------------- */

/* Writers queue up here instead of failing in the middle. */
gboolean miyin_store_begin(miyin_register *reg, GError **error);
/* On disk when it returns; what fails is taken back. */
gboolean miyin_store_commit(miyin_register *reg, GError **error);
void miyin_store_rollback(miyin_register *reg);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(miyin_rows, miyin_rows_free)

#endif
