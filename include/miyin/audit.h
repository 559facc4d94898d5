/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An auditor's reading of a register: its log is followed from its first entry,
 * and the tables are made again from it and compared (doc/format-log.md). It has
 * nothing of the code that writes but the hashes and signatures of suite.h.
 */
#ifndef MIYIN_AUDIT_H
#define MIYIN_AUDIT_H

#include <glib.h>

typedef enum {
	MIYIN_DAMAGE_CHANGED,
	MIYIN_DAMAGE_INSERTED,
	MIYIN_DAMAGE_REMOVED,
	MIYIN_DAMAGE_CUT,   /* the last entries are missing */
	MIYIN_DAMAGE_OLDER, /* the register was put back */
	MIYIN_DAMAGE_FORK,  /* another history than a signed head, or an anchor,
			       is of */
	MIYIN_DAMAGE_TABLE, /* a row is not what its entry says */
} miyin_damage;

typedef struct {
	miyin_damage kind;
	guint64 number; /* the first entry that does not hold */
	char *what;	/* the row, or the anchor, or "" */
} miyin_fault;

typedef struct {
	guint64 n_entries;
	char *until;	   /* time of the last one, or "" */
	char *head;	   /* NUMBER:ROOT, what an anchor is */
	GPtrArray *faults; /* miyin_fault, of each kind and table the first */
	guint64 n_rows;	   /* that are not what their entry says */
	gboolean sealed;   /* the seals were looked at */
	/* How far an anchor goes, 0: there is none; and the time of its last
	 * entry. What is missing after it nobody can tell. */
	guint64 anchored;
	char *anchored_at;
} miyin_audit;

typedef struct {
	const char *path;      /* of the register */
	const char *dir;       /* where last-event and seal-key are, or NULL */
	const char *first_key; /* 64 hexadecimal digits, or NULL */
	const char *since;    /* ISO 8601: damage of before is known; or NULL */
	char *const *anchors; /* texts of heads, or NUMBER:ROOT, NULL
				  terminated; or NULL */
} miyin_audit_order;

/*
 * Verify a register. Prints wait while its tables are compared, some seconds for
 * a million rows.
 *
 * Errors: SYSTEM when it cannot be read; INPUT when it has no log, or an anchor
 * or the first key is none.
 */
miyin_audit *miyin_audit_run(const miyin_audit_order *order, GError **error);
void miyin_audit_free(miyin_audit *audit);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(miyin_audit, miyin_audit_free)

#endif
