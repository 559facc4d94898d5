/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "admit.h"
#include "caller.h"
#include "claims.h"
#include "control.h"
#include "declaration.h"
#include "status.h"
#include <miyin/error.h>
#include <miyin/levelperiod.h>
#include <miyin/naming.h>
#include <miyin/period.h>
#include <miyin/refusal.h>
#include <miyin/text.h>
#include <cups/cups.h>
#include <glib/gi18n.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DOCUMENTS_MAX 100
#define HOST_OPTION "job-originating-host-name"

static gboolean parse_uri(miyin_job *job, const char *uri);
static gboolean is_word(const char *text);
static void parse_options(miyin_job *job, const char *text);
static char *find_host(const char *options, const char *host);
static gboolean read_records(miyin_job *job, int fd, const miyin_budget *budget,
			     GError **error);
static void look_at(miyin_job *job, const miyin_frame *frame,
		    const miyin_document *document);
static gboolean take_record(miyin_job *job, miyin_frame *frame, gboolean *open,
			    GError **error);
static gboolean broken(GError **error, const char *reason);
static gboolean is_over(const miyin_job *job, const miyin_budget *budget);
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
static gboolean choose_period(miyin_document *document, GError **error);
static gboolean check_reference(const miyin_document *document, GError **error);
static gboolean check_names(const miyin_job *job,
			    const miyin_document *document, GError **error);
static gboolean heed_declaration(const miyin_job *job,
				 const miyin_config *config,
				 miyin_document *document, GError **error);
static gboolean heed_level(miyin_document *document,
			   const miyin_level *declared, GError **error);
static gboolean heed_period(miyin_document *document, const char *period,
			    GError **error);
static gboolean heed_doubt(miyin_document *document, miyin_doubt answer,
			   unsigned page, miyin_refusal refusal,
			   char *take_note, GError **error);
static gboolean heed_carried(miyin_document *document, GError **error);
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
	const char *uid = g_getenv("AUTH_UID");
	const miyin_caller_words words = {
		.owner = argv[2],
		.auth_username = g_getenv("AUTH_USERNAME"),
		.auth_uid = uid,
		.auth_info_required = g_getenv("AUTH_INFO_REQUIRED"),
	};
	const char *printer = g_getenv("PRINTER");
	const char *uri = g_getenv("DEVICE_URI");

	job->documents = g_ptr_array_new_with_free_func(
		(GDestroyNotify)miyin_document_free);
	job->job_id = atoi(argv[1]);
	job->user = miyin_caller_find(&words);
	job->uid = uid && *uid ? atoi(uid) : -1;
	job->title = miyin_text_clean(argv[3], MIYIN_TEXT_MAX);
	job->printer = miyin_text_clean(printer, MIYIN_TEXT_MAX);
	parse_options(job, argv[5]);
	miyin_asked_read(&job->asked, argv[5]);
	if (!uri || !parse_uri(job, uri)) {
		miyin_status_warning("DEVICE_URI is not "
				     "miyin:/QUEUE?scheme=S");
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
	g_free(job->at_title);
	miyin_asked_clear(&job->asked);
	miyin_policy_free(job->policy);
	g_strfreev(job->owners);
	miyin_scheme_free(job->scheme);
	g_ptr_array_unref(job->documents);
	g_free(job);
}

static double find_edge_mm(const miyin_frame *frame)
{
	const char *edge = miyin_frame_get(frame, "edge");

	return edge ? MIN(atoi(edge) / 100.0, MIYIN_EDGE_MAX_MM) : 0;
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
		.body = document->control_of ? MIYIN_BODY_FIT
					     : document->limits->body,
		.edge_mm = find_edge_mm(frame),
		.site = job->site,
	};
}

/* Only one that there is: what nobody knows is no level. */
static const char *find_asked_level(const miyin_job *job)
{
	const char *asked = job->asked.level;
	const miyin_level *level = NULL;

	if (job->scheme && (*asked || job->fixed_level))
		level = miyin_scheme_find_level(
			job->scheme, *asked ? asked : job->fixed_level);
	return level ? level->id : NULL;
}

