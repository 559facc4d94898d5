/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/job.h>
#include <miyin/text.h>

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

void miyin_job_look_at(miyin_job *job, const miyin_frame *frame,
		       const miyin_document *document)
{
	job->at = document;
	miyin_text_replace(&job->at_title,
			   frame ? g_strdup(miyin_frame_get(frame, "title"))
				 : NULL);
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
	g_free(job->asked.level);
	g_free(job->asked.period);
	g_free(job->asked.reference);
	miyin_policy_free(job->policy);
	g_strfreev(job->owners);
	miyin_scheme_free(job->scheme);
	g_ptr_array_unref(job->documents);
	g_free(job);
}

static double find_edge_mm(const miyin_frame *frame)
{
	unsigned edge = 0;

	miyin_text_to_number(miyin_frame_get(frame, "edge"), 0, G_MAXUINT,
			     &edge);
	return MIN(edge / 100.0, MIYIN_EDGE_MAX_MM);
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
			   .original = "000000",
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

/* The cover too; 0 while nobody has counted. */
static unsigned count_pages(const miyin_document *document)
{
	const unsigned cover =
		document->level && miyin_level_has_cover(document->level) ? 1
									  : 0;

	return document->prepared ? document->prepared->n_pages + cover : 0;
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

static void set_job(miyin_request *request, const miyin_job *job,
		    const char *title, const char *reference)
{
	request->job_uuid = job->uuid;
	request->job_id = job->job_id;
	request->user = job->user;
	request->uid = job->uid;
	request->host = job->host;
	request->printer = job->printer;
	request->scheme = job->scheme_name;
	request->title = title ? title : job->title;
	request->reference = reference && *reference ? reference : NULL;
}

miyin_request miyin_job_request(const miyin_job *job)
{
	const miyin_document *at = job->at;
	miyin_request request = { 0 };

	set_job(&request, job, job->at_title, job->asked.reference);
	if (!at && !job->at_title && job->documents->len > 0)
		at = job->documents->pdata[0];
	if (at) {
		if (at->control_of)
			at = at->control_of;
		request.level = at->level ? at->level->id : NULL;
		request.period = at->period;
		request.pages = count_pages(at);
	}
	if (!request.level)
		request.level = find_asked_level(job);
	if (!request.period && *job->asked.period)
		request.period = job->asked.period;
	return request;
}

void miyin_document_request(const miyin_job *job, miyin_document *document)
{
	miyin_request *request = &document->request;
	const char *hash = miyin_frame_get(document->frame, "content-hash");

	set_job(request, job, miyin_frame_get(document->frame, "title"),
		miyin_frame_get(document->frame, "document"));
	request->content_hash = hash ? hash : "";
	request->identity = document->prepared->identity;
	request->shown = document->prepared->shown;
	request->words = document->prepared->words;
	request->owners = job->owners;
	request->level = document->level->id;
	request->level_text = document->level->text;
	request->level_rank = document->level->rank;
	request->period = document->period;
	request->pages = count_pages(document);
	request->holders = document->holders;
	request->copies_per_document = document->limits->copies_per_document;
}

void miyin_document_add_detail(miyin_document *document, char *take_note)
{
	g_autofree char *note = take_note;
	g_autofree char *before = document->detail;

	document->detail = before ? g_strdup_printf("%s; %s", before, note)
				  : g_steal_pointer(&note);
	document->request.detail = document->detail;
}
