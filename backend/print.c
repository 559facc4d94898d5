/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "print.h"
#include "status.h"
#include <miyin/error.h>
#include <miyin/press.h>
#include <miyin/refusal.h>
#include <glib/gi18n.h>
#include <unistd.h>

typedef struct {
	miyin_printing *printing;
	const miyin_document *document;
	const miyin_copy *copy;
	char *message;		/* of the device, as last shown */
} progress;

static miyin_print_end print_document(miyin_printing *p,
				      miyin_document *document,
				      GError **error);
static miyin_print_end print_copy(miyin_printing *p,
				  miyin_document *document, miyin_copy *copy,
				  GError **error);
static miyin_print_end send_copy(miyin_printing *p, miyin_document *document,
				 miyin_copy *copy, int pdf_fd,
				 GError **error);
static miyin_print_end follow_copy(miyin_printing *p,
				   miyin_document *document, miyin_copy *copy,
				   GError **error);
static miyin_print_end resume_copy(miyin_printing *p,
				   miyin_document *document, miyin_copy *copy,
				   GError **error);
static miyin_print_end find_lost(miyin_printing *p, GError **error);
static miyin_print_end settle(miyin_printing *p, miyin_document *document,
			      miyin_copy *copy, const miyin_delivered *result,
			      GError **error);
static void show_progress(unsigned pages, const char *message,
			  const char *reasons, gpointer data);
static miyin_order *write_order(miyin_printing *p,
				const miyin_document *document,
				const miyin_copy *copy, GError **error);
static miyin_print_end stopped(miyin_printing *p, GError **error);
static void device_failed(const miyin_document *document,
			  const miyin_copy *copy, const char *reason,
			  GError **error);
static GError *canceled(const miyin_printing *p);
static unsigned count_copies(const miyin_printing *p);
static void void_rest(miyin_printing *p, const char *reason);

gboolean miyin_print_issue(miyin_printing *p, GError **error)
{
	for (unsigned i = 0; i < p->job->documents->len; i++) {
		miyin_document *document = p->job->documents->pdata[i];

		if (!miyin_register_issue(p->reg, &document->request,
					  &document->copies, error)) {
			void_rest(p, "another document of the job was refused");
			return FALSE;
		}
	}
	return TRUE;
}

miyin_print_end miyin_print_run(miyin_printing *p, GError **error)
{
	miyin_print_end end = MIYIN_PRINT_DONE;

	for (unsigned i = 0;
	     i < p->job->documents->len && end == MIYIN_PRINT_DONE; i++)
		end = print_document(p, p->job->documents->pdata[i], error);
	miyin_status_reasons(&p->reasons, NULL);
	if (end == MIYIN_PRINT_DONE)
		return find_lost(p, error);
	if (end == MIYIN_PRINT_REFUSED || end == MIYIN_PRINT_FAILED)
		void_rest(p, error && *error ? (*error)->message : "");
	return end;
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
		else if (copy->state == MIYIN_COPY_SENDING)
			end = resume_copy(p, document, copy, error);
		else if (copy->state == MIYIN_COPY_PRINTED)
			p->n_printed++;	/* by the run before this one */
		p->pages_before += document->request.pages;
	}
	return end;
}

static miyin_print_end print_copy(miyin_printing *p, miyin_document *document,
				  miyin_copy *copy, GError **error)
{
	g_autoptr(miyin_order) order = NULL;
	miyin_verify verify = document->limits->verify;
	miyin_print_end end;
	unsigned n_verified = 0;
	int pdf_fd = -1;

	show_progress(0, "", "none",
		      &(progress){ p, document, copy, NULL });
	order = write_order(p, document, copy, error);
	if (order)
		pdf_fd = miyin_press_copy(p->config->program_dir,
					  document->prepared, order, verify,
					  &n_verified, error);
	if (*p->stop) {
		g_clear_error(error);
		end = stopped(p, error);
	} else if (pdf_fd < 0) {
		end = MIYIN_PRINT_REFUSED;
	} else {
		copy->verified = g_strdup_printf("%s %u/%u",
						 miyin_verify_words[verify],
						 n_verified, order->n_pages);
		end = send_copy(p, document, copy, pdf_fd, error);
	}
	if (pdf_fd >= 0)
		close(pdf_fd);
	return end;
}

/* The claim stands on disk before the first byte of the document leaves. */
static miyin_print_end send_copy(miyin_printing *p, miyin_document *document,
				 miyin_copy *copy, int pdf_fd, GError **error)
{
	g_autoptr(GError) reason = NULL;
	int job = miyin_delivery_create(p->delivery, document->frame, &reason);

	if (job == 0 && *p->stop)
		return stopped(p, error);
	if (job == 0) {
		device_failed(document, copy, reason->message, error);
		return MIYIN_PRINT_FAILED;
	}
	if (!miyin_register_claim(p->reg, copy, job, error)) {
		miyin_delivery_cancel(p->delivery, job);
		return MIYIN_PRINT_REFUSED;
	}
	if (!miyin_delivery_send(p->delivery, job, pdf_fd, &reason)) {
		miyin_delivery_cancel(p->delivery, job);
		miyin_register_settle(p->reg, copy, MIYIN_COPY_PARTIAL, 0,
				      reason->message, NULL);
		device_failed(document, copy, reason->message, error);
		return MIYIN_PRINT_FAILED;
	}
	return follow_copy(p, document, copy, error);
}

