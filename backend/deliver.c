/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "deliver.h"
#include "status.h"
#include <miyin/deviceuri.h>
#include <miyin/error.h>
#include <cups/cups.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#define CONNECT_MS 30000
#define POLL_US 200000
#define ANSWER_US 100000
#define ANSWER_TRIES 20
#define LOST_TRIES 150		/* polls without an answer: 30 s */

struct miyin_delivery {
	http_t *http;
	char *queue;
	const volatile int *stop;
};

typedef struct {
	int state;		/* IPP_JOB_..., 0: no answer, -1: no such job */
	unsigned pages;
	char *message, *reasons;
} job_report;

static int add_options(const miyin_frame *frame, cups_option_t **options);
static gboolean fail(GError **error);
static gboolean check_guard(miyin_delivery *delivery, GError **error);
static void cancel_dead(miyin_delivery *delivery);
static gboolean is_of_queue(ipp_attribute_t *uri, const char *queue);
static job_report ask(miyin_delivery *delivery, int job, const char *queue);
static ipp_t *get(miyin_delivery *delivery, ipp_op_t operation,
		  const char *name, const char *uri,
		  const char *const *wanted, int n_wanted);
static ipp_t *get_queue(miyin_delivery *delivery, const char *const *wanted,
			int n_wanted);
static char *why_waiting(miyin_delivery *delivery);
static char *join(ipp_attribute_t *attribute);
static void report_clear(job_report *report);
static gboolean has_ended(int state);

miyin_delivery *miyin_delivery_open(const char *queue, const char *user,
				    const volatile int *stop, GError **error)
{
	g_autoptr(miyin_delivery) delivery = NULL;
	http_t *http;

	/* A scheduler that is killed leaves us running, and the next one runs
	 * the job again: make way. */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (!miyin_status_is_read())
		raise(SIGTERM);
	cupsSetUser(user);
	http = httpConnect2(cupsServer(), ippPort(), NULL, AF_UNSPEC,
			    HTTP_ENCRYPTION_IF_REQUESTED, 1, CONNECT_MS, NULL);
	if (!http) {
		fail(error);
		return NULL;
	}
	delivery = g_new0(miyin_delivery, 1);
	delivery->http = http;
	delivery->queue = g_strdup(queue);
	delivery->stop = stop;
	if (!check_guard(delivery, error))
		return NULL;
	cancel_dead(delivery);
	return g_steal_pointer(&delivery);
}

void miyin_delivery_close(miyin_delivery *delivery)
{
	if (!delivery)
		return;
	httpClose(delivery->http);
	g_free(delivery->queue);
	g_free(delivery);
}

int miyin_delivery_create(miyin_delivery *delivery, const miyin_frame *frame,
			  GError **error)
{
	cups_option_t *options = NULL;
	int n = add_options(frame, &options);
	/* The title is protected too: the device queue need not know it. */
	int job = cupsCreateJob(delivery->http, delivery->queue, "miyin", n,
				options);

	cupsFreeOptions(n, options);
	if (job == 0)
		fail(error);
	return job;
}

gboolean miyin_delivery_send(miyin_delivery *delivery, int job, int pdf_fd,
			     GError **error)
{
	char chunk[65536];
	ssize_t n;

	if (cupsStartDocument(delivery->http, delivery->queue, job, "copy.pdf",
			      CUPS_FORMAT_PDF, 1) != HTTP_STATUS_CONTINUE)
		return fail(error);
	while ((n = read(pdf_fd, chunk, sizeof(chunk))) > 0)
		if (cupsWriteRequestData(delivery->http, chunk, n) !=
		    HTTP_STATUS_CONTINUE)
			return fail(error);
	if (n < 0 || cupsFinishDocument(delivery->http, delivery->queue) >
			     IPP_STATUS_OK_CONFLICTING)
		return fail(error);
	return TRUE;
}

