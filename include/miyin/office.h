/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The office: what officers do, each with an actor, for whoever serves them. It
 * returns values, and neither prints nor asks for arguments or environment.
 * What must be entered in the register is entered before its answer is
 * returned.
 *
 * Calling order: open, ask (inquiry.h, listing.h), close.
 */
#ifndef MIYIN_OFFICE_H
#define MIYIN_OFFICE_H

#include <miyin/actor.h>
#include <miyin/config.h>
#include <miyin/register.h>

typedef struct {
	const miyin_actor *actor;   /* borrowed */
	const miyin_config *config; /* borrowed */
	miyin_register *reg;
} miyin_office;

/* Become the service (service.h) and open the register. Errors: theirs. */
gboolean miyin_office_open(miyin_office *office, const miyin_actor *actor,
			   const miyin_config *config, GError **error);
void miyin_office_close(miyin_office *office);

/*
 * Whose a document is, after what the actor says of it.
 *
 *   owner, common   as miyin_register_document has them
 *   record          filled only on success; clear it
 *
 * Errors: as there.
 */
gboolean miyin_office_document(const miyin_office *office, const char *document,
			       const char *owner, int common,
			       miyin_document_record *record, GError **error);

/* Copy the register to a new file, and go on with one that was put back: as
 * miyin_register_backup and miyin_register_accept. */
gboolean miyin_office_backup(const miyin_office *office, const char *path,
			     GError **error);
gboolean miyin_office_accept(const miyin_office *office,
			     miyin_register_gap *gap, GError **error);

/* How a printer's counter stands to the register. */
typedef enum {
	MIYIN_COUNT_FIRST, /* nothing to compare with */
	MIYIN_COUNT_AGREES,
	MIYIN_COUNT_SILENT, /* it was not told any more */
	MIYIN_COUNT_FELL,
	MIYIN_COUNT_MORE, /* than the register knows pages */
} miyin_count;

/*
 * Compare a reading of a printer's counter with the register and enter it, as
 * miyin_register_count.
 *
 *   counter   NULL: the printer did not tell it
 *   reading   filled only on success; clear it
 */
gboolean miyin_office_reconcile(const miyin_office *office,
				const miyin_counted *counted,
				const unsigned *counter, miyin_count *count,
				miyin_reading *reading, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(miyin_office, miyin_office_close)

#endif
