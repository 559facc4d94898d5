/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "admit.h"
#include "control.h"
#include "status.h"
#include <miyin/error.h>
#include <miyin/period.h>
#include <miyin/refusal.h>
#include <miyin/text.h>
#include <cups/cups.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DOCUMENTS_MAX 100

static gboolean parse_uri(miyin_job *job, const char *uri);
static gboolean is_word(const char *text);
static void parse_options(miyin_job *job, const char *text);
static gboolean read_records(miyin_job *job, int fd, GError **error);
static gboolean take_record(miyin_job *job, miyin_frame *frame,
			    gboolean *open, GError **error);
static GError *rejected(const miyin_frame *frame);
static gboolean broken(GError **error, const char *reason);
static void drain(int fd);
static gboolean admit_document(miyin_job *job, const miyin_config *config,
			       miyin_register *reg, miyin_document *document,
			       GError **error);
static gboolean choose_level(const miyin_job *job, miyin_document *document,
			     GError **error);
static char *list_levels(const miyin_job *job);
static gboolean check_limits(const miyin_job *job, miyin_document *document,
			     GError **error);
static gboolean name_holders(const miyin_job *job, miyin_document *document,
			     GError **error);
static gboolean check_period(const miyin_document *document, GError **error);
static gboolean check_glyphs(const miyin_job *job, const miyin_config *config,
			     miyin_document *document, GError **error);
static char *find_missing(const miyin_job *job, const miyin_config *config,
			  const miyin_document *document, GError **error);
static void substitute(miyin_document *document, char *take_missing);
static gboolean inspect(const miyin_job *job, const miyin_config *config,
			miyin_document *document, GError **error);
static gboolean check_declared(const miyin_job *job, miyin_document *document,
			       GError **error);
static void add_detail(miyin_document *document, char *take_note);
static void add_named(miyin_document *document, const char *field);

miyin_job *miyin_job_new(char **argv, GError **error)
{
	g_autoptr(miyin_job) job = g_new0(miyin_job, 1);
	const char *user = g_getenv("AUTH_USERNAME");
	const char *uid = g_getenv("AUTH_UID");
	const char *printer = g_getenv("PRINTER");
	const char *uri = g_getenv("DEVICE_URI");

	job->documents =
		g_ptr_array_new_with_free_func(
			(GDestroyNotify)miyin_document_free);
	job->job_id = atoi(argv[1]);
	job->user = user && *user ? miyin_text_clean(user, MIYIN_TEXT_MAX)
				  : NULL;
	job->uid = uid && *uid ? atoi(uid) : -1;
	job->title = miyin_text_clean(argv[3], MIYIN_TEXT_MAX);
	job->printer = miyin_text_clean(printer, MIYIN_TEXT_MAX);
	parse_options(job, argv[5]);
	if (!uri || !parse_uri(job, uri)) {
		miyin_status_debug("DEVICE_URI is not miyin:/QUEUE?scheme=S");
		miyin_refuse(error, miyin_refusal_new(MIYIN_REFUSAL_CONFIG));
		return NULL;
	}
	return g_steal_pointer(&job);
}

void miyin_job_free(miyin_job *job)
{
	if (!job)
		return;
	g_free(job->uuid);
	g_free(job->user);
	g_free(job->host);
	g_free(job->title);
	g_free(job->printer);
	g_free(job->device_queue);
	g_free(job->scheme_name);
	g_free(job->fixed_level);
	miyin_policy_free(job->policy);
	miyin_scheme_free(job->scheme);
	g_ptr_array_unref(job->documents);
	g_free(job);
}

miyin_composition miyin_document_compose(const miyin_job *job,
					 const miyin_document *document,
					 const char *date)
{
	const miyin_request *request = &document->request;
	const miyin_frame *frame = document->frame;

	/* What a copy will fill in must have a word here, or its line would
	 * have no place when the document is inspected. */
	return (miyin_composition){
		.scheme = job->scheme,
		.level = document->level,
		.words = { .mark = document->mark,
			   .level = document->level->text,
			   .period = document->period,
			   .serial = "000000",
			   .holder = document->holders[0],
			   .date = date,
			   .document = request->reference,
			   .title = request->title,
			   .unit = job->unit,
			   .user = job->user,
			   .approver = miyin_frame_get(frame, "approver"),
			   .scope = miyin_frame_get(frame, "scope"),
			   .copy_no = 1,
			   .n_copies = request->n_copies,
			   .n_pages = request->pages,
			   .missing = document->missing },
		.reprint = document->reprint,
		.fit = document->prepared->fit,
		.site = job->site,
	};
}