miyin_delivered miyin_delivery_follow(miyin_delivery *delivery, int job,
				      int gate_job, miyin_delivery_func func,
				      gpointer data)
{
	miyin_delivered result = { MIYIN_DELIVERY_UNKNOWN, 0, NULL };
	unsigned n_lost = 0;

	for (;;) {
		job_report report = ask(delivery, job, delivery->queue);
		gboolean ended = has_ended(report.state);

		if (report.state > 0) {
			n_lost = 0;
			result.pages = MAX(result.pages, report.pages);
			g_free(result.message);
			result.message = report.state == IPP_JOB_PENDING
						 ? why_waiting(delivery)
						 : g_strdup(report.message);
			func(result.pages, result.message, report.reasons,
			     data);
		}
		if (ended)
			result.end = report.state == IPP_JOB_COMPLETED
					     ? MIYIN_DELIVERED
					     : MIYIN_DELIVERY_FAILED;
		else if (*delivery->stop)
			result.end = MIYIN_DELIVERY_LEFT;
		/* It would keep its document, and wait for somebody. */
		if (report.state == IPP_JOB_STOPPED)
			miyin_delivery_cancel(delivery, job);
		ended = ended || *delivery->stop || report.state < 0 ||
			++n_lost > LOST_TRIES;
		report_clear(&report);
		if (ended)
			break;
		g_usleep(POLL_US);
	}
	if (result.end == MIYIN_DELIVERY_LEFT &&
	    miyin_delivery_is_canceled(delivery, gate_job)) {
		result.end = MIYIN_DELIVERY_CANCELED;
		miyin_delivery_cancel(delivery, job);
	}
	if (!result.message)
		result.message = g_strdup("");
	return result;
}

void miyin_delivery_cancel(miyin_delivery *delivery, int job)
{
	cupsCancelJob2(delivery->http, delivery->queue, job, 0);
}

/* cupsd tells a cancel and its own end by the same signal. The job's state
 * is set before the signal is sent; a scheduler that ends does not answer. */
gboolean miyin_delivery_is_canceled(miyin_delivery *delivery, int gate_job)
{
	for (int i = 0; i < ANSWER_TRIES; i++) {
		job_report report = ask(delivery, gate_job, NULL);
		int state = report.state;

		report_clear(&report);
		if (state == IPP_JOB_CANCELED || state == IPP_JOB_ABORTED ||
		    state == -1)
			return TRUE;
		if (state == 0)
			return FALSE;
		g_usleep(ANSWER_US);
	}
	return FALSE;
}

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
	n = cupsAddOption("media", miyin_frame_get(frame, "media"), n,
			  options);
	n = cupsAddOption("sides", miyin_frame_get(frame, "sides"), n,
			  options);
	n = cupsAddOption("copies", "1", n, options);
	n = cupsAddOption("job-sheets", "none,none", n, options);
	return cupsAddOption("print-scaling", "none", n, options);
}

static gboolean fail(GError **error)
{
	g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_SYSTEM, "%s",
		    cupsLastErrorString());
	return FALSE;
}

static gboolean check_guard(miyin_delivery *delivery, GError **error)
{
	static const char *const wanted[] = { "device-uri" };
	ipp_t *answer = get_queue(delivery, wanted, G_N_ELEMENTS(wanted));
	ipp_attribute_t *attribute =
		ippFindAttribute(answer, *wanted, IPP_TAG_URI);
	g_autofree char *device = NULL;

	if (attribute)
		device = miyin_deviceuri_unwrap(
			ippGetString(attribute, 0, NULL));
	ippDelete(answer);
	if (!attribute)
		return fail(error);
	if (!device)
		g_set_error(error, MIYIN_ERROR, MIYIN_ERROR_STATE,
			    "No miyindevice guards the device of %s.",
			    delivery->queue);
	return device != NULL;
}

/*
 * No other process sends to the device queue now: a job there that waits for
 * its document, or that a filter stopped on half of it, is of a run that died.
 * The scheduler would keep it for a quarter of an hour, or for good.
 */
static void cancel_dead(miyin_delivery *delivery)
{
	cups_job_t *jobs = NULL;
	int n = cupsGetJobs2(delivery->http, &jobs, delivery->queue, 1,
			     CUPS_WHICHJOBS_ACTIVE);

	for (int i = 0; i < n; i++)
		if (jobs[i].state == IPP_JOB_STOPPED ||
		    (jobs[i].state == IPP_JOB_HELD && jobs[i].size == 0))
			miyin_delivery_cancel(delivery, jobs[i].id);
	if (n > 0)
		cupsFreeJobs(n, jobs);
}

/* After a power cut the scheduler may give a job id a second time. */
static gboolean is_of_queue(ipp_attribute_t *uri, const char *queue)
{
	char scheme[32], user[256], host[256], path[1024];
	int port;

	return uri &&
	       httpSeparateURI(HTTP_URI_CODING_ALL, ippGetString(uri, 0, NULL),
			       scheme, sizeof(scheme), user, sizeof(user),
			       host, sizeof(host), &port, path,
			       sizeof(path)) >= HTTP_URI_STATUS_OK &&
	       g_str_has_prefix(path, "/printers/") &&
	       g_ascii_strcasecmp(path + strlen("/printers/"), queue) == 0;
}

