/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "deliver.h"
#include "scheduler.h"
#include <miyin/deviceuri.h>
#include <miyin/error.h>
#include <cups/cups.h>
#include <glib/gi18n.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define POLL_FIRST_US 20000
#define POLL_US 200000 /* when it has taken longer */
#define ANSWER_US 100000
#define ANSWER_TRIES 20
#define OVER_TRIES 100
#define LOST_TRIES 160 /* polls without an answer: 30 s */
#define BUSY_S 120     /* for a scheduler with too many jobs */
#define BUSY_US 1000000
#define FORGET_S 600

typedef struct {
	miyin_delivery calls;
	http_t *http;
	char *queue;
	const volatile sig_atomic_t *stop;
} cups_delivery;

typedef struct {
	int state; /* IPP_JOB_..., 0: no answer, -1: no such job */
	unsigned pages;
	char *message, *reasons;
	int processing, completed; /* when, seconds of time() */
	int limit_s;		   /* of its own, 0: none */
} job_report;

/* Explicit media and sides every time: what is left out is the driver's
 * default, and that is Letter. No banner, no second scaling. */
static int add_options(const miyin_frame *frame, cups_option_t **options)
{
	int n = 0;

	for (unsigned i = 0; i < frame->fields->len; i++) {
		const char *field = frame->fields->pdata[i];
		g_auto(GStrv) parts = NULL;

		if (!g_str_has_prefix(field, "device="))
			continue;
		parts = g_strsplit(field + strlen("device="), "=", 2);
		if (parts[0] && parts[1])
			n = cupsAddOption(parts[0], parts[1], n, options);
	}
	n = cupsAddOption("PageSize", miyin_frame_get(frame, "page-size"), n,
			  options);
	n = cupsAddOption("media", miyin_frame_get(frame, "media"), n, options);
	n = cupsAddOption("sides", miyin_frame_get(frame, "sides"), n, options);
	n = cupsAddOption("copies", "1", n, options);
	n = cupsAddOption("job-sheets", "none,none", n, options);
	return cupsAddOption("print-scaling", "none", n, options);
}

/* MaxJobs, MaxJobsPerPrinter, MaxJobsPerUser and a scheduler in a hurry. */
static gboolean is_busy(ipp_status_t status)
{
	return status == IPP_STATUS_ERROR_NOT_POSSIBLE ||
	       status == IPP_STATUS_ERROR_TOO_MANY_JOBS ||
	       status == IPP_STATUS_ERROR_BUSY ||
	       status == IPP_STATUS_ERROR_SERVICE_UNAVAILABLE;
}

static gboolean fail(GError **error)
{
	ipp_status_t status = cupsLastError();
	int code = MIYIN_ERROR_SYSTEM;

	if (status == IPP_STATUS_ERROR_NOT_ACCEPTING_JOBS)
		code = MIYIN_ERROR_STATE;
	else if (is_busy(status))
		code = MIYIN_ERROR_BUSY;
	return miyin_fail(error, code, "%s", cupsLastErrorString());
}

static int create_job(miyin_delivery *delivery, const miyin_frame *frame,
		      miyin_delivery_func func, gpointer data, GError **error)
{
	cups_delivery *cups = (cups_delivery *)delivery;
	gint64 end = g_get_monotonic_time() + BUSY_S * G_USEC_PER_SEC;
	cups_option_t *options = NULL;
	int n = add_options(frame, &options);
	int job;

	/* The title is protected too: the device queue need not know it. */
	while ((job = cupsCreateJob(cups->http, cups->queue, "miyin", n,
				    options)) == 0 &&
	       func && is_busy(cupsLastError()) && !*cups->stop &&
	       g_get_monotonic_time() < end) {
		func(0, _("the print server has too many jobs"), "none", data);
		g_usleep(BUSY_US);
	}
	cupsFreeOptions(n, options);
	if (job == 0)
		fail(error);
	return job;
}

