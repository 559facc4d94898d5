/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/print.h>
#include "follow.h"
#include "making.h"
#include <miyin/control.h>
#include <miyin/error.h>
#include <miyin/memfile.h>
#include <miyin/refusal.h>
#include <glib/gi18n.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

typedef struct {
	miyin_printing *printing;
	const miyin_document *document;
	const miyin_copy *copy;
	char *message; /* of the device, as last shown */
} progress;

/* For the register, which is read in any language: in English where that is
 * all of it. */
static const char *in_english(const GError *error)
{
	const char *english =
		error->domain == MIYIN_REFUSAL
			? miyin_refusal_english((miyin_refusal)error->code)
			: error->message;

	return strchr(english, '%') ? error->message : english;
}

/* What was issued and will not be printed goes back, but for its serial. */
static void void_rest(miyin_printing *p, const char *reason)
{
	for (unsigned i = 0; i < p->job->documents->len; i++) {
		miyin_document *document = p->job->documents->pdata[i];
		g_autoptr(GError) error = NULL;

		if (document->copies &&
		    !miyin_register_void_all(p->reg, document->copies, reason,
					     &error))
			p->job->status->debug(error->message);
	}
}

static gboolean issue(miyin_printing *p, miyin_document *document,
		      GError **error)
{
	if (miyin_register_issue(p->reg, &document->request, &document->copies,
				 error)) {
		if (!document->control_of)
			p->outcome.wanted += document->request.n_copies;
		return TRUE;
	}
	void_rest(p, "another document of the job was refused");
	return FALSE;
}

/* Before the copies: if one of them fails, there is a sheet to say so on. */
static gboolean issue_control(miyin_printing *p, unsigned i, GError **error)
{
	miyin_document *control =
		miyin_control_new(p->job, p->config->program_dir,
				  p->job->documents->pdata[i], p->date, error);

	if (!control) {
		miyin_status_refuse(p->job->status, error,
				    MIYIN_REFUSAL_SERVER);
		void_rest(p, "the control sheet cannot be made");
		return FALSE;
	}
	g_ptr_array_insert(p->job->documents, (int)i, control);
	return issue(p, control, error);
}

gboolean miyin_print_issue(miyin_printing *p, GError **error)
{
	unsigned n = p->job->documents->len;
	g_autoptr(GDateTime) now = g_date_time_new_now_local();

	p->date = g_date_time_format(now, "%Y-%m-%d");
	for (unsigned i = 0; i < n; i++)
		if (!issue(p, p->job->documents->pdata[i], error))
			return FALSE;
	/* From the last one, because each goes in before its document. */
	while (n-- > 0)
		if (miyin_control_is_wanted(p->job->documents->pdata[n]) &&
		    !issue_control(p, n, error))
			return FALSE;
	return TRUE;
}

static void show_progress(unsigned pages, const char *message,
			  const char *reasons, gpointer data)
{
	progress *shown = data;
	miyin_printing *p = shown->printing;
	const miyin_request *request = &shown->document->request;
	unsigned page = MIN(pages, request->pages);
	g_autofree char *line =
		shown->document->control_of
			? g_strdup_printf(_("control sheet, page %u of %u"),
					  page, request->pages)
			: g_strdup_printf(
				  _("copy %u of %u, serial %06u, page %u of "
				    "%u"),
				  shown->copy->copy_no, request->n_copies,
				  shown->copy->serial, page, request->pages);
	g_autofree char *both =
		message && *message
			? g_strdup_printf(_("%s; printer: %s"), line, message)
			: g_strdup(line);

	if (g_strcmp0(both, shown->message) != 0) {
		p->job->status->show(both);
		g_free(shown->message);
		shown->message = g_steal_pointer(&both);
	}
	if (pages > 0)
		p->job->status->count(p->pages_before + pages);
	if (reasons && p->job->status->reasons(&p->reasons, reasons))
		p->alive = time(NULL);
}

/* The next copies are made while this one prints. */
static void begin_next(miyin_printing *p)
{
	gboolean passed = FALSE;

	for (unsigned i = 0; i < p->job->documents->len; i++) {
		const miyin_document *document = p->job->documents->pdata[i];

		for (unsigned k = 0; k < document->copies->len; k++) {
			miyin_copy *next = document->copies->pdata[k];

			if (passed && next->state == MIYIN_COPY_RESERVED &&
			    !miyin_making_begin(p, document, next))
				return;
			passed = passed || next == p->followed;
		}
	}
}

/* A scheduler that ends takes the device job with it. That is no reason to
 * give up the copies that the next run can print. */