miyin_request miyin_job_request(const miyin_job *job)
{
	const miyin_document *at = job->at;
	miyin_request request = {
		.job_uuid = job->uuid,
		.job_id = job->job_id,
		.user = job->user,
		.uid = job->uid,
		.host = job->host,
		.printer = job->printer,
		.title = job->at_title ? job->at_title : job->title,
		.scheme = job->scheme_name,
		.reference = *job->asked.reference ? job->asked.reference
						   : NULL,
	};

	if (!at && !job->at_title && job->documents->len > 0)
		at = job->documents->pdata[0];
	if (at) {
		if (at->control_of)
			at = at->control_of;
		request.level = at->level ? at->level->id : NULL;
		request.period = at->period;
		if (at->prepared)
			request.pages = at->prepared->n_pages;
	}
	if (!request.level)
		request.level = find_asked_level(job);
	if (!request.period && *job->asked.period)
		request.period = job->asked.period;
	return request;
}

gboolean miyin_admit_stream(miyin_job *job, int fd, const miyin_budget *budget,
			    GError **error)
{
	return read_records(job, fd, budget, error);
}

gboolean miyin_admit(miyin_job *job, const miyin_config *config,
		     miyin_register *reg, GError **error)
{
	gboolean ok = TRUE;

	look_at(job, NULL, NULL);
	if (!job->user)
		return miyin_refuse(
			error, miyin_refusal_new(MIYIN_REFUSAL_NO_IDENTITY));
	if (!miyin_caller_confirm(job->user, job->printer, job->job_id, error))
		return FALSE;
	job->site = config->site;
	job->unit = config->site_name;
	job->scheme =
		miyin_scheme_open(config->scheme_dir, job->scheme_name, error);
	if (job->scheme)
		job->policy = miyin_policy_open(config->policy_path, error);
	if (!job->scheme || !job->policy) {
		miyin_status_refuse(error, MIYIN_REFUSAL_CONFIG);
		return FALSE;
	}
	job->owners = miyin_policy_owners(job->policy, job->user);
	miyin_press_set_budget(miyin_policy_budget(job->policy));
	for (unsigned i = 0; ok && i < job->documents->len; i++) {
		miyin_document *document = job->documents->pdata[i];

		document->request.document_no = i + 1;
		look_at(job, document->frame, document);
		ok = admit_document(job, config, reg, document, error);
	}
	miyin_press_set_budget(NULL);
	if (ok)
		look_at(job, NULL, NULL);
	return ok;
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
	g_autofree char *clean = miyin_text_clean(uuid, 80);

	job->uuid = g_strdup_printf("%s#%d", clean, job->job_id);
	job->host = find_host(text, cupsGetOption(HOST_OPTION, n, options));
	cupsFreeOptions(n, options);
}

/* cupsd takes it from a client on its own machine, and writes an attribute
 * "x job-originating-host-name" of any client as if it were two options: who
 * came over the socket was here, and what stands there twice tells nothing. */
static char *find_host(const char *options, const char *host)
{
	const char *first = strstr(options, HOST_OPTION);

	if (g_getenv("AUTH_UID"))
		return g_strdup("localhost");
	if (first && strstr(first + 1, HOST_OPTION))
		return g_strdup("?");
	return miyin_text_clean(host, MIYIN_TEXT_MAX);
}

/* (DOCU | RJCT) TRLR, again and again, to a clean end. */
static gboolean read_records(miyin_job *job, int fd, const miyin_budget *budget,
			     GError **error)
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
		if (is_over(job, budget))
			return miyin_refuse(
				error, miyin_budget_refusal(
					       budget, MIYIN_BUDGET_TEMPORARY));
	}
	if (open)
		return broken(error, _("its end is missing"));
	if (job->documents->len == 0)
		return broken(error, _("it is empty"));
	return TRUE;
}

/* NULL: at none of its documents; document: NULL while it is being read */
static void look_at(miyin_job *job, const miyin_frame *frame,
		    const miyin_document *document)
{
	job->at = document;
	g_free(job->at_title);
	job->at_title =
		frame ? g_strdup(miyin_frame_get(frame, "title")) : NULL;
}

