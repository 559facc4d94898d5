/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An inquiry: from a scan of a page, or a code typed from one, to its copy and
 * holder. No answer without its event: findings that are returned are entered.
 *
 * Calling order: read each source, for no key may be in memory then and no
 * register open; open; answer, for each sheet; close.
 */
#ifndef MIYIN_INQUIRY_H
#define MIYIN_INQUIRY_H

#include <miyin/finding.h>
#include <miyin/keys.h>
#include <miyin/office.h>

/* What is asked about. */
typedef struct {
	const char *name; /* of the file, or the code itself; borrowed */
	int fd;		  /* of the scan; -1: no file */
	miyin_traced *traced;
	GError *error; /* why the file could not be opened or read */
} miyin_source;

/* Read the codes of a file, of a copy of it, for the actor may go on writing
 * to his. What goes wrong stands in it. */
void miyin_source_read(miyin_source *from);

/* How many sheets are to be answered for. */
unsigned miyin_source_sheets(const miyin_source *from);

/* Closes its file. */
void miyin_source_clear(miyin_source *from);

typedef struct {
	const miyin_office *office; /* borrowed */
	miyin_keys *keys, *specimen;
} miyin_inquiry;

/* Errors: as miyin_keys_open. */
gboolean miyin_inquiry_open(miyin_inquiry *inquiry, const miyin_office *office,
			    GError **error);
void miyin_inquiry_close(miyin_inquiry *inquiry);

/*
 * What is known of a sheet, 1 up: of miyin_finding, those of the sheet's own
 * marks first, one that says so when there is nothing. They borrow from the
 * source; free with unref.
 *
 * Errors: SYSTEM, BUSY: the register could not be asked, or not be told.
 */
GPtrArray *miyin_inquiry_answer(const miyin_inquiry *inquiry,
				const miyin_source *from, unsigned sheet,
				GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(miyin_inquiry, miyin_inquiry_close)

#endif
