/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/stream.h>
#include "claims.h"
#include <miyin/refusal.h>
#include <glib/gi18n.h>

#define DOCUMENTS_MAX 100

gboolean miyin_stream_refuse(GError **error, const char *reason)
{
	return miyin_refuse_for(error, MIYIN_REFUSAL_STREAM, reason);
}

static gboolean take_record(miyin_job *job, miyin_frame *take_frame,
			    gboolean *open, GError **error)
{
	g_autoptr(miyin_frame) frame = take_frame;
	g_autoptr(GError) fault = NULL;
	miyin_document *document;

	if (!miyin_claims_check(frame, &fault))
		return miyin_stream_refuse(error, fault->message);
	if (!miyin_frame_is_of(frame, job->job_id))
		return miyin_stream_refuse(error, _("it is of another job"));
	if (*open != (frame->type == MIYIN_FRAME_TRAILER))
		return miyin_stream_refuse(error,
					   _("its records are out of order"));
	*open = !*open;
	if (frame->type == MIYIN_FRAME_TRAILER)
		return TRUE;
	miyin_job_look_at(job, frame, NULL);
	if (frame->type == MIYIN_FRAME_REJECT)
		return miyin_refuse(error, miyin_claims_refusal(frame));
	if (frame->body_fd < 0)
		return miyin_stream_refuse(error, _("a document is empty"));
	if (job->documents->len == DOCUMENTS_MAX)
		return miyin_stream_refuse(
			error, _("there are too many documents in one job"));
	document = g_new0(miyin_document, 1);
	document->frame = g_steal_pointer(&frame);
	g_ptr_array_add(job->documents, document);
	return TRUE;
}

/* They are all held until the last copy is out. */
static gboolean is_over(const miyin_job *job, const miyin_budget *budget)
{
	guint64 total = 0;

	for (unsigned i = 0; i < job->documents->len; i++) {
		const miyin_document *document = job->documents->pdata[i];

		total += document->frame->body_length +
			 document->frame->source_length;
	}
	return total > (guint64)budget->temporary_mib << 20;
}

gboolean miyin_stream_read(miyin_job *job, int fd, const miyin_budget *budget,
			   GError **error)
{
	g_autoptr(GError) reason = NULL;
	gboolean open = FALSE;

	for (;;) {
		g_autoptr(miyin_frame) frame = NULL;

		if (!miyin_frame_read(fd, &frame, &reason))
			return miyin_stream_refuse(error, reason->message);
		if (!frame)
			break;
		if (!take_record(job, g_steal_pointer(&frame), &open, error))
			return FALSE;
		if (is_over(job, budget))
			return miyin_refuse(
				error, miyin_budget_refusal(
					       budget, MIYIN_BUDGET_TEMPORARY));
	}
	if (open)
		return miyin_stream_refuse(error, _("its end is missing"));
	if (job->documents->len == 0)
		return miyin_stream_refuse(error, _("it is empty"));
	miyin_job_look_at(job, NULL, NULL);
	return TRUE;
}
