/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The documents of a job, converted where nobody else can reach them.
 *
 *   start (as root) -> become the service user -> read, once
 *
 * Three kinds of processes. The warden stays root and looks at no document: it
 * makes a folder and an account for the job, watches clock, memory and files,
 * and in the end kills what is left and removes the folder. The courier's
 * counterpart has the job's own account, which no other process has: it takes
 * from the filter (user lp) what type each document is, and runs miyinconvert
 * on each file of the spool folder. That one writes the frames which are read
 * here. Options, copies and title are those that the scheduler told the
 * backend; of lp's words the type alone is used.
 *
 * The account is a number beyond those that systems give out, and the job's
 * number is in it, so no two jobs of a scheduler have the same at one time.
 */
#ifndef MIYIN_CONVERSION_H
#define MIYIN_CONVERSION_H

#include <glib.h>
#include <miyin/budget.h>
#include <miyin/job.h>

typedef struct miyin_conversion miyin_conversion;

/*
 * Start it. Nobody reads standard input from now on but to throw it away. What
 * goes wrong is told by miyin_conversion_read.
 *
 *   argv     the backend's
 *   budget   kept by all documents and programs together
 */
miyin_conversion *miyin_conversion_start(char **argv, const char *program_dir,
					 const miyin_budget *budget);

/*
 * Read all documents into the job, as miyin_stream_read does, and see to the
 * end of all programs. Either each file of the job became a document, or the
 * job is refused, by what ended the conversion.
 *
 * Errors: a refusal, budget among them; SYSTEM.
 */
gboolean miyin_conversion_read(miyin_conversion *conversion, miyin_job *job,
			       GError **error);

/* Ends whatever is still at work. */
void miyin_conversion_free(miyin_conversion *conversion);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(miyin_conversion, miyin_conversion_free)

#endif