static gboolean send_document(miyin_delivery *delivery, int job, int pdf_fd,
			      GError **error)
{
	cups_delivery *cups = (cups_delivery *)delivery;
	char chunk[65536];
	ssize_t n;

	if (cupsStartDocument(cups->http, cups->queue, job, "copy.pdf",
			      CUPS_FORMAT_PDF, 1) != HTTP_STATUS_CONTINUE)
		return fail(error);
	while ((n = read(pdf_fd, chunk, sizeof(chunk))) > 0)
		if (cupsWriteRequestData(cups->http, chunk, n) !=
		    HTTP_STATUS_CONTINUE)
			return fail(error);
	if (n < 0 || cupsFinishDocument(cups->http, cups->queue) >
			     IPP_STATUS_OK_CONFLICTING)
		return fail(error);
	return TRUE;
}

static void cancel_job(miyin_delivery *delivery, int job)
{
	cups_delivery *cups = (cups_delivery *)delivery;
	cupsCancelJob2(cups->http, cups->queue, job, 0);
}

/* After a power cut the scheduler may give a job id a second time. */
static gboolean is_of_queue(ipp_attribute_t *uri, const char *queue)
{
	char scheme[32], user[256], host[256], path[1024];
	int port;

	return uri &&
	       httpSeparateURI(HTTP_URI_CODING_ALL, ippGetString(uri, 0, NULL),
			       scheme, sizeof(scheme), user, sizeof(user), host,
			       sizeof(host), &port, path,
			       sizeof(path)) >= HTTP_URI_STATUS_OK &&
	       g_str_has_prefix(path, "/printers/") &&
	       g_ascii_strcasecmp(path + strlen("/printers/"), queue) == 0;
}

static int number_in(ipp_t *answer, const char *name)
{
	ipp_attribute_t *attribute =
		ippFindAttribute(answer, name, IPP_TAG_INTEGER);

	return attribute ? MAX(0, ippGetInteger(attribute, 0)) : 0;
}

static char *join(ipp_attribute_t *attribute)
{
	GString *text = g_string_new(NULL);

	for (int i = 0; i < ippGetCount(attribute); i++)
		g_string_append_printf(text, "%s%s", i > 0 ? "," : "",
				       ippGetString(attribute, i, NULL));
	return g_string_free(text, FALSE);
}