miyin_request miyin_job_request(const miyin_job *job)
{
	miyin_request request = {
		.job_uuid = job->uuid,
		.job_id = job->job_id,
		.user = job->user,
		.uid = job->uid,
		.host = job->host,
		.printer = job->printer,
		.title = job->title,
		.scheme = job->scheme_name,
	};

	if (job->documents->len > 0) {
		const miyin_document *first = job->documents->pdata[0];

		if (first->control_of)
			first = first->control_of;
		request.level = first->level ? first->level->id : NULL;
		request.period = first->period;
		request.reference = miyin_frame_get(first->frame, "document");
		if (first->prepared)
			request.pages = first->prepared->n_pages;
	}
	return request;
}

gboolean miyin_admit_stream(miyin_job *job, int fd, GError **error)
{
	gboolean ok = read_records(job, fd, error);

	/* A filter that cannot write its rest would be called failed, and
	 * the reason given here would be lost. */
	drain(fd);
	return ok;
}

gboolean miyin_admit(miyin_job *job, const miyin_config *config,
		     miyin_register *reg, GError **error)
{
	if (!job->user)
		return miyin_refuse(error, miyin_refusal_new(
						   MIYIN_REFUSAL_NO_IDENTITY));
	job->site = config->site;
	job->unit = config->site_name;
	job->scheme = miyin_scheme_open(config->scheme_dir, job->scheme_name,
					error);
	if (job->scheme)
		job->policy = miyin_policy_open(config->policy_path, error);
	if (!job->scheme || !job->policy) {
		miyin_status_refuse(error, MIYIN_REFUSAL_CONFIG);
		return FALSE;
	}
	for (unsigned i = 0; i < job->documents->len; i++) {
		miyin_document *document = job->documents->pdata[i];

		document->request.document_no = i + 1;
		if (!admit_document(job, config, reg, document, error))
			return FALSE;
	}
	return TRUE;
}

/* miyin:/Office-device?scheme=cn-gb9704&level=jimi */
static gboolean parse_uri(miyin_job *job, const char *uri)
{
	g_auto(GStrv) halves = g_strsplit(uri, "?", 2);
	g_auto(GStrv) settings = NULL;

	if (!g_str_has_prefix(halves[0], "miyin:/") || !halves[1])
		return FALSE;
	job->device_queue = g_strdup(halves[0] + strlen("miyin:/"));
	settings = g_strsplit(halves[1], "&", -1);
	for (int i = 0; settings[i]; i++) {
		if (g_str_has_prefix(settings[i], "scheme=")) {
			g_free(job->scheme_name);
			job->scheme_name = g_strdup(settings[i] + 7);
		} else if (g_str_has_prefix(settings[i], "level=")) {
			g_free(job->fixed_level);
			job->fixed_level = g_strdup(settings[i] + 6);
		} else {
			return FALSE;
		}
	}
	return is_word(job->device_queue) && job->scheme_name &&
	       is_word(job->scheme_name) &&
	       (!job->fixed_level || is_word(job->fixed_level));
}

static gboolean is_word(const char *text)
{
	if (!*text)
		return FALSE;
	for (; *text; text++)
		if (!g_ascii_isalnum(*text) && !strchr("-_.", *text) &&
		    !(*text & 0x80))
			return FALSE;
	return TRUE;
}

/* A client can send a job-uuid of its own choice, but not choose its job id:
 * the two together name this job and no other. */
static void parse_options(miyin_job *job, const char *text)
{
	cups_option_t *options = NULL;
	int n = cupsParseOptions(text, 0, &options);
	const char *uuid = cupsGetOption("job-uuid", n, options);
	const char *host =
		cupsGetOption("job-originating-host-name", n, options);
	g_autofree char *clean = miyin_text_clean(uuid, 80);

	job->uuid = g_strdup_printf("%s#%d", clean, job->job_id);
	job->host = miyin_text_clean(host, MIYIN_TEXT_MAX);
	cupsFreeOptions(n, options);
}