static miyin_print_end not_taken(const miyin_printing *p, const GError *reason,
				 GError **error)
{
	if (miyin_follow_is_stopped(p))
		return miyin_print_why_stopped(p, error);
	p->job->status->debug(reason->message);
	/* The queue says no; else it is the server's fault, not the printer's:
	 * a full disk, a connection that broke. */
	miyin_refuse(error,
		     g_error_matches(reason, MIYIN_ERROR, MIYIN_ERROR_STATE)
			     ? miyin_refusal_new(MIYIN_REFUSAL_DEVICE,
						 reason->message)
			     : miyin_refusal_new(MIYIN_REFUSAL_SERVER));
	return MIYIN_PRINT_FAILED;
}

/* The claim stands on disk before the first byte of the document leaves. */
static miyin_print_end claim_and_send(miyin_printing *p,
				      const miyin_document *document,
				      miyin_copy *copy, int job, int pdf_fd,
				      GError **error)
{
	g_autoptr(GError) reason = NULL;

	if (!miyin_register_claim(p->reg, copy, job, error)) {
		p->delivery->cancel(p->delivery, job);
		return MIYIN_PRINT_REFUSED;
	}
	if (!p->delivery->send(p->delivery, job, pdf_fd, &reason)) {
		const miyin_delivered none = { MIYIN_DELIVERY_STOPPED, 0,
					       reason->message };

		p->delivery->cancel(p->delivery, job);
		miyin_follow_settle(p, copy, !document->control_of, &none,
				    NULL);
		return not_taken(p, reason, error);
	}
	return MIYIN_PRINT_DONE;
}

/* The device goes on with the next copy without a pause. One that cannot be
 * claimed now is sent in its turn. */
static void send_next(miyin_printing *p)
{
	miyin_document *document;
	miyin_copy *next = miyin_follow_next(p, &document);
	g_autoptr(GError) reason = NULL;
	g_auto(miyin_fd) pdf_fd = -1;
	int job;

	if (p->tried || miyin_follow_is_stopped(p) || !next ||
	    next->state != MIYIN_COPY_RESERVED ||
	    !miyin_making_is_ready(p, next))
		return;
	p->tried = TRUE;
	job = p->delivery->create(p->delivery, document->frame, NULL, NULL,
				  NULL);
	if (job == 0)
		return;
	pdf_fd = miyin_making_take(p, document, next, NULL);
	if (pdf_fd < 0) {
		p->delivery->cancel(p->delivery, job);
		return;
	}
	p->sent_ahead = next;
	claim_and_send(p, document, next, job, pdf_fd, &reason);
	if (next->state != MIYIN_COPY_RESERVED)
		p->sent_error = g_steal_pointer(&reason);
}

static void look(unsigned pages, const char *message, const char *reasons,
		 gpointer data)
{
	progress *shown = data;

	show_progress(pages, message, reasons, data);
	if (!reasons)
		return;
	begin_next(shown->printing);
	send_next(shown->printing);
}

static miyin_print_end follow_copy(miyin_printing *p, miyin_document *document,
				   miyin_copy *copy, GError **error)
{
	progress shown = { p, document, copy, NULL };
	miyin_print_end end;

	p->tried = FALSE;
	end = miyin_print_follow(p, copy, !document->control_of, look, &shown,
				 error);
	g_free(shown.message);
	return end;
}

static miyin_print_end send_copy(miyin_printing *p, miyin_document *document,
				 miyin_copy *copy, int pdf_fd, GError **error)
{
	progress shown = { p, document, copy, NULL };
	g_autoptr(GError) reason = NULL;
	int job = p->delivery->create(p->delivery, document->frame,
				      show_progress, &shown, &reason);

	g_free(shown.message);
	if (job == 0)
		return not_taken(p, reason, error);
	return claim_and_send(p, document, copy, job, pdf_fd, error);
}

static miyin_print_end print_copy(miyin_printing *p, miyin_document *document,
				  miyin_copy *copy, GError **error)
{
	progress shown = { p, document, copy, NULL };
	miyin_print_end end;
	int pdf_fd;

	show_progress(0, "", "none", &shown);
	g_free(shown.message);
	pdf_fd = miyin_making_take(p, document, copy, error);
	if (miyin_follow_is_stopped(p)) {
		g_clear_error(error);
		end = miyin_print_why_stopped(p, error);
	} else if (pdf_fd < 0) {
		miyin_status_refuse(p->job->status, error,
				    MIYIN_REFUSAL_SERVER);
		end = MIYIN_PRINT_REFUSED;
	} else {
		end = send_copy(p, document, copy, pdf_fd, error);
	}
	if (pdf_fd >= 0)
		close(pdf_fd);
	return end == MIYIN_PRINT_DONE ? follow_copy(p, document, copy, error)
				       : end;
}

