/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "choose.h"
#include <miyin/frame.h>
#include <miyin/levelperiod.h>
#include <miyin/naming.h>
#include <miyin/refusal.h>
#include <miyin/stream.h>
#include <miyin/text.h>
#include <glib/gi18n.h>

/* What the office took out of its policy is not offered. */
static gboolean is_in_use(const miyin_job *job, const miyin_level *level)
{
	return miyin_policy_find(job->policy, level->id) != NULL;
}

/* One that may be typed as an example: the lowest. */
static const miyin_level *find_any_level(const miyin_job *job)
{
	const miyin_level *any = NULL;

	for (unsigned i = 0; i < job->scheme->levels->len; i++) {
		const miyin_level *level = job->scheme->levels->pdata[i];

		if (is_in_use(job, level) && (!any || level->rank < any->rank))
			any = level;
	}
	return any ? any : job->scheme->levels->pdata[0];
}

static char *list_levels(const miyin_job *job)
{
	GString *list = g_string_new(NULL);

	for (unsigned i = 0; i < job->scheme->levels->len; i++) {
		const miyin_level *level = job->scheme->levels->pdata[i];
		g_autofree char *name = miyin_level_format_choice(level);

		if (!is_in_use(job, level))
			continue;
		g_string_append(list, list->len > 0 ? _(", ") : "");
		g_string_append(list, name);
	}
	return g_string_free(list, FALSE);
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
			g_autofree char *reason = g_strdup_printf(
				_("The queue's level is %s, which scheme %s "
				  "does not have."),
				job->fixed_level, job->scheme_name);

			job->status->warn(reason);
			return miyin_refuse_for(error, MIYIN_REFUSAL_CONFIG);
		}
	}
	if (asked && *asked) {
		document->level = miyin_scheme_find_level(job->scheme, asked);
		if (!document->level)
			return miyin_refuse_for(error, MIYIN_REFUSAL_BAD_LEVEL,
						asked, levels);
		if (fixed && document->level != fixed)
			return miyin_refuse_for(
				error, MIYIN_REFUSAL_LEVEL_DENIED,
				document->level->text, job->printer);
	} else if (fixed) {
		document->level = fixed;
	} else {
		g_autofree char *any =
			miyin_level_format_typed(find_any_level(job));

		return miyin_refuse_for(error, MIYIN_REFUSAL_NO_LEVEL, levels,
					any);
	}
	return TRUE;
}

static gboolean check_reference(const miyin_document *document, GError **error)
{
	const char *reference = miyin_frame_get(document->frame, "document");

	return !reference || !*reference ||
	       miyin_reference_is_allowed(reference) ||
	       miyin_refuse_for(error, MIYIN_REFUSAL_BAD_REFERENCE, reference);
}

/* They stand on paper beside the marks, on a copy stamp and a control sheet. */
static gboolean check_names(const miyin_job *job,
			    const miyin_document *document, GError **error)
{
	const char *approver = miyin_frame_get(document->frame, "approver");
	const char *scope = miyin_frame_get(document->frame, "scope");

	if (approver && *approver &&
	    !miyin_holder_is_allowed(approver, job->scheme))
		return miyin_refuse_for(error, MIYIN_REFUSAL_BAD_APPROVER,
					approver);
	return !scope || !*scope ||
	       miyin_scope_is_allowed(scope, job->scheme) ||
	       miyin_refuse_for(error, MIYIN_REFUSAL_BAD_SCOPE, scope);
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

static gboolean check_limits(const miyin_job *job, miyin_document *document,
			     GError **error)
{
	const char *copies = miyin_frame_get(document->frame, "copies");
	unsigned n;

	document->limits = miyin_policy_find(job->policy, document->level->id);
	if (!document->limits ||
	    !miyin_policy_names(document->limits->users, job->user) ||
	    !miyin_policy_names(document->limits->queues, job->printer))
		return miyin_refuse_for(error, MIYIN_REFUSAL_LEVEL_DENIED,
					document->level->text, job->printer);
	if (!miyin_text_to_number(copies, 1, MIYIN_COPIES_MAX, &n))
		return miyin_stream_refuse(
			error, _("the number of copies is missing"));
	document->request.n_copies = n;
	document->number = g_strdup(copies);
	if (n > document->limits->copies_per_job) {
		g_autofree char *limit =
			g_strdup_printf("%u", document->limits->copies_per_job);

		return miyin_refuse_for(error, MIYIN_REFUSAL_JOB_LIMIT,
					document->level->text, limit);
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
			return miyin_refuse_for(error, MIYIN_REFUSAL_BAD_HOLDER,
						document->holders[i]);
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

		return miyin_refuse_for(error, MIYIN_REFUSAL_HOLDERS,
					document->number, found);
	}
	return TRUE;
}

gboolean miyin_choose(const miyin_job *job, miyin_document *document,
		      GError **error)
{
	return choose_level(job, document, error) &&
	       check_limits(job, document, error) &&
	       choose_period(document, error) &&
	       check_reference(document, error) &&
	       check_names(job, document, error) &&
	       name_holders(job, document, error);
}