static void job_report_clear(job_report *report)
{
	g_free(report->message);
	g_free(report->reasons);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(job_report, job_report_clear)

/* queue: whose job it must be, NULL for any */
static job_report ask(cups_delivery *cups, int job, const char *queue)
{
	static const char wanted[] =
		"job-state job-impressions-completed job-printer-state-message"
		" job-printer-state-reasons job-printer-uri time-at-processing"
		" time-at-completed job-cancel-after";
	job_report report = { 0 };
	g_autoptr(ipp_t) answer =
		miyin_scheduler_ask_job(cups->http, job, wanted);
	ipp_attribute_t *attribute;

	if (cupsLastError() == IPP_STATUS_ERROR_NOT_FOUND)
		report.state = -1;
	if (!answer || report.state < 0)
		return report;
	attribute = ippFindAttribute(answer, "job-printer-uri", IPP_TAG_URI);
	if (attribute && queue && !is_of_queue(attribute, queue)) {
		report.state = -1;
		return report;
	}
	attribute = ippFindAttribute(answer, "job-state", IPP_TAG_ENUM);
	report.state = attribute ? ippGetInteger(attribute, 0) : 0;
	report.pages = number_in(answer, "job-impressions-completed");
	report.processing = number_in(answer, "time-at-processing");
	report.completed = number_in(answer, "time-at-completed");
	report.limit_s = number_in(answer, "job-cancel-after");
	report.message = join(ippFindAttribute(
		answer, "job-printer-state-message", IPP_TAG_TEXT));
	report.reasons = join(ippFindAttribute(
		answer, "job-printer-state-reasons", IPP_TAG_KEYWORD));
	return report;
}

/* What the administrator wrote on a stopped device queue, else NULL. */
static char *why_waiting(cups_delivery *cups)
{
	g_autoptr(ipp_t) answer = miyin_scheduler_ask_queue(
		cups->http, cups->queue, "printer-state printer-state-message");
	ipp_attribute_t *state, *message;

	state = ippFindAttribute(answer, "printer-state", IPP_TAG_ENUM);
	message =
		ippFindAttribute(answer, "printer-state-message", IPP_TAG_TEXT);
	if (state && message && ippGetInteger(state, 0) == IPP_PSTATE_STOPPED)
		return g_strdup(ippGetString(message, 0, NULL));
	return NULL;
}

static gboolean has_ended(int state)
{
	return state == IPP_JOB_COMPLETED || state == IPP_JOB_ABORTED ||
	       state == IPP_JOB_CANCELED || state == IPP_JOB_STOPPED;
}

static miyin_delivered follow_job(miyin_delivery *delivery, int job,
				  miyin_delivery_func func, gpointer data)
{
	cups_delivery *cups = (cups_delivery *)delivery;
	miyin_delivered result = { MIYIN_DELIVERY_OVER, 0, NULL };
	unsigned n_lost = 0;
	gulong pause_us = POLL_FIRST_US;
	gboolean over = FALSE;

	while (!over) {
		g_auto(job_report) report = ask(cups, job, cups->queue);

		if (report.state > 0) {
			n_lost = 0;
			result.pages = MAX(result.pages, report.pages);
			g_free(result.message);
			result.message = report.state == IPP_JOB_PENDING
						 ? why_waiting(cups)
						 : g_strdup(report.message);
			func(result.pages, result.message,
			     has_ended(report.state) ? NULL : report.reasons,
			     data);
		}
		/* It would keep its document, and wait for somebody. */
		if (report.state == IPP_JOB_STOPPED)
			cancel_job(delivery, job);
		over = has_ended(report.state) || report.state < 0 ||
		       ++n_lost > LOST_TRIES;
		/* Once: a signal may come between two looks. */
		if (!over && *cups->stop) {
			result.end = MIYIN_DELIVERY_STOPPED;
			over = TRUE;
		}
		if (!over)
			g_usleep(pause_us);
		pause_us = MIN(pause_us + pause_us / 4, POLL_US);
	}
	if (!result.message)
		result.message = g_strdup("");
	return result;
}

static void purge(cups_delivery *cups, int job)
{
	cupsCancelJob2(cups->http, cups->queue, job, 1);
}

static void forget_job(miyin_delivery *delivery, int job)
{
	cups_delivery *cups = (cups_delivery *)delivery;
	g_auto(job_report) report = ask(cups, job, cups->queue);

	if (report.state >= IPP_JOB_CANCELED)
		purge(cups, job);
}

/* MaxJobTime of the scheduler; 0: none, or no answer. */
static unsigned time_limit(cups_delivery *cups, const char *gate)
{
	static const char wanted[] = "job-cancel-after-default";
	g_autoptr(ipp_t) answer =
		miyin_scheduler_ask_queue(cups->http, gate, wanted);

	return number_in(answer, wanted);
}

/* cupsd tells a cancel and its own end by the same signal. The job's state
 * is set before the signal is sent; a scheduler that ends does not answer. */
static miyin_stop find_why(miyin_delivery *delivery, const char *gate,
			   int gate_job, gint64 alive, unsigned *limit_s)
{
	cups_delivery *cups = (cups_delivery *)delivery;
	for (int i = 0; i < ANSWER_TRIES; i++) {
		g_auto(job_report) report = ask(cups, gate_job, NULL);
		const int state = report.state;

		if (state == 0)
			return MIYIN_STOP_LEFT;
		if (state == IPP_JOB_CANCELED || state == IPP_JOB_ABORTED ||
		    state == -1) {
			*limit_s = report.limit_s > 0 ? (unsigned)report.limit_s
						      : time_limit(cups, gate);
			/* Before that time nobody but a person does it. */
			return *limit_s > 0 && report.completed > 0 &&
					       report.completed >=
						       MAX(report.processing,
							   alive) +
							       *limit_s
				       ? MIYIN_STOP_TIME
				       : MIYIN_STOP_CANCELED;
		}
		g_usleep(ANSWER_US);
	}
	return MIYIN_STOP_LEFT;
}

static gboolean check_guard(cups_delivery *cups, GError **error)
{
	static const char wanted[] = "device-uri";
	g_autoptr(ipp_t) answer =
		miyin_scheduler_ask_queue(cups->http, cups->queue, wanted);
	ipp_attribute_t *attribute =
		ippFindAttribute(answer, wanted, IPP_TAG_URI);
	g_autofree char *device = NULL;

	if (attribute)
		device = miyin_deviceuri_unwrap(
			ippGetString(attribute, 0, NULL));
	if (!attribute)
		return fail(error);
	if (!device)
		miyin_fail(error, MIYIN_ERROR_STATE,
			   "No miyindevice guards the device of %s.",
			   cups->queue);
	return device != NULL;
}

miyin_delivery *miyin_deliver_open(const char *queue, const char *user,
				   const volatile sig_atomic_t *stop,
				   GError **error)
{
	static const miyin_delivery calls = { create_job, send_document,
					      follow_job, cancel_job,
					      forget_job, find_why };
	cups_delivery *cups;
	g_autoptr(miyin_delivery) delivery = NULL;
	http_t *http;

	cupsSetUser(user);
	http = miyin_scheduler_connect();
	if (!http) {
		fail(error);
		return NULL;
	}
	cups = g_new0(cups_delivery, 1);
	delivery = &cups->calls;
	cups->calls = calls;
	cups->http = http;
	cups->queue = g_strdup(queue);
	cups->stop = stop;
	if (!check_guard(cups, error))
		return NULL;
	return g_steal_pointer(&delivery);
}

/* Of runs that died before they could forget them, and of doubts. The end of a
 * copy that was held for longer stands in the register, by its guard. */
static void clear_history(cups_delivery *cups)
{
	cups_job_t *jobs = NULL;
	int n = cupsGetJobs2(cups->http, &jobs, cups->queue, 1,
			     CUPS_WHICHJOBS_COMPLETED);
	time_t before = time(NULL) - FORGET_S;

	for (int i = 0; i < n; i++)
		if (jobs[i].completed_time > 0 &&
		    jobs[i].completed_time < before)
			purge(cups, jobs[i].id);
	if (n > 0)
		cupsFreeJobs(n, jobs);
}

/* A job there that waits for its document, or that a filter stopped on half of
 * it: the scheduler would keep it for a quarter of an hour, or for good. */
void miyin_deliver_clear(miyin_delivery *delivery)
{
	cups_delivery *cups = (cups_delivery *)delivery;
	cups_job_t *jobs = NULL;
	int n = cupsGetJobs2(cups->http, &jobs, cups->queue, 1,
			     CUPS_WHICHJOBS_ACTIVE);

	for (int i = 0; i < n; i++)
		if (jobs[i].state == IPP_JOB_STOPPED ||
		    (jobs[i].state == IPP_JOB_HELD && jobs[i].size == 0))
			cancel_job(delivery, jobs[i].id);
	if (n > 0)
		cupsFreeJobs(n, jobs);
	clear_history(cups);
}

void miyin_deliver_close(miyin_delivery *delivery)
{
	cups_delivery *cups = (cups_delivery *)delivery;
	if (!cups)
		return;
	httpClose(cups->http);
	g_free(cups->queue);
	g_free(cups);
}

gboolean miyin_deliver_is_over(miyin_delivery *delivery, int gate_job,
			       gboolean *canceled)
{
	cups_delivery *cups = (cups_delivery *)delivery;
	for (int i = 0; i < OVER_TRIES; i++) {
		g_auto(job_report) report = ask(cups, gate_job, NULL);
		const int state = report.state;

		*canceled = state == IPP_JOB_CANCELED || state < 0;
		if (state == 0 || state < 0 || has_ended(state))
			return state != 0;
		g_usleep(ANSWER_US);
	}
	return FALSE;
}
