/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The control sheet of a document (controlsheet.h) is a document of its own in
 * the register and on the device queue, one copy for the user who printed, at
 * the level of the document; so it is issued, marked, read back and traced like
 * any other, and has a leaf of its own.
 */
#ifndef MIYIN_CONTROL_H
#define MIYIN_CONTROL_H

#include <miyin/job.h>

/* Documents of a job are numbered from 1; their control sheets from here. */
#define MIYIN_CONTROL_FROM 1000

/* Whether the document's level or its user asks for one. */
gboolean miyin_control_is_wanted(const miyin_document *document);

/*
 * Draw the control sheet of a document whose copies are issued.
 *
 *   of     must live as long as what is returned
 *   date   of printing
 *
 * Returns a document that is ready to be issued. Errors: the refusal
 * bad-glyph; SYSTEM.
 */
miyin_document *miyin_control_new(const miyin_job *job, const char *program_dir,
				  const miyin_document *of, const char *date,
				  GError **error);

#endif
