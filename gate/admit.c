/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <miyin/admit.h>
#include "choose.h"
#include "heed.h"
#include <miyin/control.h>
#include <miyin/refusal.h>
#include <miyin/status.h>
#include <miyin/text.h>

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
	return miyin_engine_find_missing(config->program_dir, &composition,
					 error);
}

static void substitute(miyin_document *document, char *take_missing)
{
	g_autofree char *period =
		miyin_text_substitute(document->period, take_missing);

	miyin_text_replace(&document->mark,
			   miyin_level_format_mark(document->level, period));
	document->missing = take_missing;
	miyin_document_add_detail(document, g_strdup_printf(MIYIN_TEXT_SIGN
							    " stands for %s",
							    take_missing));
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
	if (!missing)
		return miyin_status_refuse(job->status, error,
					   MIYIN_REFUSAL_SERVER);
	return !*missing ||
	       miyin_refuse_for(error, MIYIN_REFUSAL_BAD_GLYPH, missing);
}

static gboolean inspect(const miyin_job *job, const miyin_config *config,
			miyin_document *document, GError **error)
{
	miyin_composition composition =
		miyin_document_compose(job, document, "0000-00-00");
	g_autoptr(miyin_order) order = NULL;

	composition.turns = miyin_frame_get(document->frame, "turns");
	order = miyin_compose(&composition, NULL, error);
	if (!order || !miyin_engine_inspect(config->program_dir,
					    document->prepared, order, error))
		return miyin_status_refuse(job->status, error,
					   MIYIN_REFUSAL_SERVER);
	if (document->prepared->scale < 1)
		miyin_document_add_detail(
			document,
			g_strdup_printf("body at %.0f %%",
					100 * document->prepared->scale));
	else if (document->prepared->moved)
		miyin_document_add_detail(document, g_strdup("body moved"));
	if (document->prepared->dpi > 0)
		miyin_document_add_detail(
			document, g_strdup_printf("body as pictures of %u dpi",
						  document->prepared->dpi));
	return miyin_heed_printed(job, document, error);
}

/* Of an option that the user may leave out. */
static void add_named(miyin_document *document, const char *field)
{
	const char *text = miyin_frame_get(document->frame, field);
	g_autofree char *one = g_strdup(text);

	/* A semicolon stands between notes of ours. */
	if (one && *one)
		miyin_document_add_detail(
			document, g_strdup_printf("%s %s", field,
						  g_strdelimit(one, ";", ',')));
}

static gboolean admit_document(miyin_job *job, const miyin_config *config,
			       miyin_register *reg, miyin_document *document,
			       GError **error)
{
	g_autoptr(miyin_readers) readers = NULL;

	if (!miyin_choose(job, document, error))
		return FALSE;
	document->prepared = miyin_engine_prepare(
		config->program_dir, document->frame->body_fd, error);
	if (!document->prepared ||
	    !miyin_engine_identify(
		    config->program_dir, document->frame->source_fd,
		    document->frame->body_fd, document->prepared, error) ||
	    !miyin_heed_begin(job, config, document, &readers, error) ||
	    !miyin_engine_look(config->program_dir, document->prepared, error))
		return miyin_status_refuse(job->status, error,
					   MIYIN_REFUSAL_SERVER);
	if (!miyin_heed_sent(job, document, readers, error))
		return FALSE;
	miyin_document_request(job, document);
	if (g_strcmp0(miyin_frame_get(document->frame, "repaired"), "true") ==
	    0)
		miyin_document_add_detail(document, g_strdup("repaired"));
	add_named(document, "approver");
	add_named(document, "scope");
	return miyin_register_is_reprint(reg, &document->request,
					 &document->reprint, error) &&
	       check_glyphs(job, config, document, error) &&
	       inspect(job, config, document, error);
}

gboolean miyin_admit(miyin_job *job, const miyin_config *config,
		     miyin_register *reg, GError **error)
{
	gboolean ok = TRUE;

	job->site = config->site;
	job->unit = config->site_name;
	job->scheme =
		miyin_scheme_open(config->scheme_dir, job->scheme_name, error);
	if (job->scheme)
		job->policy = miyin_policy_open(config->policy_path, error);
	if (!job->scheme || !job->policy)
		return miyin_status_refuse(job->status, error,
					   MIYIN_REFUSAL_CONFIG);
	job->owners = miyin_policy_owners(job->policy, job->user);
	miyin_engine_set_budget(miyin_policy_budget(job->policy));
	for (unsigned i = 0; ok && i < job->documents->len; i++) {
		miyin_document *document = job->documents->pdata[i];

		document->request.document_no = i + 1;
		miyin_job_look_at(job, document->frame, document);
		ok = admit_document(job, config, reg, document, error);
	}
	miyin_engine_set_budget(NULL);
	miyin_engine_end_reading();
	if (ok)
		miyin_job_look_at(job, NULL, NULL);
	return ok;
}