/* (DOCU | RJCT) TRLR, again and again, to a clean end. */
static gboolean read_records(miyin_job *job, int fd, GError **error)
{
	g_autoptr(GError) reason = NULL;
	gboolean open = FALSE;

	for (;;) {
		g_autoptr(miyin_frame) frame = NULL;

		if (!miyin_frame_read(fd, &frame, &reason))
			return broken(error, reason->message);
		if (!frame)
			break;
		if (!take_record(job, g_steal_pointer(&frame), &open, error))
			return FALSE;
	}
	if (open)
		return broken(error, "its end is missing");
	if (job->documents->len == 0)
		return broken(error, "it is empty");
	return TRUE;
}

static gboolean take_record(miyin_job *job, miyin_frame *take_frame,
			    gboolean *open, GError **error)
{
	g_autoptr(miyin_frame) frame = take_frame;
	const char *number = miyin_frame_get(frame, "job");
	miyin_document *document;

	if (!number || atoi(number) != job->job_id)
		return broken(error, "it is of another job");
	if (*open != (frame->type == MIYIN_FRAME_TRAILER))
		return broken(error, "its records are out of order");
	*open = !*open;
	if (frame->type == MIYIN_FRAME_TRAILER)
		return TRUE;
	if (frame->type == MIYIN_FRAME_REJECT)
		return miyin_refuse(error, rejected(frame));
	if (frame->body_fd < 0)
		return broken(error, "a document is empty");
	if (job->documents->len == DOCUMENTS_MAX)
		return broken(error, "there are too many documents in one job");
	document = g_new0(miyin_document, 1);
	document->frame = g_steal_pointer(&frame);
	g_ptr_array_add(job->documents, document);
	return TRUE;
}

static GError *rejected(const miyin_frame *frame)
{
	const char *id = miyin_frame_get(frame, "reason");
	const char *detail = miyin_frame_get(frame, "detail");
	int refusal = id ? miyin_refusal_find(id) : -1;

	if (refusal < 0 || !detail)
		return miyin_refusal_new(MIYIN_REFUSAL_STREAM,
					 "an unknown refusal");
	return g_error_new_literal(MIYIN_REFUSAL, refusal, detail);
}

static gboolean broken(GError **error, const char *reason)
{
	return miyin_refuse(error, miyin_refusal_new(MIYIN_REFUSAL_STREAM,
						     reason));
}

static void drain(int fd)
{
	char waste[65536];

	while (read(fd, waste, sizeof(waste)) > 0)
		;
}

static gboolean admit_document(miyin_job *job, const miyin_config *config,
			       miyin_register *reg, miyin_document *document,
			       GError **error)
{
	if (!choose_level(job, document, error) ||
	    !check_limits(job, document, error) ||
	    !name_holders(job, document, error))
		return FALSE;
	document->prepared = miyin_press_prepare(
		config->program_dir, document->frame->body_fd, error);
	if (!document->prepared) {
		miyin_status_refuse(error, MIYIN_REFUSAL_SERVER);
		return FALSE;
	}
	miyin_document_request(job, document);
	if (g_strcmp0(miyin_frame_get(document->frame, "repaired"),
		      "true") == 0)
		add_detail(document, g_strdup("repaired"));
	add_named(document, "approver");
	add_named(document, "scope");
	return miyin_register_is_reprint(reg, &document->request,
					 &document->reprint, error) &&
	       check_glyphs(job, config, document, error) &&
	       inspect(job, config, document, error);
}

/* A sign stands only for what the policy lets it, and in the register is what
 * it stands for. */
static gboolean check_glyphs(const miyin_job *job, const miyin_config *config,
			     miyin_document *document, GError **error)
{
	g_autofree char *missing =
		find_missing(job, config, document, error);

	if (missing && *missing &&
	    document->limits->missing == MIYIN_MISSING_SUBSTITUTE) {
		substitute(document, g_steal_pointer(&missing));
		missing = find_missing(job, config, document, error);
	}
	if (!missing) {
		miyin_status_refuse(error, MIYIN_REFUSAL_SERVER);
		return FALSE;
	}
	return !*missing ||
	       miyin_refuse(error, miyin_refusal_new(MIYIN_REFUSAL_BAD_GLYPH,
						     missing));
}

static char *find_missing(const miyin_job *job, const miyin_config *config,
			  const miyin_document *document, GError **error)
{
	miyin_composition composition =
		miyin_document_compose(job, document, "");
	g_autofree char *holders = g_strjoinv("", document->holders);
	const char *scope = composition.words.scope;
	g_autofree char *all = NULL;

	/* A control sheet names what the lines of a copy need not. */
	if (miyin_control_is_wanted(document))
		all = g_strconcat(holders, composition.words.title,
				  scope ? scope : "", NULL);
	composition.words.holder = all ? all : holders;
	composition.reprint = TRUE;
	return miyin_press_find_missing(config->program_dir, &composition,
					error);
}

