/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heed.h"
#include "declaration.h"
#include <miyin/levelperiod.h>
#include <miyin/period.h>
#include <miyin/refusal.h>
#include <miyin/status.h>
#include <miyin/text.h>
#include <string.h>

/* A level that is on the document already may be raised, not lowered. */
static gboolean heed_level(miyin_document *document,
			   const miyin_level *declared, GError **error)
{
	const miyin_level *level = document->level;
	g_autofree char *note = NULL;

	if (!declared || declared->rank <= level->rank)
		return TRUE;
	if (document->limits->declared == MIYIN_DECLARED_ENFORCE)
		return miyin_refuse_for(error, MIYIN_REFUSAL_DECLARED,
					declared->text, level->text,
					declared->text);
	note = g_strdup_printf("the document itself says %s", declared->text);
	if (!document->detail || !strstr(document->detail, note))
		miyin_document_add_detail(document, g_steal_pointer(&note));
	return TRUE;
}

gboolean miyin_heed_printed(const miyin_job *job, miyin_document *document,
			    GError **error)
{
	const char *id = document->prepared->declared;
	const miyin_level *declared =
		id ? miyin_scheme_find_level(job->scheme, id) : NULL;

	return document->limits->declared == MIYIN_DECLARED_OFF ||
	       heed_level(document, declared, error);
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
		miyin_text_replace(&document->period, g_steal_pointer(&taken));
		miyin_text_replace(&document->mark,
				   miyin_level_format_mark(document->level,
							   document->period));
		return TRUE;
	}
	if (document->limits->declared == MIYIN_DECLARED_ENFORCE)
		return miyin_refuse(error, g_steal_pointer(&fault));
	miyin_document_add_detail(
		document,
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
		return miyin_refuse_for(error, refusal, number);
	miyin_document_add_detail(document, g_steal_pointer(&note));
	return TRUE;
}

gboolean miyin_heed_begin(const miyin_job *job, const miyin_config *config,
			  const miyin_document *document,
			  miyin_readers **readers, GError **error)
{
	const miyin_limits *limits = document->limits;
	const miyin_declaration_question asked = {
		.prepared = document->prepared,
		.words = miyin_frame_get(document->frame, "words"),
		.scheme = job->scheme,
		.n_pages = limits->declared_pages,
	};

	*readers = NULL;
	if (limits->declared == MIYIN_DECLARED_OFF || document->control_of)
		return TRUE;
	*readers = miyin_readers_start(config->program_dir, &asked, error);
	return *readers != NULL;
}

static gboolean heed_declaration(const miyin_job *job, miyin_document *document,
				 miyin_readers *readers, GError **error)
{
	g_auto(miyin_declaration) said = { NULL };

	if (!miyin_readers_finish(readers, &said, error))
		return miyin_status_refuse(job->status, error,
					   MIYIN_REFUSAL_SERVER);
	return heed_level(document, said.level, error) &&
	       (!said.level || said.level != document->level || !said.period ||
		heed_period(document, said.period, error)) &&
	       heed_doubt(document, document->limits->unreadable,
			  said.unreadable, MIYIN_REFUSAL_UNREADABLE,
			  g_strdup_printf("the text of page %u is not what "
					  "it shows",
					  said.unreadable),
			  error);
}

gboolean miyin_heed_sent(const miyin_job *job, miyin_document *document,
			 miyin_readers *readers, GError **error)
{
	const unsigned carried = document->prepared->carried;

	/* A scan of what is printed would lead to the holder of another copy. */
	return (!readers || heed_declaration(job, document, readers, error)) &&
	       heed_doubt(document, document->limits->carried, carried,
			  MIYIN_REFUSAL_CARRIED,
			  g_strdup_printf("page %u shows the code of a marked "
					  "copy",
					  carried),
			  error);
}