static miyin_print_end follow_copy(miyin_printing *p, miyin_document *document,
				   miyin_copy *copy, GError **error)
{
	progress shown = { p, document, copy, NULL };
	miyin_delivered result = miyin_delivery_follow(
		p->delivery, copy->device_job, p->job->job_id, show_progress,
		&shown);
	miyin_print_end end = settle(p, document, copy, &result, error);

	g_free(shown.message);
	g_free(result.message);
	return end;
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

/* Whoever waits for the copies must be told of one that did not come out. */
static miyin_print_end find_lost(miyin_printing *p, GError **error)
{
	for (unsigned i = 0; i < p->job->documents->len; i++) {
		const miyin_document *document = p->job->documents->pdata[i];

		for (unsigned k = 0; k < document->copies->len; k++) {
			const miyin_copy *copy = document->copies->pdata[k];

			if (copy->state == MIYIN_COPY_PRINTED)
				continue;
			device_failed(document, copy, _("interrupted"), error);
			return MIYIN_PRINT_FAILED;
		}
	}
	return MIYIN_PRINT_DONE;
}

static miyin_print_end settle(miyin_printing *p, miyin_document *document,
			      miyin_copy *copy, const miyin_delivered *result,
			      GError **error)
{
	miyin_copy_state state = MIYIN_COPY_PARTIAL;

	if (result->end == MIYIN_DELIVERY_LEFT)
		return MIYIN_PRINT_LEFT;
	if (result->end == MIYIN_DELIVERED)
		state = MIYIN_COPY_PRINTED;
	else if (result->end == MIYIN_DELIVERY_UNKNOWN)
		state = MIYIN_COPY_DOUBT;
	if (!miyin_register_settle(p->reg, copy, state, result->pages,
				   result->message, error))
		return MIYIN_PRINT_FAILED;
	if (result->end == MIYIN_DELIVERED) {
		p->n_printed++;
		return MIYIN_PRINT_DONE;
	}
	if (result->end == MIYIN_DELIVERY_CANCELED) {
		g_propagate_error(error, canceled(p));
		return MIYIN_PRINT_REFUSED;
	}
	/* A scheduler that ends takes the device job with it. That is no
	 * reason to give up the copies that the next run can print. */
	if (*p->stop)
		return stopped(p, error);
	device_failed(document, copy, result->message, error);
	return MIYIN_PRINT_FAILED;
}

static void show_progress(unsigned pages, const char *message,
			  const char *reasons, gpointer data)
{
	progress *shown = data;
	miyin_printing *p = shown->printing;
	const miyin_request *request = &shown->document->request;
	g_autofree char *line = g_strdup_printf(
		_("copy %u of %u, serial %06u, page %u of %u"),
		shown->copy->copy_no, request->n_copies, shown->copy->serial,
		MIN(pages, request->pages), request->pages);
	g_autofree char *both =
		message && *message
			? g_strdup_printf(_("%s; printer: %s"), line, message)
			: g_strdup(line);

	if (g_strcmp0(both, shown->message) != 0) {
		miyin_status_info(both);
		g_free(shown->message);
		shown->message = g_steal_pointer(&both);
	}
	if (pages > 0)
		miyin_status_pages(p->pages_before + pages);
	miyin_status_reasons(&p->reasons, reasons);
}

static miyin_order *write_order(miyin_printing *p,
				const miyin_document *document,
				const miyin_copy *copy, GError **error)
{
	g_autoptr(GDateTime) now = g_date_time_new_now_local();
	g_autofree char *date = g_date_time_format(now, "%Y-%m-%d");
	g_autofree char *serial = g_strdup_printf("%06u", copy->serial);
	g_autofree char *original = g_strdup_printf("%06u", copy->original);
	miyin_composition composition =
		miyin_document_compose(p->job, document, date);

	composition.words.serial = serial;
	composition.words.holder = copy->holder;
	composition.words.copy_no = copy->copy_no;
	composition.words.original = original;
	composition.reprint = copy->original > 0;
	composition.copy_id = copy->copy_id;
	return miyin_compose(&composition, p->keys, error);
}

static miyin_print_end stopped(miyin_printing *p, GError **error)
{
	if (!miyin_delivery_is_canceled(p->delivery, p->job->job_id))
		return MIYIN_PRINT_LEFT;
	g_propagate_error(error, canceled(p));
	return MIYIN_PRINT_REFUSED;
}

static void device_failed(const miyin_document *document,
			  const miyin_copy *copy, const char *reason,
			  GError **error)
{
	g_autofree char *no = g_strdup_printf("%u", copy->copy_no);

	g_propagate_error(error,
			  miyin_refusal_new(MIYIN_REFUSAL_DEVICE, no,
					    document->number,
					    reason && *reason ? reason : "?"));
}

static GError *canceled(const miyin_printing *p)
{
	g_autofree char *done = g_strdup_printf("%u", p->n_printed);
	g_autofree char *all = g_strdup_printf("%u", count_copies(p));

	return miyin_refusal_new(MIYIN_REFUSAL_CANCELED, done, all);
}

static unsigned count_copies(const miyin_printing *p)
{
	unsigned n = 0;

	for (unsigned i = 0; i < p->job->documents->len; i++) {
		const miyin_document *document = p->job->documents->pdata[i];

		n += document->request.n_copies;
	}
	return n;
}

/* What was issued and will not be printed goes back, but for its serial. */
static void void_rest(miyin_printing *p, const char *reason)
{
	for (unsigned i = 0; i < p->job->documents->len; i++) {
		miyin_document *document = p->job->documents->pdata[i];

		for (unsigned k = 0; document->copies &&
				     k < document->copies->len; k++) {
			miyin_copy *copy = document->copies->pdata[k];
			g_autoptr(GError) error = NULL;

			if (copy->state == MIYIN_COPY_RESERVED &&
			    !miyin_register_void(p->reg, copy, reason, &error))
				miyin_status_debug(error->message);
		}
	}
}