static void substitute(miyin_document *document, char *take_missing)
{
	g_autofree char *period =
		miyin_text_substitute(document->period, take_missing);

	g_free(document->mark);
	document->mark = miyin_level_format_mark(document->level, period);
	document->missing = take_missing;
	add_detail(document, g_strdup_printf(MIYIN_TEXT_SIGN " stands for %s",
					     take_missing));
}

static gboolean inspect(const miyin_job *job, const miyin_config *config,
			miyin_document *document, GError **error)
{
	miyin_composition composition =
		miyin_document_compose(job, document, "0000-00-00");
	g_autoptr(miyin_order) order =
		miyin_compose(&composition, NULL, error);

	if (!order ||
	    !miyin_press_inspect(config->program_dir, document->frame->body_fd,
				 document->prepared, order,
				 document->limits->body, error)) {
		miyin_status_refuse(error, MIYIN_REFUSAL_SERVER);
		return FALSE;
	}
	if (document->prepared->fit)
		add_detail(document,
			   g_strdup_printf("body at %.0f %%",
					   100 * document->prepared->scale));
	if (document->prepared->dpi > 0)
		add_detail(document,
			   g_strdup_printf("body as pictures of %u dpi",
					   document->prepared->dpi));
	return check_declared(job, document, error);
}

/* A level that is on the document already may be raised, not lowered. */
static gboolean check_declared(const miyin_job *job, miyin_document *document,
			       GError **error)
{
	const char *id = document->prepared->declared;
	const miyin_level *level = document->level;
	const miyin_level *declared =
		id ? miyin_scheme_find_level(job->scheme, id) : NULL;

	if (!declared || declared->rank <= level->rank ||
	    document->limits->declared == MIYIN_DECLARED_OFF)
		return TRUE;
	if (document->limits->declared == MIYIN_DECLARED_ENFORCE)
		return miyin_refuse(
			error, miyin_refusal_new(MIYIN_REFUSAL_DECLARED,
						 declared->text, level->text,
						 declared->text));
	add_detail(document, g_strdup_printf("the document itself says %s",
					     declared->text));
	return TRUE;
}

static void add_detail(miyin_document *document, char *take_note)
{
	g_autofree char *note = take_note;
	g_autofree char *before = document->detail;

	document->detail = before ? g_strdup_printf("%s; %s", before, note)
				  : g_steal_pointer(&note);
	document->request.detail = document->detail;
}

/* Of an option that the user may leave out. */
static void add_named(miyin_document *document, const char *field)
{
	const char *text = miyin_frame_get(document->frame, field);

	if (text && *text)
		add_detail(document, g_strdup_printf("%s %s", field, text));
}

/* The queue's level stands; an option may only repeat it. */
static gboolean choose_level(const miyin_job *job, miyin_document *document,
			     GError **error)
{
	const char *asked = miyin_frame_get(document->frame, "level");
	const char *period = miyin_frame_get(document->frame, "period");
	const miyin_level *fixed = NULL;
	g_autofree char *levels = list_levels(job);

	if (job->fixed_level) {
		fixed = miyin_scheme_find_level(job->scheme, job->fixed_level);
		if (!fixed)
			return miyin_refuse(error, miyin_refusal_new(
							   MIYIN_REFUSAL_CONFIG));
	}
	if (asked && *asked) {
		document->level = miyin_scheme_find_level(job->scheme, asked);
		if (!document->level)
			return miyin_refuse(
				error, miyin_refusal_new(
					       MIYIN_REFUSAL_BAD_LEVEL, asked,
					       levels));
		if (fixed && document->level != fixed)
			return miyin_refuse(
				error,
				miyin_refusal_new(MIYIN_REFUSAL_LEVEL_DENIED,
						  document->level->text,
						  job->printer));
	} else if (fixed) {
		document->level = fixed;
	} else {
		const miyin_level *any = job->scheme->levels->pdata[0];

		return miyin_refuse(error,
				    miyin_refusal_new(MIYIN_REFUSAL_NO_LEVEL,
						      levels, any->id));
	}
	document->period = g_strdup(period && *period
					    ? period
					    : document->level->period);
	document->mark =
		miyin_level_format_mark(document->level, document->period);
	return check_period(document, error);
}