/* queue: whose job it must be, NULL for any */
static job_report ask(miyin_delivery *delivery, int job, const char *queue)
{
	static const char *const wanted[] = {
		"job-state", "job-impressions-completed",
		"job-printer-state-message", "job-printer-state-reasons",
		"job-printer-uri",
	};
	job_report report = { 0, 0, NULL, NULL };
	ipp_attribute_t *attribute;
	ipp_t *answer;
	char uri[64];

	g_snprintf(uri, sizeof(uri), "ipp://localhost/jobs/%d", job);
	answer = get(delivery, IPP_OP_GET_JOB_ATTRIBUTES, "job-uri", uri,
		     wanted, G_N_ELEMENTS(wanted));
	if (!answer || cupsLastError() == IPP_STATUS_ERROR_NOT_FOUND) {
		report.state =
			cupsLastError() == IPP_STATUS_ERROR_NOT_FOUND ? -1 : 0;
		ippDelete(answer);
		return report;
	}
	attribute = ippFindAttribute(answer, "job-printer-uri", IPP_TAG_URI);
	if (attribute && queue && !is_of_queue(attribute, queue)) {
		report.state = -1;
		ippDelete(answer);
		return report;
	}
	attribute = ippFindAttribute(answer, "job-state", IPP_TAG_ENUM);
	report.state = attribute ? ippGetInteger(attribute, 0) : 0;
	attribute = ippFindAttribute(answer, "job-impressions-completed",
				     IPP_TAG_INTEGER);
	report.pages = attribute ? MAX(0, ippGetInteger(attribute, 0)) : 0;
	report.message = join(ippFindAttribute(
		answer, "job-printer-state-message", IPP_TAG_TEXT));
	report.reasons = join(ippFindAttribute(
		answer, "job-printer-state-reasons", IPP_TAG_KEYWORD));
	ippDelete(answer);
	return report;
}

static ipp_t *get(miyin_delivery *delivery, ipp_op_t operation,
		  const char *name, const char *uri,
		  const char *const *wanted, int n_wanted)
{
	ipp_t *request = ippNewRequest(operation);

	ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_URI, name, NULL, uri);
	ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_NAME,
		     "requesting-user-name", NULL, cupsUser());
	ippAddStrings(request, IPP_TAG_OPERATION, IPP_TAG_KEYWORD,
		      "requested-attributes", n_wanted, NULL, wanted);
	return cupsDoRequest(delivery->http, request, "/");
}

static ipp_t *get_queue(miyin_delivery *delivery, const char *const *wanted,
			int n_wanted)
{
	char uri[1024];

	httpAssembleURIf(HTTP_URI_CODING_ALL, uri, sizeof(uri), "ipp", NULL,
			 "localhost", 0, "/printers/%s", delivery->queue);
	return get(delivery, IPP_OP_GET_PRINTER_ATTRIBUTES, "printer-uri", uri,
		   wanted, n_wanted);
}

/* What the administrator wrote on a stopped device queue, else NULL. */
static char *why_waiting(miyin_delivery *delivery)
{
	static const char *const wanted[] = { "printer-state",
					      "printer-state-message" };
	ipp_t *answer = get_queue(delivery, wanted, G_N_ELEMENTS(wanted));
	ipp_attribute_t *state, *message;
	char *why = NULL;

	state = ippFindAttribute(answer, "printer-state", IPP_TAG_ENUM);
	message = ippFindAttribute(answer, "printer-state-message",
				   IPP_TAG_TEXT);
	if (state && message && ippGetInteger(state, 0) == IPP_PSTATE_STOPPED)
		why = g_strdup(ippGetString(message, 0, NULL));
	ippDelete(answer);
	return why;
}

static char *join(ipp_attribute_t *attribute)
{
	GString *text = g_string_new(NULL);

	for (int i = 0; i < ippGetCount(attribute); i++)
		g_string_append_printf(text, "%s%s", i > 0 ? "," : "",
				       ippGetString(attribute, i, NULL));
	return g_string_free(text, FALSE);
}

static void report_clear(job_report *report)
{
	g_free(report->message);
	g_free(report->reasons);
}

static gboolean has_ended(int state)
{
	return state == IPP_JOB_COMPLETED || state == IPP_JOB_ABORTED ||
	       state == IPP_JOB_CANCELED || state == IPP_JOB_STOPPED;
}