/* A copy that the run before this one sent. If it failed, that was the
 * restart's doing and no reason to keep back the others. */
static miyin_print_end resume_copy(miyin_printing *p, miyin_document *document,
				   miyin_copy *copy, GError **error)
{
	g_autoptr(GError) reason = NULL;
	miyin_print_end end = follow_copy(p, document, copy, &reason);

	if (end == MIYIN_PRINT_FAILED && copy->state != MIYIN_COPY_SENDING)
		return MIYIN_PRINT_DONE;
	if (reason)
		g_propagate_error(error, g_steal_pointer(&reason));
	return end;
}

/* After one that did not come out: what the device has of the next one stands
 * in the register, as of any copy. */
static miyin_print_end take_back_next(miyin_printing *p)
{
	miyin_document *document;
	miyin_copy *next = miyin_follow_next(p, &document);
	progress shown = { p, NULL, next, NULL };
	miyin_print_end end;

	if (!next || next->state != MIYIN_COPY_SENDING)
		return MIYIN_PRINT_DONE;
	shown.document = document;
	miyin_follow_cancel_next(p);
	end = miyin_print_follow(p, next, !document->control_of, show_progress,
				 &shown, NULL);
	g_free(shown.message);
	return end;
}

/* One that was claimed ahead and could not be sent. */
static miyin_print_end give_up(miyin_printing *p, GError **error)
{
	if (miyin_follow_is_stopped(p))
		return miyin_print_why_stopped(p, error);
	g_propagate_error(error, g_steal_pointer(&p->sent_error));
	return MIYIN_PRINT_FAILED;
}

static miyin_print_end print_document(miyin_printing *p,
				      miyin_document *document, GError **error)
{
	miyin_print_end end = MIYIN_PRINT_DONE;

	for (unsigned i = 0;
	     i < document->copies->len && end == MIYIN_PRINT_DONE; i++) {
		miyin_copy *copy = document->copies->pdata[i];

		if (copy->state == MIYIN_COPY_RESERVED)
			end = print_copy(p, document, copy, error);
		else if (copy->state == MIYIN_COPY_SENDING &&
			 copy == p->sent_ahead)
			end = follow_copy(p, document, copy, error);
		else if (copy->state == MIYIN_COPY_SENDING)
			end = resume_copy(p, document, copy, error);
		else if (copy == p->sent_ahead && p->sent_error)
			end = give_up(p, error);
		else /* by the run before this one */
			miyin_print_count(p, !document->control_of,
					  copy->state);
		if (copy->state == MIYIN_COPY_PRINTED)
			p->pages_before += document->request.pages;
	}
	return end;
}

/* Whoever waits for the copies must be told of one that did not come out. */
static miyin_print_end find_lost(miyin_printing *p, GError **error)
{
	for (unsigned i = 0; i < p->job->documents->len; i++) {
		const miyin_document *document = p->job->documents->pdata[i];

		for (unsigned k = 0; k < document->copies->len; k++) {
			const miyin_copy *copy = document->copies->pdata[k];

			if (copy->state == MIYIN_COPY_PRINTED)
				continue;
			if (miyin_follow_is_stopped(p))
				return miyin_print_why_stopped(p, error);
			miyin_refuse_for(error, MIYIN_REFUSAL_INTERRUPTED);
			return MIYIN_PRINT_FAILED;
		}
	}
	return MIYIN_PRINT_DONE;
}

miyin_print_end miyin_print_run(miyin_printing *p, GError **error)
{
	miyin_print_end end = MIYIN_PRINT_DONE;

	for (unsigned i = 0;
	     i < p->job->documents->len && end == MIYIN_PRINT_DONE; i++)
		end = print_document(p, p->job->documents->pdata[i], error);
	miyin_making_drop(p);
	g_clear_error(&p->sent_error);
	p->job->status->reasons(&p->reasons, NULL);
	if (end == MIYIN_PRINT_DONE)
		return find_lost(p, error);
	if (end == MIYIN_PRINT_REFUSED || end == MIYIN_PRINT_FAILED) {
		if (take_back_next(p) == MIYIN_PRINT_LEFT) {
			g_clear_error(error);
			return MIYIN_PRINT_LEFT;
		}
		void_rest(p, error && *error ? in_english(*error) : "");
	}
	return end;
}