static gboolean check_period(const miyin_document *document, GError **error)
{
	const miyin_level *level = document->level;
	GDate today;

	g_date_clear(&today, 1);
	g_date_set_time_t(&today, time(NULL));
	if (miyin_period_is_within(document->period, level->period_max,
				   &today))
		return TRUE;
	return miyin_refuse(error,
			    miyin_refusal_new(MIYIN_REFUSAL_PERIOD,
					      document->period, level->text,
					      level->period_max));
}

static char *list_levels(const miyin_job *job)
{
	GString *list = g_string_new(NULL);

	for (unsigned i = 0; i < job->scheme->levels->len; i++) {
		const miyin_level *level = job->scheme->levels->pdata[i];

		g_string_append_printf(list, "%s%s (%s)", i > 0 ? ", " : "",
				       level->id, level->text);
	}
	return g_string_free(list, FALSE);
}

static gboolean check_limits(const miyin_job *job, miyin_document *document,
			     GError **error)
{
	const char *copies = miyin_frame_get(document->frame, "copies");
	guint64 n;

	document->limits =
		miyin_policy_find(job->policy, document->level->id);
	if (!document->limits ||
	    !miyin_policy_names(document->limits->users, job->user) ||
	    !miyin_policy_names(document->limits->queues, job->printer))
		return miyin_refuse(
			error, miyin_refusal_new(MIYIN_REFUSAL_LEVEL_DENIED,
						 document->level->text,
						 job->printer));
	if (!copies ||
	    !g_ascii_string_to_unsigned(copies, 10, 1, 9999, &n, NULL))
		return broken(error, "the number of copies is missing");
	document->request.n_copies = n;
	document->number = g_strdup(copies);
	if (n > document->limits->copies_per_job) {
		g_autofree char *limit = g_strdup_printf(
			"%u", document->limits->copies_per_job);

		return miyin_refuse(error,
				    miyin_refusal_new(MIYIN_REFUSAL_JOB_LIMIT,
						      document->level->text,
						      limit));
	}
	return TRUE;
}

/* One holder a copy, in order; without a list the user answers for all. */
static gboolean name_holders(const miyin_job *job, miyin_document *document,
			     GError **error)
{
	const char *list = miyin_frame_get(document->frame, "holders");
	unsigned n = document->request.n_copies, named;

	document->holders = miyin_text_split(list ? list : "");
	named = g_strv_length(document->holders);
	if (named == 0) {
		g_strfreev(document->holders);
		document->holders = g_new0(char *, n + 1);
		for (unsigned i = 0; i < n; i++)
			document->holders[i] = g_strdup(job->user);
		return TRUE;
	}
	if (named != n) {
		g_autofree char *found = g_strdup_printf("%u", named);

		return miyin_refuse(error,
				    miyin_refusal_new(MIYIN_REFUSAL_HOLDERS,
						      document->number,
						      document->number,
						      found));
	}
	return TRUE;
}

void miyin_document_request(const miyin_job *job, miyin_document *document)
{
	miyin_request *request = &document->request;
	const char *reference = miyin_frame_get(document->frame, "document");
	const char *hash = miyin_frame_get(document->frame, "content-hash");
	const char *title = miyin_frame_get(document->frame, "title");

	request->job_uuid = job->uuid;
	request->job_id = job->job_id;
	request->user = job->user;
	request->uid = job->uid;
	request->host = job->host;
	request->printer = job->printer;
	request->title = title ? title : job->title;
	request->reference = reference && *reference ? reference : NULL;
	request->content_hash = hash ? hash : "";
	request->scheme = job->scheme_name;
	request->level = document->level->id;
	request->level_text = document->level->text;
	request->level_rank = document->level->rank;
	request->period = document->period;
	request->pages = document->prepared->n_pages +
			 (miyin_level_has_cover(document->level) ? 1 : 0);
	request->holders = document->holders;
	request->copies_per_document = document->limits->copies_per_document;
}

void miyin_document_free(miyin_document *document)
{
	miyin_frame_free(document->frame);
	miyin_prepared_free(document->prepared);
	g_free(document->mark);
	g_free(document->detail);
	g_free(document->period);
	g_strfreev(document->holders);
	g_free(document->number);
	g_free(document->missing);
	if (document->copies)
		g_ptr_array_unref(document->copies);
	g_free(document);
}