static gboolean take_record(miyin_job *job, miyin_frame *take_frame,
			    gboolean *open, GError **error)
{
	g_autoptr(miyin_frame) frame = take_frame;
	g_autoptr(GError) fault = NULL;
	const char *number;
	miyin_document *document;

	if (!miyin_claims_check(frame, &fault))
		return broken(error, fault->message);
	number = miyin_frame_get(frame, "job");
	if (!number || atoi(number) != job->job_id)
		return broken(error, _("it is of another job"));
	if (*open != (frame->type == MIYIN_FRAME_TRAILER))
		return broken(error, _("its records are out of order"));
	*open = !*open;
	if (frame->type == MIYIN_FRAME_TRAILER)
		return TRUE;
	look_at(job, frame, NULL);
	if (frame->type == MIYIN_FRAME_REJECT)
		return miyin_refuse(error, miyin_claims_refusal(frame));
	if (frame->body_fd < 0)
		return broken(error, _("a document is empty"));
	if (job->documents->len == DOCUMENTS_MAX)
		return broken(error, _("there are too many documents in one job"));
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

static gboolean broken(GError **error, const char *reason)
{
	return miyin_refuse(error,
			    miyin_refusal_new(MIYIN_REFUSAL_STREAM, reason));
}

static gboolean admit_document(miyin_job *job, const miyin_config *config,
			       miyin_register *reg, miyin_document *document,
			       GError **error)
{
	if (!choose_level(job, document, error) ||
	    !check_limits(job, document, error) ||
	    !choose_period(document, error) ||
	    !check_reference(document, error) ||
	    !check_names(job, document, error) ||
	    !name_holders(job, document, error))
		return FALSE;
	document->prepared = miyin_press_prepare(
		config->program_dir, document->frame->body_fd, error);
	if (!document->prepared) {
		miyin_status_refuse(error, MIYIN_REFUSAL_SERVER);
		return FALSE;
	}
	if (!miyin_press_identify(
		    config->program_dir, document->frame->source_fd,
		    document->frame->body_fd, document->prepared, error)) {
		miyin_status_refuse(error, MIYIN_REFUSAL_SERVER);
		return FALSE;
	}
	if (!heed_declaration(job, config, document, error) ||
	    !heed_carried(document, error))
		return FALSE;
	miyin_document_request(job, document);
	if (g_strcmp0(miyin_frame_get(document->frame, "repaired"), "true") ==
	    0)
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
	g_autofree char *missing = find_missing(job, config, document, error);

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
	g_autoptr(miyin_order) order = NULL;

	composition.turns = miyin_frame_get(document->frame, "turns");
	order = miyin_compose(&composition, NULL, error);
	if (!order || !miyin_press_inspect(config->program_dir,
					   document->prepared, order, error)) {
		miyin_status_refuse(error, MIYIN_REFUSAL_SERVER);
		return FALSE;
	}
	if (document->prepared->scale < 1)
		add_detail(document,
			   g_strdup_printf("body at %.0f %%",
					   100 * document->prepared->scale));
	else if (document->prepared->moved)
		add_detail(document, g_strdup("body moved"));
	if (document->prepared->dpi > 0)
		add_detail(document,
			   g_strdup_printf("body as pictures of %u dpi",
					   document->prepared->dpi));
	return check_declared(job, document, error);
}

/* What the document says before its layout, and what its first printed page
 * says after it. */
static gboolean check_declared(const miyin_job *job, miyin_document *document,
			       GError **error)
{
	const char *id = document->prepared->declared;
	const miyin_level *declared =
		id ? miyin_scheme_find_level(job->scheme, id) : NULL;

	return document->limits->declared == MIYIN_DECLARED_OFF ||
	       heed_level(document, declared, error);
}

static gboolean heed_declaration(const miyin_job *job,
				 const miyin_config *config,
				 miyin_document *document, GError **error)
{
	const miyin_limits *limits = document->limits;
	g_auto(miyin_declaration) said = { NULL };

	if (limits->declared == MIYIN_DECLARED_OFF || document->control_of)
		return TRUE;
	if (!miyin_declaration_read(config->program_dir, document->prepared,
				    miyin_frame_get(document->frame, "words"),
				    job->scheme, limits->declared_pages, &said,
				    error)) {
		miyin_status_refuse(error, MIYIN_REFUSAL_SERVER);
		return FALSE;
	}
	return heed_level(document, said.level, error) &&
	       (!said.level || said.level != document->level || !said.period ||
		heed_period(document, said.period, error)) &&
	       heed_doubt(document, limits->unreadable, said.unreadable,
			  MIYIN_REFUSAL_UNREADABLE,
			  g_strdup_printf("the text of page %u is not what "
					  "it shows", said.unreadable),
			  error);
}

/* A level that is on the document already may be raised, not lowered. */
static gboolean heed_level(miyin_document *document,
			   const miyin_level *declared, GError **error)
{
	const miyin_level *level = document->level;
	g_autofree char *note = NULL;

	if (!declared || declared->rank <= level->rank)
		return TRUE;
	if (document->limits->declared == MIYIN_DECLARED_ENFORCE)
		return miyin_refuse(
			error, miyin_refusal_new(MIYIN_REFUSAL_DECLARED,
						 declared->text, level->text,
						 declared->text));
	note = g_strdup_printf("the document itself says %s", declared->text);
	if (!document->detail || !strstr(document->detail, note))
		add_detail(document, g_steal_pointer(&note));
	return TRUE;
}

/* Never two periods on a page: the document's is taken, or must be meant. */
static gboolean heed_period(miyin_document *document, const char *period,
			    GError **error)
{
	const char *asked = miyin_frame_get(document->frame, "period");
	GDate today = miyin_period_today();
	g_autofree char *taken = NULL;
	g_autoptr(GError) fault = NULL;

	if (miyin_period_equal(period, document->period, &today))
		return TRUE;
	taken = miyin_level_choose_period(document->level, document->limits,
					  period, &today, NULL);
	/* Where it cannot be taken, to leave the period out does not help. */
	if (!taken)
		fault = miyin_refusal_new(MIYIN_REFUSAL_DECLARED_UNFIT, period,
					  document->level->text);
	else if (asked && *asked)
		fault = miyin_refusal_new(MIYIN_REFUSAL_DECLARED_PERIOD, period,
					  document->period);
	if (!fault) {
		g_free(document->period);
		document->period = g_steal_pointer(&taken);
		g_free(document->mark);
		document->mark = miyin_level_format_mark(document->level,
							 document->period);
		return TRUE;
	}
	if (document->limits->declared == MIYIN_DECLARED_ENFORCE)
		return miyin_refuse(error, g_steal_pointer(&fault));
	add_detail(document,
		   g_strdup_printf("the document itself bears the period %s",
				   period));
	return TRUE;
}

/* As the policy answers it: a refusal of that page, a note, or nothing. */
static gboolean heed_doubt(miyin_document *document, miyin_doubt answer,
			   unsigned page, miyin_refusal refusal,
			   char *take_note, GError **error)
{
	g_autofree char *note = take_note;
	g_autofree char *number = g_strdup_printf("%u", page);

	if (page == 0 || answer == MIYIN_DOUBT_ACCEPT)
		return TRUE;
	if (answer == MIYIN_DOUBT_REFUSE)
		return miyin_refuse(error, miyin_refusal_new(refusal, number));
	add_detail(document, g_steal_pointer(&note));
	return TRUE;
}

/* A scan of what is printed would lead to the holder of another copy. */
static gboolean heed_carried(miyin_document *document, GError **error)
{
	const unsigned page = document->prepared->carried;

	return heed_doubt(document, document->limits->carried, page,
			  MIYIN_REFUSAL_CARRIED,
			  g_strdup_printf("page %u shows the code of a "
					  "marked copy", page),
			  error);
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
	g_autofree char *one = g_strdup(text);

	/* A semicolon stands between notes of ours. */
	if (one && *one)
		add_detail(document,
			   g_strdup_printf("%s %s", field,
					   g_strdelimit(one, ";", ',')));
}

static void tell_no_level(const miyin_job *job)
{
	g_autofree char *reason = g_strdup_printf(
		_("The queue's level is %s, which scheme %s does not have."),
		job->fixed_level, job->scheme_name);

	miyin_status_warning(reason);
}

/* The queue's level stands; an option may only repeat it. */
static gboolean choose_level(const miyin_job *job, miyin_document *document,
			     GError **error)
{
	const char *asked = miyin_frame_get(document->frame, "level");
	const miyin_level *fixed = NULL;
	g_autofree char *levels = list_levels(job);

	if (job->fixed_level) {
		fixed = miyin_scheme_find_level(job->scheme, job->fixed_level);
		if (!fixed) {
			tell_no_level(job);
			return miyin_refuse(
				error, miyin_refusal_new(MIYIN_REFUSAL_CONFIG));
		}
	}
	if (asked && *asked) {
		document->level = miyin_scheme_find_level(job->scheme, asked);
		if (!document->level)
			return miyin_refuse(
				error,
				miyin_refusal_new(MIYIN_REFUSAL_BAD_LEVEL,
						  asked, levels));
		if (fixed && document->level != fixed)
			return miyin_refuse(
				error,
				miyin_refusal_new(MIYIN_REFUSAL_LEVEL_DENIED,
						  document->level->text,
						  job->printer));
	} else if (fixed) {
		document->level = fixed;
	} else {
		g_autofree char *any =
			miyin_level_format_typed(job->scheme->levels->pdata[0]);

		return miyin_refuse(
			error,
			miyin_refusal_new(MIYIN_REFUSAL_NO_LEVEL, levels, any));
	}
	return TRUE;
}

static gboolean check_reference(const miyin_document *document, GError **error)
{
	const char *reference = miyin_frame_get(document->frame, "document");

	return !reference || !*reference ||
	       miyin_reference_is_allowed(reference) ||
	       miyin_refuse(error,
			    miyin_refusal_new(MIYIN_REFUSAL_BAD_REFERENCE,
					      reference));
}

/* They stand on paper beside the marks, on a copy stamp and a control sheet. */
static gboolean check_names(const miyin_job *job,
			    const miyin_document *document, GError **error)
{
	const char *approver = miyin_frame_get(document->frame, "approver");
	const char *scope = miyin_frame_get(document->frame, "scope");

	if (approver && *approver &&
	    !miyin_approver_is_allowed(approver, job->scheme))
		return miyin_refuse(
			error, miyin_refusal_new(MIYIN_REFUSAL_BAD_APPROVER,
						 approver));
	return !scope || !*scope ||
	       miyin_scope_is_allowed(scope, job->scheme) ||
	       miyin_refuse(error,
			    miyin_refusal_new(MIYIN_REFUSAL_BAD_SCOPE, scope));
}

static gboolean choose_period(miyin_document *document, GError **error)
{
	const char *asked = miyin_frame_get(document->frame, "period");
	GDate today = miyin_period_today();

	document->period = miyin_level_choose_period(
		document->level, document->limits, asked, &today, error);
	if (document->period)
		document->mark = miyin_level_format_mark(document->level,
							 document->period);
	return document->period != NULL;
}

static char *list_levels(const miyin_job *job)
{
	GString *list = g_string_new(NULL);

	for (unsigned i = 0; i < job->scheme->levels->len; i++) {
		g_autofree char *name = miyin_level_format_choice(
			job->scheme->levels->pdata[i]);

		g_string_append(list, i > 0 ? _(", ") : "");
		g_string_append(list, name);
	}
	return g_string_free(list, FALSE);
}

static gboolean check_limits(const miyin_job *job, miyin_document *document,
			     GError **error)
{
	const char *copies = miyin_frame_get(document->frame, "copies");
	guint64 n;

	document->limits = miyin_policy_find(job->policy, document->level->id);
	if (!document->limits ||
	    !miyin_policy_names(document->limits->users, job->user) ||
	    !miyin_policy_names(document->limits->queues, job->printer))
		return miyin_refuse(
			error,
			miyin_refusal_new(MIYIN_REFUSAL_LEVEL_DENIED,
					  document->level->text, job->printer));
	if (!copies ||
	    !g_ascii_string_to_unsigned(copies, 10, 1, 9999, &n, NULL))
		return broken(error, _("the number of copies is missing"));
	document->request.n_copies = n;
	document->number = g_strdup(copies);
	if (n > document->limits->copies_per_job) {
		g_autofree char *limit =
			g_strdup_printf("%u", document->limits->copies_per_job);

		return miyin_refuse(
			error, miyin_refusal_new(MIYIN_REFUSAL_JOB_LIMIT,
						 document->level->text, limit));
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
	for (unsigned i = 0; document->holders[i]; i++)
		if (!miyin_holder_is_allowed(document->holders[i], job->scheme))
			return miyin_refuse(
				error,
				miyin_refusal_new(MIYIN_REFUSAL_BAD_HOLDER,
						  document->holders[i]));
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
						      document->number, found));
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
	request->identity = document->prepared->identity;
	request->shown = document->prepared->shown;
	request->words = document->prepared->words;
	request->owners = job->owners;
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
